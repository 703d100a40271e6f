"""The parts of HTML reports: one look for all of them.

A page needs nothing but itself (no script, no font, no address), reads in light and dark and on paper, and says
everything in Chinese and then English.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

_STYLE = """
:root{color-scheme:light dark;--bg:#fff;--fg:#1d2129;--soft:#5f6772;--rule:#d5d9df;--bad:#b3261e;--quote:#eef1f5;
--c0:#1858b8;--c1:#b4540a;--c2:#16774c;--c3:#7a3fa8}
@media (prefers-color-scheme:dark){:root{--bg:#15181d;--fg:#e7eaee;--soft:#a2abb6;--rule:#3a414b;--bad:#ff8a80;
--quote:#262c35;
--c0:#7db1ff;--c1:#ffb26b;--c2:#6fd6a4;--c3:#cf9bf5}}
@media print{:root{color-scheme:light;--bg:#fff;--fg:#000;--soft:#444;--rule:#bbb;--c0:#1858b8;--c1:#b4540a;
--c2:#16774c;--c3:#7a3fa8}section{break-inside:avoid}}
body{background:var(--bg);color:var(--fg);font:15px/1.55 "Noto Sans CJK SC","PingFang SC","Microsoft YaHei",system-ui,
sans-serif;max-width:62rem;margin:2rem auto;padding:0 1.2rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid var(--rule)}
small,.soft{color:var(--soft)}table{border-collapse:collapse;margin:.8rem 0;font-variant-numeric:tabular-nums}
th,td{border-bottom:1px solid var(--rule);padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top}
td.n,th.n{text-align:right}.bad{color:var(--bad);font-weight:600}.wide{overflow-x:auto}
code{overflow-wrap:anywhere}figure{margin:1rem 0;max-width:40rem}svg{width:100%;height:auto;font-size:12px}
svg text{fill:var(--fg)}.grid{stroke:var(--rule);fill:none}.line{fill:none;stroke-width:2}
.goal{stroke:var(--bad);stroke-dasharray:5 4;fill:none;stroke-width:1.5}.key{width:28px;height:8px}
figcaption span{margin-right:1.2rem}
mark{background:#ffe08a;color:#1d2129;padding:0 .1em}.said{margin:.2rem 0 .2rem 1rem}li{margin:.6rem 0}
q{quotes:none;background:var(--quote);padding:0 .3em;border-radius:3px}
"""


def document(title: str, body: Iterable[str]) -> str:
    """A whole page; ``body`` is HTML."""
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8"/>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"/>'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>\n"
        f"<body>{''.join(body)}</body></html>\n"
    )


def section(chinese: str, english: str, *parts: str) -> str:
    """A headed section; ``parts`` are HTML."""
    return f"<section><h2>{escape(chinese)} <small>{escape(english)}</small></h2>{''.join(parts)}</section>"


def table(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]], raw: int = 0) -> str:
    """Columns are titles (Chinese, English); ``raw``: how many first cells of each row are HTML already."""
    head = "".join(f'<th class="{"n" if place else ""}">{both(zh, en)}</th>' for place, (zh, en) in enumerate(columns))
    lines = []
    for row in rows:
        shown = [value if place < raw else escape(text(value)) for place, value in enumerate(row)]
        cells = (f'<td class="{"n" if place else ""}">{value}</td>' for place, value in enumerate(shown))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"


def both(chinese: str, english: str) -> str:
    """A title in both languages, as HTML."""
    return f"{escape(chinese)} <small>{escape(english)}</small>" if english else escape(chinese)


def text(value: Any) -> str:
    """A value as it is shown; nothing is a dash."""
    return "–" if value is None else str(value)


def percent(share: float | None) -> str | None:
    """A share from 0 to 1 in per cent."""
    return None if share is None else f"{100 * share:.1f} %"
