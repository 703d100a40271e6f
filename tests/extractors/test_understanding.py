from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.slots.candidates import day_and_hour
from extractors.slots.marked import Marking
from extractors.ticket import Evidence, OtherMatter, Ticket
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding
from tests.extractors.test_ranking import call

STARTED = datetime(2025, 3, 5, 9, 30, tzinfo=timezone(timedelta(hours=8)))

STREET_LIGHT = call(
    "A您好，广州12345热线，请问有什么可以帮您？",
    "C你好，我想反映路灯的问题，我们这条路的路灯全部不亮，已经一个星期了。",
    "A请问是哪个区哪条街道？",
    "C番禺区，洛浦街道，沿沙东路那边。",
    "A番禺区洛浦街道沿沙东路，对吗？",
    "C对，晚上黑漆漆的，有个老人家都摔了一跤，你们快点派人来修。",
    "A请问您贵姓，联系电话多少？",
    "C我姓范，模范的范，电话13826450917。",
    "A范先生，13826450917，好的，已经登记了，感谢来电，再见。",
)


@pytest.fixture
def understanding(catalogue: Catalogue) -> Understanding:
    return Understanding(catalogue, STARTED)


def all_evidence(ticket: Ticket | OtherMatter) -> list[Evidence]:
    values = [evidence for value in ticket.slots.values() for evidence in value.evidence]
    choices = [choice for choice in (ticket.request_type, ticket.domain) if choice is not None]
    return [
        *values,
        *(evidence for choice in choices for evidence in choice.evidence),
        *(evidence for part in (*ticket.draft.record, *ticket.draft.summary) for evidence in part.evidence),
        *(evidence for alert in getattr(ticket, "alerts", ()) for evidence in alert.evidence),
        *(evidence for other in getattr(ticket, "others", ()) for evidence in (other.announced, *all_evidence(other))),
    ]


def test_a_call_about_street_lights_becomes_its_ticket(understanding: Understanding) -> None:
    ticket = understanding.ticket(STREET_LIGHT)
    filled = {name: value.value for name, value in ticket.slots.items()}
    assert filled["district"] == "番禺区"
    assert filled["street"] == "洛浦街道"
    assert filled["phone"] == "13826450917"
    assert filled["caller_name"] == "范先生"
    assert ticket.domain is not None
    assert ticket.domain.value == "城乡建设"
    assert "路灯" in ticket.templates[0].title
    assert "路灯" in ticket.templates[0].matched
    assert ticket.dispatch is not None
    assert ticket.alerts == ()


def test_before_anything_is_said_the_ticket_is_empty(understanding: Understanding) -> None:
    assert understanding.ticket([]) == Ticket()


def test_every_value_rests_on_words_that_were_said(understanding: Understanding) -> None:
    ticket = understanding.ticket(STREET_LIGHT)
    assert len(all_evidence(ticket)) > 5
    for evidence in all_evidence(ticket):
        assert STREET_LIGHT[evidence.turn].text[evidence.start : evidence.end] == evidence.text != ""


def test_the_ticket_depends_on_the_turns_alone_not_on_what_was_asked_before(
    catalogue: Catalogue, understanding: Understanding
) -> None:
    for number in range(len(STREET_LIGHT)):
        step = understanding.ticket(STREET_LIGHT[: number + 1])
        assert step == Understanding(catalogue, STARTED).ticket(STREET_LIGHT[: number + 1])


def test_interim_text_fills_early_and_the_final_text_replaces_it(understanding: Understanding) -> None:
    before = STREET_LIGHT[:3]
    interim = replace(STREET_LIGHT[3], text="天河区", final=False)
    early = understanding.ticket([*before, interim])
    late = understanding.ticket(STREET_LIGHT[:4])
    assert early.slots["district"].value == "天河区"
    assert late.slots["district"].value == "番禺区"
    assert late == understanding.ticket(STREET_LIGHT[:4])


