"""The shape of a catalogue's files, as pydantic models: what `extractors.catalogue` reads, entry by entry.

In: what YAML gives. Out: validated entries. The format is described in ``docs/catalogue.md``.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

RequestType: TypeAlias = Literal["咨询", "求助", "投诉", "举报", "建议", "表扬"]
REQUEST_TYPES: tuple[RequestType, ...] = ("咨询", "求助", "投诉", "举报", "建议", "表扬")
SlotKind: TypeAlias = Literal[
    "text", "phone", "id", "plate", "money", "time", "duration", "count", "code", "flag", "name", "place"
]
UnitKind: TypeAlias = Literal["department", "district", "public", "other"]
Urgency: TypeAlias = Literal["normal", "urgent", "emergency"]
Divert: TypeAlias = Literal["110", "119", "120"]
TimeClass: TypeAlias = Literal["now", "1d", "3d", "5d", "10d", "15d"]


class File(BaseModel):
    """A table or entry of a file: frozen, and a key it does not know is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HeadEntry(File):
    """``catalogue.yaml``."""

    name: str
    version: str
    city: str
    name_en: str = ""
    note: str = ""


class SlotEntry(File):
    """One entry of ``slots.yaml``."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    label_en: str
    kind: SlotKind
    ask: str
    personal: bool


class UnitEntry(File):
    """One entry of ``units.yaml``."""

    code: str
    name: str
    full_name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    handles: str = ""
    district: str | None = None


class DomainEntry(File):
    """One entry of ``domains.yaml``."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    name: str
    keywords: tuple[str, ...] = ()


class ConfusionEntry(File):
    """One entry of a template's ``confused_with``."""

    code: str
    apart: str


class TemplateEntry(File):
    """One template."""

    code: str = Field(pattern=r"^[A-Z]{2}\d{2}-\d{3}$")
    title: str
    request_type: RequestType
    when: str
    phrasings: tuple[str, ...]
    record: str
    unit: str
    keywords: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    asks: dict[str, str] = {}
    unit_alternatives: tuple[str, ...] = ()
    urgency: Urgency = "normal"
    divert: Divert | None = None
    time_class: TimeClass = "5d"
    confused_with: tuple[ConfusionEntry, ...] = ()


class MatterEntry(File):
    """One matter with its templates."""

    code: str = Field(pattern=r"^[A-Z]{2}\d{2}$")
    name: str
    templates: tuple[TemplateEntry, ...]


class DomainFile(File):
    """One file of ``templates/``."""

    domain: str
    matters: tuple[MatterEntry, ...]
