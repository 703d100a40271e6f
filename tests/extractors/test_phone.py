"""The caller's phone number: groups, read-backs, corrections, the switch's number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extractors.conversation.dialogue import Dialogue
from extractors.phones.phone import PhoneExtractor
from extractors.slots.extractor import Context
from extractors.ticket import SlotValue
from extractors.turn import Speaker
from tests.extractors.composed import composed, value
from tests.extractors.dialogues import STARTED, conversation, understand


@pytest.fixture(scope="module")
def extractor() -> PhoneExtractor:
    return composed(PhoneExtractor)


def phone(text: str) -> object:
    return value("phone", text)


def with_caller(extractor: PhoneExtractor, dialogue: Dialogue, text: str, caller: str) -> SlotValue | None:
    turns = conversation(text)
    expected: frozenset[str] = frozenset()
    read = []
    for number, turn in enumerate(turns):
        read.append(extractor.read(turn, Context(tuple(turns[:number]), expected, STARTED, caller)))
        expected = dialogue.expected(turn) if turn.speaker is Speaker.AGENT else expected
    return extractor.fold(turns, read, Context(tuple(turns), expected, STARTED, caller)).get("phone")


def test_a_phone_number_spoken_in_groups_with_yao_is_read() -> None:
    said = "A 您的联系电话是多少？\nC 幺三七，二二零八，五五幺九"
    assert phone(said) == "13722085519"


def test_what_the_caller_garbles_the_read_back_mends() -> None:
    heard = "A 联系电话呢\nC 电话要三七儿儿零八五武九\nA 137，2208，5519对吗\nC 对的"
    assert phone(heard) == "13722085519"


def test_halves_read_back_one_by_one_are_joined() -> None:
    said = """
    A 请问您的电话号码是多少
    C 1597722
    A 1597722，然后呢
    C 3064
    A 3064，好的
    """
    assert phone(said) == "15977223064"


def test_a_corrected_number_replaces_the_first() -> None:
    said = """
    A 您的电话是多少
    C 18933327746
    A 18933327746对吗
    C 不对，是18933327764
    A 18933327764
    """
    assert phone(said) == "18933327764"


def test_a_landline_keeps_its_area_code_where_it_was_said() -> None:
    said = "A 打哪个号码\nC 打我家座机，零二零，八六三三，五二幺七\nA 86335217，好的"
    assert phone(said) == "020-86335217"
    without = "A 打哪个号码\nC 打我家座机，86335217\nA 86335217，好的"
    assert phone(without) == "86335217"


def test_an_order_number_is_no_phone_number() -> None:
    assert phone("C 快递单号是13577820091\nA 单号13577820091") is None


@pytest.mark.parametrize("said", ["C 电话是1398556\nA 好的", "C 我交了12800块钱", "C 你好，12345吗，我要投诉"])
def test_what_is_no_whole_number_is_not_filled(said: str) -> None:
    assert phone(said) is None


def test_a_number_with_a_digit_nobody_heard_is_not_filled() -> None:
    assert phone("A 电话多少\nC 1398556782") is None


def test_the_number_of_the_call_is_taken_when_the_caller_means_it(
    extractor: PhoneExtractor, dialogue: Dialogue
) -> None:
    said = "A 联系电话是不是现在打进来的这个号码？\nC 是的"
    value = with_caller(extractor, dialogue, said, "13822019934")
    assert value is not None
    assert value.value == "13822019934"


def test_the_number_of_the_call_mends_one_misheard_digit(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    value = with_caller(extractor, dialogue, "A 您的电话多少\nC 1382201993儿", "13822019934")
    assert value is not None
    assert value.value == "13822019934"


def test_another_number_than_that_of_the_call_stays_the_callers(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    said = "A 是现在这个号码吗\nC 不是，打15600127783\nA 15600127783"
    value = with_caller(extractor, dialogue, said, "13822019934")
    assert value is not None
    assert value.value == "15600127783"


def test_the_proof_holds_both_turns_and_their_digits(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    value = understand(extractor, dialogue, "A 电话多少\nC 13722085519\nA 13722085519，对吗\nC 对")["phone"]
    assert value.confirmed
    assert [one.turn for one in value.evidence] == [1, 2]
    assert all("13722085519" in one.text for one in value.evidence)


def test_a_number_said_once_is_less_certain_than_one_read_back(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    once = understand(extractor, dialogue, "A 电话多少\nC 13722085519")["phone"].confidence
    twice = understand(extractor, dialogue, "A 电话多少\nC 13722085519\nA 13722085519")["phone"].confidence
    assert once < twice


def test_another_reading_of_an_utterance_mends_what_was_misheard(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    turns = conversation("A 联系电话呢\nC 石油沙乳704988油啊\nA 135704988812对吗\nC 对的")
    turns[1] = replace(turns[1], readings=("十油三五70498812啊",))
    turns[2] = replace(turns[2], readings=("13570498812对吗", "135704988812对嘛"))
    read = [extractor.read(turn, Context(tuple(turns[:at]), frozenset(), STARTED)) for at, turn in enumerate(turns)]
    value = extractor.fold(turns, read, Context(tuple(turns), frozenset(), STARTED))["phone"]
    assert value.value == "13570498812"
    assert {piece.turn for piece in value.evidence} == {1, 2}


def test_a_number_that_only_a_longer_reading_has_is_proved_by_the_turn_it_was_said_in(
    extractor: PhoneExtractor, dialogue: Dialogue
) -> None:
    turns = conversation("A 联系电话呢\nC 嗯\nA 13570498812对吗\nC 对的", heard=True)
    turns[1] = replace(turns[1], readings=("嗯，那个是十油三五70498812啊",))
    read = [extractor.read(turn, Context(tuple(turns[:at]), frozenset(), STARTED)) for at, turn in enumerate(turns)]
    value = extractor.fold(turns, read, Context(tuple(turns), frozenset(), STARTED))["phone"]
    assert value.value == "13570498812"
    assert [(piece.turn, piece.text) for piece in value.evidence] == [(1, "嗯"), (2, "13570498812")]


def test_a_landline_is_heard_in_all_readings(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    turns = conversation("A 您留个电话\nC 打我家里座机02086335217\nA 86335317，好的", heard=True)
    turns[1] = replace(turns[1], readings=("打我家里座机02086335317",))
    turns[2] = replace(turns[2], readings=("86335217，好的",))
    read = [extractor.read(turn, Context(tuple(turns[:at]), frozenset(), STARTED)) for at, turn in enumerate(turns)]
    value = extractor.fold(turns, read, Context(tuple(turns), frozenset(), STARTED))["phone"]
    assert value.value == "020-86335317"


def test_a_digit_doubled_by_the_recogniser_is_taken_back() -> None:
    heard = "A 您的电话多少\nC 电话是18820134590\nA 188820134590对吗\nC 对"
    assert phone(heard) == "18820134590"


def test_a_number_begun_in_a_turn_of_its_own_is_joined() -> None:
    assert phone("A 请问您的联系电话\nC 电话186\nC 88493057\nA 好的") == "18688493057"


@pytest.mark.parametrize(
    "heard",
    [
        "A 您的电话\nC 年贵姓潘电话是18688493057\nA 水果车的事，电话186。\nA 88493057对吗\nC 对",
        "A 贵姓\nC 我姓施。186。\nC 88493057\nA 施小姐，好的",
        "A 贵姓、电话\nC 姓冉。电话1868849\nC 3057，维修师傅的电话是13002065578。\nA 您的电话1868849。\nA 3057已登记",
        "A 您的电话\nC 18688493057\nA 要求公示四年账目，电话1868849",
        "C 单号EX447190263CN\nA 447190263对吗\nC 对\nA 您的电话\nC 你的电话18688493057\nA 186884。\nA 93057好",
        "A 电话。\nC 18688\nC 493057，江西的号186849305",
        "A 贵姓、电话\nC 木字旁那个柯，18688493057，不要把我的名字告诉他们",
        "A 电话多少\nC 电话可以18688493057别外传\nA 186888\nA 493057保密登记",
    ],
)
def test_a_number_is_whole_however_its_groups_fall_into_turns(heard: str) -> None:
    assert phone(heard) == "18688493057"


def test_a_landline_begun_in_a_turn_of_its_own_is_joined() -> None:
    heard = "A 您的电话\nC 家里座机020。\nC 37614285。\nA 阿姨，电话020。\nA 37614285，已经记录"
    assert phone(heard) == "020-37614285"
    assert phone("A 电话\nC 已等，7600电话37614285\nA 值阿姨02037614285对吗") == "020-37614285"


def test_a_caller_and_an_agent_who_say_other_numbers_leave_it_open() -> None:
    assert phone("A 电话\nC 林辰的林，叫我林伯，要三五六零三幺七七幺九\nA 1356042719，好") is None


def test_the_phone_number_is_not_outvoted_by_an_order_number() -> None:
    heard = "C 单号是，飞达13730621984\nA 单号飞达13730621984对吗\nC 对的\nA 电话多少\nC 16620784513\nA 好的16620784513"
    assert phone(heard) == "16620784513"


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 电话多少\nC 1，5，8，然后2044，7713。对，15820447713。", "15820447713"),
        ("A 电话多少\nC 158，2044，\nA 158 2044，\nC 7713", "15820447713"),
        ("A 电话多少\nC 158、158，2044，158204477，后面是13", "15820447713"),
        ("A 电话多少\nC 15820，后面447、731……不对，15820447713，是713", "15820447713"),
        ("A 是您打进来的15820，尾号7713这个吗\nC 对，15820447713", "15820447713"),
        ("A 留个电话\nC 姓游，游女士，158 2044 7713", "15820447713"),
        ("A 来电显示是15820447713，就留这个？\nC 可以", "15820447713"),
    ],
)
def test_a_typed_number_is_put_together_of_what_was_said(said: str, number: str) -> None:
    assert phone(said) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 电话多少\nC 020的行不行？8477，3126，手机不想留", "020-84773126"),
        ("A 电话多少\nC 座机，8477，3126，前面加020", "020-84773126"),
        ("A 您怎么称呼？\nC 田地的田。电话幺三七，二八零九，五五一六。", "13728095516"),
        ("A 电话是打进来这个，13826049175，是吗？\nC 嗯，是这个。", "13826049175"),
        (
            "A 号码多少？\nC 18027713305，机主是我爸。\nA 18027713305。\nC 打我的，13560097241。\nA 13560097241。",
            "13560097241",
        ),
        ("A 电话多少\nC 家里座机可以吧，020-84773126\nA 可以，020-84773126", "020-84773126"),
        ("A 电话多少\nC 打屋企，8477，3126\nA 020-84773126，对吗", "020-84773126"),
    ],
)
def test_a_typed_landline_has_the_area_code_that_was_said(said: str, number: str) -> None:
    assert phone(said) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("C 我打过他们的电话，84773126，没人接\nA 您的电话呢\nC 15820447713\nA 好的", "15820447713"),
        ("A 电话多少\nC 不要打13500112233，是15820447713", "15820447713"),
        ("A 电话多少\nC 15820447713。骚扰我的是13500112233", "15820447713"),
        ("C 单号XA29415820447\nA XA29415820447\nA 电话多少\nC 15820447713", "15820447713"),
    ],
)
def test_somebody_elses_number_is_not_the_callers(said: str, number: str) -> None:
    assert phone(said) == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 请说\nC 付款的付，付小姐13724409158", "13724409158"),  # nobody asks for it or repeats it
        ("C 单号7720418836\nA 7720418836，哪天\nC 我不行15013267749立先生", "15013267749"),  # beside another number
        ("A 电话\nC 13078826354\nA 要求退回6400元、联系电话1307882\nA 6354对吗", "13078826354"),
        ("A 电话\nC 13826471059，讲错了，那个是旧号，现在用13928471056\nA 13928471056对吗", "13928471056"),
        ("A 您的电话\nC 13729046185\nA 温女士13722904\nA 6185登记了", "13729046185"),  # a digit too many, read back
    ],
)
def test_a_whole_number_that_was_heard_well_is_taken(
    extractor: PhoneExtractor, dialogue: Dialogue, said: str, number: str
) -> None:
    values = understand(extractor, dialogue, said, heard=True)
    assert "phone" in values
    assert values["phone"].value == number


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 电话\nC 13902047518\nA 好的女士1390204，7518，一定转达", "13902047518"),
        ("A 电话\nC 19926385071\nA 先生199，26385041已经登记", "19926385041"),  # the agent's counts for more
        ("A 电话\nC 我姓佘1471925，1386，我七点半上台\nA 佘先生14719251386", "14719251386"),
        ("A 他的手机\nC 1802654。\nC 4417，是我爸\nA 那您的\nC 13570096254\nA 女士，135，7009，6254。", "13570096254"),
        ("A 电话\nC 要3902047518", "13902047518"),
        ("A 电话\nC 1390204，七五幺八", "13902047518"),
        ("A 您的电话\nC 我的手713902047518", "13902047518"),
    ],
)
def test_words_beside_figures_are_none_of_the_number(
    extractor: PhoneExtractor, dialogue: Dialogue, said: str, number: str
) -> None:
    assert understand(extractor, dialogue, said, heard=True)["phone"].value == number


@pytest.mark.parametrize(
    "said",
    [
        "A 电话\nC 1390204751\nA 好的1390204751已登记",
        "A 电话\nC 电话1390204751就好了",
        "A 电话\nC 1390204751\nA 1390204751，对吗",
    ],
)
def test_a_word_behind_the_figures_does_not_make_a_number_whole(
    extractor: PhoneExtractor, dialogue: Dialogue, said: str
) -> None:
    assert "phone" not in understand(extractor, dialogue, said, heard=True)


def test_a_group_said_twice_before_the_rest_of_a_landline_is_one_group(
    extractor: PhoneExtractor, dialogue: Dialogue
) -> None:
    said = "A 家里电话多少\nC 电话83278327。\nC 后面是1905。\nA 83271905会请人联系您"
    assert understand(extractor, dialogue, said, heard=True)["phone"].value == "83271905"


@pytest.mark.parametrize(
    ("caller", "agent", "readings", "number"),
    [
        ("13798065442", "13758065442", ("137598065442",), "13798065442"),  # a digit too many in one reading
        ("1392620487", "13926520489", ("13926520487",), "13926520487"),  # a digit that the caller's words lack
        ("132776511590", "1327651590", ("13277651590",), "13277651590"),
        ("13798065442", "13758065442", ("13758065442",), "13758065442"),  # no reading has what the caller said
        ("13798065442", "13758065442", ("137598065442", "13758065442"), "13798065442"),
    ],
)
def test_where_two_say_other_numbers_the_one_counts_that_a_reading_of_the_other_has(
    extractor: PhoneExtractor, dialogue: Dialogue, caller: str, agent: str, readings: tuple[str, ...], number: str
) -> None:
    turns = conversation(f"A 您的电话\nC {caller}\nA {agent}")
    turns = [replace(turn, times=((0.0, 0.1),) * len(turn.text)) for turn in turns]
    turns[-1] = replace(turns[-1], readings=readings)
    read = [
        extractor.read(turn, Context(tuple(turns[:at]), frozenset({"phone"} if at == 1 else ()), STARTED))
        for at, turn in enumerate(turns)
    ]
    value = extractor.fold(turns, read, Context(tuple(turns), frozenset(), STARTED))["phone"]
    assert value.value == number


@pytest.mark.parametrize(
    "said",
    [
        "A 电话是来电这个吗？\nC 对",
        "A 电话多少？\nC 现在拨打的号码",
        "A 电话多少？\nC 就现在这个",
        "A 联系电话？\nC 打这个就行",
        "A 联系电话？\nC 跟来电一样",
        "A 联系电话？\nC 就我打进来的号码",
        "A 联系电话？\nC 你们那边显示的号码",
        "A 联系电话？\nC 同一个",
        "A 尾号9934这个吗？\nC 对",
        "A 联系电话？\nC 尾号9934那个",
    ],
)
def test_callers_mean_the_number_of_the_call_in_many_words(
    extractor: PhoneExtractor, dialogue: Dialogue, said: str
) -> None:
    value = with_caller(extractor, dialogue, said, "13822019934")
    assert value is not None
    assert value.value == "13822019934"


@pytest.mark.parametrize(
    "said",
    [
        "A 尾号8000这个吗？\nC 对",
        "A 联系电话？\nC 尾号8000那个",
        "A 尾号9934这个吗？\nC 不是",
        "A 地址在哪？\nC 就这个",
        "A 联系电话？\nC 别打这个",
        "A 您好\nC 就是这个电话打不通",
        "A 您好\nC 来电号码显示是骚扰电话",
        "A 您好\nC 我打来的这个事情还没处理",
        "A 您好\nC 现在这个楼道堆满了",
    ],
)
def test_another_number_or_another_matter_is_not_the_number_of_the_call(
    extractor: PhoneExtractor, dialogue: Dialogue, said: str
) -> None:
    assert with_caller(extractor, dialogue, said, "13822019934") is None


def test_a_landline_of_the_call_is_taken_as_it_is_written(extractor: PhoneExtractor, dialogue: Dialogue) -> None:
    value = with_caller(extractor, dialogue, "A 联系电话？\nC 就这个号码", "020-83517762")
    assert value is not None
    assert value.value == "020-83517762"


def asked_for(extractor: PhoneExtractor, dialogue: Dialogue, script: str, *, heard: bool) -> object:
    """The number after ``script``, which begins behind the agent's question for it."""
    return understand(extractor, dialogue, f"A 联系电话多少\n{script}", heard=heard)["phone"].value


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("C 135 7012 3456，不对，最后是3457", "13570123457"),
        ("C 13570123456\nA 13570123456对吗\nC 最后四位不对，应该是3457", "13570123457"),
        ("C 13570123456\nA 13570123456对吗\nC 最后四位不对，应该是3457\nA 好的，13570123457\nC 对", "13570123457"),
        ("C 13570123456\nA 13570123456对吗\nC 不是，最后两位不是56，是57", "13570123457"),
        ("C 13570123456\nA 13570123456对吗\nC 不对，13570123457", "13570123457"),
        ("C 13570123456\nA 13570123456对吗\nC 尾号是3456，对的", "13570123456"),
        ("C 13570123456\nA 好的，地址呢\nC 不对，后面是302房", "13570123456"),
    ],
)
def test_the_end_of_a_number_is_put_right(
    extractor: PhoneExtractor, dialogue: Dialogue, script: str, expected: str, heard: bool
) -> None:
    assert asked_for(extractor, dialogue, script, heard=heard) == expected


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("C 姓甘，177，0200，4593，不是，4539", "17702004539"),
        ("C 177，0200，4593，不是，4539\nA 甘先生，17702004539，感谢来电", "17702004539"),
        ("C 177，0200，4593，哦不，4539", "17702004539"),
        ("C 17702004593，呃，说错了，4539，你记一下", "17702004539"),
        ("C 177，0200，4593，不对不对，应该是4539", "17702004539"),
        ("C 一七七，零二零零，四五九三，啊不，四五三九", "17702004539"),
        ("C 177，0200，不是，0020，4539", "17700204539"),
        ("C 177，不是，178，0200，4539", "17802004539"),
        ("C 177，0200，4539，不是，0020", "17700204539"),
        ("C 177，0200，4593，不是，02004539", "17702004539"),
        ("C 177，0200，4593，不是，8821", "17702008821"),
        ("C 177，0200，4593，不是，4539，不是，4593", "17702004593"),
        ("C 打座机，8351，7762，不是，7726", "83517726"),
        ("C 打座机，020，8351，7762，哦不，7726", "020-83517726"),
        ("C 17702004593\nA 17702004593对吗\nC 不是，4539", "17702004539"),
        ("C 17702004539\nA 17702004539对吗\nC 不对，是0020", "17700204539"),
        ("C 17702004593\nA 17702004593对吗\nC 不是93，是39", "17702004539"),
        ("C 打座机020-83517762\nA 020-83517762对吧\nC 不是，7726", "020-83517726"),
    ],
)
def test_a_group_said_again_takes_the_place_of_the_one_it_puts_right(
    extractor: PhoneExtractor, dialogue: Dialogue, script: str, expected: str, heard: bool
) -> None:
    assert asked_for(extractor, dialogue, script, heard=heard) == expected


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        # the group that it is not
        ("C 177，0200，4539，不是4593", "17702004539"),
        ("C 177，0200，4539，不是4593啊，4539", "17702004539"),
        ("C 137，0020，不是0200，4593", "13700204593"),
        # another number instead
        ("C 177，0200，4593，不是，178，0200，4539", "17802004539"),
        ("C 177，0200，4593，不是，13822345678", "13822345678"),
        # what is no number of a phone
        ("C 17702004593，错了，1204房", "17702004593"),
        ("C 17702004593，不是，12点以后打", "17702004593"),
        ("C 17702004593。不是，4539是我房号", "17702004593"),
        ("C 17702004593，不是，3800块", "17702004593"),
        ("C 17702004593\nA 17702004593对吗，您住1204房\nC 不是，1402", "17702004593"),
        ("C 17702004593\nA 您住1204房，对吗\nC 不是，1402", "17702004593"),
        # nobody can tell which group
        ("C 17702004593\nA 17702004593对吗\nC 不是，8821", "17702004593"),
        ("C 17702004593\nA 17702004593对吗\nC 不对，是4593", "17702004593"),
    ],
)
def test_what_is_no_group_of_the_number_puts_none_right(
    extractor: PhoneExtractor, dialogue: Dialogue, script: str, expected: str, heard: bool
) -> None:
    assert asked_for(extractor, dialogue, script, heard=heard) == expected


