"""The caller's name, from what the caller says and from how the agent addresses them."""

from __future__ import annotations

import pytest

from tests.extractors.composed import filled, value


def name(text: str) -> object:
    return value("caller_name", text, heard=True)


def test_a_full_name_is_taken_without_its_explanation():
    assert name("A 请问您怎么称呼？\nC 我叫徐建国，建设的建，国家的国。电话13812345678") == "徐建国"


def test_an_explained_character_wins_over_the_one_written():
    assert (
        name("A 您的姓名？\nC 我叫陈小萱，大小的小，欣赏的欣。") == "陈小萱"
    )  # 萱 (xuan) is not explained by 欣 (xin)
    assert name("A 您的姓名？\nC 我叫陈晓新，春晓的晓，欣赏的欣。") == "陈晓欣"


def test_an_explanation_heard_by_sound_decides_the_character():
    assert name("A 请问怎么称呼？\nC 我叫周名，工名的明，光明的名。") == "周明"


def test_a_name_run_together_with_what_follows_is_found():
    assert name("A 请问您的姓名和电话\nC 我叫吴秀英电话是13812345678") == "吴秀英"


@pytest.mark.parametrize(
    ("said", "surname"),
    [
        ("我姓章，弓长张", "张"),
        ("我姓张，立早章", "章"),
        ("我姓里，木子李", "李"),
        ("免贵姓城，耳东陈", "陈"),
        ("我姓虎，古月胡", "胡"),
        ("姓女，双口吕", "吕"),
        ("我姓黄，三点水的汪", "汪"),
        ("我姓于，人禾余", "余"),
    ],
)
def test_the_parts_of_a_surname_decide_it(said: str, surname: str):
    assert name(f"A 请问您贵姓？\nC {said}。") == surname


def test_surname_and_form_of_address_of_the_agent_make_the_name():
    assert name("A 请问您贵姓？\nC 我姓潘。\nA 好的，潘小姐，请稍等。") == "潘小姐"


def test_a_form_of_address_used_earlier_completes_the_surname():
    assert name("A 大姐您别急，慢慢说。\nC 好。\nA 请问您贵姓？\nC 姓贺。") == "贺大姐"


def test_a_compound_surname_stays_whole():
    assert name("A 请问您贵姓？\nC 我姓司徒。\nA 司徒先生，您好。") == "司徒先生"


def test_the_caller_may_say_how_to_be_called():
    assert name("A 怎么称呼您？\nC 叫我郑先生就可以了。") == "郑先生"


def test_without_a_form_of_address_the_surname_stands_alone_and_less_sure():
    alone = filled("caller_name", "A 请问您贵姓？\nC 我姓钱。")
    addressed = filled("caller_name", "A 请问您贵姓？\nC 我姓钱。\nA 钱先生您好。")
    assert alone.value == "钱"
    assert alone.confidence < addressed.confidence


def test_the_agents_form_of_address_decides_between_homophones():
    assert name("A 请问您贵姓？\nC 我姓汪。\nA 王先生，您的电话？\nC 是的。\nA 王先生，再见。") == "王先生"


def test_a_misheard_question_is_still_the_question():
    assert name("A 请问您跪姓\nC 我信刘\nA 刘先生您好") == "刘先生"


def test_a_surname_misheard_by_both_is_the_common_one_that_sounds_so():
    assert name("A 请问您贵姓？\nC 我姓炉。\nA 炉女士您好。") == "卢女士"


@pytest.mark.parametrize(
    "text",
    [
        "A 您好。\nC 那个经理说他姓魏，态度很差。",
        "A 您好。\nC 我们老板叫李建军，欠我们工资。",
        "A 好的，请问先生您是什么时候买的？\nC 昨天。",
        "A 您先生在家吗？\nC 不在。",
        "A 您好。\nC 我叫了外卖，送来都是凉的。",
        "A 您知道这位司机姓名吗？\nC 他姓高。",
    ],
)
def test_somebody_elses_name_is_not_the_callers(text: str):
    assert name(text) is None


def test_the_value_carries_the_words_it_rests_on():
    value = filled("caller_name", "A 请问您贵姓？\nC 我姓潘。\nA 好的，潘小姐。")
    assert [one.text for one in value.evidence] == ["潘", "潘小姐"]


