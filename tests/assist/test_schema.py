"""The committed schema is what the models say, and every message of the wire survives a round trip."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from assist.messages.audio import AudioClientMessage, AudioServerMessage
from assist.messages.desk import DeskMessage
from assist.messages.events import Event
from assist.messages.page import PageMessage
from assist.schema import schema_text, wire_schema

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_committed_schema_is_current() -> None:
    committed = (ROOT / "desktop" / "schema.json").read_text(encoding="utf-8")
    assert committed == schema_text(), "run `python -m assist.schema`"


@pytest.mark.parametrize("family", [Event, DeskMessage, PageMessage, AudioClientMessage, AudioServerMessage])
def test_every_message_is_in_the_schema_and_names_its_type(family: object) -> None:
    definitions = wire_schema()["$defs"]
    for model in get_args(get_args(family)[0]):
        definition = definitions[model.__name__]
        assert "type" in definition["required"]
        assert definition["properties"]["type"]["const"] == model.model_fields["type"].default
        assert model.__doc__
