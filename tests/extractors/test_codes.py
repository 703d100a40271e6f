"""Order, receipt and case numbers."""

from __future__ import annotations

import pytest

from extractors.codes.order_no import CodesExtractor
from extractors.conversation.dialogue import Dialogue
from tests.extractors.composed import composed, value
from tests.extractors.dialogues import understand


@pytest.fixture(scope="module")
def extractor() -> CodesExtractor:
    return composed(CodesExtractor)


def slot(name: str, text: str) -> object:
    return value(name, text)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 订单号是882014563", "882014563"),
        ("C 快递单号，SF3380271946", "SF3380271946"),
        ("C 受理编号是记贼二零二五零三幺七", "GZ20250317"),
        ("A 小票号码是多少\nC 你听一下，五五三幺，零九二七\nA 小票号55310927", "55310927"),
    ],
)
def test_an_order_number_is_read_after_its_word(said: str, written: str) -> None:
    assert slot("order_no", said) == written


@pytest.mark.parametrize("said", ["C 电话是13722085519", "C 买的时候3299块钱", "C 单号我忘记了", "C 我编号是第3个"])
def test_other_numbers_are_no_order_numbers(said: str) -> None:
    assert slot("order_no", said) is None


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 快递的，单号KD，5，0，8，然后6612，9", "KD50866129"),
        ("A 合同号有吗\nC ZH，横杠，250611，横杠，08\nA ZH-250611-08，记下了", "ZH-250611-08"),
        ("C 短信里面，7712，3304，前面还有个HT\nA HT77123304，对吗", "HT77123304"),
        ("C 账单上有，0233，1845，6670\nA 023318456670，地址是哪里", "023318456670"),
        ("C 回执上的编号SL2025，\nC 1108，后面是0046\nA SL202511080046", "SL202511080046"),
        ("C 头一张单号KD100200作废了，后来那张，KD100733\nA KD100733这张，好的", "KD100733"),
    ],
)
def test_a_number_dictated_in_groups_is_put_together(said: str, written: str) -> None:
    assert slot("order_no", said) == written


@pytest.mark.parametrize(
    "said",
    [
        "A 您的电话呢\nC 138，2207，\nA 138 2207，\nC 4519",
        "C 小票有的。电话13822074519\nA 13822074519",
        "C 小票被水弄湿了，前面看得到KD2507后面糊了",
        "C 我有合同的，一共交了128000元",
        "C 车牌粤B7D25K，小票没拿",
        "A 您好，工号100245，请讲\nC 我有一张小票",
    ],
)
def test_phones_plates_sums_and_parts_are_no_order_numbers(said: str) -> None:
    assert slot("order_no", said) is None


def test_two_hearings_that_do_not_agree_fill_nothing() -> None:
    said = "C 单号是77301984\nA 单号92285511，对吗"
    assert slot("order_no", said) is None


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("A 有没有受理编号\nC 有GZ884020260316", "GZ884020260316"),
        ("A 罚单编号念一下\nC 4401161908\nC 后面还有5273。\nA 44011619085273对吗\nC 对", "44011619085273"),
        ("A 合同号有吗\nC 29号提的，还有10天，合同号YT20251009", "YT20251009"),
        ("A 有没有运单号\nC 我念给你。EX447190263CN\nA JX447190263CN", None),  # one of them is misheard
        ("C 我的订单是吉爱克4202510257731\nA 订单号提爱客4202510257731", None),  # its letters are
        ("A 您提交的业务编号有吗\nC 提出202409226138", None),
    ],
)
def test_a_number_that_a_recogniser_wrote_is_taken_where_nothing_disputes_it(
    extractor: CodesExtractor, dialogue: Dialogue, said: str, number: str | None
) -> None:
    value = understand(extractor, dialogue, said, heard=True).get("order_no")
    assert (value.value if value else None) == number


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 订单号好长的，我念给你，73510268417\nC 41773510268417，平台不肯退", "73510268417"),
        ("A 订单号多少\nC 电单号好长，我念你听660193580472\nA 660193580472对吗\nC 对", "660193580472"),
    ],
)
def test_a_number_read_aloud_is_whole_and_its_end_said_before_it_no_part_of_it(said: str, written: str) -> None:
    assert value("order_no", said, heard=True) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 帮我看看走到哪了，2510，0203，1196\nA 251002031196，您稍等", "251002031196"),
        ("A 单号有吗\nC 有，CD，三个零，2，7，4，5，5，9，1\nA CD0002745591，对不对\nC 对", "CD0002745591"),
        ("A 邮件号念一下\nC 1183，6207，4459，5\nA 1183620744595，好", "1183620744595"),
        ("C 帮我看看走到哪了，2510，0203，1196\nA 您稍等", None),  # nobody says what it is
        ("A 医保卡号多少\nC 4401，2345，6789\nA 440123456789，好的", None),
        ("A 电话\nC 020，8133，7660\nA 02081337660，好的", None),
    ],
)
def test_a_long_number_without_a_word_for_it_counts_where_the_agent_repeats_it(said: str, written: str | None) -> None:
    assert value("order_no", said) == written


@pytest.mark.parametrize(
    "said",
    [
        "C 我的受理编号忘了，身份证号是440106199003071231",
        "A 身份证号？\nC 我的受理编号忘了，440106199003071231",
        "C 受理编号忘了\nA 身份证号？\nC 440106199003071231",
        "C 受理编号忘了\nA 身份证号报一下\nC 440106199003071234",
        "C 受理编号不记得了，身份证44010619900307124X",
        "C 单号没有，身份证440106199003071231",
    ],
)
def test_an_identity_number_is_no_order_number(said: str) -> None:
    assert slot("order_no", said) is None


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("C 身份证440106199003071231，受理编号202506110001", "202506110001"),
        ("C 受理编号是202506110001，身份证440106199003071231", "202506110001"),
        ("C 订单号忘了，哦找到了，是20250611123", "20250611123"),
        ("C 订单号没有听清楚，再说一次，是20250611123", "20250611123"),
        ("C 小票没有丢，小票号是55310927", "55310927"),
    ],
)
def test_the_number_that_is_told_after_all_or_beside_an_identity_number_is_read(said: str, written: str) -> None:
    assert slot("order_no", said) == written