def typed(text: str) -> object:
    return value("caller_name", text)


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("A 您贵姓？\nC 姓蓝，蓝色的蓝，蓝先生。", "蓝先生"),
        ("A 您贵姓？\nC 姓柯，柯南的柯。\nA 柯伯，电话打您家里吗？", "柯伯"),
        ("A 您贵姓？\nC 我姓翟，你叫我翟姐就得。", "翟姐"),
        ("A 怎么称呼？\nC 平姨，人家都叫我平姨，我姓房。\nA 房姨，您电话？", "房姨"),
        ("A 您贵姓？\nC 免贵姓植，植树的植。\nA 植女士，您好。", "植女士"),
        ("A 您贵姓？\nC 匡，匡扶正义那个匡。\nA 匡女士，请讲。", "匡女士"),
        ("A 您还是鲍先生吗？\nC 鲍先生没错。", "鲍先生"),
        ("A 您贵姓？\nC 姓糜。\nA 糜先生还是糜女士？\nC 男的。\nA 糜先生，记下了。", "糜先生"),
        ("A 阿伯您慢慢说。\nC 好。\nA 您贵姓？\nC 姓骆。\nA 骆伯，谢谢。", "骆伯"),
        ("A 贵姓？\nC 姓江。\nA 好，联系人江先生。", "江先生"),
        ("A 您贵姓？\nC 我姓谢，谢谢的谢。\nA 谢女士，好的。", "谢女士"),
        ("A 您贵姓？\nC 姓谢。\nA 好的，谢谢您，谢先生。", "谢先生"),
        ("A 您贵姓？\nC 姓陈。\nA 好的，谢谢陈女士。", "陈女士"),
    ],
)
def test_a_typed_surname_is_the_character_that_stands_there(said: str, called: str):
    assert typed(said) == called


@pytest.mark.parametrize("said", ["好的，感谢先生的建议，再见。", "谢谢先生来电。", "好的，多谢女士。"])
def test_thanks_are_no_surname(said: str):
    assert typed(f"A 您怎么称呼？\nC 不用了，谢谢。\nA {said}") is None


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ("A 您贵姓？\nC 姓翁，叫翁海平，海洋的海，平安的平。\nA 翁先生，好的。", "翁海平"),
        ("A 您贵姓？\nC 我姓骆，骆驼的骆，骆志明，志气的志。\nA 骆先生。", "骆志明"),
        ("A 您怎么称呼？\nC 禤，示字旁那个禤，禤咏诗，歌咏的咏。\nA 禤女士。", "禤咏诗"),
        ("A 孩子叫什么？\nC 我女儿，邝雨晴。我是她爸，邝志文。\nA 邝志文先生。", "邝志文"),
        ("A 您怎么称呼？\nC 单运来，简单的单字念善，运气的运，来去的来。\nA 单运来先生。", "单运来"),
        ("A 您怎么称呼？\nC 我叫车明远，汽车的车。\nA 车先生。", "车明远"),
        ("A 您怎么称呼？\nC 谌立，立正的立。\nA 谌立先生，好的。", "谌立"),
        ("A 您怎么称呼？\nC 我叫谢晓棠，海棠的棠。\nA 谢晓棠女士。", "谢晓棠"),
    ],
)
def test_a_typed_full_name_is_taken_wherever_it_is_told(said: str, full: str):
    assert typed(said) == full


@pytest.mark.parametrize(
    "text",
    [
        "A 是谁收的钱？\nC 姓邱的一个男的，四十几岁。",
        "C 钱都打到老板娘卡里，姓龙的，一年几百万。",
        "A 哪位老师？\nC 教数学的，姓孔。这个是男的。",
        "A 您贵姓？\nC 姓名不用了吧。",
        "A 手机是谁的？\nC 我老伴的。\nA 方阿姨的手机，好。",
    ],
)
def test_a_typed_name_of_somebody_else_is_not_the_callers(text: str):
    assert typed(text) is None


def test_the_callers_name_wins_over_one_in_the_story():
    said = "C 有个警察，姓喻，比喻的喻，喻警官。\nA 您怎么称呼？\nC 汤，汤圆的汤，汤家明。\nA 汤家明先生。"
    assert typed(said) == "汤家明"


@pytest.mark.parametrize(
    ("said", "surname"),
    [
        ("讯议。容易的议。", "易"),
        ("年贵姓潘电话是13726450918", "潘"),
        ("我姓威，危险的威", "危"),
        ("新链，日安链", "晏"),
        ("叫我温泊就得了。温度的温。", "温伯"),
    ],
)
def test_a_surname_is_found_however_its_introduction_was_heard(said: str, surname: str):
    assert name(f"A 请问您贵姓？\nC {said}") == surname


