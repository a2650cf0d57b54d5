"""Charts as frozen descriptions, drawn as SVG in the page; a table of the same figures stands behind each.

Shapes carry classes, never colours: the stylesheet paints them, so light, high contrast and paper share one drawing.
Values are exact; only positions on the drawing are floats. Bars start at zero, series are labelled directly, and a
break in the map (1 July 2025) is drawn and named. A missing value leaves a gap and a dash in the table.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from functools import singledispatch

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from giaoban.core import numbers
from giaoban.ui.drawing import icon, state
from giaoban.ui.looks import look

Value = int | Decimal | Fraction | float


@dataclass(frozen=True)
class Point:
    """One value of a series; `note` goes to the table ("12/30 trường đã nộp"). An estimate is hollow and says so."""

    label: str
    value: Value | None
    note: str = ""
    estimated: bool = False


@dataclass(frozen=True)
class Break:
    """From `label` on the values stand on another map; `word` names it."""

    label: str
    word: str


@dataclass(frozen=True)
class Trend:
    """One series through time, with the plan beside it."""

    title: str
    points: Sequence[Point]
    plan: Sequence[Point] = ()
    breaks: Sequence[Break] = ()
    unit: str = ""
    places: int = 2
    note: str = ""


@dataclass(frozen=True)
class Bar:
    """One named value; `own` marks the unit the reader looks from, `tone` good or bad against the bound."""

    label: str
    value: Value | None
    href: str = ""
    note: str = ""
    tone: str = ""
    own: bool = False


@dataclass(frozen=True)
class Bars:
    """Named values, ranked, with the bound of the rule drawn through them."""

    title: str
    bars: Sequence[Bar]
    unit: str = ""
    bound: Value | None = None
    bound_label: str = ""
    places: int = 2
    ranked: bool = True
    note: str = ""


@dataclass(frozen=True)
class Matrix:
    """States of rows by columns: who handed in, week by week."""

    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str]]]
    hrefs: dict[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Multiples:
    """The same trend of several units, small, on one scale, to be compared at a glance."""

    title: str
    panels: Sequence[Trend]
    note: str = ""


@dataclass(frozen=True)
class Size:
    """The drawing's own measure, in the pixels of its text."""

    width: int
    height: int
    left: int = 44
    right: int = 24
    top: int = 24
    bottom: int = 40
    name: str = "broad"
    words: bool = True


BROAD = Size(720, 250)
NARROW = Size(340, 230, left=40, right=14, name="narrow")
SMALL = Size(200, 84, left=6, right=6, top=18, bottom=18, name="small", words=False)


@singledispatch
def draw(description: object) -> SafeString:
    """The chart as HTML: figure, drawing, table."""
    raise TypeError(f"not a chart: {type(description).__name__}")


# ---- trend ------------------------------------------------------------------------------------------------------


@draw.register
def _draw_trend(trend: Trend) -> SafeString:
    if all(point.value is None for point in trend.points):
        nothing = format_html('<p class="chart-empty">{}</p>', _("No figure yet for these periods."))
        return _figure(trend.title, trend.unit, trend.note, nothing, _trend_table(trend))
    drawings = mark_safe("".join(_trend_svg(trend, size, _range([trend])) for size in (BROAD, NARROW)))  # noqa: S308
    return _figure(trend.title, trend.unit, trend.note, drawings, _trend_table(trend))


def _range(trends: Iterable[Trend]) -> tuple[float, float, float]:
    """Lowest and highest of a scale, and its step: round numbers around the values.

    From zero, unless all values lie in the upper half; and never so narrow that a hair's breadth looks like a leap.
    """
    values = [
        float(point.value) for trend in trends for point in (*trend.points, *trend.plan) if point.value is not None
    ]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    if 0 <= low <= high / 2 or len(set(values)) < 2:
        low, high = min(low, 0.0), max(high, 0.0)
    step = _step(max(high - low, abs(high) / 10) or 1.0)
    floor, ceiling = math.floor(low / step) * step, math.ceil(high / step) * step
    return floor, max(ceiling, floor + 2 * step), step


