"""The JSON Schema of every message of the wire, from the models; the types of the page are generated from its file.

One object with a definition for each message under ``$defs`` and one property for each family of messages: what each
side of each connection may send. ``python -m assist.schema`` writes ``desktop/schema.json``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter

from assist.messages.audio import AudioClientMessage, AudioServerMessage
from assist.messages.calls import FoundCalls
from assist.messages.desk import DeskMessage
from assist.messages.page import PageMessage
from assist.ticket_view import CallView

_Mode = Literal["validation", "serialization"]
_FAMILIES: tuple[tuple[str, _Mode, TypeAdapter[Any]], ...] = (
    ("desk_message", "serialization", TypeAdapter(DeskMessage)),
    ("page_message", "validation", TypeAdapter(PageMessage)),
    ("audio_client_message", "validation", TypeAdapter(AudioClientMessage)),
    ("audio_server_message", "serialization", TypeAdapter(AudioServerMessage)),
    ("call_view", "serialization", TypeAdapter(CallView)),
    ("found_calls", "serialization", TypeAdapter(FoundCalls)),
)


def wire_schema() -> dict[str, Any]:
    """The schema. A message's ``type`` is required in every one of them, also where the model fills it in."""
    schemas, definitions = TypeAdapter.json_schemas(
        [(name, mode, adapter) for name, mode, adapter in _FAMILIES], ref_template="#/$defs/{model}"
    )
    defs: dict[str, Any] = definitions.get("$defs", {})
    for definition in defs.values():
        _drop_titles(definition)
        if "const" in definition.get("properties", {}).get("type", {}):
            definition["required"] = sorted({*definition.get("required", ()), "type"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Wire",
        "description": "Messages of the hotline assist server; see docs/protocol.md.",
        "type": "object",
        "additionalProperties": False,
        "properties": {name: schemas[(name, mode)] for name, mode, _ in _FAMILIES},
        "required": [name for name, _, _ in _FAMILIES],
        "$defs": dict(sorted(defs.items())),
    }


def _drop_titles(schema: dict[str, Any]) -> None:
    """Pydantic titles every field; type generators would make a named type of each."""
    schema.pop("title", None)
    for key, value in schema.items():
        if key == "properties":
            for inner in value.values():
                _drop_titles(inner)
        elif isinstance(value, dict):
            _drop_titles(value)
        elif isinstance(value, list):
            for item in value:
                if isinstance(item, dict):
                    _drop_titles(item)


def schema_text() -> str:
    """The schema as it is committed."""
    return json.dumps(wire_schema(), ensure_ascii=False, indent=2) + "\n"


def main() -> None:
    """Write the schema to the path given, or to ``desktop/schema.json`` beside this package."""
    default = Path(__file__).resolve().parent.parent / "desktop" / "schema.json"
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else default
    path.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
