"""Who is praised: a surname or a name told of somebody else, with what they do."""

from __future__ import annotations

import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.conversation.dialogue import load_dialogue
from extractors.subjects.praised import Praised, load_praised
from extractors.ticket import Evidence, SlotValue
from tests.extractors.dialogues import conversation


@pytest.fixture(scope="module")
def praised(catalogue: Catalogue) -> Praised:
    return load_praised(catalogue, load_dialogue(catalogue.directory))


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("C 我想夸一个开公交车的\nA 知道司机师傅姓什么吗？\nC 他讲姓屈，屈原的屈", "屈姓公交司机"),
        ("C 我想表扬一个环卫工人\nA 您知道这位大姐的姓名吗？\nC 她说她姓蓝，蓝天的蓝", "蓝姓环卫工人"),
        ("C 表扬一下9号窗口，一个姓祝的姑娘", "祝姓窗口工作人员"),
        ("C 我要表扬护士\nA 全名知道吗？\nC 黎晓彤，黎明的黎，春晓的晓", "护士黎晓彤"),
        ("C 我想表扬一个医生，他姓甘，甘医生上门换药", "甘医生"),
        # nobody's name, or only that of the caller or of relatives
        ("C 我想表扬一个公交司机\nA 您贵姓？\nC 我姓申", None),
        ("C 我想表扬一个公交司机\nA 您贵姓？\nC 姓申，我爸也姓申", None),
        # several people, or nothing that the person does
        ("C 我想表扬司机，他姓黄，还有保安，他姓李", None),
        ("C 我想表扬一个人，他姓黄", None),
    ],
)
def test_the_subject_of_praise_is_surname_and_work(praised: Praised, script: str, expected: str | None) -> None:
    found = praised.subject(conversation(script), None)
    assert (found.value if found else None) == expected


def test_the_words_for_both_prove_it(praised: Praised) -> None:
    found = praised.subject(conversation("C 我想夸一个开公交车的\nA 知道他姓什么吗？\nC 姓屈"), None)
    assert found is not None
    assert [one.text for one in found.evidence] == ["开公交车的", "姓屈"]


@pytest.mark.parametrize("known", ["街口卫生服务中心护士黎晓彤", "黎姓护士长"])
def test_a_subject_that_names_the_person_stays(praised: Praised, known: str) -> None:
    turns = conversation("C 我要表扬护士，她姓黎")
    value = SlotValue(known, 0.9, (Evidence.of(turns[0], 0, 3),))
    assert praised.subject(turns, value) is value


def test_where_somebody_works_stands_before_a_full_name(praised: Praised) -> None:
    turns = conversation("C 农林街道社区卫生服务中心，我要表扬护士\nA 全名知道吗？\nC 黎晓彤，黎明的黎")
    value = SlotValue("农林街道社区卫生服务中心", 0.9, (Evidence.of(turns[0], 0, 12),))
    found = praised.subject(turns, value)
    assert found is not None
    assert found.value == "农林街道社区卫生服务中心护士黎晓彤"