def _step(span: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) that cuts the span in three to six."""
    power = 10.0 ** math.floor(math.log10(span / 4))
    return next(power * factor for factor in (1, 2, 5, 10) if span / (power * factor) <= 5)


def _trend_svg(trend: Trend, size: Size, scale: tuple[float, float, float]) -> SafeString:
    low, high, step = scale
    labels = _labels(trend)
    if size.words:
        size = _roomy(size, trend, high)
    inner_width, inner_height = size.width - size.left - size.right, size.height - size.top - size.bottom
    across = {label: size.left + inner_width * (index + 0.5) / len(labels) for index, label in enumerate(labels)}

    def up(value: Value) -> float:
        return size.top + inner_height * (1 - (float(value) - low) / (high - low))

    parts = [*_grid(size, low, high, step, up)] if size.words else []
    parts += [*_feet(size, labels, across)] if size.words else [*_ends(size, labels, across)]
    parts += [_break(size, across, labels, one) for one in trend.breaks if one.label in across]
    parts += _plan(trend, across, up, inner_width / len(labels), size)
    parts += _line(trend, across, up, size)
    return format_html(
        '<svg class="{}" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>',
        size.name,
        size.width,
        size.height,
        _spoken(trend),
        mark_safe("".join(parts)),  # noqa: S308
    )


def _roomy(size: Size, trend: Trend, high: float) -> Size:
    """With room for long numbers at the axis, and above for the name of a break over the highest value's own."""
    longest = max(len(_shown(Decimal(round(high)), trend)), 4)
    above = 16 if trend.breaks else 0
    return replace(size, left=max(size.left, 10 + 7 * longest), top=size.top + above, height=size.height + above)


def _labels(trend: Trend) -> list[str]:
    return list(dict.fromkeys([point.label for point in (*trend.points, *trend.plan)])) or [""]


def _grid(size: Size, low: float, high: float, step: float, up) -> Iterable[SafeString]:
    count = round((high - low) / step)
    places = max(0, -math.floor(math.log10(step)))
    for index in range(count + 1):
        value = low + index * step
        height = f"{up(value):.1f}"
        kind = "axis" if index == 0 else "grid"
        yield format_html('<path class="{}" d="M{} {}H{}"/>', kind, size.left, height, size.width - size.right)
        yield format_html(
            '<text x="{}" y="{}" dy=".32em" text-anchor="end">{}</text>',
            size.left - 8,
            height,
            numbers.vi_short(Decimal(str(round(value, places))), places),
        )


def _feet(size: Size, labels: list[str], across: dict[str, float]) -> Iterable[SafeString]:
    """The names of the periods, in two lines where they are long, and fewer of them where they would touch."""
    room = (size.width - size.left - size.right) / len(labels)
    every = max(1, math.ceil(58 / room))
    for index, label in enumerate(labels):
        if (len(labels) - 1 - index) % every:
            continue
        for line, words in enumerate(_wrapped(label, max(8, int(room * every / 6.4)))[:2]):
            yield format_html(
                '<text x="{}" y="{}" text-anchor="middle">{}</text>',
                f"{across[label]:.1f}",
                size.height - size.bottom + 17 + 14 * line,
                words,
            )


def _ends(size: Size, labels: list[str], across: dict[str, float]) -> Iterable[SafeString]:
    yield format_html('<text x="{}" y="{}">{}</text>', size.left, size.height - 3, labels[0])
    if len(labels) > 1:
        yield format_html(
            '<text x="{}" y="{}" text-anchor="end">{}</text>', size.width - size.right, size.height - 3, labels[-1]
        )


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _break(size: Size, across: dict[str, float], labels: list[str], one: Break) -> SafeString:
    """A dotted line between the last period on the old map and the first on the new one."""
    index = labels.index(one.label)
    half = (size.width - size.left - size.right) / len(labels) / 2
    x = f"{across[one.label] - half:.1f}" if index else str(size.left)
    line = format_html('<path class="break" d="M{} {}V{}"/>', x, 16 if size.words else 10, size.height - size.bottom)
    if not size.words:
        return line
    return line + format_html('<text class="break-word" x="{}" y="12" text-anchor="middle">{}</text>', x, one.word)


def _plan(trend: Trend, across: dict[str, float], up, room: float, size: Size) -> list[SafeString]:
    """The plan as a dashed step over each period it stands for, named at its last one."""
    known = [point for point in trend.plan if point.value is not None]
    half = room * 0.42
    drawn = [
        format_html(
            '<path class="plan" d="M{} {}H{}"/>',
            f"{across[point.label] - half:.1f}",
            f"{up(point.value):.1f}",
            f"{across[point.label] + half:.1f}",
        )
        for point in known
    ]
    if known and size.words:
        last = known[-1]
        actual = next((p.value for p in trend.points if p.label == last.label), None)
        below = actual is not None and float(actual) >= float(last.value)
        anchor = "end" if across[last.label] > size.width * 0.7 else "middle"
        x = min(across[last.label] + half, size.width - 2) if anchor == "end" else across[last.label]
        drawn.append(
            format_html(
                '<text x="{}" y="{}" text-anchor="{}">{}</text>',
                f"{x:.1f}",
                f"{up(last.value) + (16 if below else -7):.1f}",
                anchor,
                _("plan %(value)s") % {"value": _shown(last.value, trend)},
            )
        )
    return drawn


