"""Whether the caller wants to stay unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.conversation.dialogue import load_dialogue
from extractors.particulars.confidential import load_confidential
from tests.extractors.dialogues import understand

CATALOG = Path(__file__).resolve().parents[2] / "catalog"
DIALOGUE = load_dialogue(CATALOG)
EXTRACTOR = load_confidential(CATALOG)


def wish(text: str) -> object:
    value = understand(EXTRACTOR, DIALOGUE, text).get("confidential")
    return value.value if value else None


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 我要举报，麻烦你们帮我保密。",
        "A 您好。\nC 千万不要把我的名字告诉他们老板。",
        "A 需要对您的信息保密吗？\nC 要的，都是邻居。",
        "A 需要保密吗？\nC 对，我怕他们报复。",
        "A 您好。\nC 我想匿名反映一个情况。",
        "A 您好。\nC 我在那家厂打工的，别让厂长知道是我说的。",
        "A 电话呢？\nC 13922001144，我的号码千万不要给楼上看到。",
        "A 您贵姓？\nC 姓温。你们去查就好，别跟店长讲是我打的电话。",
        "A 您好。\nC 要是被队长知道是我告的，明天就没活干了。",
        "A 您好。\nC 唔好同佢哋讲系我反映嘅。",
        "A 您贵姓？\nC 我姓温，一个楼道里住着，传出去不好做人。\nA 好的，给您保密。",
        "A 您好。\nC 我来催上次的举报，名字不要登出去啊。",
        "A 怎么处理？\nC 半夜来查。我的电话不能给他们，那帮人惹不起。",
        "A 还有吗？\nC 查严一点。我不敢留真名。\nA 可以匿名，我们会保密。",
        "A 电话？\nC 13922001144。别说是楼下的反映的就行。",
        "A 您好。\nC 先答应我，别把我名字给出去。",
        "A 电话？\nC 13922001144。不要报我的门牌。",
        "A 电话？\nC 13922001144。你别说是三楼打的。",
        "A 电话？\nC 13922001144，只发短信。\nA 好的，已标注保密，只发短信。",
        "A 您好。\nC 能不能帮我保密？",
        "A 您好。\nC 可以匿名吗？",
        "A 您好。\nC 你们要保密的，好吗？",
        "A 您好。\nC 老板骂人打人匿名举报行不行？",
        "A 您好。\nC 我匿名举报他骂人。",
        "A 您好。\nC 他匿名发帖骂我，我也要匿名。",
        "A 您好。\nC 我要匿名投诉他。",
    ],
)
def test_a_wish_for_confidentiality_is_heard(text: str):
    assert wish(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "A 需要对您的信息保密吗？\nC 不用，我不怕他们。",
        "A 您的信息要不要保密？\nC 不需要保密，没关系。",
        "A 您要保密吗？\nC 保密不保密都行，反正他猜得到。",
        "A 电话？\nC 13922001144。别跟他说是我打的……算了，说就说。\nA 好的，那就不作保密处理。",
    ],
)
def test_a_declined_offer_is_false(text: str):
    assert wish(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 路灯坏了。",
        "A 您好。\nC 我不知道是不是我弄错了。",
        "A 您好。\nC 我姓温。\nA 好的，信息会给您保密。",
        "A 您贵姓？\nC 名字就不留了，我就问问。\nA 好的，您的信息会保密，再见。",
        "A 我们会对您的信息保密。\nC 好的。",
        "A 几点的事？\nC 要的。",
    ],
)
def test_nothing_is_filled_when_it_was_not_spoken_of(text: str):
    assert wish(text) is None


def test_a_name_that_sounds_like_the_word_is_no_wish():
    assert wish("A 请问您贵姓？\nC 姓黎，黎明的黎。") is None


@pytest.mark.parametrize(
    "text",
    [
        "A 需要保密吗？\nC 嗯。",
        "A 需要保密吗？\nC 那肯定要啊。",
        "A 要不要保密？\nC 必须的。",
        "A 是否同意公开您的信息？\nC 不同意。",
        "A 可以公开给承办单位吗？\nC 不可以。",
        "A 您的信息可以透露给物业吗？\nC 不要。",
        "A 您介意公开信息吗？\nC 介意。",
        "A 需要保密吗？\nC 不需要保密，不过别让他们知道是我。",
        "A 您好。\nC 不要保密。\nA 确定吗？\nC 还是保密吧。",
    ],
)
def test_what_an_answer_means_depends_on_what_was_asked_and_the_last_word_holds(text: str):
    assert wish(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 不要保密。",
        "A 您好。\nC 麻烦保密。\nA 好的。\nC 算了，不保密也行。",
        "A 您好。\nC 我要保密。\nA 好的。\nC 刚才说保密的，现在不用了。",
        "A 您好。\nC 不用匿名，我实名举报。",
        "A 是否同意公开您的信息？\nC 同意。",
        "A 可以公开给承办单位吗？\nC 可以。",
        "A 信息需要保密吗？\nC 对那个店不用，他们认得我。",
    ],
)
def test_who_gives_it_up_is_not_kept_unnamed(text: str):
    assert wish(text) is False


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 公司要求签保密协议。",
        "A 您好。\nC 这个消息是保密的。",
        "A 您好。\nC 物业说业主信息要保密，不给我看。",
        "A 您好。\nC 物业不愿意公开账目。",
        "A 您好。\nC 退款无所谓，但要道歉。",
        "A 可以提供一下您的电话吗？\nC 不可以。",
    ],
)
def test_what_others_keep_secret_is_no_wish(text: str):
    assert wish(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 他匿名发帖骂我。",
        "A 您好。\nC 邻居匿名在群里造谣。",
        "A 您好。\nC 有人匿名举报我的店。",
        "A 您好。\nC 我被匿名投诉了。",
        "A 您好。\nC 我收到好几条匿名短信。",
        "A 您好。\nC 她想匿名，没有用真名注册。",
    ],
)
def test_somebody_else_who_stays_unnamed_is_no_wish(text: str):
    assert wish(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 这个信息要保密吗？",
        "A 您好。\nC 这个要不要保密？",
        "A 您好。\nC 举报是不是要匿名啊？",
        "A 您好。\nC 体检结果需要保密吗？",
    ],
)
def test_who_asks_whether_it_has_to_be_kept_secret_has_not_asked_for_it(text: str):
    assert wish(text) is None