def test_the_beginning_of_a_long_call_is_read_once_however_much_interim_text_comes(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Counting:
        def __init__(self) -> None:
            self.read: list[int] = []

        def marked(self, before: Sequence[Turn], turn: Turn) -> Marking:
            self.read.append(turn.id)
            return Marking.nothing(turn.text)

    monkeypatch.setattr("extractors.turn_readings._KEPT", 16)
    monkeypatch.setattr("extractors.turn_readings._A_TURN", 1)
    tagger: Any = Counting()
    understanding = Understanding(catalogue, STARTED, tagger=tagger)
    finals, [interim] = STREET_LIGHT[:4], STREET_LIGHT[4:5]
    for shown in range(60):
        said = f"{interim.text[:6]}{shown}"
        understanding.ticket([*finals, replace(interim, text=said, final=False)])
    assert tagger.read == [turn.id for turn in finals]


def test_the_next_question_is_for_what_the_template_still_needs(understanding: Understanding) -> None:
    asked = [question.slot for question in understanding.ticket(STREET_LIGHT[:2]).questions]
    assert asked[-2:] == ["caller_name", "phone"]
    assert "address" in asked
    assert "phone" not in [question.slot for question in understanding.ticket(STREET_LIGHT).questions]


def test_the_template_an_agent_chose_decides_type_domain_unit_and_questions(
    understanding: Understanding, catalogue: Catalogue
) -> None:
    chosen = next(template for template in catalogue.templates if template.domain == "XF")
    ticket = understanding.ticket(STREET_LIGHT[:2], chosen.code)
    assert ticket.domain is not None
    assert ticket.domain.value == "应急消防"
    assert {question.slot for question in ticket.questions} >= {"phone", *set(chosen.required) - ticket.slots.keys()}


def test_a_template_the_catalogue_does_not_have_cannot_be_chosen(understanding: Understanding) -> None:
    with pytest.raises(KeyError):
        understanding.ticket(STREET_LIGHT[:2], "XX99-999")


lines = st.sampled_from(
    [turn.text for turn in STREET_LIGHT] + ["", "嗯。", "不对，是天河区", "Hello", "13800138000", "着火了"]
)
conversations = st.lists(st.tuples(st.sampled_from(Speaker), lines), max_size=7)


@settings(max_examples=40, deadline=None)
@given(conversations)
def test_any_conversation_gives_a_ticket_whose_evidence_is_in_the_turns(
    catalogue: Catalogue, conversation: Sequence[tuple[Speaker, str]]
) -> None:
    turns = [Turn(number, speaker, text) for number, (speaker, text) in enumerate(conversation)]
    ticket = Understanding(catalogue, STARTED).ticket(turns)
    for evidence in all_evidence(ticket):
        assert turns[evidence.turn].text[evidence.start : evidence.end] == evidence.text
    assert all(0 < value.confidence <= 1 for value in ticket.slots.values())
    assert all(0 <= template.probability <= 1 for template in ticket.templates)
    assert ticket.slots.keys() <= catalogue.slots.keys()


def test_english_fills_no_slot_that_is_worded_but_numbers(understanding: Understanding) -> None:
    said = call("A您好，请讲", "CI want to report a broken street light in Tianhe, my phone is 13826450917")
    ticket = understanding.ticket(said)
    assert {name: value.value for name, value in ticket.slots.items()} == {"phone": "13826450917"}
    assert [alert.kind for alert in ticket.alerts] == ["language"]


@pytest.mark.parametrize(
    ("turns", "slot", "value"),
    [
        (("C我要投诉装修公司收了钱不退", "A多少钱", "C三千", "A三千元对吗", "C不对，三万"), "amount", 30000),
        (("C小区停水", "A影响多少人", "C五个人，不对，六个人"), "people_count", 6),
        (
            ("C我家被偷了", "A什么时候发生的", "C昨天晚上", "A昨天晚上是吗", "C不是，是前天晚上"),
            "occurred_at",
            "前天晚上",
        ),
        (("C楼上很吵", "A是昨天晚上八点发生的吗", "C不记得了"), "occurred_at", None),
        (("C我要投诉小区停车收费", "A好的，最晚3月15日前答复您", "C好的"), "occurred_at", None),
    ],
)
def test_what_was_put_right_or_never_said_is_not_on_the_ticket(
    understanding: Understanding, turns: tuple[str, ...], slot: str, value: object
) -> None:
    slots = understanding.ticket(call(*turns)).slots
    assert (slots[slot].value if slot in slots else None) == value


written = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.text(
        "一二三五八十百千万亿零两几多0189元块号点月年天前户人个，。 ABa粤另外还有个问题是不对區燈１Ａ", max_size=60
    ),
    lines,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(Speaker), written, st.integers(0, 70), st.booleans()), max_size=3))
def test_any_text_with_times_or_without_gives_a_ticket_that_quotes_it(
    catalogue: Catalogue, conversation: Sequence[tuple[Speaker, str, int, bool]]
) -> None:
    turns = [
        Turn(number, speaker, text, times=((0.0, 1.0),) * min(timed, len(text)), final=final)
        for number, (speaker, text, timed, final) in enumerate(conversation)
    ]
    for evidence in all_evidence(Understanding(catalogue, STARTED).ticket(turns)):
        assert turns[evidence.turn].text[evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    "text", ["一亿亿亿亿亿亿亿亿元", "9" * 400 + "元", "\ud83c你好", "1" * 3000, "路灯不亮" * 2000]
)
def test_text_that_nobody_says_is_read_without_error_and_fills_no_sum(understanding: Understanding, text: str) -> None:
    ticket = understanding.ticket(call("A请问多少钱？", f"C{text}"))
    assert "amount" not in ticket.slots
    assert all(len(str(value.value)) <= 200 for value in ticket.slots.values())


