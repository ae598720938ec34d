"""How a server knows who is there: ``[access]`` in settings.toml, overruled by the environment.

The keys stand in `docs/access.md`. The environment: ``PLAN_ACCESS`` (the mode),
``PLAN_ACCESS_READ`` and ``PLAN_ACCESS_FILE`` (another file that has the section).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from lib.access.policy import ASSIGNABLE, Role

FILE = "settings.toml"


class Mode(StrEnum):
    """How people are known. ``AUTO`` is 单机 until the first account exists, then ``ACCOUNTS``."""

    AUTO = "auto"
    SINGLE = "single"
    ACCOUNTS = "accounts"
    OIDC = "oidc"


class ConfigError(Exception):
    """The configuration cannot be used: file, key, the value seen, what was expected."""

    def __init__(self, file: str, key: str, value: object, expected: str) -> None:
        super().__init__(f"{file}「{key}」：填写的是「{value}」，应为：{expected}")


@dataclass(frozen=True)
class Grant:
    """Who has which role under OIDC: a claim's value (an e-mail is the claim ``email``)."""

    claim: str
    value: str
    role: Role
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Config:
    """The settings of access. ``read_needs_sign_in`` does not matter in 单机 mode.

    ``requests_per_minute`` is per address or token, for the HTTP API; ``upload_bytes`` bounds
    a request's body there.
    """

    mode: Mode = Mode.AUTO
    read_needs_sign_in: bool = True
    session: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(hours=4)
    requests_per_minute: int = 120
    upload_bytes: int = 20 * 1024 * 1024
    grants: tuple[Grant, ...] = ()


def load(folder: Path | None, environ: Mapping[str, str]) -> Config:
    """Return the configuration for a data folder (``None``: the data are in a database).

    Raises `ConfigError` naming the key that is wrong.
    """
    path = environ.get("PLAN_ACCESS_FILE", "")
    source = Path(path) if path else (folder / FILE if folder else None)
    if path and not Path(path).is_file():
        raise ConfigError("环境变量", "PLAN_ACCESS_FILE", path, "存在的文件")
    section: Mapping[str, Any] = {}
    name = source.name if source else FILE
    if source is not None and source.is_file():
        try:
            section = tomllib.loads(source.read_text(encoding="utf-8-sig")).get("access", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(name, "access", error, "TOML 格式（UTF-8）") from error
    return _read(_Section(name, section), environ)


_KEYS = {
    "mode",
    "read",
    "session_hours",
    "idle_hours",
    "requests_per_minute",
    "upload_mb",
    "people",
}
_PERSON_KEYS = {"email", "claim", "value", "role", "units"}


@dataclass(frozen=True)
class _Section:
    """A section of the file, which reads its values and words its faults."""

    file: str
    values: Mapping[str, Any]
    prefix: str = "access"

    def fault(self, key: str, expected: str) -> ConfigError:
        return ConfigError(self.file, f"{self.prefix}.{key}", self.values.get(key, ""), expected)

    def known(self, keys: set[str]) -> None:
        for key in self.values:
            if key not in keys:
                raise self.fault(key, f"这些键之一：{'、'.join(sorted(keys))}")

    def number(self, key: str, default: float, low: float, high: float) -> float:
        value = self.values.get(key, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not low <= value <= high
        ):
            raise self.fault(key, f"{low:g}到{high:g}之间的数")
        return float(value)

    def text(self, key: str, default: str = "") -> str:
        value = self.values.get(key, default)
        if not isinstance(value, str):
            raise self.fault(key, "文字")
        return value.strip()


def _read(section: _Section, environ: Mapping[str, str]) -> Config:
    if not isinstance(section.values, Mapping):
        raise ConfigError(section.file, "access", section.values, "一节 [access]")
    section.known(_KEYS)
    mode = _choice(section, "mode", environ.get("PLAN_ACCESS", ""), [m.value for m in Mode], "auto")
    read = _choice(
        section, "read", environ.get("PLAN_ACCESS_READ", ""), ["signed-in", "anyone"], "signed-in"
    )
    people = section.values.get("people", [])
    if not isinstance(people, list) or not all(isinstance(one, Mapping) for one in people):
        raise section.fault("people", "若干节 [[access.people]]")
    return Config(
        Mode(mode),
        read == "signed-in",
        timedelta(hours=section.number("session_hours", 12, 0.01, 24 * 30)),
        timedelta(hours=section.number("idle_hours", 4, 0.01, 24 * 30)),
        int(section.number("requests_per_minute", 120, 1, 1_000_000)),
        int(section.number("upload_mb", 20, 0.001, 200) * 1024 * 1024),
        tuple(
            _grant(_Section(section.file, one, f"access.people[{number}]"))
            for number, one in enumerate(people, 1)
        ),
    )


def _choice(section: _Section, key: str, environ: str, allowed: list[str], default: str) -> str:
    value = environ or section.text(key, default)
    if value not in allowed:
        raise ConfigError(
            "环境变量" if environ else section.file,
            f"PLAN_ACCESS{'' if key == 'mode' else '_READ'}" if environ else f"access.{key}",
            value,
            "、".join(allowed),
        )
    return value


def _grant(section: _Section) -> Grant:
    section.known(_PERSON_KEYS)
    email = section.text("email")
    claim, value = ("email", email) if email else (section.text("claim"), section.text("value"))
    if not claim or not value:
        raise section.fault("email", "email，或者 claim 和 value")
    role = section.text("role")
    if role not in list(ASSIGNABLE):
        raise section.fault("role", "、".join(ASSIGNABLE))
    units = section.values.get("units", [])
    if not isinstance(units, list) or not all(isinstance(unit, str) for unit in units):
        raise section.fault("units", '单位名称的列表，如 ["区农业局"]')
    if role == Role.REPORTER and not units:
        raise section.fault("units", "经办人至少有一个单位")
    return Grant(claim, value, Role(role), tuple(unit.strip() for unit in units))
