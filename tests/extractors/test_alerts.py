from __future__ import annotations

import pytest

from extractors.alerts import Alerts
from extractors.catalogue import Catalogue
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn
from tests.extractors.test_ranking import call


@pytest.fixture(scope="module")
def alerts(catalogue: Catalogue) -> Alerts:
    return Alerts(catalogue.rules("alerts"))


def kinds(alerts: Alerts, line: str) -> set[str]:
    return {alert.kind for alert in alerts.read(call(line)[0])}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("C快来人啊，隔壁那栋楼着火了，好多烟！", "119"),
        ("C我家厨房好大煤气味，煤气好像泄漏了", "119"),
        ("C我跟我女儿困在电梯里面了，按铃没有人应", "119"),
        ("C有个阿伯在路边晕倒了，叫他没反应", "120"),
        ("C他从架子上摔下来，流了很多血", "120"),
        ("C楼下有人拿着刀在追人", "110"),
        ("C我儿子在公园走丢了，找了半个小时", "110"),
        ("C我真的不想活了，没有意思", "110"),
        ("CHello, can you speak English please", "language"),
        ("A请您马上拨打119，我帮您同步转119", "119"),
    ],
)
def test_what_cannot_wait_raises_its_alert(alerts: Alerts, line: str, kind: str) -> None:
    assert kind in kinds(alerts, line)


@pytest.mark.parametrize(
    "line",
    [
        "C消防通道被人停车占住了，没人管",
        "C那些电动车在楼道充电，很容易着火的",
        "C万一着火了怎么跑啊",
        "C上个月这里着火了，到现在还没清理",
        "C我怕煤气泄漏，想问一下怎么预约安检",
        "C楼下烧烤摊天天好大的油烟",
        "C救护车收费是怎么收的，我想咨询",
        "C电梯坏了，昨天还困在里面半个钟，今天又坏",
        "C我差点晕倒，热得要命",
        "C商场打折骗人，我要投诉",
        "C他们晚上吵架吵到我睡不着",
        "C什么时候能拿到证",
        "C我要个说法，我用KTV的卡消费不了",
        "A如果老人身体不舒服，请直接拨打120。",
        "A万一发现煤气泄漏请马上拨打119",
        "A请问有没有人晕倒或者受伤？",
    ],
)
def test_what_is_feared_past_asked_about_or_advised_raises_none(alerts: Alerts, line: str) -> None:
    assert kinds(alerts, line) == set()


def test_an_alert_misheard_by_sound_is_still_raised(alerts: Alerts) -> None:
    assert "119" in kinds(alerts, "C我们楼道找火了")
    assert "120" in kinds(alerts, "C这里有个老人晕到了")


def test_an_alert_is_told_once_with_all_its_words(alerts: Alerts) -> None:
    turns = call("C着火了", "A在哪里？", "C整个屋子烧起来了")
    (alert,) = alerts.fold([alerts.read(turn) for turn in turns], {})
    assert [evidence.text for evidence in alert.evidence] == ["着火了", "烧起来了"]


def test_a_caller_who_wants_to_stay_unnamed_is_shown(alerts: Alerts) -> None:
    said = Evidence(3, 0, 2, "保密", 1.0, 2.0)
    (alert,) = alerts.fold([], {"confidential": SlotValue(True, 0.9, (said,))})
    assert (alert.kind, alert.evidence) == ("confidential", (said,))
    assert alerts.fold([], {"confidential": SlotValue(False, 0.9, (said,))}) == ()


def foreign(language: str) -> Turn:
    return Turn(3, Speaker.CITIZEN, "我请您电话", 10.0, 14.0, language=language)


def test_a_caller_who_is_heard_to_speak_english_is_named_with_the_words_as_proof(alerts: Alerts) -> None:
    [alert] = alerts.spoken([*call("C你好"), foreign("en")])
    assert (alert.kind, "英语" in alert.text) == ("language", True)
    [proof] = alert.evidence
    assert (proof.turn, proof.text, proof.from_s, proof.to_s) == (3, "我请您电话", 10.0, 14.0)


@pytest.mark.parametrize("code", ["und", "la"])
def test_a_language_that_is_not_in_the_list_is_not_guessed_at(code: str, alerts: Alerts) -> None:
    [alert] = alerts.spoken([foreign(code)])
    assert alert.text == "来电人可能不讲中文：请转多语种坐席"


def test_a_language_is_told_once_however_many_turns_it_lasts(alerts: Alerts) -> None:
    [alert] = alerts.fold([alerts.spoken([foreign("ja"), foreign("ja")])], {})
    assert len(alert.evidence) == 2
