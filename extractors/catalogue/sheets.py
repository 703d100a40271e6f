"""The sheets that a catalogue is written to: for each kind of entry its columns, with Chinese headings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Cells: TypeAlias = Literal["text", "list", "pairs", "flag"]

COLON = "："
"""Divides the two parts of a pair."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the ``key`` of an entry, its ``heading``, how its cells are read, and what helps to fill them.

    ``pairs`` are written one a line, the two parts divided by `COLON`; ``parts`` names them, or is None for a mapping.
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

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of its columns."""
        return tuple(column.heading for column in self.columns)

    @property
    def key_heading(self) -> str:
        """The heading of the column that tells entries apart."""
        return next(column.heading for column in self.columns if column.key == self.key)


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
            Column("asks", "追问话术", "pairs", note=f"每行“字段{COLON}问题”"),
            Column("record", "记录模板", required=True, note="占位符写作 {字段}"),
            Column("unit", "处理单位", required=True, note="“处理单位”表中的简称，或 district（属地区政府）"),
            Column("unit_alternatives", "也可由", "list", note=_LINES),
            Column("unit_exceptions", "例外单位", "pairs", parts=("case", "unit"), note=f"每行“情形{COLON}单位”"),
            Column("urgency", "紧急程度", choices=("normal", "urgent", "emergency")),
            Column("divert", "立即转接", choices=("110", "119", "120")),
            Column("time_class", "办理时限", choices=("now", "1d", "3d", "5d", "10d", "15d")),
            Column("confused_with", "易混模板", "pairs", parts=("code", "apart"), note=f"每行“编码{COLON}区别”"),
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
BY_KIND = {sheet.kind: sheet for sheet in SHEETS}