def test_eight_and_nine_digits_make_no_mobile_number() -> None:
    text = (
        "A 您家里电话多少？\nC 电话81378137。\nC 后面是2905。\n"
        "A 813722905，会请工作人员联系您。 | 81372905，会请工作人员联系您。"
    )
    heard = value("phone", text, heard=True)
    assert heard is None or len(str(heard)) == 8


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    "said",
    [
        "A 电话138 0225 1190对吗？\nC 不是1190，是1910。",
        "A 您的电话是13802251190对吗？\nC 不是1190，是1910。",
        "A 电话13802251190对吗？\nC 不对，最后是1910。",
    ],
)
def test_a_number_the_agent_has_is_the_callers_where_they_put_its_end_right(said: str, heard: bool) -> None:
    assert value("phone", said, heard=heard) == "13802251910"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("C 商家电话是13800138000，我打不通\nC 就这个打进来的号码", "13922223333"),
        ("C 有个电话13800138000没反应\nA 那您留哪个？\nC 就打这个打进来的号码吧", "13922223333"),
        ("C 我的电话是13800138000\nC 就这个打进来的号码", "13800138000"),
        ("A 电话？\nC 13800138000，就是这个号码", "13800138000"),
    ],
)
def test_the_number_of_the_call_goes_before_one_that_is_not_told_as_the_callers(
    extractor: PhoneExtractor, dialogue: Dialogue, said: str, meant: str
) -> None:
    value = with_caller(extractor, dialogue, said, "13922223333")
    assert value is not None
    assert value.value == meant
