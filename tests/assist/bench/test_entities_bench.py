"""Texts that others annotated are read in their formats, and what extractors find in them is counted rightly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assist.bench import address_tags
from assist.bench.annotated import Corpus, CorpusError, Sentence, read_corpus
from assist.bench.extraction import ALL, Readers
from assist.bench.spans import Span, merged, of_tag, score, within
from assist.cli.main import app
from extractors.catalogue.knowledge import Catalogue
from extractors.places.address_parts import Known, Level, Part
from tests.extractors import small_catalogue as small

ADDRESSES = [
    [("天河区", "district"), ("车陂街道", "town"), ("中山大道西", "road"), ("238", "roadno"), ("号", "roadno+")],
    [("番禺区", "district"), ("祥景花园", "poi"), ("7栋", "houseno"), ("二单元", "cellno"), ("1203房", "roomno")],
    [
        ("江北市", "city"),
        ("望川县", "district"),
        ("柳溪路", "road"),
        ("36", "roadno"),
        ("号", "roadno+"),
        ("3楼", "floorno"),
    ],
]
NAMES = [
    [("我叫", "O"), ("何志强", "PER"), ("，住在", "O"), ("天河区", "LOC")],
    [("昨天", "O"), ("李", "PER"), ("医生给我看的病", "O")],
    [("冠军", "O"), ("罗小雨", "PER"), ("回到了", "O"), ("望川", "LOC")],
    [("今天没有下雨", "O")],
]
CLUENER = [
    {"text": "我叫何志强，在北京", "label": {"name": {"何志强": [[2, 4]]}, "address": {"北京": [[7, 8]]}}},
    {"text": "明天再说", "label": {}},
]


def conll(path: Path, sentences: list[list[tuple[str, str]]]) -> Path:
    """Writes pieces with their tags, a character a line; digits are one token, ``tag+`` goes on with a tag."""
    lines: list[str] = []
    for pieces in sentences:
        for piece, tag in pieces:
            tokens = [piece] if piece.isdigit() else list(piece)
            for at, token in enumerate(tokens):
                inside = at > 0 or tag.endswith("+")
                lines.append(f"{token} {tag}" if tag == "O" else f"{token} {'I' if inside else 'B'}-{tag.rstrip('+')}")
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def jsonl(path: Path, entries: list[object]) -> Path:
    path.write_text("\n".join(json.dumps(one, ensure_ascii=False) for one in entries), encoding="utf-8")
    return path


def said(sentence: Sentence) -> list[tuple[str, str]]:
    return [(sentence.text[span.start : span.end], span.tag) for span in sentence.spans]


@pytest.fixture(scope="module")
def readers(catalogue: Catalogue) -> Readers:
    return Readers(catalogue)


def test_tokens_of_several_characters_keep_the_spans_in_place(tmp_path: Path) -> None:
    corpus = read_corpus(conll(tmp_path / "a.txt", ADDRESSES))
    assert corpus.is_addresses
    assert said(corpus.sentences[0])[-2:] == [("中山大道西", "road"), ("238号", "roadno")]
    assert corpus.sentences[2].text == "江北市望川县柳溪路36号3楼"


def test_names_in_bio_and_in_json_are_the_same_kind_of_corpus(tmp_path: Path) -> None:
    bio = read_corpus(conll(tmp_path / "n.txt", NAMES))
    clue = read_corpus(jsonl(tmp_path / "n.jsonl", list(CLUENER)))
    assert not bio.is_addresses
    assert not clue.is_addresses
    assert said(bio.sentences[0]) == [("何志强", "per"), ("天河区", "loc")]
    assert said(clue.sentences[0]) == [("何志强", "name"), ("北京", "address")]
    assert bio.sentences[3].spans == clue.sentences[1].spans == ()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("何 B-PER\n志强\n", "m:2: "),
        ("何 B-PER\n志 PER\n", "m:2: "),
        ('{"text": "何", "label": {"name": {"何": [[0, 0]]}}}\n{"text": "何"}', "m:2: "),
        ('{"text": "何", "label": {"name": {"林": [[0, 0]]}}}', "'林' does not stand at 0"),
        ("", "nothing is marked"),
        ("好 O\n", "nothing is marked"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "m").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=told):
        read_corpus(tmp_path / "m")


def test_a_sample_is_the_same_each_time_and_keeps_the_order() -> None:
    corpus = Corpus("c", tuple(Sentence(str(number), ()) for number in range(50)), 50)
    drawn = corpus.sample(10)
    assert drawn == corpus.sample(10)
    assert len(set(drawn.sentences)) == 10
    assert [int(one.text) for one in drawn.sentences] == sorted(int(one.text) for one in drawn.sentences)
    assert drawn.of == 50
    assert corpus.sample(50) == corpus.sample(60) == corpus


def test_spans_are_counted_exactly_and_by_overlap() -> None:
    marked = [Span(0, 3, "a"), Span(5, 7, "a"), Span(8, 9, "b")]
    found = [Span(0, 3, "a"), Span(6, 8, "a"), Span(8, 9, "a")]
    fit = score([(marked, found), ([], [])])
    assert (fit.marked, fit.found) == (3, 3)
    assert fit.exact.precision.value == fit.exact.recall.value == pytest.approx(1 / 3, abs=1e-4)
    assert fit.overlapping.precision.value == fit.overlapping.recall.value == pytest.approx(2 / 3, abs=1e-4)
    assert fit.exact.f1.value == pytest.approx(1 / 3, abs=1e-4)
    assert fit.exact.f1.low is not None
    assert fit.as_dict()["overlapping"]["f1"]["value"] == fit.overlapping.f1.value


def test_what_overlaps_is_hidden_as_one() -> None:
    assert merged([Span(4, 6, "a"), Span(0, 2, "a"), Span(1, 3, "a")]) == [Span(0, 3, "a"), Span(4, 6, "a")]
    assert within(Span(1, 5, "b"), [Span(0, 3, "a"), Span(3, 6, "a")])
    assert not within(Span(1, 5, "b"), [Span(0, 3, "a"), Span(4, 6, "a")])


def test_persons_and_places_are_looked_for_in_sentences(tmp_path: Path, readers: Readers) -> None:
    report = readers.names(read_corpus(conll(tmp_path / "n.txt", NAMES)))
    persons = report.scores["person, masked"]
    assert (persons.marked, persons.found) == (3, 2)
    assert persons.exact.precision.value == 1.0
    assert persons.exact.recall.value == pytest.approx(2 / 3, abs=1e-4)
    assert report.whole["person before a form of address, masked"].value == 1.0
    assert report.whole["person before a form of address, masked"].cases == 1
    assert report.scores["place, gazetteer"].exact.recall.value == 0.5
    assert report.whole["place whose full name the gazetteer has, found"].value == 1.0
    assert report.scores["place, masked"].found == 0


def test_addresses_are_told_part_by_part_under_the_tags_of_the_corpus(tmp_path: Path, readers: Readers) -> None:
    report = readers.addresses(read_corpus(conll(tmp_path / "a.txt", ADDRESSES)))
    assert {tag for tag, one in report.told.items() if one.exact.f1.value == 1.0} >= {
        *("town", "roadno", "poi", "houseno", "cellno", "floorno", "roomno"),
    }
    assert report.told["district"].exact.recall.value == pytest.approx(2 / 3, abs=1e-4)
    assert report.told["road"].exact.recall.value == 0.5
    assert report.told["road"].overlapping.recall.value == 1.0
    assert report.given["road"].exact.f1.value == report.given[ALL].exact.f1.value == 1.0
    assert report.untold == 1
    assert report.whole["addresses with such numbers, all of them masked"].value == 1.0


def test_every_tag_of_the_corpus_is_told_or_has_no_counterpart() -> None:
    one = Sentence("甲路乙路", (Span(0, 2, "road"), Span(2, 4, "subroad")))
    assert [span.tag for span in address_tags.marked(one)] == ["road", "road"]
    assert not address_tags.UNTOLD & set(address_tags.TOLD)


def test_a_place_taken_for_another_is_told_wrongly_wherever_it_stands() -> None:
    text = "江浦街道中山路"
    places = [Known(0, 4, "江埔街道", None), Known(0, 4, "江浦街道", None)]
    roads = [Part(Level.ROAD, name, 4, 7, known=True) for name in ("中山大道", "中山路")]
    assert {span.tag for span in address_tags.told(text, [], places)} == {"town:misnamed", "town"}
    assert {span.tag for span in address_tags.told(text, roads, [])} == {"road:misnamed", "road"}
    wrong = score(of_tag([([Span(0, 4, "town")], address_tags.told(text, [], places[:1]))], "town"))
    assert (wrong.found, wrong.exact.recall.value, wrong.overlapping.precision.value) == (1, 0.0, 0.0)


def test_the_command_prints_and_writes_the_figures_of_each_corpus(tmp_path: Path) -> None:
    small.write(tmp_path / "c")
    (tmp_path / "config.yaml").write_text(f"catalogue: {{directory: {tmp_path / 'c'}, cache: {tmp_path / 'cache'}}}\n")
    files = [conll(tmp_path / "a.txt", ADDRESSES), jsonl(tmp_path / "n.jsonl", list(CLUENER))]
    to = tmp_path / "figures.json"
    options = ["--sample", "2", "--json", str(to), "--config", str(tmp_path / "config.yaml")]
    result = CliRunner().invoke(app, ["bench", "entities", *map(str, files), *options], env={"COLUMNS": "240"})
    assert result.exit_code == 0, result.output
    assert "2 of 3 sentences" in result.output
    figures = json.loads(to.read_text("utf-8"))
    addresses, names = figures.values()
    assert addresses["sentences"] == 2
    assert 0 <= addresses["told"]["all"]["exact"]["f1"]["value"] <= 1
    assert names["scores"]["person, masked"]["exact"]["recall"]["value"] == 1.0


def test_the_command_names_a_file_that_is_no_corpus(tmp_path: Path) -> None:
    (tmp_path / "m.txt").write_text("何志强\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["bench", "entities", str(tmp_path / "m.txt")])
    assert result.exit_code != 0
    assert "m.txt:1" in result.output
