from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.ticket import Evidence, SlotValue, Value
from extractors.writing.record import fill, text_of

LABELS = {"address": "详细地址", "duration": "持续时间"}
WISHES = ("要求", "希望")
UNITS = "人户路"


def slot(value: Value, text: str = "…") -> SlotValue:
    return SlotValue(value, 0.9, (Evidence(3, 0, len(text), text, 1.0, 2.0),))


def written(record: str, **values: Value) -> str:
    return text_of(fill(record, {name: slot(value) for name, value in values.items()}, LABELS, WISHES, UNITS))


def test_what_is_missing_stays_a_gap_that_can_be_seen() -> None:
    assert written("来电人反映{address}停水，已{duration}。", address="东园横路3号") == (
        "来电人反映东园横路3号停水，已【持续时间】。"
    )


def test_values_carry_the_words_they_rest_on_and_the_templates_words_none() -> None:
    parts = fill("反映{address}停水。", {"address": slot("东园横路3号")}, LABELS)
    assert [(part.text, part.slot, len(part.evidence)) for part in parts] == [
        ("反映", None, 0),
        ("东园横路3号", "address", 1),
        ("停水。", None, 0),
    ]


def test_nothing_is_said_twice() -> None:
    assert written("，要求{demand}。", demand="要求退款") == "，要求退款。"
    assert written("，希望{demand}。", demand="要求尽快修好") == "，希望尽快修好。"
    assert written("{district}{address}", district="番禺区", address="番禺区大石街道") == "番禺区大石街道"
    assert written("影响{people_count}户。", people_count="三十几户") == "影响三十几户。"
    assert written("影响{people_count}户。", people_count=30) == "影响30户。"
    assert written("付{amount}元", amount=800.0) == "付800元"


def test_a_word_that_begins_or_ends_like_a_value_is_not_the_same_word() -> None:
    assert written("反映{address}路灯不亮", address="天河区龙口东路") == "反映天河区龙口东路路灯不亮"
    assert written("反映{address}路面坑洼", address="中山三路") == "反映中山三路路面坑洼"
    assert written("{address}人行道松动", address="十六户门前有人") == "十六户门前有人人行道松动"
    assert written("{people_count}人居住", people_count="二十多人") == "二十多人居住"
    assert written("乘坐{route_no}路公交", route_no="302路") == "乘坐302路公交"
    assert written("在公交车站{subject}", subject="站台") == "在公交车站站台"


def test_the_number_of_a_thing_is_not_what_the_call_is_about() -> None:
    record = "灯杆编号{subject}，{subject}不亮"

    def filled(subject: str) -> str:
        return text_of(fill(record, {"subject": slot(subject)}, {"subject": "对象"}, numbers=("编号",)))

    assert filled("路灯") == "灯杆编号【对象】，路灯不亮"
    assert filled("LK0123") == "灯杆编号LK0123，LK0123不亮"


def test_every_record_of_the_catalogue_names_each_of_its_gaps(catalogue: Catalogue) -> None:
    labels = {name: entry.label for name, entry in catalogue.slots.items()}
    for template in catalogue.templates:
        names = [name for _, name, _, _ in string.Formatter().parse(template.record) if name]
        parts = fill(template.record, {}, labels)
        assert [part.slot for part in parts if part.slot] == names
        assert all(f"【{labels[name]}】" in text_of(parts) for name in names)


@given(st.dictionaries(st.sampled_from(["address", "duration", "demand"]), st.text("要求番禺区退款1户。", max_size=8)))
def test_the_templates_own_words_are_never_lost(values: dict[str, str]) -> None:
    record = "来电人反映{address}停水，已{duration}户，要求{demand}。"
    parts = fill(record, {name: slot(value) for name, value in values.items()}, LABELS, WISHES, UNITS)
    assert "".join(part.text for part in parts if part.slot is None) == "来电人反映停水，已户，要求。"
    assert all(part.evidence for part in parts if part.slot and part.filled)
