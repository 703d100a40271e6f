"""The shape of a catalogue's files, as pydantic models: what `extractors.catalogue.load` reads, entry by entry.

In: what YAML gives. Out: validated entries. The format is described in ``docs/catalogue.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

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
_Said: TypeAlias = Annotated[str, Field(pattern=r"\S")]  # a text that is not blank


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
    common: bool = True


class UnitEntry(File):
    """One entry of ``units.yaml``."""

    code: str
    name: str
    full_name: str
    kind: UnitKind
    aliases: tuple[str, ...] = ()
    handles: str = ""
    district: str | None = None
    parent: str | None = None


class DomainEntry(File):
    """One entry of ``domains.yaml``."""

    code: str = Field(pattern=r"^[A-Z]{2}$")
    name: str
    keywords: tuple[str, ...] = ()


class ConfusionEntry(File):
    """One entry of a template's ``confused_with``."""

    code: str
    apart: str


class UnitExceptionEntry(File):
    """A case in which another unit handles a template."""

    case: str
    unit: str


class SharedEntry(File):
    """What the templates of a matter have in common, or those of one request type of it; a template may differ."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    asks: dict[str, str] = {}
    unit: str = ""
    unit_alternatives: tuple[str, ...] = ()
    unit_exceptions: tuple[UnitExceptionEntry, ...] = ()
    urgency: Urgency = "normal"
    time_class: TimeClass = "5d"


class TemplateEntry(File):
    """One template, with what it shares with others of its matter filled in."""

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
    unit_exceptions: tuple[UnitExceptionEntry, ...] = ()
    urgency: Urgency = "normal"
    divert: Divert | None = None
    time_class: TimeClass = "5d"
    confused_with: tuple[ConfusionEntry, ...] = ()


class MatterEntry(File):
    """One matter with its templates; ``defaults`` and ``types`` are already part of these."""

    code: str = Field(pattern=r"^[A-Z]{2}\d{2}$")
    name: str
    defaults: SharedEntry = SharedEntry()
    types: dict[RequestType, SharedEntry] = {}
    templates: tuple[TemplateEntry, ...]


class GroupFile(File):
    """One file of ``templates/``: a group of matters."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    name: str
    domain: str
    matters: tuple[MatterEntry, ...]


class GuideEntry(File):
    """One entry of ``guides/``: what to answer to a question that is often asked about a matter (标准问答).
    ``templates``: those it answers; all of the matter's where none are named.
    """

    code: str = Field(pattern=r"^[A-Z]{2}\d{2}-G\d{3}$")
    question: _Said
    answer: _Said
    source: _Said
    owner: _Said
    valid_until: date
    steps: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()


class NodeEntry(File):
    """One entry of ``maps/``: a node of a matter's mind map: what to ask or do, and what may follow."""

    code: str = Field(pattern=r"^[A-Z]{2}\d{2}-N\d{3}$")
    says: str
    kind: Literal["question", "answer", "action"]
    next: tuple[str, ...] = ()
    template: str | None = None


class RetiredEntry(File):
    """One entry of ``retired.yaml``: a code that is used no more and never again; ``by``: what took its place."""

    code: str
    since: str
    by: tuple[str, ...] = ()


def expanded(data: Any) -> Any:
    """A group file's data with each template's shared values filled in; what is misshapen stays as it is."""
    if not isinstance(data, dict) or not isinstance(data.get("matters"), list):
        return data
    return {**data, "matters": [_expanded_matter(matter) for matter in data["matters"]]}


def _expanded_matter(matter: Any) -> Any:
    if not isinstance(matter, dict) or not isinstance(matter.get("templates"), list):
        return matter
    defaults, types = matter.get("defaults") or {}, matter.get("types") or {}
    if not isinstance(defaults, dict) or not isinstance(types, dict):
        return matter
    whole = []
    for template in matter["templates"]:
        if isinstance(template, dict):
            shared = types.get(template.get("request_type")) or {}
            template = _filled(template, [defaults, shared if isinstance(shared, dict) else {}])  # noqa: PLW2901
        whole.append(template)
    return {**matter, "templates": whole}


def _filled(template: dict[str, Any], shared: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """``template`` with what it does not say itself; shared questions are for slots that it has."""
    filled: dict[str, Any] = {}
    for one in (*shared, template):
        filled.update(one)
    slots = {*(filled.get("required") or ()), *(filled.get("optional") or ())}
    asks = {slot: text for one in shared for slot, text in (one.get("asks") or {}).items() if slot in slots}
    own = template.get("asks")
    if own is None or isinstance(own, dict):
        filled["asks"] = {**asks, **(own or {})}
    return filled