def test_the_form_of_address_counts_though_the_surname_in_it_was_misheard():
    assert name("A 请问您贵信？\nC 我姓温，温暖的温。\nA 问先生下午三点以后联系您") == "温先生"
    assert name("A 您贵信\nC 免贵姓潘\nA 安女士的跟您核对一下") == "潘女士"
    assert name("A 怎么称呼您\nC 姓兰，蓝天的兰，兰小镜，要保密\nA 篮小镇，会给您保密") == "蓝小姐"


@pytest.mark.parametrize(
    ("said", "addressed", "called"),
    [
        ("免贵姓卓、卓越的卓", "卓新省、电话13808826314", "卓先生"),
        ("姓欧阳", "欧阳女书18665023179您要求尽快退还团费", "欧阳女士"),
        ("姓温，温暖的温", "温小杰，已经登记", "温小姐"),
        ("姓温，温暖的温", "容易是，已经登记", "温"),  # a word, no name and form of address
        ("姓温，温暖的温", "温度是，二十度", "温"),
    ],
)
def test_a_form_of_address_is_told_by_its_sound_behind_a_surname(said: str, addressed: str, called: str) -> None:
    assert name(f"A 请问您贵姓？\nC {said}\nA {addressed}") == called


def test_a_misheard_form_of_address_is_no_given_name() -> None:
    assert name("A 怎么称呼您\nC 姓兰，蓝天的兰，兰小杰，要保密") == "蓝小姐"


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("讯议。容易的议。议女士的电话135。", "易女士"),
        ("信上和上的上，上先生。", "尚先生"),
        ("姓康，健康的康，南的，下午三点以后吧", "康先生"),
        ("我姓简，简单的简，你是。", "简女士"),
    ],
)
def test_what_callers_call_themselves_after_their_surname_is_heard(said: str, called: str):
    assert name(f"A 请问您贵姓？\nC {said}") == called


def test_whose_telephone_it_is_does_not_tell_how_to_address_the_caller():
    assert name("A 请问您贵姓？\nC 姓卢\nA 13470125568，方阿姨的手机。") == "卢"


@pytest.mark.parametrize(
    "text",
    [
        "A 好的，您姓什么？\nC 庆卓、昨日的卓。 | 姓卓、卓热的卓。\nA 佐女士，已登记。 | 卓女士，已登记。",
        "A 请问您贵姓？\nC 我姓桌。 | 我姓卓。 | 我姓捉。\nA 好的，佐女士，请稍等。 | 好的，卓女士，请稍等。",
        "A 请问您贵姓？\nC 去卓。 | 姓卓。\nA 好的，一女士，请稍等。 | 好的，卓女士，请稍等。",
    ],
)
def test_what_other_readings_of_an_utterance_have_decides_with(text: str):
    assert name(text) == "卓女士"


def test_a_surname_that_only_another_reading_has_is_proved_by_the_turn():
    text = "A 请问您贵姓？\nC 去霍。 | 我姓霍。\nA 好的先生，请稍等。"
    value = filled("caller_name", text, heard=True)
    assert value.value == "霍先生"
    assert {(proof.turn, proof.text) for proof in value.evidence} >= {(1, "去霍。")}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("A 怎么称呼您\nC 软力真、软灵玉的软、美丽的力、珍珠的珍。\nA 软女士的13560217748", "阮丽珍"),
        ("A 请问姓名\nC 麦紧龙，小麦的麦\nC 锦绣的锦、光荣的荣13711285069\nA 卖先生，我复述一遍", "麦锦荣"),
        ("A 好的，您贵姓\nC 姓权、完全的权、权质刚、质气的质。刚强的刚、13802941736。\nA 全先生麻烦核对", "全志刚"),
        ("A 请问您贵姓\nC 我姓姐，简单的姐15820314769\nA 减女士15820314769已经登记", "简女士"),
        ("A 怎么称呼您\nC 进书、舒服的书1812746053\nA 舒女士，记下了", "舒女士"),
    ],
)
def test_each_explanation_is_of_the_character_that_it_fits(said: str, told: str):
    assert name(said) == told


def test_a_word_that_nothing_introduces_is_no_name():
    assert name("A 请问您贵姓\nC 正确电话13416052978") is None


