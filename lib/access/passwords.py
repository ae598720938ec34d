"""Passwords: what is taken, how it is kept (argon2id) and how it is checked."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cached_property
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

LEAST, MOST = 10, 200
KINDS = 5
"""The least number of different characters."""
GUESSES = 8.0
"""The least decimal exponent of the guesses that a password takes: zxcvbn's "safely unguessable"."""
_LOOKED_AT = 72
"""Characters that are looked at: zxcvbn takes more than linear time."""
_COMMON_HERE = (
    "woaini", "woaini1314", "woaini520", "1314520", "5201314", "aini1314", "zhongguo", "beijing",
    "shanghai", "zhangsan", "lisi", "wangwu", "zhaoliu", "guanliyuan", "jingbanren", "mima", "mimashi",
    "zhengfu", "xianzhengfu", "quzhengfu", "bangongshi", "gongzuo", "gongzuojihua", "jihua", "kanban",
    "dubanshixiang", "taian", "hancunqu", "ziyang", "admin", "administrator", "dashboard", "plan",
    "密码", "管理员", "政府", "工作计划", "工作要点", "看板", "办公室", "中国",
)  # fmt: skip
"""Words that are tried first in an office like ours and that an English list does not have."""
_AT_ONCE = BoundedSemaphore(2)
"""One check takes 64 MiB: a flood of sign-ins must not take the machine's memory."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another when copied


class PasswordError(Exception):
    """A new password is not taken; the message says why, in Chinese, without the password."""


def check_new(password: str, login: str, name: str = "") -> None:
    """Raise `PasswordError` for a password that is too easy to guess; the name is the person's.

    Length alone does not help: ``Password123!`` is among the first that are tried. zxcvbn knows the
    passwords that have leaked, words, names, dates, rows of keys, repetitions and usual swaps.
    """
    if len(password) < LEAST:
        raise PasswordError(f"密码太短：至少{LEAST}个字符")
    if len(password) > MOST:
        raise PasswordError(f"密码太长：至多{MOST}个字符")
    if len(set(password)) < KINDS:
        raise PasswordError(f"密码太简单：至少有{KINDS}种不同的字符")
    if login.casefold() in password.casefold():
        raise PasswordError("密码不能包含账号名")
    own = [word for word in (login, name) if word]
    strength = zxcvbn(password[:_LOOKED_AT], user_inputs=[*own, *_COMMON_HERE])
    if strength["guesses_log10"] < GUESSES:
        raise PasswordError(
            "密码太容易被猜到：不要用常见的密码、词语、姓名、日期、键盘上相邻的键，"
            "可以用几个不相干的词连起来"
        )


def generate() -> str:
    """Return a random first password, about 79 bits, easy to read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


class Passwords:
    """Hashes and checks. The same work is done whether or not there is a hash to check."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()

    @cached_property
    def _nobody(self) -> str:
        """The hash of a password that nobody has."""
        return self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """Return the argon2id hash of a password."""
        with _AT_ONCE:
            return self._hasher.hash(_normal(password))

    def matches(self, hashed: str, password: str) -> bool:
        """Return whether the password is the one; an empty hash matches nothing."""
        with _AT_ONCE:
            nobody = self._nobody  # made at the first check, whether or not it is needed then
            try:
                right = self._hasher.verify(hashed or nobody, _normal(password[:MOST]))
            except (VerificationError, InvalidHashError):
                return False
        return bool(right) and bool(hashed)


def _normal(password: str) -> str:
    """Return the password in one Unicode form: keyboards differ, the person does not."""
    return unicodedata.normalize("NFC", password)