def _line(trend: Trend, across: dict[str, float], up, size: Size) -> list[SafeString]:
    runs: list[list[Point]] = [[]]
    for point in trend.points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(point)
    drawn = [
        format_html(
            '<path class="line" d="M{}"/>',
            "L".join(f"{across[point.label]:.1f} {up(point.value):.1f}" for point in run),
        )
        for run in runs
        if len(run) > 1
    ]
    known = [point for point in trend.points if point.value is not None]
    room = (size.width - size.left - size.right) / max(1, len(_labels(trend)))
    for point in known:
        x, y = f"{across[point.label]:.1f}", up(point.value)
        drawn.append(
            format_html(
                '<circle class="dot{}" cx="{}" cy="{}" r="{}"><title>{}: {}</title></circle>',
                " guess" if point.estimated else "",
                x,
                f"{y:.1f}",
                4 if size.words else 3,
                point.label,
                _shown(point.value, trend) + (", " + _("estimate") if point.estimated else ""),
            )
        )
        last = point is known[-1]
        if last or (size.words and (room > 52 or point is known[0])):
            plan = next((p.value for p in trend.plan if p.label == point.label and p.value is not None), None)
            room_below = y + 22 < size.height - size.bottom
            under = plan is not None and float(plan) > float(point.value) and room_below
            drawn.append(
                format_html(
                    '<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>',
                    "strong" if last else "",
                    x,
                    f"{y + (20 if under else -10):.1f}",
                    "middle" if size.words else "end",
                    _shown(point.value, trend),
                )
            )
            if point.estimated and size.words:
                word_y = f"{y + (34 if under else -24):.1f}"
                word = '<text class="guess" x="{}" y="{}" text-anchor="middle">{}</text>'
                drawn.append(format_html(word, x, word_y, _("estimate")))
    return drawn


def _shown(value: Value | None, trend: Trend | Bars) -> str:
    if value is None:
        return numbers.MISSING
    exact = Fraction(str(value)) if isinstance(value, float) else value
    return numbers.vi_short(exact, trend.places) + ("%" if trend.unit == "%" else "")


def _spoken(trend: Trend) -> str:
    """The drawing in a sentence, for those who do not see it: where it starts and where it ends."""
    known = [point for point in trend.points if point.value is not None]
    if not known:
        return _("%(title)s: no figure yet") % {"title": trend.title}
    return _("%(title)s: from %(first)s (%(start)s) to %(last)s (%(end)s)") % {
        "title": trend.title,
        "first": _shown(known[0].value, trend),
        "start": known[0].label,
        "last": _shown(known[-1].value, trend),
        "end": known[-1].label,
    }


def _trend_table(trend: Trend) -> SafeString:
    values = {point.label: point for point in trend.points}
    plans = {point.label: point for point in trend.plan}
    heads = [_("Period"), _("Value")] + ([_("Plan")] if plans else []) + [_("Note")]
    rows = []
    for label in _labels(trend):
        point = values.get(label)
        row = [label, _shown(point.value if point else None, trend)]
        if plans:
            row.append(_shown(plans[label].value if label in plans else None, trend))
        rows.append([*row, point.note if point else ""])
    return _table(heads, rows)


# ---- bars -------------------------------------------------------------------------------------------------------


@draw.register
def _draw_bars(bars: Bars) -> SafeString:
    shown = list(bars.bars)
    if bars.ranked:
        shown.sort(key=lambda bar: (bar.value is None, -float(bar.value or 0)))
    known = [float(bar.value) for bar in shown if bar.value is not None]
    top = max([*known, float(bars.bound or 0), 0.0]) or 1.0
    if bars.unit == "%" and 50 < top <= 100:
        top = 100.0
    rows = format_html_join("", "{}", ((_bar(bar, bars, top),) for bar in shown))
    bound = ""
    if bars.bound is not None:
        bound = format_html(
            '<p class="bound-word"><svg viewBox="0 0 4 14" aria-hidden="true">'
            '<path class="plan" d="M2 0V14"/></svg>{} {}</p>',
            bars.bound_label or _("Plan"),
            _shown(bars.bound, bars),
        )
    table = _table([_("Unit"), _("Value"), _("Note")], [[b.label, _shown(b.value, bars), b.note] for b in shown])
    return _figure(bars.title, bars.unit, bars.note, format_html('{}<ol class="bars">{}</ol>', bound, rows), table)


