"""What the caller wants done."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pytest

from assist.bench.matching import OVERLAP, overlap
from extractors.conversation.dialogue import load_dialogue
from extractors.particulars.demand import Demand, load_demand
from extractors.slots.extractor import Context
from extractors.slots.marked import Marked
from extractors.turn import Speaker, Turn
from tests.extractors.dialogues import understand
from tests.extractors.mishearing import mishear
from tests.reference import CATALOG, reference

DIALOGUE = load_dialogue(CATALOG)


@cache
def extractor() -> Demand:
    return load_demand(reference())


def demand(text: str) -> str | None:
    value = understand(extractor(), DIALOGUE, text).get("demand")
    return str(value.value) if value else None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("A 您希望怎么处理？\nC 我希望他们把押金退给我就好了。", "他们退还押金"),
        ("A 您好。\nC 路灯坏了，麻烦你们尽快派人来修。", "尽快派人来修"),
        ("A 您希望怎么解决？\nC 赔我一台新的，或者把钱退给我。", "赔我一台新的，退钱"),
        ("A 您好。\nC 树枝都快压到电线了。能不能派人来剪一下。", "派人来剪一下"),
        ("A 您的诉求是让房东退还押金，对吗？\nC 对。", "房东退还押金"),
        ("A 您希望怎么处理？\nC 把押金退给我。道个歉。", "退还押金，道歉"),
        ("A 您的诉求是？\nC 就是想问一下为什么停水什么时候能来水", "说明停水原因，尽快恢复供水"),
        ("A 您希望怎么处理？\nC 尽快来修家里还有个老人", "尽快来修家里还有个老人"),
        ("A 您希望怎么处理？\nC 把狗钱退给我，还有，他造假疫苗本要罚。", "退还狗钱，他造假疫苗本要罚"),
        ("A 您希望怎么处理？\nC 要么多放一点号，要么现场留几个号，给我们这些不会抢的人", "多放一点号，现场留几个号"),
        ("A 您希望怎么处理？\nC 尽快来查，把货收走，快过年了，他越囤越多", "尽快来查，把货收走"),
    ],
)
def test_the_wish_is_given_in_few_words(text: str, wish: str):
    assert demand(text) == wish


def test_a_summary_that_the_caller_refuses_is_dropped():
    assert demand("A 您的诉求是让房东退还押金，对吗？\nC 不对，我已经拿到了。") is None


def test_a_summary_agreed_to_is_confirmed():
    value = understand(extractor(), DIALOGUE, "A 您的诉求是让房东退还押金，对吗？\nC 对的。")["demand"]
    assert value.confirmed


@pytest.mark.parametrize(
    "said", ["我要投诉一家餐厅。", "我想问一下怎么办居住证？", "我要去上班了。", "你好，我想反映一个问题。"]
)
def test_saying_why_one_calls_is_no_demand(said: str):
    assert demand(f"A 您好。\nC {said}") is None


def test_when_to_call_back_is_no_demand():
    assert demand("A 电话呢？\nC 13812345678，最好晚上打给我。") is None


def test_a_summary_put_right_gives_the_callers_own_words():
    text = "A 您的诉求是要更换电梯，对吗？\nC 不是更换，是要他们修好。希望把电梯费退给我们。"
    assert demand(text) == "他们修好，退还电梯费"


def marked(text: str, words: str, speaker: Speaker = Speaker.CITIZEN) -> str | None:
    start = text.index(words)
    mark = Marked("demand", start, start + len(words), 0.9)
    mention = extractor().value(mark, Turn(0, speaker, text), Context((), frozenset(), datetime(2025, 6, 3, 10)))
    return None if mention is None else str(mention.value)


@pytest.mark.parametrize(
    ("text", "words", "wish"),
    [
        ("能不能给个说明。", "能不能给个说明", "能不能给个说明"),
        ("要不要重新报？", "要不要重新报", "要不要重新报"),
        ("退8640元，不接受转课。", "接受转课", "不接受转课"),
        ("让他们退钱，要不换一台新的。", "换一台新的", "换一台新的"),
        ("把那个坑填了，不要再拖了。", "不要再", "不要再拖"),
        ("他们要不再罚款就好。", "罚款", "不再罚款"),
        ("千万别提前打招呼。", "提前打招呼", "别提前打招呼"),
        ("请你们提前打招呼。", "提前打招呼", "提前打招呼"),
        ("能不能帮我催一下？", "帮我催一下", "催一下"),
        ("希望不能再停电。", "再停电", "不能再停电"),
        ("马上销户，违约金我一分都不给。", "违约金", "不交违约金"),
        ("马上销户，违约金一分钱我都不会给。", "违约金一分钱", "不交违约金"),
    ],
)
def test_a_wish_never_becomes_its_contrary(text: str, words: str, wish: str):
    assert marked(text, words) == wish


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("查监控，该罚罚，打个电话跟我道歉", "查监控，该罚罚，打个电话道歉"),
        ("给我一个道歉，害我迟到扣了50块全勤", "给我一个道歉"),
        ("退还剩下的6400，利息赔偿什么的不用", "退还剩下的6400"),
        ("先叫他停下来，再拆", "先叫他停下来，再拆"),
        ("把排水沟重新修一下，别光来看看就走", "把排水沟重新修"),
        ("不要只罚款，要停业整顿", "停业整顿"),
        ("派人上门帮我妈办身份证，哪天来都行", "派人上门帮我妈办身份证"),
        ("处理导游，讲话太凶", "处理导游"),
        ("修不好就拆掉，留着害人", "修不好就拆掉"),
        ("全额退款，运费算了", "全额退款"),
        ("一分不少退给我咯，五千块全部退", "一分不少退，五千块全部退"),
        ("这个月之内退给我", "这个月之内退"),
        ("这三个月的补发给我，补给我，以后按月发", "三个月的补发，以后按月发"),
        ("马上帮我销户，违约金一分钱我都不会给", "马上销户，不交违约金"),
        ("第一，查清楚为什么停发，第二，重新安排时间", "查清停发原因，重新安排时间"),
        ("把那里的线收上去", "把那里的线收上去"),
        ("那里的线收上去", "那里的线收上去"),
    ],
)
def test_reasons_and_what_is_waived_are_no_part_of_a_wish(text: str, wish: str):
    assert marked(text, text) == wish


def test_what_an_agent_wishes_somebody_is_no_demand():
    assert marked("不客气，祝您早日找到合适的工作，再见。", "找到合适的工作", Speaker.AGENT) is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("把那个违停的车拖走，再画个框", "把违停的车拖走，画个框"),
        ("派人来测一下噪音，音箱也要搬走", "派人来测噪音，音箱要搬走"),
        ("赔一半的价钱给我，然后把招牌拆了它", "赔一半的价钱，把招牌拆了"),
        ("单位好好表扬一下", "单位好好表扬"),
        # what would mean something else without it stays
        ("再不排水就要淹到屋里", "再不排水就要淹到屋里"),
        ("就近安排学位", "就近安排学位"),
        ("不要让它再响", "不要让它再响"),
        ("把这两个月的补贴补发", "把这两个月的补贴补发"),
        ("把病历和明细给我", "把病历和明细给我"),
    ],
)
def test_a_wish_leaves_out_what_only_talking_needs(text: str, wish: str):
    assert marked(text, text, Speaker.CITIZEN) == wish


@pytest.mark.parametrize(
    ("text", "words", "wish"),
    [
        ("道歉，加强教育。您的名字和电话？", "道歉，加强教育。您的名字", "道歉，加强教育"),
        ("尽快退还团费，已经帮您登记，转文旅部门处理。", "尽快退还团费，已经帮您登记，转文旅部门处理", "尽快退还团费"),
        ("转告他单位，表扬一下詹师傅。", "转告他单位，表扬一下詹师傅", "转告他单位，表扬詹师傅"),
        ("希望转派别的部门，把路修好。", "转派别的部门，把路修好", "转派别的部门，把路修好"),
    ],
)
def test_what_an_agent_goes_on_to_say_is_no_part_of_the_wish(text: str, words: str, wish: str):
    assert marked(text, words, Speaker.AGENT) == wish


MISHEARD = [
    "尽快派人清理楼下的垃圾",
    "要求快递公司赔偿损失",
    "让施工单位晚上停止施工",
    "退还两千块钱的定金",
    "补发三个月的加班费",
    "让医院道歉并退还挂号费",
]


def test_of_misheard_summaries_hardly_any_is_shown_wrong():
    pairs = [(said, mishear(said, 0.3, seed)) for said in MISHEARD for seed in range(5)]
    true = [demand(f"A 您的诉求是{said}，对吗？\nC 对的。") for said, _ in pairs]
    shown = [demand(f"A 您的诉求是{heard}，对吗？\nC 对的。") for _, heard in pairs]
    right = sum(one is not None and overlap(str(what), one) >= OVERLAP for what, one in zip(true, shown, strict=True))
    wrong = sum(one is not None for one in shown) - right
    assert right >= 0.8 * len(pairs)
    assert wrong <= 0.1 * len(pairs)


@pytest.mark.parametrize("words", ["让他平躺，把领口松开", "用湿毛巾捂住口鼻", "不要挂电话"])
def test_what_an_agent_tells_somebody_to_do_until_help_comes_is_no_wish(words: str):
    turn = Turn(1, Speaker.AGENT, f"{words}，我帮您转120。")
    mark = Marked("demand", 0, len(words), 0.9)
    assert extractor().value(mark, turn, Context((), frozenset(), datetime(2026, 3, 2, 10))) is None


def test_what_an_agent_sums_up_is_a_wish_whatever_it_is_about():
    text = "您是希望移动退还押金，早点开门，对吗？"
    mark = Marked("demand", text.index("移动"), text.index("，对吗"), 0.9)
    mention = extractor().value(mark, Turn(1, Speaker.AGENT, text), Context((), frozenset(), datetime(2026, 3, 2, 10)))
    assert mention is not None and "移动退还押金" in str(mention.value)


def test_what_makes_no_sense_is_not_shown_as_a_wish():
    assert demand("A 您希望怎么处理？\nC 希望酷撇鲜俄抠镍佟昂。") is None


def test_the_words_that_prove_a_repaired_wish_are_those_heard():
    turns = "A 您好。\nC 希望你们赶紧把路边的垃圾请理掉。"
    value = understand(extractor(), DIALOGUE, turns)["demand"]
    assert "清理" in str(value.value)
    assert "请理" in value.evidence[0].text