def test_traditional_and_wide_characters_fill_what_their_plain_ones_fill(understanding: Understanding) -> None:
    lines = ["C天河區石牌街道龍口東路１２號的路燈壞了", "A请问车牌呢？", "C粤Ａ１２３４５，我付了３８８８元"]
    plain = ["C天河区石牌街道龙口东路12号的路灯坏了", "A请问车牌呢？", "C粤A12345，我付了3888元"]
    written, usual = understanding.ticket(call(*lines)), understanding.ticket(call(*plain))
    assert {name: value.value for name, value in written.slots.items()} == {
        name: value.value for name, value in usual.slots.items()
    }
    assert written.templates == usual.templates
    for evidence in all_evidence(written):
        assert lines[evidence.turn][1:][evidence.start : evidence.end] == evidence.text


@pytest.mark.parametrize(
    ("asked", "said", "slot", "value"),
    [
        ("A请问影响多少户？", "C两百多户", "people_count", "两百多户"),
        ("A请问持续多久了？", "C45分钟", "duration", "45分钟"),
        ("A请问是什么时候的事情？", "C两个小时前", "occurred_at", "两个小时前"),
    ],
)
def test_the_answer_to_a_question_fills_what_was_asked(
    understanding: Understanding, asked: str, said: str, slot: str, value: str
) -> None:
    assert understanding.ticket(call(asked, said)).slots[slot].value == value


@pytest.mark.parametrize(
    ("said", "count"),
    [
        ("我们这条街停水了，我问了隔壁，有三十几户人家都没有水", "三十几户"),
        ("广场舞太吵了，大概四十几个人在跳", "四十几个人"),
        ("我们这里停水了，一梯七户人都没水", None),
        ("没有电梯，我们三十几户人家天天爬楼", "三十几户"),
        ("楼下那一户天天半夜装修", None),
    ],
)
def test_households_and_rough_numbers_of_people_are_shown_as_said(
    understanding: Understanding, said: str, count: str | None
) -> None:
    filled = understanding.ticket(call("A请讲", f"C{said}")).slots.get("people_count")
    assert (filled and filled.value) == count


def test_a_day_and_an_hour_told_apart_are_one_time_and_different_parts_of_days_are_not() -> None:
    assert day_and_hour("今天早上", "早上八点十分") == "今天早上八点十分"
    assert day_and_hour("昨天", "晚上八点") == "昨天晚上八点"
    assert day_and_hour("昨天晚上", "早上八点") == ""


@pytest.mark.parametrize(
    ("turns", "slots"),
    [
        (
            (
                "C我家水管爆了，没水用，怎么办？",
                "A您可以拨打自来水公司热线96968，或者他们营业厅电话020-87159999。您是哪个区的？",
                "C越秀区，东川路。",
            ),
            {"phone"},
        ),
        (
            (
                "C大专毕业能不能入广州户口？",
                "A可以到天河区政务服务中心办理，地址是天河区软件路13号，电话是020-38622300。",
                "C哦，软件路13号是吧，好的",
            ),
            {"phone", "district", "street", "address"},
        ),
        (
            ("C想问下阶梯水价是怎么算的？我家一个月用了40方，要交多少钱？", "A大概一百多元。", "C好的，谢谢"),
            {"amount"},
        ),
        (("C想问下居住证去哪里办", "A您可以打咨询电话83517762问一下。", "C好的"), {"phone"}),
    ],
)
def test_what_the_agent_tells_the_caller_is_not_on_the_ticket_even_when_thanked_for(
    understanding: Understanding, turns: tuple[str, ...], slots: set[str]
) -> None:
    ticket = understanding.ticket(call("A您好，请讲", *turns))
    assert not slots & ticket.slots.keys()


@pytest.mark.parametrize(
    ("turns", "slot", "value"),
    [
        (
            ("C路灯坏了", "A请留个电话", "C13826450917", "A13826450917，可以拨打这个号码吗？", "C可以"),
            "phone",
            "13826450917",
        ),
        (("C我想投诉物业", "A您现在的电话是13826450917，对吗？", "C对的"), "phone", "13826450917"),
        (("C健身房不退我钱", "A是三千六百元，对吗？", "C对"), "amount", 3600),
        (("C我在越秀区东川路，去哪里办居住证？", "A您可以到越秀区东川路的派出所办", "C好"), "district", "越秀区"),
    ],
)
def test_a_read_back_and_what_the_caller_said_first_stay_although_it_sounds_like_advice(
    understanding: Understanding, turns: tuple[str, ...], slot: str, value: object
) -> None:
    assert understanding.ticket(call("A您好，请讲", *turns)).slots[slot].value == value


def test_a_caller_who_will_not_give_name_or_number_is_not_asked_for_them_again(understanding: Understanding) -> None:
    said = call(
        "A您好",
        "C我要举报我们村书记贪污扶贫款，我不想留名字",
        "A请问是哪个村？方便留个电话吗？",
        "C从化区鳌头镇龙聚村，电话不方便",
        *("A好的", "C嗯", "A在登记了", "C嗯", "A请稍等", "C嗯", "A马上好", "C嗯", "A快了", "C嗯"),
    )
    assert not {"caller_name", "phone"} & {one.slot for one in understanding.ticket(said).questions}
    assert "request_type" not in {one.slot for one in understanding.ticket(said).questions}
