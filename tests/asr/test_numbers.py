import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.numbers import cardinal, written_numbers
from tests.asr.said import spoken


def written(text: str) -> str:
    return written_numbers(spoken(text)).text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("电话你记一下，幺三六，零二二四，七八幺五。", "电话你记一下，13602247815。"),
        ("幺八八，二零幺三，四五九零。诉求已经登记", "18820134590。诉求已经登记"),
        ("好的，梁先生，幺三六零二二四七八幺五", "好的，梁先生，13602247815"),
        ("电话159 1832 6047对吗", "电话15918326047对吗"),
        ("是136-0224-7815", "是13602247815"),
        ("小票号四四幺七，零二八六", "小票号44170286"),
        ("广州幺二三四五热线", "广州12345热线"),
        ("请打一二三四五热线", "请打12345热线"),
        ("一三八，零零，幺三，八零，零零", "13800138000"),
        ("我的号码是幺三六零二，二四七八，幺五", "我的号码是13602247815"),
        ("幺三六零二，二四七八，幺五，三五分钟回我", "13602247815，三五分钟回我"),
        ("座机零二零，八三，二一，零五，六七", "座机02083210567"),
        ("幺三六零二二四七八幺五两个都行", "13602247815两个都行"),
        ("请拨打幺二零", "请拨打120"),
    ],
)
def test_a_phone_number_spoken_in_groups_with_yao_is_read(said: str, text: str) -> None:
    assert written(said) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("一共是，一万两千八百元", "一共是，12800元"),
        ("欠了一万二千八百块", "欠了12800块"),
        ("交了六千八百块，上了八节课", "交了6800块，上了八节课"),
        ("差不多有五千一百块", "差不多有5100块"),
        ("三千二百九十九块钱", "3299块钱"),
        ("工本费是四十元", "工本费是40元"),
        ("每人八百九十九元", "每人899元"),
        ("三千五块钱左右", "3500块钱左右"),
        ("二百零六元", "206元"),
        ("三百元里面扣了五十元", "300元里面扣了50元"),
        ("三元里大道和三元里村", "三元里大道和三元里村"),
        ("一百二十三点五元", "123.5元"),
        ("三点五块钱一斤", "3.5块钱一斤"),
        ("罚了三点五万元", "罚了3.5万元"),
        ("零点八五元", "0.85元"),
        ("每斤十五块八，比超市贵", "每斤15块8，比超市贵"),
        ("十五元五角", "15元5角"),
        ("二十三块八毛五分", "23块8毛5分"),
        ("十五块两毛", "15块2毛"),
    ],
)
def test_money_is_written_in_digits(said: str, text: str) -> None:
    assert written(said) == text


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("门牌是十八号，不对，是十六号门口", "门牌是18号，不对，是16号门口"),
        ("九号还是十九号来着", "9号还是19号来着"),
        ("上个月十五号走的", "上个月15号走的"),
        ("三零二路，在梅花园站", "302路，在梅花园站"),
        ("坐十六路公交", "坐16路公交"),
        ("等了好久，二十一路都不来", "等了好久，21路都不来"),
        ("我要反映五十八路", "我要反映58路"),
        ("在棠下十二号，荔新十二路三十号", "在棠下12号，荔新十二路30号"),
        ("七栋四零二", "7栋402"),
        ("二零二二年十月十五号", "2022年10月15号"),
        ("十月十五日", "10月15日"),
        ("天河北路六零五号，十二楼", "天河北路605号，十二楼"),
        ("二零二二，三零二路", "2022，302路"),
        ("二零二四年三月交的房", "2024年3月交的房"),
        ("二零二四年十二月份", "2024年12月份"),
        ("二四年三月五号", "24年3月5号"),
        ("二三年十一月十二日", "23年11月12日"),
        ("九八年五月搬来的", "98年5月搬来的"),
        ("二期三零二房", "二期302房"),
        ("一百二十三点五公里", "123.5公里"),
    ],
)
def test_house_numbers_dates_and_bus_lines_are_written_in_digits(said: str, text: str) -> None:
    assert written(said) == text


@pytest.mark.parametrize(
    "text",
    [
        "一个人等了一下",
        "天天晚上搞到两三点",
        "每天晚上九点多出摊",
        "七点四十左右",
        "差不多有半个月了",
        "三两天就来一次，半夜也吵",
        "五六台吧",
        "三十几户人家都没有水",
        "一般是六十天以内",
        "往北五十米左右",
        "六零几我忘了",
        "中山五路，第十甫路",
        "荔新十二路，天河东二十一路",
        "一块地",
        "你的号码",
        "我住十二楼",
        "两栋楼中间",
        "七七八八的事情",
        "今年三月，去年十月份",
        "1990年8月，18到20号",
        "天河区林和街道",
        "十二三四五号",
        "小学一二三年级",
        "早上七八九点",
        "四五六楼都停水",
        "周一三五限行",
        "星期二四六才有人",
        "初一二三都放鞭炮",
        "二三四五百块",
        "三四五个人",
        "早上三点五块地都淹了",
        "三点五公里",
        "下午三点五分",
        "二三年三月",
        "住了三四年五月搬的",
        "三块五",
        "零二，零三，零四，零五",
        "三四，五六，七八，九十",
        "不管三七二十一",
    ],
)
def test_what_good_chinese_writes_in_characters_stays(text: str) -> None:
    assert written(text) == text


@given(st.integers(1, 99_999_999))
def test_every_number_said_in_full_is_understood(value: int) -> None:
    assert cardinal(say(value)) == value


def say(value: int) -> str:
    """A number in full spoken form (十二, 两千零五 as 二千零五, 一万零三十)."""
    if value >= 10_000:
        rest = value % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return say(value // 10_000) + "万" + (gap + say(rest) if rest else "")
    text, skipped = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // unit % 10
        if digit:
            text += ("零" if skipped and text else "") + "零一二三四五六七八九"[digit] + name
            skipped = False
        else:
            skipped = True
    return text


@pytest.mark.parametrize("text", ["", "零", "百", "三四", "十百", "万", "二百三千"])
def test_what_is_no_number_has_no_value_or_none(text: str) -> None:
    assert cardinal(text) in {None, 0}


@given(st.text(alphabet="零一二三四五六七八九十百千万两幺0123456789，, -号路元块角分点年栋月日几多好周", max_size=24))
def test_every_character_keeps_a_time_within_the_speech(text: str) -> None:
    spans = written_numbers(spoken(text))
    assert len(spans.text) == len(spans.times)
    assert all(0 <= start <= end <= len(text) / 10 + 1e-9 for start, end in spans.times)
    assert list(spans.times) == sorted(spans.times)


def test_a_number_can_be_found_in_the_recording() -> None:
    spans = written_numbers(spoken("电话幺三六，零二二四，七八幺五好"))
    number = spans[spans.text.index("1") : spans.text.index("好")]
    assert number.text == "13602247815"
    assert number.times[0][0] == pytest.approx(0.2)
    assert number.times[-1][1] == pytest.approx(1.5)


def test_a_number_said_in_pairs_can_be_found_in_the_recording() -> None:
    spans = written_numbers(spoken("电话一三八，零零，幺三，八零，零零好"))
    number = spans[spans.text.index("1") : spans.text.index("好")]
    assert number.text == "13800138000"
    assert number.times[0][0] == pytest.approx(0.2)
    assert number.times[3] == pytest.approx((0.6, 0.7))
    assert number.times[-1][1] == pytest.approx(1.7)
