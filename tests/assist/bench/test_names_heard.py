from __future__ import annotations

from pathlib import Path

from asr.entities import EntityErrors
from asr.transcript import Final, Repair
from assist.bench.entities import entity_names, names_heard
from assist.bench.manifest import Item, Spoken
from extractors.catalogue import load

CATALOG = Path(__file__).parents[3] / "catalog"


def test_names_are_counted_as_heard_and_as_repaired() -> None:
    names = entity_names(load(CATALOG))
    item = Item("call", Path("call.flac"), (Spoken(0, "请问是哪个区？"), Spoken(1, "黄埔区长洲街，归市水务局管。")))
    finals = [
        Final(0, 0, 0.0, 1.0, "请问是哪个区？", ()),
        Final(1, 0, 1.0, 4.0, "黄埔区长周间归水务局管", (), repairs=(Repair(0, 3, "皇普七"),)),
    ]
    before, after = names_heard(item, finals, names)
    assert before == EntityErrors(wrong=3, said=3, false=0, written=1)
    assert after == EntityErrors(wrong=2, said=3, false=0, written=2)
