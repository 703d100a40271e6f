"""A catalogue as tables that office people fill in: sheets with Chinese headings out, and back in.

In: a `Catalogue`, or tables somebody has edited. Out: tables, or the entries that `extractors.catalogue_write` makes a
catalogue directory of. Several values of one cell stand one below the other. What cannot be read is told by sheet, row
and column, in Chinese, all of it at once. Files of tables: `extractors.catalogue_office`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from extractors.catalogue import Catalogue

Cells: TypeAlias = Literal["text", "list", "pairs", "flag"]
Entry: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the ``key`` of an entry, its ``heading``, how its cells are read, and what helps to fill them.

    ``pairs`` are written one a line, the two parts divided by a full-width colon; ``parts`` names them, or is None for
    a mapping. A cell that may be empty stands in for ``default``.
    """

    key: str
    heading: str
    cells: Cells = "text"
    required: bool = False
    parts: tuple[str, str] | None = None
    note: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of entry: its name as people see it and its columns; the one called ``key`` tells entries apart."""

    kind: str
    name: str
    columns: tuple[Column, ...]
    key: str = "code"


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as it stands in a file: the headings of its first row, and the rows below as texts."""

    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong at a place of a table. ``row`` counts as spreadsheets do, headings first; 0: the whole sheet."""

    sheet: str
    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"工作表“{self.sheet}”"
        if self.row:
            place += f"第 {self.row} 行"
        return f"{place}{f'“{self.column}”列' if self.column else ''}：{self.message}"


class TablesError(Exception):
    """Tables that cannot be read; ``errors`` holds every place."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))


@dataclass(slots=True)
class Entries:
    """What tables hold: entries by kind, and for each kind and key the row it stands in."""

    by_kind: dict[str, list[Entry]] = field(default_factory=dict)
    rows: dict[tuple[str, str], int] = field(default_factory=dict)


