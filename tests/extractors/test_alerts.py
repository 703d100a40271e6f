from __future__ import annotations

from pathlib import Path

import pytest
import yaml

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


def sentences(name: str) -> dict[str, dict[str, list[str]]]:
    read: dict[str, dict[str, list[str]]] = yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text("utf-8"))
    return read


def line(sentence: str) -> str:
    return sentence if sentence.startswith("A") and not sentence[1].isascii() else f"C{sentence}"


KNOWN, KEPT_BACK = sentences("alert_sentences"), sentences("alert_sentences_kept_back")


@pytest.mark.parametrize(
    ("kind", "said"), [(kind, said) for part in ("raised", "misheard") for kind, said in KNOWN[part].items()]
)
def test_what_cannot_wait_raises_its_alert_also_as_it_is_misheard(alerts: Alerts, kind: str, said: list[str]) -> None:
    assert [sentence for sentence in said if kind not in kinds(alerts, line(sentence))] == []


@pytest.mark.parametrize(("reason", "said"), KNOWN["quiet"].items())
def test_what_is_feared_past_asked_about_denied_or_a_figure_of_speech_raises_none(
    alerts: Alerts, reason: str, said: list[str]
) -> None:
    assert {sentence: found for sentence in said if (found := kinds(alerts, line(sentence)))} == {}


def test_sentences_that_the_rules_were_not_made_for_are_mostly_told_right(alerts: Alerts) -> None:
    raised = [
        (kind, said) for part in ("raised", "misheard") for kind, some in KEPT_BACK[part].items() for said in some
    ]
    missed = [said for kind, said in raised if kind not in kinds(alerts, line(said))]
    quiet = [said for some in KEPT_BACK["quiet"].values() for said in some]
    false = [said for said in quiet if kinds(alerts, line(said))]
    assert len(missed) <= 0.12 * len(raised), missed
    assert len(false) <= 0.02 * len(quiet), false


def test_it_is_happening_now_although_it_also_happened_before(alerts: Alerts) -> None:
    assert kinds(alerts, "C上个月楼下着火了") == set()
    assert kinds(alerts, "C上个月楼下着火了，今天又着火了") == {"119"}
    assert kinds(alerts, "C经常有人晕倒，刚刚又有人晕倒了") == {"120"}


def test_the_start_of_a_sentence_that_is_still_spoken_raises_what_it_says_so_far(alerts: Alerts) -> None:
    assert kinds(alerts, "C快来人啊我们楼下着火了") == {"119"}
    assert kinds(alerts, "C快来人啊我们楼下") == set()


@pytest.mark.parametrize(
    "said",
    [
        "C救命啊，我池子里的虾一晚上全没了",
        "C我问窗口那个人，她对我翻了个白眼",
        "C前台翻着白眼说没有",
        "C快点来修吧，不然砸到人就晚了",
        "C煤气灶打不着火",
        "C没有信号，要跑到屋顶去打电话",
    ],
)
def test_loss_of_stock_contempt_and_fear_raise_no_alert(alerts: Alerts, said: str) -> None:
    assert kinds(alerts, said) == set()


def test_the_same_words_of_a_person_in_danger_raise_one(alerts: Alerts) -> None:
    assert kinds(alerts, "C救命啊，有人拿着刀追我") == {"110"}
    assert kinds(alerts, "C我儿子发烧抽起来了，一直翻白眼") == {"120"}


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
