"""The page of `assist bench understanding --html`: a `Report` in, one HTML page out, with every mistake to be read.

Each mistake shows what the gold ticket has, what was filled, and the turn it was taken from with the words marked. The
page holds what was said in the calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from assist.bench.bootstrap import Figure
from assist.bench.html_parts import both, document, section, table
from assist.bench.tickets import WRONG, Mistake, Scored
from assist.bench.understanding import Report
from extractors.turn import Speaker, Turn

_TITLES = {
    "slot_f1": "要素 F1",
    "slot_precision": "要素准确率",
    "slot_recall": "要素召回率",
    "keystrokes_saved": "省去的录入",
    "false_fill": "误填率",
    "phone_exact": "电话完全正确",
    "district": "行政区",
    "street": "镇街",
    "address_exact": "地址逐字正确",
    "request_type": "诉求类型",
    "domain": "业务领域",
    "department": "承办单位",
    "template_at_1": "模板首位正确",
    "template_at_5": "模板前五命中",
    "template_at_1_by_domain_and_type": "模板首位领域和类型正确",
    "template_at_5_by_domain_and_type": "模板前五领域和类型命中",
    "suggestion_coverage": "建议单位覆盖率",
    "suggestion_error": "建议单位差错率",
    "dispatch_coverage": "经认证的派单覆盖率",
    "dispatch_error": "经认证的派单差错率",
    "divert_alert": "应转接已提示",
    "no_false_divert_alert": "无误转接提示",
    "other_matter": "另一事项",
    "no_false_other_matter": "无误拆事项",
}
_KINDS = {"wrong": ("有误", "wrong"), "missed": ("漏填", "missed"), "needless": ("多填", "needless")}
_SPEAKERS = {Speaker.AGENT: "坐席", Speaker.CITIZEN: "市民"}
_COMMON = 12  # measures with the most mistakes that are listed at the top


def page(report: Report, about: str) -> str:
    """The report as HTML; ``about`` says what was measured with what."""
    texts = [("原文", "true text", report.text)]
    if report.asr is not None:
        texts.append(("识别文本", "recognised", report.asr))
    body = [
        "<h1>理解测量报告 <small>Understanding report</small></h1>",
        f'<p class="soft">{escape(about)}</p>',
        '<p class="soft">方括号内为 95 % 置信区间（按通话自助抽样）。本页含通话内容，请与录音同样保管。 '
        "In brackets: 95 % interval, bootstrap over calls. This page holds what was said: keep it as you keep the "
        "calls.</p>",
        section("总表", "All measures", _measures(report)),
        section("各要素", "By slot", _slots(report)),
        section("按置信度", "By confidence", _by_confidence(report)),
    ]
    if report.versus:
        body.append(section("对照", "Beside baselines", _versus(report)))
    for chinese, english, tally in texts:
        heading = f"差错：{chinese}（{len(tally.mistakes)}）"
        body.append(section(heading, f"Mistakes on {english}", _counts(tally.mistakes), *_calls(tally.calls)))
    return document("理解测量报告 Understanding report", body)


def _measures(report: Report) -> str:
    asr = report.asr.figures() if report.asr else {}
    rows = [
        (both(_TITLES.get(name, name), name), one.cases, one, asr.get(name, Figure(None)))
        for name, one in report.text.figures().items()
    ]
    return table((("指标", "measure"), ("例数", "cases"), ("原文", "true text"), ("识别文本", "recognised")), rows, 1)


def _slots(report: Report) -> str:
    rows = []
    for slot in report.text.slot_names:
        ours = report.text.slot(slot)
        other = report.asr.slot(slot) if report.asr else {}
        cells = [ours[name] for name in ("precision", "recall", "f1")]
        rows.append((escape(slot), ours["recall"].cases, *cells, other.get("f1", Figure(None))))
    columns = (
        ("要素", "slot"),
        ("标准", "gold"),
        ("准确率", "precision"),
        ("召回率", "recall"),
        ("F1", ""),
        ("识别文本 F1", "recognised"),
    )
    return table(columns, rows, 1)


def _by_confidence(report: Report) -> str:
    rows = [(f"≥ {least:g}", *cells) for least, cells in report.by_confidence()]
    columns = (
        ("置信度", "confidence"),
        ("原文：占已填", "true text: share of the values shown"),
        ("填错", "wrong"),
        ("只填这些的 F1", "F1 if no others were shown"),
        ("识别文本：占已填", "recognised: share"),
        ("填错", "wrong"),
        ("F1", ""),
    )
    return table(columns, rows)


def _versus(report: Report) -> str:
    rows = [tuple(map(escape, row[:2])) + row[2:] for row in report.beside()]
    columns = (
        ("方法", "baseline"),
        ("指标", "measure"),
        ("原文：对照", "true text: baseline"),
        ("本系统", "ours"),
        ("识别文本：对照", "recognised: baseline"),
        ("本系统", "ours"),
    )
    return table(columns, rows, 2)


def _counts(mistakes: Iterable[Mistake]) -> str:
    counts = Counter((mistake.what, mistake.kind) for mistake in mistakes)
    whats = Counter(what for what, _ in counts.elements())
    rows = [
        (both(_TITLES.get(what, what), what if what in _TITLES else ""), *(counts[what, kind] for kind in WRONG))
        for what, _ in whats.most_common(_COMMON)
    ]
    return table((("项目", "what"), *(_KINDS[kind] for kind in WRONG)), rows, 1)


def _calls(calls: Sequence[Scored]) -> Iterable[str]:
    for call in calls:
        if call.mistakes:
            entries = "".join(_mistake(mistake, call.turns) for mistake in call.mistakes)
            yield (
                f"<h3>{escape(call.call)}</h3><ul>{entries}</ul>"
                f"<details><summary>{both('全部通话', 'the whole call')}</summary>"
                f"{''.join(_said(turn, ()) for turn in call.turns)}</details>"
            )


def _mistake(mistake: Mistake, turns: Sequence[Turn]) -> str:
    chinese, english = _KINDS[mistake.kind]
    what = _TITLES.get(mistake.what, mistake.what)
    shown = f"<b>{escape(what)}</b> <span class='bad'>{both(chinese, english)}</span>"
    if mistake.gold:
        shown += f" {both('应为', 'gold')} <q>{escape(mistake.gold)}</q>"
    if mistake.got:
        shown += f" {both('填为', 'filled')} <q>{escape(mistake.got)}</q>"
    by_turn: dict[int, list[tuple[int, int]]] = {}
    for evidence in mistake.evidence:
        by_turn.setdefault(evidence.turn, []).append((evidence.start, evidence.end))
    said = "".join(_said(turn, by_turn[turn.id]) for turn in turns if turn.id in by_turn)
    return f"<li>{shown}{said}</li>"


def _said(turn: Turn, spans: Iterable[tuple[int, int]]) -> str:
    """A turn with ``spans`` of its text marked."""
    parts, done = [], 0
    for start, end in sorted(spans):
        if start >= done:
            parts += [escape(turn.text[done:start]), f"<mark>{escape(turn.text[start:end])}</mark>"]
            done = end
    parts.append(escape(turn.text[done:]))
    return f'<p class="said"><small>{turn.id} {_SPEAKERS[turn.speaker]}</small> {"".join(parts)}</p>'