_COLON = "："
_YES, _NO = "是", "否"
_TYPES = ("咨询", "求助", "投诉", "举报", "建议", "表扬")
_LINES = "每行一条"

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "head",
        "目录",
        (
            Column("name", "名称", required=True),
            Column("version", "版本", required=True, note="如 1.0.0；每次改动后升高"),
            Column("city", "城市", required=True),
            Column("name_en", "英文名称"),
            Column("note", "说明"),
        ),
        key="name",
    ),
    Sheet(
        "domains",
        "领域",
        (
            Column("code", "领域编码", required=True, note="两个大写字母"),
            Column("name", "领域名称", required=True),
            Column("keywords", "关键词", "list", note=_LINES),
        ),
    ),
    Sheet(
        "matters",
        "事项",
        (
            Column("code", "事项编码", required=True, note="领域编码加两位数字，如 CG01"),
            Column("name", "事项名称", required=True),
            Column("group", "分组编码", required=True, note="领域编码加一个大写字母，如 CGA"),
            Column("group_name", "分组名称", required=True),
            Column("domain", "领域编码", required=True),
        ),
    ),
    Sheet(
        "templates",
        "模板",
        (
            Column("code", "模板编码", required=True, note="事项编码、横线、三位数字，如 CG01-001；停用后不再使用"),
            Column("title", "标题", required=True, note="一个具体情形，6–24 字"),
            Column("request_type", "诉求类型", required=True, choices=_TYPES),
            Column("when", "适用情形", required=True, note="10–80 字"),
            Column("phrasings", "来电人说法", "list", required=True, note=f"至少两条，{_LINES}"),
            Column("keywords", "关键词", "list", note=_LINES),
            Column("required", "必填字段", "list", note="“字段”表中的名称，" + _LINES),
            Column("optional", "选填字段", "list", note="“字段”表中的名称，" + _LINES),
            Column("asks", "追问话术", "pairs", note=f"每行“字段{_COLON}问题”"),
            Column("record", "记录模板", required=True, note="占位符写作 {字段}"),
            Column("unit", "处理单位", required=True, note="“处理单位”表中的简称，或 district（属地区政府）"),
            Column("unit_alternatives", "也可由", "list", note=_LINES),
            Column("unit_exceptions", "例外单位", "pairs", parts=("case", "unit"), note=f"每行“情形{_COLON}单位”"),
            Column("urgency", "紧急程度", choices=("normal", "urgent", "emergency")),
            Column("divert", "立即转接", choices=("110", "119", "120")),
            Column("time_class", "办理时限", choices=("now", "1d", "3d", "5d", "10d", "15d")),
            Column("confused_with", "易混模板", "pairs", parts=("code", "apart"), note=f"每行“编码{_COLON}区别”"),
        ),
    ),
    Sheet(
        "units",
        "处理单位",
        (
            Column("code", "单位编码", required=True),
            Column("name", "简称", required=True),
            Column("full_name", "全称", required=True),
            Column("kind", "类别", required=True, choices=("department", "district", "public", "other")),
            Column("aliases", "别称", "list", note=_LINES),
            Column("handles", "职责"),
            Column("district", "所辖行政区"),
            Column("parent", "上级单位"),
        ),
    ),
    Sheet(
        "slots",
        "字段",
        (
            Column("name", "字段", required=True, note="英文小写，如 address"),
            Column("label", "中文名", required=True),
            Column("label_en", "英文名", required=True),
            Column(
                "kind",
                "类型",
                required=True,
                choices=(
                    "text",
                    "phone",
                    "id",
                    "plate",
                    "money",
                    "time",
                    "duration",
                    "count",
                    "code",
                    "flag",
                    "name",
                    "place",
                ),
            ),
            Column("ask", "默认问法", required=True),
            Column("personal", "个人信息", "flag", required=True),
            Column("common", "通用", "flag", note="否：只有列出它的模板才有"),
        ),
        key="name",
    ),
    Sheet(
        "guides",
        "标准问答",
        (
            Column("code", "问答编码", required=True, note="事项编码、横线、G 加三位数字"),
            Column("question", "问题", required=True),
            Column("answer", "答复", required=True),
            Column("steps", "步骤", "list", note=_LINES),
            Column("templates", "适用模板", "list", note=_LINES + "；空：本事项的全部模板"),
            Column("source", "依据", required=True),
            Column("owner", "责任单位", required=True),
            Column("valid_until", "有效期至", required=True, note="如 2027-12-31"),
        ),
    ),
    Sheet(
        "nodes",
        "思维导图",
        (
            Column("code", "节点编码", required=True, note="事项编码、横线、N 加三位数字"),
            Column("says", "内容", required=True),
            Column("kind", "类型", required=True, choices=("question", "answer", "action")),
            Column("next", "后续节点", "list", note=_LINES),
            Column("template", "模板编码"),
        ),
    ),
    Sheet(
        "retired",
        "停用编码",
        (
            Column("code", "编码", required=True),
            Column("since", "停用版本", required=True),
            Column("by", "替代编码", "list", note=_LINES),
        ),
    ),
)
BY_NAME = {sheet.name: sheet for sheet in SHEETS}
_NEEDED = ("head", "domains", "matters", "templates", "units", "slots")


def tables(catalogue: Catalogue) -> list[Table]:
    """``catalogue`` as tables, every template with all its values."""
    entries = entries_of(catalogue)
    return [
        Table(
            sheet.name,
            tuple(column.heading for column in sheet.columns),
            tuple(
                tuple(_written(column, entry.get(column.key)) for column in sheet.columns)
                for entry in entries[sheet.kind]
            ),
        )
        for sheet in SHEETS
    ]


def blank() -> list[Table]:
    """The tables without a row, to be filled in."""
    return [Table(sheet.name, tuple(column.heading for column in sheet.columns), ()) for sheet in SHEETS]