def test_a_given_name_that_is_anyones_guess_is_left_to_the_form_of_address():
    assert name("A 请问怎么称呼您\nC 包制鱼、包子的包、音质的具体周的鱼\nA 包先生，向您确认") == "包先生"


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("A 请问您贵姓\nC 我姓王，不对不对，我姓黄", "黄"),
        ("A 请问您贵姓\nC 我姓黄\nA 黄女士是吧\nC 是黄先生，我是男的", "黄先生"),
        ("A 请问您贵姓\nC 我姓黄\nA 黄女士是吧\nC 不是，我是男的", "黄先生"),
        ("A 请问您贵姓\nC 我姓黄\nA 王女士是吧\nC 不是，我姓黄", "黄"),
        ("A 请问您贵姓\nC 我姓黄\nA 好的黄女士，您是业主吗\nC 不是", "黄女士"),
    ],
)
def test_a_name_that_was_put_right_replaces_the_first(script: str, expected: str, heard: bool):
    assert filled("caller_name", script, heard=heard).value == expected


def test_a_surname_told_in_a_further_utterance_by_words_and_by_parts_is_found():
    said = "A 阿姨贵姓？\nC 姓陈\nC 城西的城、山金城\nA 曾阿姨，给您念一遍。"  # 岑溪的岑，山今岑
    assert name(said) == "岑阿姨"


def test_what_callers_call_themselves_is_one_more_hearing():
    assert name("A 请问您贵姓？\nC 正软、耳朵旁一个元旦的园、软师傅。\nA 转师傅，再见") == "阮师傅"


def test_the_agents_explanation_tells_a_character_too():
    assert name("A 您贵姓？\nC 温度的温、温小同。\nA 关小童女士。\nA 红通通的同，手机号") == "温小彤"


def test_what_is_hardly_a_surname_is_shown_only_where_it_is_explained():
    assert name("A 您贵姓？\nC 我姓弟\nA 地先生，再见") is None
    assert name("A 您贵姓？\nC 我姓危，危险的危\nA 危先生，再见") == "危先生"


def test_a_surname_heard_as_a_digit_is_one():
    assert name("A 您贵姓？\nC 我姓0，凌晨的0\nA 0先生13602751984") == "凌先生"


def test_a_surname_repeated_in_its_explanation_is_no_given_name():
    assert name("A 您贵姓？\nC 染，染染升起那个染，染师傅。\nA 然师傅您好") == "冉师傅"


def test_a_word_that_begins_with_the_surname_is_no_given_name():
    assert name("A 您的姓名。\nC 过或元甲的过或小姐\nA 霍小姐，再见") == "霍小姐"


@pytest.mark.parametrize(
    "said",
    [
        "A 请问店名叫什么？\nC 叫骏驰，骏马的骏，奔驰的驰，电话13800138000",
        "A 公司叫什么名字？\nC 远大，永远的远，大小的大，13800138000",
        "C 我找王师傅，师傅的师，13800138000",
        "A 收件人呢？\nC 不知道，天河区那个店\nA 好的，感谢您的来电",
    ],
)
def test_what_is_spelled_of_others_is_not_the_caller(said: str):
    assert name(said) is None


def test_a_spelled_firm_adds_no_given_name():
    said = "A 您贵姓？\nC 我姓陈，店叫骏驰，骏马的骏，奔驰的驰。\nA 陈先生，骏马的骏，奔驰的驰，记下了"
    assert name(said) == "陈先生"


@pytest.mark.parametrize(
    ("said", "otherwise", "surname"),
    [
        ("我姓阮，公园的元", "我姓阮，耳朵旁一个元", "阮"),
        ("我姓陈，东方的东", "我姓陈，耳东陈", "陈"),
        ("我姓陈，耳东陈", "我姓陈，东方的东", "陈"),
    ],
)
def test_a_surname_may_be_explained_by_words_in_one_reading_and_by_parts_in_another(
    said: str, otherwise: str, surname: str
):
    assert name(f"A 您贵姓\nC {said} | {otherwise}") == surname


