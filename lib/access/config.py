"""How a server knows who is there: ``[access]`` in settings.toml, overruled by the environment.

The keys stand in `docs/access.md`. The environment: ``PLAN_ACCESS`` (the mode), ``PLAN_ACCESS_READ``,
``PLAN_ACCESS_HOSTS`` and ``PLAN_ACCESS_TRUSTED`` (lists separated by commas), and ``PLAN_ACCESS_FILE``
(another file that has the section).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    IPvAnyAddress,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from lib.access.policy import ASSIGNABLE, Role

FILE = "settings.toml"
_ENVIRONMENT = {
    "mode": "PLAN_ACCESS",
    "read": "PLAN_ACCESS_READ",
    "hosts": "PLAN_ACCESS_HOSTS",
    "trusted": "PLAN_ACCESS_TRUSTED",
}
_Model = TypeVar("_Model", bound=BaseModel)


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
    a request's body there. ``hosts`` are the names that the server answers to besides this machine's,
    ``trusted`` the addresses that have the rights of 单机 though they are not this machine.
    """

    mode: Mode = Mode.AUTO
    read_needs_sign_in: bool = True
    session: timedelta = timedelta(hours=12)
    idle: timedelta = timedelta(hours=4)
    requests_per_minute: int = 120
    upload_bytes: int = 20 * 1024 * 1024
    grants: tuple[Grant, ...] = ()
    hosts: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()


def load(folder: Path | None, environ: Mapping[str, str]) -> Config:
    """Return the configuration for a data folder (``None``: the data are in a database).

    Raises `ConfigError` naming the key that is wrong.
    """
    path = environ.get("PLAN_ACCESS_FILE", "")
    source = Path(path) if path else (folder / FILE if folder else None)
    if path and not Path(path).is_file():
        raise ConfigError("环境变量", "PLAN_ACCESS_FILE", path, "存在的文件")
    section: object = {}
    name = source.name if source else FILE
    if source is not None and source.is_file():
        try:
            section = tomllib.loads(source.read_text(encoding="utf-8-sig")).get("access", {})
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(name, "access", error, "TOML 格式（UTF-8）") from error
    return parse(section, name, environ)


# -- the section as it stands in the file -----------------------------------------------------
# A field's description says what is right: it ends the message about a value that is wrong.

_STRIP = BeforeValidator(lambda value: value.strip() if isinstance(value, str) else value)
_Text = Annotated[str, _STRIP, Field(description="文字")]
_Host = Annotated[
    str, _STRIP, Field(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^\s\[\]:/@?#%*]+)(:[0-9]{1,5})?$")
]
_SPLIT = BeforeValidator(
    lambda value: re.split(r"[,，\s]+", value.strip()) if isinstance(value, str) else value
)


def _number(default: float, low: float, high: float) -> Any:
    expected = f"{low:g}到{high:g}之间的数"
    return Field(default, strict=True, ge=low, le=high, description=expected)


class AccessSection(BaseModel, extra="forbid"):
    """``[access]``; the defaults are those of `Config`."""

    mode: Annotated[Mode, _STRIP] = Field(Mode.AUTO, description="、".join(Mode))
    read: Annotated[Literal["signed-in", "anyone"], _STRIP] = Field(
        "signed-in", description="signed-in、anyone"
    )
    session_hours: float = _number(12, 0.01, 24 * 30)
    idle_hours: float = _number(4, 0.01, 24 * 30)
    requests_per_minute: float = _number(120, 1, 1_000_000)
    upload_mb: float = _number(20, 0.001, 200)
    hosts: Annotated[list[_Host], _SPLIT] = Field(
        [], description='主机名或IP的列表，可带端口，如 ["plan.example.cn", "10.1.2.3:8501"]'
    )
    trusted: Annotated[list[IPvAnyAddress], _SPLIT] = Field(
        [], description='IP地址的列表，如 ["10.1.2.3"]'
    )
    people: list[dict[str, Any]] = Field([], description="若干节 [[access.people]]")


class PersonSection(BaseModel, extra="forbid", validate_default=True):
    """One ``[[access.people]]``: the role of everybody with an e-mail, or a claim's value."""

    claim: _Text = ""
    value: _Text = ""
    email: _Text = ""
    role: Annotated[Literal[ASSIGNABLE], _STRIP] = Field(  # type: ignore[valid-type]
        description="、".join(ASSIGNABLE)
    )
    units: list[_Text] = Field([], description='单位名称的列表，如 ["区农业局"]')

    @field_validator("email")
    @classmethod
    def _somebody_is_named(cls, email: str, fields: ValidationInfo) -> str:
        if not email and not (fields.data.get("claim") and fields.data.get("value")):
            raise PydanticCustomError("expected", "email，或者 claim 和 value")
        return email

    @field_validator("units")
    @classmethod
    def _a_reporter_has_units(cls, units: list[str], fields: ValidationInfo) -> list[str]:
        if not units and fields.data.get("role") is Role.REPORTER:
            raise PydanticCustomError("expected", "经办人至少有一个单位")
        return units


def parse(section: object, file: str, environ: Mapping[str, str]) -> Config:
    """Return the configuration of a section; ``file`` is named where it is wrong (`ConfigError`)."""
    if not isinstance(section, Mapping):
        raise ConfigError(file, "access", section, "一节 [access]")
    overruled = {key: environ[name] for key, name in _ENVIRONMENT.items() if environ.get(name)}
    _validated(AccessSection, overruled, "环境变量", _ENVIRONMENT.__getitem__)
    access = _validated(AccessSection, {**section, **overruled}, file, "access.{}".format)
    grants = []
    for number, values in enumerate(access.people, 1):
        person = _validated(PersonSection, values, file, f"access.people[{number}].{{}}".format)
        claim, value = ("email", person.email) if person.email else (person.claim, person.value)
        grants.append(Grant(claim, value, person.role, tuple(person.units)))
    return Config(
        access.mode,
        access.read == "signed-in",
        timedelta(hours=access.session_hours),
        timedelta(hours=access.idle_hours),
        int(access.requests_per_minute),
        int(access.upload_mb * 1024 * 1024),
        tuple(grants),
        tuple(access.hosts),
        tuple(map(str, access.trusted)),
    )


def _validated(
    model: type[_Model], values: Mapping[str, Any], file: str, name: Callable[[str], str]
) -> _Model:
    """Return values as a model, or raise the first fault in them under the ``name`` of its key."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        # A key that does not exist comes first: it may be the misspelling of one that is missing.
        fault = min(error.errors(), key=lambda fault: fault["type"] != "extra_forbidden")
    key = str(fault["loc"][0])
    if fault["type"] == "extra_forbidden":
        expected = f"这些键之一：{'、'.join(sorted(model.model_fields))}"
    elif fault["type"] == "expected":
        expected = fault["msg"]
    else:
        expected = model.model_fields[key].description or ""
    raise ConfigError(file, name(key), values.get(key, ""), expected)