def _bar(bar: Bar, bars: Bars, top: float) -> SafeString:
    name = format_html('<a href="{}">{}</a>', bar.href, bar.label) if bar.href else bar.label
    marks = mark_safe('<rect class="track" width="100" height="10"/>')
    if bar.value is not None:
        width = f"{max(0.0, 100 * float(bar.value) / top):.2f}"
        kind = " ".join(filter(None, [bar.tone, "own" if bar.own else ""]))
        marks += format_html('<rect class="bar {}" width="{}" height="10"/>', kind, width)
    if bars.bound is not None:
        at = f"{100 * float(bars.bound) / top:.2f}"
        marks += format_html('<path class="plan" vector-effect="non-scaling-stroke" d="M{} 0V10"/>', at)
    return format_html(
        '<li{}><span class="bar-name">{}</span>'
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{}</svg>'
        '<span class="bar-value">{}{}</span></li>',
        mark_safe(' class="own"') if bar.own else "",
        name,
        marks,
        _shown(bar.value, bars),
        format_html(" <small>{}</small>", bar.note) if bar.note else "",
    )


# ---- matrix and multiples ---------------------------------------------------------------------------------------


@draw.register
def _draw_matrix(matrix: Matrix) -> SafeString:
    used = list(dict.fromkeys(code for _name, codes in matrix.rows for code in codes if code))
    head = format_html_join("", '<th scope="col">{}</th>', ((column,) for column in matrix.columns))

    def cell(code: str) -> SafeString:
        shown = look(code)
        return format_html(
            '<td><span class="{}" title="{}">{}<span class="unseen">{}</span></span></td>',
            shown.tone,
            shown.word,
            icon(shown.icon, 16),
            shown.word,
        )

    def name(label: str) -> SafeString:
        return (
            format_html('<a href="{}">{}</a>', matrix.hrefs[label], label)
            if label in matrix.hrefs
            else format_html("{}", label)
        )

    rows = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                name(label),
                format_html_join("", "{}", ((cell(code) if code else mark_safe("<td></td>"),) for code in codes)),
            )
            for label, codes in matrix.rows
        ),
    )
    keys = format_html_join("", "<li>{}</li>", ((state(code),) for code in used))
    return format_html(
        '<figure class="chart"><figcaption>{}{}</figcaption><div class="table tall" tabindex="0" '
        'role="region" aria-label="{}"><table class="matrix">'
        '<thead><tr><td></td>{}</tr></thead><tbody>{}</tbody></table></div><ul class="key">{}</ul></figure>',
        matrix.title,
        _small(matrix.note),
        matrix.title,
        head,
        rows,
        keys,
    )


@draw.register
def _draw_multiples(multiples: Multiples) -> SafeString:
    scale = _range(multiples.panels)
    panels = format_html_join(
        "",
        '<figure class="chart"><figcaption>{}</figcaption>{}</figure>',
        ((panel.title, _trend_svg(panel, SMALL, scale)) for panel in multiples.panels),
    )
    labels = list(dict.fromkeys(label for panel in multiples.panels for label in _labels(panel)))
    rows = [
        [panel.title, *(_shown({p.label: p.value for p in panel.points}.get(label), panel) for label in labels)]
        for panel in multiples.panels
    ]
    unit = multiples.panels[0].unit if multiples.panels else ""
    return _figure(
        multiples.title,
        unit,
        multiples.note,
        format_html('<div class="multiples">{}</div>', panels),
        _table([_("Unit"), *labels], rows),
    )


# ---- shared -----------------------------------------------------------------------------------------------------


def _small(note: str) -> SafeString | str:
    return format_html(" <small>{}</small>", note) if note else ""


def _figure(title: str, unit: str, note: str, drawing: SafeString, table: SafeString) -> SafeString:
    named = f"{title} ({unit})" if unit else title
    return format_html(
        '<figure class="chart"><figcaption>{}{}</figcaption>{}<details><summary>{}</summary>{}</details></figure>',
        named,
        _small(note),
        drawing,
        _("Show the table"),
        table,
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> SafeString:
    numeric = {index for index, head in enumerate(heads) if index > 0 and head != _("Note")}
    head = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((mark_safe(' class="n"') if i in numeric else "", h) for i, h in enumerate(heads)),
    )
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (
                row[0],
                format_html_join(
                    "",
                    "<td{}>{}</td>",
                    ((mark_safe(' class="n"') if i in numeric else "", v) for i, v in enumerate(row[1:], start=1)),
                ),
            )
            for row in rows
        ),
    )
    return format_html(
        '<div class="chart-scroll"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>', head, body
    )
