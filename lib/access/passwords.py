"""Passwords: what is taken, how it is kept (argon2id) and how it is checked."""

from __future__ import annotations

import secrets
import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST, MOST = 10, 200
KINDS = 5
"""The least number of different characters."""
_AT_ONCE = BoundedSemaphore(2)
"""One check takes 64 MiB: a flood of sign-ins must not take the machine's memory."""
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for another when copied


class PasswordError(Exception):
    """A new password is not taken; the message says why, in Chinese, without the password."""


def check_new(password: str, login: str) -> None:
    """Raise `PasswordError` for a password that is too easy to guess."""
    if len(password) < LEAST:
        raise PasswordError(f"密码太短：至少{LEAST}个字符")
    if len(password) > MOST:
        raise PasswordError(f"密码太长：至多{MOST}个字符")
    if len(set(password)) < KINDS:
        raise PasswordError(f"密码太简单：至少有{KINDS}种不同的字符")
    if login.casefold() in password.casefold():
        raise PasswordError("密码不能包含账号名")


def generate() -> str:
    """Return a random first password, about 79 bits, easy to read out."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


class Passwords:
    """Hashes and checks. The same work is done whether or not there is a hash to check."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str) -> str:
        """Return the argon2id hash of a password."""
        with _AT_ONCE:
            return self._hasher.hash(_normal(password))

    def matches(self, hashed: str, password: str) -> bool:
        """Return whether the password is the one; an empty hash matches nothing."""
        with _AT_ONCE:
            try:
                right = self._hasher.verify(hashed or self._nobody, _normal(password[:MOST]))
            except (VerificationError, InvalidHashError):
                return False
        return bool(right) and bool(hashed)


def _normal(password: str) -> str:
    """Return the password in one Unicode form: keyboards differ, the person does not."""
    return unicodedata.normalize("NFC", password)