def entries_of(catalogue: Catalogue) -> dict[str, list[Entry]]:
    """A catalogue's entries by kind, as its files would hold them, nothing shared."""

    def plain(one: Any, sheet: Sheet) -> Entry:
        return {column.key: getattr(one, column.key, None) for column in sheet.columns}

    sheets = {sheet.kind: sheet for sheet in SHEETS}
    matters = [
        {
            "code": matter.code,
            "name": matter.name,
            "group": matter.group,
            "group_name": catalogue.groups[matter.group].name,
            "domain": matter.domain,
        }
        for matter in catalogue.matters
    ]
    templates = []
    for matter in catalogue.matters:
        for template in matter.templates:
            entry = plain(template, sheets["templates"])
            entry["unit_exceptions"] = [{"case": one.case, "unit": one.unit} for one in template.unit_exceptions]
            entry["confused_with"] = [{"code": one.code, "apart": one.apart} for one in template.confused_with]
            templates.append(entry)
    return {
        "head": [plain(catalogue, sheets["head"])],
        "domains": [plain(one, sheets["domains"]) for one in catalogue.domains.values()],
        "matters": matters,
        "templates": templates,
        "units": [plain(one, sheets["units"]) for one in catalogue.units.values()],
        "slots": [plain(one, sheets["slots"]) for one in catalogue.slots.values()],
        "guides": [plain(one, sheets["guides"]) for one in catalogue.guides],
        "nodes": [plain(one, sheets["nodes"]) for one in catalogue.nodes],
        "retired": [{"code": code, "since": since, "by": by} for code, (since, by) in catalogue.retired.items()],
    }


def read(given: Sequence[Table], *, partial: bool = False) -> Entries:
    """The entries of tables. ``partial``: sheets may be missing, and cells that are empty say nothing.

    Raises `TablesError`.
    """
    errors: list[CellError] = []
    found = Entries()
    for table in given:
        sheet = BY_NAME.get(table.sheet)
        if sheet is not None:
            found.by_kind.setdefault(sheet.kind, []).extend(_entries(sheet, table, found.rows, errors, partial=partial))
    if not partial:
        for sheet in SHEETS:
            if sheet.kind in _NEEDED and not found.by_kind.get(sheet.kind):
                errors.append(CellError(sheet.name, 0, "", "缺少此表或表中没有内容；请用“模板工作簿”补上"))
    if not partial and not errors:
        errors += _loose_ends(found)
    if errors:
        raise TablesError(errors)
    return found


def _entries(
    sheet: Sheet, table: Table, rows: dict[tuple[str, str], int], errors: list[CellError], *, partial: bool
) -> Iterator[Entry]:
    columns = {column.heading: column for column in sheet.columns}
    for heading in table.header:
        if heading and heading not in columns:
            errors.append(CellError(sheet.name, 1, heading, f"没有这一列；可用的列：{'、'.join(columns)}"))
    missing = [
        heading
        for heading, column in columns.items()
        if heading not in table.header and (column.required and (not partial or column.key == sheet.key))
    ]
    errors.extend(CellError(sheet.name, 1, heading, "缺少这一列") for heading in missing)
    if missing:
        return
    for number, cells in enumerate(table.rows, start=2):
        entry: Entry = {}
        if not any(cell.strip() for cell in cells):
            continue
        for heading, cell in zip(table.header, cells, strict=False):
            column = columns.get(heading)
            if column is None:
                continue
            try:
                value = _value(column, cell.strip())
            except ValueError as error:
                errors.append(CellError(sheet.name, number, heading, str(error)))
                continue
            if value is not None:
                entry[column.key] = value
            elif column.required and (not partial or column.key == sheet.key):
                errors.append(CellError(sheet.name, number, heading, "不能为空"))
        key = str(entry.get(sheet.key, ""))
        if (sheet.kind, key) in rows and key:
            first = rows[sheet.kind, key]
            errors.append(CellError(sheet.name, number, _heading(sheet), f"“{key}”与第 {first} 行重复"))
        rows.setdefault((sheet.kind, key), number)
        yield entry