_DRIVER = "C 我要表扬一个公交司机\nA 您知道这位司机的姓名吗？\nC 我只看到工牌，姓简，简单的简，四十来岁。\n"


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (f"{_DRIVER}A 简师傅，好的。\nC 对\nA 您怎么称呼？\nC 我叫利嘉雯，嘉宾的嘉。\nA 利女士，再见", "利嘉雯"),
        (f"{_DRIVER}A 简师傅，好的。要转告他的公司，对吗？\nC 对", None),
        ("C 我要表扬\nA 知道司机师傅姓什么吗？\nC 姓屈\nA 屈师傅，是吧？\nC 是，我也姓屈\nA 屈女士，好的", "屈女士"),
        ("C 我要表扬\nA 您知道他叫什么名字吗？\nC 钟伟杰，我特意看了\nA 钟先生，好的", None),
        ("C 一个姓祝的姑娘，祝福的祝\nA 祝女士，好的", None),
        ("C 她说她姓蓝\nA 蓝大姐，是吧？\nC 是\nA 您贵姓？\nC 姓卢\nA 卢女士，好的", "卢女士"),
        ("A 您贵姓？\nC 姓祝，祝福的祝，我爸也姓祝嘛\nA 祝先生，好的", "祝先生"),
        ("A 请问姓名？\nC 关婉仪，关公的关，温婉的婉\nA 关婉仪女士，好的", "关婉仪"),
        ("A 您知道肇事司机姓什么吗？\nC 不知道。我姓陈，耳东陈\nA 陈先生，好的", "陈先生"),
        ("A 称呼、号码？\nC 强，坚强的强，真的有人姓强\nA 强小姐，好的", "强小姐"),
        ("A 这位先生贵姓？\nC 姓卢\nA 卢先生，您好", "卢先生"),
    ],
)
def test_a_name_told_of_a_third_person_is_not_the_callers(script: str, expected: str | None) -> None:
    assert value("caller_name", script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (
            "A 您把姓名和身份证号码给我好吗？\nC 关玉珍，关门的关，玉石的玉。440102193908170047\nA 关婆婆，好的",
            "关玉珍",
        ),
        ("A 您的姓名？\nC 卢国强\nA 卢先生，好的", "卢国强"),
        ("A 您怎么称呼？\nC 邝永强，13725508317", "邝永强"),
        ("A 您怎么称呼，电话方便留吗？\nC 方便，13812345678", None),
        ("A 您贵姓？\nC 常有理，不留名", None),
        ("A 您的姓名和地址？\nC 白云山庄，5栋", None),
        ("A 您贵姓？\nC 梁，梁山伯的梁\nA 梁先生，好的", "梁先生"),
    ],
)
def test_a_typed_full_name_that_answers_the_question_stays_whole(script: str, expected: str | None) -> None:
    assert value("caller_name", script) == expected


@pytest.mark.parametrize(
    ("said", "full"),
    [("我叫李婷，婷婷玉立的婷", "李婷"), ("我叫方婷，亭亭玉立的婷", "方婷"), ("我叫李森，三个木的森", "李森")],
)
def test_a_character_is_told_by_words_that_have_it_not(said: str, full: str):
    assert name(f"A 您的姓名？\nC {said}\nA 好的") == full


@pytest.mark.parametrize(
    ("said", "full"),
    [
        ("我叫邓佳，上佳的佳", "邓佳"),
        ("我叫林骏，骏马的骏", "林骏"),
        ("我叫何晓峰，破晓的晓，山峰的峰", "何晓峰"),
        ("我叫周雅琴，雅致的雅，钢琴的琴", "周雅琴"),
        ("我叫许志锋，志气的志，先锋的锋", "许志锋"),
    ],
)
def test_characters_are_told_by_the_words_that_people_use(said: str, full: str):
    assert name(f"A 您的姓名？\nC {said}\nA 好的") == full


@pytest.mark.parametrize(
    ("told", "address", "meant"),
    [
        ("我姓七。七季光纳的七。13142660857。", "新先生是吧。记了。", "戚先生"),  # 那个 heard as 纳的
        ("姓姐，简单的姐，13640285517", "解女士1364028，5517。 | 剪女士1364028，5517。", "简女士"),
        ("我姓存、生金层、13925160833。", "陈先生，13925160833，再见。 | 曾先生，13925160833，再见。", "岑先生"),
        ("我叫科不见、蜜蚁蚁、孩子的笔、健康的见。", "科先生，已经登记。", "柯先生"),
    ],
)
def test_what_is_explained_by_sound_outweighs_what_was_written_for_the_name(told: str, address: str, meant: str):
    assert name(f"A 好的。请问贵姓，留个电话。\nC {told}\nA {address}") == meant


