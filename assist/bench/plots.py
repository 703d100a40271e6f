"""Plots as inline SVG: data in, a string out. Colours are CSS variables: a page may be light, dark or printed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 560, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 14, 44
_COLOURS = 4  # CSS variables --c0 … of the page
_DASHES = ("", "7 3", "2 3", "9 3 2 3")  # so that lines can be told apart without colour


@dataclass(frozen=True, slots=True)
class Series:
    """A line: ``points`` are (x, y); ``marks`` draws each point."""

    name: str
    points: Sequence[tuple[float, float]]
    marks: bool = False


def line_plot(series: Sequence[Series], x: str, y: str, *, goal: float | None = None, from_zero: bool = True) -> str:
    """Lines over axes titled ``x`` and ``y``; ``goal`` is a dashed level. ``from_zero``: y begins at 0."""
    points = [point for one in series for point in one.points]
    if not points:
        return ""
    xs, ys = [point[0] for point in points], [point[1] for point in points] + ([] if goal is None else [goal])
    columns = _ticks(min(0.0, *xs) if min(xs) < max(xs) / 2 else min(xs), max(xs))
    rows = _ticks(min(0.0, *ys) if from_zero else min(ys), max(ys))

    def place(point: tuple[float, float]) -> tuple[float, float]:
        width, height = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _TOP - _BOTTOM
        across = (point[0] - columns[0]) / (columns[-1] - columns[0])
        up = (point[1] - rows[0]) / (rows[-1] - rows[0])
        return _LEFT + width * across, _TOP + height * (1 - up)

    parts = []
    for value in columns:
        left, _ = place((value, rows[0]))
        parts.append(f'<path class="grid" d="M{left:.1f} {_TOP}V{_HEIGHT - _BOTTOM}"/>')
        parts.append(f'<text x="{left:.1f}" y="{_HEIGHT - _BOTTOM + 16}" text-anchor="middle">{_number(value)}</text>')
    for value in rows:
        _, top = place((columns[0], value))
        parts.append(f'<path class="grid" d="M{_LEFT} {top:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{top + 4:.1f}" text-anchor="end">{_number(value)}</text>')
    if goal is not None:
        _, top = place((columns[0], goal))
        parts.append(f'<path class="goal" d="M{_LEFT} {top:.1f}H{_WIDTH - _RIGHT}"/>')
    for number, one in enumerate(series):
        colour = f"var(--c{number % _COLOURS})"
        placed = [place(point) for point in one.points]
        path = "M" + "L".join(f"{left:.1f} {top:.1f}" for left, top in placed)
        dashes = _DASHES[number % len(_DASHES)]
        parts.append(f'<path class="line" stroke="{colour}" stroke-dasharray="{dashes or "none"}" d="{path}"/>')
        if one.marks:
            parts += [f'<circle cx="{left:.1f}" cy="{top:.1f}" r="3.5" fill="{colour}"/>' for left, top in placed]
    middle = (_TOP + _HEIGHT - _BOTTOM) / 2
    parts.append(f'<text x="{(_LEFT + _WIDTH) / 2}" y="{_HEIGHT - 8}" text-anchor="middle">{escape(x)}</text>')
    parts.append(
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">{escape(y)}</text>'
    )
    return f"<figure>{_svg(parts, _HEIGHT, f'{y} / {x}')}{_legend(one.name for one in series)}</figure>"


def ecdf_plot(distributions: Sequence[tuple[str, Sequence[float]]], x: str, y: str) -> str:
    """The share of values up to each value; each distribution is given by evenly spaced quantiles, smallest first."""
    series = [
        Series(name, [(value, place / (len(values) - 1)) for place, value in enumerate(values)])
        for name, values in distributions
        if len(values) > 1
    ]
    return line_plot(series, x, y)


def bar_plot(bars: Sequence[tuple[str, float]], unit: str) -> str:
    """Horizontal bars from 0, each with its name above and its value behind."""
    if not bars:
        return ""
    most = max(value for _, value in bars) or 1.0
    parts = []
    for number, (name, value) in enumerate(bars):
        top, width = 8 + 42 * number, (_WIDTH - 110) * value / most
        parts.append(f'<text x="0" y="{top + 9}">{escape(name)}</text>')
        parts.append(f'<rect x="0" y="{top + 15}" width="{width:.1f}" height="14" fill="var(--c{min(number, 1)})"/>')
        parts.append(f'<text x="{width + 6:.1f}" y="{top + 27}">{value:.3g} {escape(unit)}</text>')
    return f"<figure>{_svg(parts, 8 + 42 * len(bars), unit)}</figure>"


def _svg(parts: Iterable[str], height: int, title: str) -> str:
    return f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'


def _legend(names: Iterable[str]) -> str:
    keys = (
        f'<span><svg viewBox="0 0 28 8" class="key"><path class="line" stroke="var(--c{number % _COLOURS})" '
        f'stroke-dasharray="{_DASHES[number % len(_DASHES)] or "none"}" d="M0 4H28"/></svg> {escape(name)}</span>'
        for number, name in enumerate(names)
    )
    return f"<figcaption>{''.join(keys)}</figcaption>"


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from at most ``low`` to at least ``high``, about five steps apart."""
    if high <= low:
        high = low + 1.0
    raw = (high - low) / 5
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [step * number for number in range(first, last + 1)]


def _number(value: float) -> str:
    return f"{round(value, 6):g}"
