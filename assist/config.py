"""The configuration: `config.yaml`, typed, every key overridable from the environment (`ASSIST_SERVER__PORT=9000`)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from assist.addresses import web_origin
from assist.resources import catalog_dir
from extractors.catalogue.strict_yaml import YamlError, read_yaml

_PREFIX = "ASSIST_"
# Variables of the same prefix that are not keys of the file.
_NOT_KEYS = {"ASSIST_CONFIG", "ASSIST_MODELS"}
# What is wrong in words of YAML where pydantic tells it in words of Python.
_EXPECTED = {
    "model_type": "must be a section: its keys indented in the lines below it",
    "tuple_type": "must be a list: [one, another], or a line `- one` each",
}


class ConfigError(Exception):
    """The configuration cannot be used; the text names the file, the key and what is expected."""


def _from_home(path: str) -> str:
    try:
        return str(Path(path).expanduser()) if path.startswith("~") else path
    except RuntimeError:
        raise ValueError(
            "the home of that user is not known; write the path out, or ./~ for a folder of that name"
        ) from None


_Origin = Annotated[str, AfterValidator(web_origin)]
_FromHome = Annotated[str, AfterValidator(_from_home)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, bool) and cls.model_fields[str(info.field_name)].annotation in (int, float):
            raise ValueError("must be a number; yes, no, on, off, true and false are none")
        return value


class Server(_Section):
    """Where the server listens and how much it takes on."""

    host: str = "127.0.0.1"
    port: int = Field(8012, ge=0, le=65535)
    allowed_origins: tuple[_Origin, ...] = ()
    max_frame_bytes: int = Field(262_144, ge=1_024)
    max_calls: int = Field(64, ge=1)
    max_speaking: int = Field(0, ge=0)
    desk_queue: int = Field(512, ge=16)
    timezone: str = "Asia/Shanghai"

    @field_validator("host")
    @classmethod
    def _one_host(cls, host: str) -> str:
        if not host.strip():
            raise ValueError(
                "name an address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for every interface"
            )
        return host

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder of zones
            raise ValueError("no such time zone; use a name such as Asia/Shanghai") from None
        return name


class Store(_Section):
    """Where calls are kept."""

    directory: Path = Path("var")
    resume_seconds: float = Field(60.0, ge=0)
    keep_days: int = Field(0, ge=0, le=36_500)
    least_free_gib: float = Field(1.0, ge=0)

    @field_validator("directory", mode="before")
    @classmethod
    def _named(cls, directory: Any) -> Any:
        if not isinstance(directory, str):
            return directory
        if not directory.strip():
            raise ValueError("name a folder for the calls; leave the key out for var")
        return _from_home(directory)


class Asr(_Section):
    """The speech model and the rhythm of recognition; times in seconds."""

    engine: str = "whisper"
    model: _FromHome = "whisper-base-ears"
    allow_download: bool = False
    device: Literal["cpu", "cuda"] = "cpu"
    compute_type: Literal["int8", "int8_float16", "float16", "float32"] = "int8"
    workers: int = Field(2, ge=1, le=64)
    threads: int = Field(1, ge=1, le=64)
    max_batch: int = Field(8, ge=1, le=64)
    beam_size: int = Field(4, ge=1, le=20)
    language_model: _FromHome = ""
    language_weight: float = Field(0.4, ge=0, le=5)
    rescoring: bool = False
    whole_vocabulary: bool = False
    interim_share: float = Field(0.6, gt=0, le=1)
    language: str = "zh"
    end_silence: float = Field(0.5, ge=0.25, le=3)
    max_utterance: float = Field(15.0, ge=5, le=25)
    first_interim: float = Field(0.45, ge=0.2, le=5)
    interim_every: float = Field(0.64, ge=0.2, le=10)


class CatalogueSource(_Section):
    """Which catalogue calls are understood with."""

    directory: _FromHome = ""
    overlay: _FromHome = ""
    cache: _FromHome = ""

    @property
    def path(self) -> Path:
        """The folder of the catalogue."""
        return Path(self.directory) if self.directory else catalog_dir()


class Understanding(_Section):
    """How calls are understood."""

    scribe: bool = True


class Log(_Section):
    """What the server writes about itself."""

    level: Literal["debug", "info", "warning", "error"] = "info"


class Config(BaseSettings):
    """All settings; see `config.yaml` for what each key means."""

    model_config = SettingsConfigDict(
        extra="forbid",
        frozen=True,
        env_prefix=_PREFIX,
        env_nested_delimiter="__",
    )

    server: Server = Server()
    store: Store = Store()
    asr: Asr = Asr()
    catalogue: CatalogueSource = CatalogueSource()
    understanding: Understanding = Understanding()
    log: Log = Log()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file."""
        return env_settings, init_settings


def load(path: Path | None = None) -> Config:
    """Read ``path`` (only defaults when it is None), overridden by the process environment.

    Raises `ConfigError` for a missing or unreadable file, an unknown key or an ill-typed value.
    """
    _reject_unknown_variables(os.environ)
    content: Any = {}
    if path is not None:
        try:
            path = path.expanduser()
            content = read_yaml(path.read_text(encoding="utf-8")) or {}
        except RuntimeError as error:
            raise ConfigError(f"cannot read {path}: {error}") from None
        except OSError as error:
            raise ConfigError(f"cannot read {path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
        except YamlError as error:
            raise ConfigError(f"{path}: {error}") from None
        if not isinstance(content, dict):
            raise ConfigError(f"{path} must hold sections such as `server:`, not {type(content).__name__}")
    # `asr:` with nothing under it is a section that changes nothing.
    sections = {str(name): section for name, section in content.items() if section is not None}
    try:
        return Config(**sections)
    except ValidationError as error:
        raise ConfigError("\n".join(_explain(path, problem) for problem in error.errors())) from None
    except SettingsError as error:
        raise ConfigError(
            f"{error}: a variable such as {_PREFIX}SERVER must hold a JSON object; {_PREFIX}SERVER__PORT sets one key"
        ) from None


def _explain(path: Path | None, problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    variable = _PREFIX + "__".join(str(part) for part in problem["loc"][:2]).upper()
    where = f"environment variable {variable}" if path is None or variable in os.environ else str(path)
    if problem["type"] == "extra_forbidden":
        return f"{where}: unknown key `{key}`; config.yaml of the project lists every key"
    expected = _EXPECTED.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{where}: `{key}` is {problem['input']!r}: {expected}"


def _reject_unknown_variables(environ: Mapping[str, str]) -> None:
    sections = Config.model_fields
    for name in environ:
        if not name.startswith(_PREFIX) or name in _NOT_KEYS:
            continue
        section, _, key = name.removeprefix(_PREFIX).lower().partition("__")
        known = section in sections and (not key or key in type(sections[section].default).model_fields)
        if not known:
            raise ConfigError(f"environment variable {name} names no key; {_PREFIX}SERVER__PORT sets server.port")