def test_a_given_name_that_its_explanations_do_not_fit_is_not_shown():
    told = "我叫小虎尼方向的向，思念的词，您是女子唐家吉女的语。电话17302086649"
    assert name(f"A 好的。请问姓名和电话。\nC {told}\nA 向女士，会转税务部门核实，再见。") == "向女士"


@pytest.mark.parametrize(
    ("told", "address", "meant"),
    [
        ("车永光，姓车的车，永远的永，光明的光。", "车先生，", "车永光"),
        ("苍乐怡，经常的苍，快乐的乐，心旷神怡的怡。", "常女士，", "常乐怡"),  # 心旷 is no 姓旷
        ("杜晚晴，杜甫的杜，婉转的晚，晴天的晴。电话用我新号，", "杜女士，", "杜婉晴"),  # 我新 no 我姓
        ("Jason，中文名林家朗，家庭的家，明朗的朗。", "林先生，", "林家朗"),
        ("我叫利加文，利是的利，嘉宾的加，文化的文。", "利女士，", "利嘉文"),  # 加 is between no parts
        ("我姓苗，苗圃的谬，叫谬雨擒，下雨的雨，晴天的擒，", "苗女士，", "苗雨晴"),
        ("我叫去加豪，委屈的屈，家庭的家，豪花的豪。", "屈先生，", "屈家豪"),  # 去 begins no other name
        ("欧样，偶阳建军，建设的建，军队的君。", "鸥阳先生，", "欧阳建军"),
        ("姓谈，腾思远，思想的思，远近的远。", "谭先生，", "谭思远"),
        ("我是酱驶人。软志标，软籍的软，志气的志，标志的标。", "软先生，", "阮志标"),
    ],
)
def test_the_full_name_that_explanations_follow_is_found_in_an_answer(told: str, address: str, meant: str):
    assert name(f"A 好的。请问您的姓名、电话？\nC {told}\nA {address}") == meant


def test_what_callers_call_themselves_shortly_behind_the_surname_is_their_form_of_address():
    assert name("A 请问您贵姓？\nC 姓毕，毕业的毕，毕姨，134。") == "毕姨"
    assert name("A 请问您贵姓？\nC 我姓麦，小麦的麦，麦拨。电话是，136。") == "麦伯"


def test_a_given_name_that_one_reading_has_is_taken_where_its_characters_are_explained():
    told = "我姓屈，去家好啊，委屈的屈，家庭的家，豪华的豪。 | 我姓屈，屈家好，委屈的屈，家庭的家，豪华的豪。"
    assert name(f"A 请问您的姓名？\nC {told}\nA 屈先生，") == "屈家豪"


@pytest.mark.parametrize(
    "said",
    [
        "都做好了，幸好没错。 | 都做好了，姓好没错。",
        "姓名就不留了。 | 姓明就不留了。 | 姓民就不留了。",
        "幸亏有你们。",
    ],
)
def test_a_word_that_sounds_like_a_surname_told_is_none(said: str) -> None:
    assert name(f"A 您贵姓？\nC {said}\nA 好的，再见。") is None
    assert name(f"A 还有吗？\nC {said}\nA 好的，再见。") is None


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("A 王女士您好\nC 我不姓王，我姓黄", "黄女士"),
        ("A 王女士您好\nC 不姓王，姓黄\nA 好的王女士", "黄女士"),
        ("A 陈先生您好\nC 我不姓陈，我姓程，程序的程", "程先生"),
        ("A 王女士您好\nC 我不姓王", None),
        ("A 王女士您好\nC 我不是王女士，我是她女儿", None),
        ("A 陈先生\nC 我不是陈先生，我姓黄", "黄"),
    ],
)
def test_a_name_that_the_caller_refuses_is_not_taken_from_the_agent(said: str, meant: str | None):
    assert name(said) == meant
    assert value("caller_name", said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "A 王女士您好\nC 那个司机不姓王的，我姓王",
        "A 您贵姓？\nC 姓王\nA 好的王女士\nC 对，老板不姓王",
        "A 王女士您好\nC 我姓王，不姓黄",
        "A 汪女士您好\nC 我不姓汪，我姓王",
    ],
)
def test_a_name_that_others_do_not_have_stays_the_callers(said: str):
    assert name(said) == "王女士"


def test_the_name_by_which_callers_want_to_be_called_need_not_be_theirs():
    said = "A 怎么称呼您？\nC 叫我霞姨得啦，云霞的霞，不姓霞，姓就不讲了。\nA 好的霞姨"
    assert value("caller_name", said) == "霞姨"