def _loose_ends(found: Entries) -> Iterable[CellError]:
    """References to what no table holds."""
    units = {entry["name"] for entry in found.by_kind["units"]} | {"district"}
    slots = {entry["name"] for entry in found.by_kind["slots"]}
    matters = {entry["code"] for entry in found.by_kind["matters"]}
    domains = {entry["code"] for entry in found.by_kind["domains"]}
    codes = {entry["code"] for entry in found.by_kind["templates"]}

    def told(kind: str, entry: Entry, heading: str, message: str) -> CellError:
        sheet = next(sheet for sheet in SHEETS if sheet.kind == kind)
        return CellError(sheet.name, found.rows[kind, entry[sheet.key]], heading, message)

    for entry in found.by_kind["matters"]:
        if entry["domain"] not in domains:
            yield told("matters", entry, "领域编码", f"领域“{entry['domain']}”不在“领域”表中")
    for entry in found.by_kind["templates"]:
        if entry["code"].partition("-")[0] not in matters:
            yield told("templates", entry, "模板编码", f"事项“{entry['code'].partition('-')[0]}”不在“事项”表中")
        for heading, names in (
            ("处理单位", [entry["unit"]]),
            ("也可由", entry.get("unit_alternatives", ())),
            ("例外单位", [one["unit"] for one in entry.get("unit_exceptions", ())]),
        ):
            for name in names:
                if name not in units:
                    yield told("templates", entry, heading, f"单位“{name}”不在“处理单位”表中；请改为表中的简称")
        for heading, key in (("必填字段", "required"), ("选填字段", "optional"), ("追问话术", "asks")):
            for name in entry.get(key, ()):
                if name not in slots:
                    yield told("templates", entry, heading, f"字段“{name}”不在“字段”表中")
        for other in entry.get("confused_with", ()):
            if other["code"] not in codes:
                yield told("templates", entry, "易混模板", f"没有编码为“{other['code']}”的模板")


def _heading(sheet: Sheet) -> str:
    return next(column.heading for column in sheet.columns if column.key == sheet.key)


def _written(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.cells == "flag":
        return _YES if value else _NO
    if column.cells == "list":
        return "\n".join(map(str, value))
    if column.cells == "pairs":
        pairs = value.items() if isinstance(value, Mapping) else [tuple(one.values()) for one in value]
        return "\n".join(f"{one}{_COLON}{other}" for one, other in pairs)
    return str(value)


def _value(column: Column, cell: str) -> Any:
    """What a cell says; None when it is empty. Raises ``ValueError`` that says what is wrong with it."""
    if not cell:
        return None
    read_cell: dict[Cells, Callable[[], Any]] = {
        "text": lambda: _text(column, cell),
        "flag": lambda: _flag(cell),
        "list": lambda: [line.strip() for line in cell.splitlines() if line.strip()],
        "pairs": lambda: _pairs(column, cell),
    }
    return read_cell[column.cells]()


def _text(column: Column, cell: str) -> str:
    if column.choices and cell not in column.choices:
        raise ValueError(f"“{cell}”不可用；可填：{'、'.join(column.choices)}")
    if "\n" in cell:
        raise ValueError("只能写一行")
    return cell


def _flag(cell: str) -> bool:
    if cell not in (_YES, _NO):
        raise ValueError(f"“{cell}”不可用；可填：{_YES}、{_NO}")
    return cell == _YES


def _pairs(column: Column, cell: str) -> Any:
    pairs = []
    for line in filter(None, map(str.strip, cell.splitlines())):
        one, colon, other = line.partition(_COLON) if _COLON in line else line.partition(":")
        if not colon or not one.strip() or not other.strip():
            raise ValueError(f"“{line[:20]}”应写成“{column.note.partition('“')[2].rstrip('”')}”")
        pairs.append((one.strip(), other.strip()))
    if column.parts is None:
        return dict(pairs)
    return [dict(zip(column.parts, pair, strict=True)) for pair in pairs]
