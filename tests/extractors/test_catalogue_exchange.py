"""Catalogues as tables, workbooks, overlays and differences."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from openpyxl import load_workbook

from extractors.catalogue import office, tables
from extractors.catalogue.diff import diff, lost_codes
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.lexicon import read_lexicon
from extractors.catalogue.load import load
from extractors.catalogue.write import write
from extractors.catalogue.yaml_files import CatalogueError
from extractors.upkeep.overlay import compose
from tests.extractors import small_catalogue as small


def same(one: Catalogue, other: Catalogue) -> bool:
    parts = ("templates", "matters", "units", "slots", "domains", "groups", "guides", "nodes", "retired", "version")
    return all(_plain(getattr(one, part)) == _plain(getattr(other, part)) for part in parts)


def _plain(part: object) -> object:
    return dict(part) if hasattr(part, "keys") else part  # type: ignore[call-overload]


def with_everything(folder: Path) -> Path:
    exceptions = [{"case": "发生在高速公路上", "unit": "市交通运输局"}]
    confused = [{"code": "CG01-001", "apart": "那条是烧烤：有油烟"}]
    lift = {**small.LIFT, "unit_exceptions": exceptions, "confused_with": confused, "divert": "119"}
    small.write(folder, [small.BARBECUE, small.STALLS, lift, small.POOL])
    (folder / "guides").mkdir()
    (folder / "maps").mkdir()
    (folder / "guides/WY.yaml").write_text(
        "- {code: WY01-G001, question: 多久修好？, answer: 请联系物业。, source: 条例, owner: 市住建局, "
        "valid_until: 2027-12-31, steps: [先报物业, 再报街道], templates: [WY01-001, CG01-001]}\n"
        "- {code: WY01-G002, question: 能烧烤吗？, answer: 不能。, source: 条例, owner: 市住建局, "
        "valid_until: 2027-12-31, templates: [CG01-001]}\n",
        encoding="utf-8",
    )
    (folder / "maps/WY.yaml").write_text("- {code: WY01-N001, says: 有人被困吗？, kind: question}\n", encoding="utf-8")
    (folder / "retired.yaml").write_text("- {code: CG09-001, since: 1.1.0, by: [CG01-001]}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["book.xlsx", "tables"])
def test_a_catalogue_goes_to_office_files_and_back_without_loss(tmp_path: Path, name: str) -> None:
    source = with_everything(tmp_path / "c")
    catalogue = load(source)
    office.save(tables.tables(catalogue), tmp_path / name)
    entries = tables.read(office.read(tmp_path / name))
    write(entries.by_kind, tmp_path / "back", source)
    back = load(tmp_path / "back")
    assert same(back, catalogue)
    assert tables.tables(back) == tables.tables(catalogue)


def test_the_reference_catalogue_goes_to_excel_and_back_without_loss(catalogue: Catalogue, tmp_path: Path) -> None:
    office.save(tables.tables(catalogue), tmp_path / "book.xlsx")
    entries = tables.read(office.read(tmp_path / "book.xlsx"))
    write(entries.by_kind, tmp_path / "back", catalogue.directory)
    assert same(load(tmp_path / "back"), catalogue)


def test_a_workbook_to_fill_in_has_headings_notes_and_lists_to_choose_from(tmp_path: Path) -> None:
    office.save(tables.blank(), tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    sheet = book["模板"]
    headings = [cell.value for cell in sheet[1]]
    assert headings[:3] == ["模板编码 *", "标题 *", "诉求类型 *"]
    assert sheet["A1"].comment is not None
    assert any("咨询,求助" in str(one.formula1) for one in sheet.data_validations.dataValidation)
    with pytest.raises(tables.TablesError) as caught:
        tables.read(office.read(tmp_path / "book.xlsx"))
    assert "工作表“模板”：缺少此表或表中没有内容" in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "text", "said"),
    [
        ("C3", "抱怨", "工作表“模板”第 3 行“诉求类型”列：“抱怨”不可用；可填：咨询、求助"),
        ("B2", "", "工作表“模板”第 2 行“标题”列：不能为空"),
        ("A3", "CG01-001", "工作表“模板”第 3 行“模板编码”列：“CG01-001”与第 2 行重复"),
        ("K2", "市城管局", "工作表“模板”第 2 行“处理单位”列：单位“市城管局”不在“处理单位”表中"),
        ("G4", "district\nfloor", "工作表“模板”第 4 行“必填字段”列：字段“floor”不在“字段”表中"),
        ("I2", "occurred_at 几点", "工作表“模板”第 2 行“追问话术”列：“occurred_at 几点”应写成“字段：问题”"),
        ("Q2", "CG09-009：别的", "工作表“模板”第 2 行“易混模板”列：没有编码为“CG09-009”的模板"),
        ("D1", "什么时候用", "工作表“模板”第 1 行“什么时候用”列：没有这一列"),
    ],
)
def test_what_is_wrong_in_a_workbook_is_told_by_sheet_row_and_column(
    tmp_path: Path, cell: str, text: str, said: str
) -> None:
    office.save(tables.tables(load(small.write(tmp_path / "c"))), tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    book["模板"][cell] = text
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(tables.TablesError) as caught:
        tables.read(office.read(tmp_path / "book.xlsx"))
    assert said in str(caught.value)


def test_all_errors_of_all_sheets_are_told_at_once(tmp_path: Path) -> None:
    office.save(tables.tables(load(small.write(tmp_path / "c"))), tmp_path / "book.xlsx")
    book = load_workbook(tmp_path / "book.xlsx")
    book["模板"]["C2"], book["模板"]["C3"], book["处理单位"]["D5"] = "甲", "乙", "丙"
    book.save(tmp_path / "book.xlsx")
    with pytest.raises(tables.TablesError) as caught:
        tables.read(office.read(tmp_path / "book.xlsx"))
    assert len(caught.value.errors) == 3


def test_csv_files_as_excel_saves_them_in_china_are_read(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c"))
    office.save(tables.tables(catalogue), tmp_path / "tables")
    for file in (tmp_path / "tables").glob("*.csv"):
        text = file.read_text(encoding="utf-8-sig")
        file.write_text(text, encoding="gb18030")
    assert len(tables.read(office.read(tmp_path / "tables")).by_kind["templates"]) == 4


def test_a_file_that_is_no_workbook_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"no workbook")
    with pytest.raises(tables.TablesError, match=r"请另存为 \.xlsx 工作簿"):
        office.read(tmp_path / "book.xlsx")


def overlay(folder: Path, **files: object) -> Path:
    folder.mkdir()
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_yaml", ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return folder


def test_an_overlay_changes_adds_and_removes_and_leaves_the_rest(tmp_path: Path) -> None:
    base = with_everything(tmp_path / "c")
    own = overlay(
        tmp_path / "own",
        catalogue_yaml={"version": "1.0.1"},
        units_yaml=[
            {"code": "U001", "aliases": ["城管"]},
            {"code": "U900", "name": "市电梯中心", "full_name": "市电梯应急中心", "kind": "public"},
        ],
        templates__WYA_yaml={
            "code": "WYA",
            "domain": "WY",
            "matters": [
                {
                    "code": "WY01",
                    "templates": [
                        {"code": "WY01-001", "unit": "市电梯中心", "unit_alternatives": ["district"]},
                        {**small.LIFT, "code": "WY01-002", "title": "电梯困人无人应答", "confused_with": []},
                    ],
                }
            ],
        },
        remove_yaml=["CG01-001"],
        rules__check_yaml={"least_phrasings": 1},
    )
    made = compose(base, own, tmp_path / "out")
    before = load(base)
    assert made.version == "1.0.1"
    assert [one.code for one in made.templates] == ["CG01-002", "WY01-001", "WY01-002", "WY02-001"]
    assert made.by_code["WY01-001"].unit == "市电梯中心"
    assert made.by_code["WY01-001"].title == before.by_code["WY01-001"].title
    assert made.by_code["WY01-001"].confused_with == ()  # it pointed to a template that is gone
    assert made.by_code["CG01-002"] == before.by_code["CG01-002"]
    # one guide answers a template less, the other none any more: it is not read as one of the whole matter
    assert [(guide.code, guide.templates) for guide in made.guides] == [("WY01-G001", ("WY01-001",))]
    assert made.units["市城市管理综合执法局"].aliases == ("城管",)
    assert made.rules("check")["least_phrasings"] == 1
    assert made.rules("check")["title_length"] == before.rules("check")["title_length"]


def test_an_overlay_that_removes_what_is_not_there_is_refused(tmp_path: Path) -> None:
    own = overlay(tmp_path / "own", remove_yaml=["CG09-001"])
    with pytest.raises(CatalogueError, match=r"remove\.yaml: there is no CG09-001"):
        compose(small.write(tmp_path / "c"), own, tmp_path / "out")


def test_a_difference_tells_what_came_went_and_changed(tmp_path: Path) -> None:
    old = load(small.write(tmp_path / "old", [small.BARBECUE, small.STALLS, small.LIFT]))
    new = load(small.write(tmp_path / "new", [small.BARBECUE, {**small.STALLS, "unit": "district"}, small.POOL]))
    changes = [(one.kind, one.code, one.what, tuple(one.fields)) for one in diff(old, new)]
    assert ("templates", "CG01-002", "changed", ("unit",)) in changes
    assert ("templates", "WY02-001", "added", ()) in changes
    assert ("templates", "WY01-001", "removed", ()) in changes
    assert not any(code == "CG01-001" for _, code, _, _ in changes)
    assert lost_codes(old, new) == ["WY01", "WY01-001"]


def test_a_code_that_is_listed_as_retired_is_not_lost(tmp_path: Path) -> None:
    old = load(small.write(tmp_path / "old", [small.BARBECUE, small.STALLS, small.LIFT]))
    folder = small.write(tmp_path / "new", [small.BARBECUE, small.LIFT])
    (folder / "retired.yaml").write_text("- {code: CG01-002, since: 1.1.0, by: [CG01-001]}\n", encoding="utf-8")
    assert lost_codes(old, load(folder)) == []


BROKEN_OVERLAYS = {
    "a misspelt file": ("unit.yaml", b"- code: U001\n", r"unit\.yaml: no file of a catalogue has this name"),
    "another ending": ("templates/CGA.yml", b"code: CGA\n", r"templates/CGA\.yml: no file of a catalogue"),
    "rules nobody reads": ("rules/rankings.yaml", b"a: 1\n", r"rules/rankings\.yaml: no file of a catalogue"),
    "a key that stands twice": (
        "units.yaml",
        "- code: U001\n  aliases: [城管]\n  aliases: [城管局]\n".encode(),
        r"units\.yaml:3: the key `aliases` stands here again, first in line 2",
    ),
    "a code that YAML takes for a number": (
        "units.yaml",
        b"- name: a\n  code: 0123\n",
        r"units\.yaml:2: 0123 begins with 0.*write 123, or '0123' in quotes",
    ),
    "a control character": ("units.yaml", b"- code: U001\n  name: a\x07b\n", r"units\.yaml:2: .*#x0007.*delete it"),
    "words of Windows": ("lexicon.txt", "烧烤\n".encode("gbk"), r"lexicon\.txt: is not UTF-8 .*save it as UTF-8"),
    "a count that is none": (
        "lexicon.txt",
        "占道\n烧烤 often\n".encode(),
        r"lexicon\.txt:2: 烧烤: 'often' is no count",
    ),
    "entries without codes": (
        "units.yaml",
        "- 城管局\n".encode(),
        r"units\.yaml:1: must be a list of entries",
    ),
    "nothing to remove": ("remove.yaml", b"-\n", r"remove\.yaml:1: must be a list of codes"),
    "guides of what is no code": (
        "guides/WY.yaml",
        "- {code: WY01-G001, question: 问, answer: 答, source: 法, owner: 局, templates: [[]]}\n".encode(),
        r"guides/WY\.yaml:1: WY01-G001: .*templates",
    ),
    "a template mistaken for words": (
        "templates/CGA.yaml",
        "matters:\n- code: CG01\n  templates:\n  - {code: CG01-001, confused_with: 烧烤}\n".encode(),
        r"CGA\.yaml:4: CG01-001: .*confused_with",
    ),
    "a code that is none": ("units.yaml", b"- code: [U001]\n", r"units\.yaml:1: must be a list of entries, each with"),
    "matters that are none": ("templates/CGA.yaml", b"code: CGA\nmatters: CG01\n", r"CGA\.yaml: .*matters"),
    "templates by code alone": (
        "templates/CGA.yaml",
        b"matters:\n- code: CG01\n  templates: [CG01-001]\n",
        r"CGA\.yaml:2: CG01: matters\.0\.templates\.0",
    ),
    "an empty group": ("templates/CGA.yaml", b"", r"CGA\.yaml:1: must be a mapping"),
    "a key the format does not know": (
        "units.yaml",
        "- code: U001\n  aliases: [城管]\n- code: U001\n  nmae: 城管局\n".encode(),
        r"units\.yaml:1: U001: .*nmae",
    ),
}


@pytest.mark.parametrize("wrong", BROKEN_OVERLAYS)
def test_what_is_wrong_in_an_overlay_is_told_with_its_place_in_the_overlay(wrong: str, tmp_path: Path) -> None:
    file, content, told = BROKEN_OVERLAYS[wrong]
    own = tmp_path / "own"
    (own / file).parent.mkdir(parents=True)
    (own / file).write_bytes(content)
    with pytest.raises(CatalogueError, match=told) as refused:
        compose(small.write(tmp_path / "c"), own, tmp_path / "out")
    assert str(own) in str(refused.value)


def test_a_folder_where_a_file_should_be_is_told(tmp_path: Path) -> None:
    base = small.write(tmp_path / "c")
    (base / "units.yaml").unlink()
    (base / "units.yaml").mkdir()
    with pytest.raises(CatalogueError, match=r"units\.yaml: cannot be read: Is a directory"):
        load(base)


def test_words_saved_by_an_editor_of_windows_are_read_whole(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "lexicon.txt").write_bytes("夜市\r\n烧烤档 12\r\n".encode("utf-8-sig"))
    compose(small.write(tmp_path / "c"), own, tmp_path / "out")
    assert read_lexicon(tmp_path / "out").items() >= {("夜市", 0), ("烧烤档", 12)}
