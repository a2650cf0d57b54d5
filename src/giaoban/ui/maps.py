"""A map of points as a frozen description, drawn as SVG in the page: no tiles, no other host, no script.

A point's class is said three times: by its size, by its shade and by the word of its class in the legend and in the
table. Missing is hollow, an estimate wears a broken ring. Thousands of points stay light: those without a link are
circles with a title and nothing else, and places that only give the country its shape are one single path.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from giaoban.ui.charts import draw

CLASSES = 5
WIDE, TALLEST = 760, 740
MARGIN = 26
FAR = 2.0
"""How many times the spread of the middle places an islet may lie away before it is drawn at the frame's edge."""

MANY = 400
"""From this many points on each is small and without a link."""


@dataclass(frozen=True)
class Place:
    """One point: where it is, what it is worth. `text` is the value as people read it."""

    name: str
    lat: float
    lon: float
    label: str = ""
    """The name beside the point, where it should be shorter."""
    value: Decimal | None = None
    text: str = ""
    note: str = ""
    href: str = ""
    estimated: bool = False


@dataclass(frozen=True)
class Class:
    """Values from `first` to `last`, `number` of them; `word` and `step` (1 to 5) are how it is said and drawn."""

    word: str
    step: int
    number: int
    first: Decimal
    last: Decimal


@dataclass(frozen=True)
class Classes:
    """Equal numbers of places in each class, as far as equal values let them be told apart."""

    values: Sequence[Decimal]
    bounds: tuple[Decimal, ...] = field(init=False)
    listed: tuple[Class, ...] = field(init=False)

    def __post_init__(self) -> None:
        ordered = sorted(self.values)
        cuts = {ordered[len(ordered) * part // CLASSES] for part in range(1, CLASSES)} if ordered else set()
        bounds = tuple(sorted(cut for cut in cuts if cut > ordered[0]))
        object.__setattr__(self, "bounds", bounds)
        object.__setattr__(self, "listed", self._list(ordered) if ordered else ())

    def _list(self, ordered: list[Decimal]) -> tuple[Class, ...]:
        groups: dict[int, list[Decimal]] = {}
        for value in ordered:
            groups.setdefault(bisect_right(self.bounds, value), []).append(value)
        words, steps = _words(), STEPS[len(self.bounds) + 1]
        return tuple(
            Class(words[step], step, len(found), found[0], found[-1]) for step, found in zip(steps, groups.values())
        )

    def of(self, value: Decimal) -> Class:
        return self.listed[bisect_right(self.bounds, value)]


STEPS = {1: (3,), 2: (2, 4), 3: (2, 3, 4), 4: (1, 2, 4, 5), 5: (1, 2, 3, 4, 5)}


def _words() -> dict[int, str]:
    return {1: _("very low"), 2: _("low"), 3: _("middle"), 4: _("high"), 5: _("very high")}


@dataclass(frozen=True)
class PointMap:
    """Places with their values; `ground` are other places, drawn faintly so that one sees which country it is."""

    title: str
    places: Sequence[Place]
    classes: Classes
    ground: Sequence[tuple[float, float]] = ()
    whole: bool = False
    """Whether the frame is that of the ground; else that of the places."""
    names: Sequence[tuple[str, float, float]] = ()
    """What is written on the ground: islands in the sea, which a reader looks for."""
    unit: str = ""
    note: str = ""


# ---- projection -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """Degrees to the drawing's own measure; a degree of longitude is as long as it is in the middle of the picture."""

    west: float
    north: float
    scale: float
    narrowing: float
    width: int
    height: int

    @classmethod
    def around(cls, points: Sequence[tuple[float, float]]) -> Frame:
        lats, lons = _near([lat for lat, _lon in points]), _near([lon for _lat, lon in points])
        narrowing = math.cos(math.radians((min(lats) + max(lats)) / 2))
        across, down = (max(lons) - min(lons)) * narrowing or 0.02, max(lats) - min(lats) or 0.02
        scale = min((WIDE - 2 * MARGIN) / across, (TALLEST - 2 * MARGIN) / down)
        width = max(round(across * scale) + 2 * MARGIN, WIDE // 2)
        left = (width - across * scale) / 2
        return cls(min(lons) - left / scale / narrowing, max(lats) + MARGIN / scale, scale, narrowing, width,
                   round(down * scale) + 2 * MARGIN)  # fmt: skip

    def at(self, lat: float, lon: float) -> tuple[int, int]:
        return round((lon - self.west) * self.narrowing * self.scale), round((self.north - lat) * self.scale)

    def holds(self, x: int, y: int) -> bool:
        return 0 <= x <= self.width and 0 <= y <= self.height

    def edge(self, x: int, y: int) -> tuple[int, int]:
        """The nearest spot of the frame to a place outside it."""
        return min(max(x, 12), self.width - 12), min(max(y, 12), self.height - 12)


def _near(values: Sequence[float]) -> list[float]:
    """Without the few that lie very far from all others: an archipelago would make its mainland a speck."""
    ordered = sorted(values)
    count = len(ordered)
    if count < 8 or count > MANY:
        return ordered
    few = max(1, count // 20)
    low, high = ordered[few], ordered[-1 - few]
    reach = FAR * max(high - low, 0.05) / 2
    return [value for value in ordered if low - reach <= value <= high + reach]


# ---- drawing ----------------------------------------------------------------------------------------------------


@draw.register
def _draw_map(described: PointMap) -> SafeString:
    if not described.places:
        return format_html('<p class="chart-empty">{}</p>', _("No place of these can be drawn."))
    places = [(place.lat, place.lon) for place in described.places]
    frame = Frame.around([*described.ground, *places] if described.whole else places)
    many = len(described.places) > MANY
    marks = [
        _ground(described.ground, frame),
        *_names(described.names, frame),
        *(_many if many else _few)(described, frame),
    ]
    named = f"{described.title} ({described.unit})" if described.unit else described.title
    return format_html(
        '<figure class="chart map{}"><figcaption>{}{}</figcaption><div class="map-body"><svg viewBox="0 0 {} {}" '
        'role="group" aria-label="{}">{}</svg>{}</div></figure>',
        " many" if many else "",
        named,
        format_html(" <small>{}</small>", described.note) if described.note else "",
        frame.width,
        frame.height,
        described.title,
        mark_safe("".join(marks)),  # noqa: S308 (each part is escaped where it is made)
        _legend(described),
    )


def _ground(points: Iterable[tuple[float, float]], frame: Frame) -> SafeString:
    spots = (frame.at(lat, lon) for lat, lon in points)
    drawn = "".join(f"M{x} {y}h0" for x, y in dict.fromkeys(spots) if frame.holds(x, y))
    return format_html('<path class="ground" d="{}"/>', drawn) if drawn else mark_safe("")


def _names(names: Iterable[tuple[str, float, float]], frame: Frame) -> Iterable[SafeString]:
    for name, lat, lon in names:
        x, y = frame.at(lat, lon)
        anchor = "end" if x > frame.width / 2 else "start"
        yield format_html('<text class="sea" x="{}" y="{}" text-anchor="{}">{}</text>', x, y + 16, anchor, name)


def _group(place: Place, classes: Classes) -> tuple[int, bool]:
    return (0, False) if place.value is None else (classes.of(place.value).step, place.estimated)


def _many(described: PointMap, frame: Frame) -> Iterable[SafeString]:
    """Circles with titles, the missing first and the highest last, so that those lie on top."""
    groups: dict[tuple[int, bool], list[Place]] = {}
    for place in described.places:
        groups.setdefault(_group(place, described.classes), []).append(place)
    for (step, estimated), places in sorted(groups.items()):
        circles = format_html_join(
            "",
            '<circle cx="{}" cy="{}" r="{}"><title>{}: {}</title></circle>',
            ((*frame.at(one.lat, one.lon), 2 + step / 2, one.name, _said(one)) for one in places),
        )
        yield format_html('<g class="{}">{}</g>', _kind(step, estimated), circles)


def _few(described: PointMap, frame: Frame) -> Iterable[SafeString]:
    """Links with names, as many as do not touch; the others show theirs when pointed at or reached by keyboard."""
    taken: list[tuple[float, float, float, float]] = []
    spots = {place: _spot(place, frame) for place in described.places}
    for place, (x, y, _outside) in spots.items():
        radius = _radius(_group(place, described.classes)[0])
        taken.append((x - radius, y - radius, x + radius, y + radius))
    drawn, beyond = [], ", " + _("lies outside the frame")
    for place, (x, y, outside) in spots.items():
        step, estimated = _group(place, described.classes)
        radius = _radius(step)
        dx, dy, anchor, free = _label(place.label or place.name, x, y, radius, taken, frame)
        mark = format_html(
            '<circle cx="{}" cy="{}" r="{}"/>{}<title>{}: {}{}</title><text class="name{}" x="{}" y="{}" '
            'text-anchor="{}">{}</text>',
            x,
            y,
            radius,
            format_html('<circle class="ring" cx="{}" cy="{}" r="{}"/>', x, y, radius + 3) if estimated else "",
            place.name,
            _said(place),
            beyond if outside else "",
            "" if free else " shy",
            round(x + dx),
            round(y + dy),
            anchor,
            place.label or place.name,
        )
        kind = _kind(step, estimated)
        around = ('<a href="{}" class="{}">{}</a>', place.href) if place.href else ('<g class="{}">{}</g>',)
        drawn.append((step, format_html(*around, kind, mark)))
    return [mark for _step, mark in sorted(drawn, key=lambda pair: pair[0])]


def _spot(place: Place, frame: Frame) -> tuple[int, int, bool]:
    x, y = frame.at(place.lat, place.lon)
    return (x, y, False) if frame.holds(x, y) else (*frame.edge(x, y), True)


def _radius(step: int) -> int:
    return 5 + 2 * step if step else 6


def _kind(step: int, estimated: bool) -> str:
    return f"m{step} est" if estimated else f"m{step}"


def _said(place: Place) -> str:
    value = place.text if place.value is not None else _("no figure")
    parts = [value, _("estimate") if place.estimated and place.value is not None else "", place.note]
    return ", ".join(part for part in parts if part)


def _label(
    name: str, x: int, y: int, radius: int, taken: list[tuple[float, float, float, float]], frame: Frame
) -> tuple[float, float, str, bool]:
    """Right, left, above or below the point, where the name touches nothing; taken room is written down."""
    length = 7 * len(name)
    sides = (
        (radius + 4, 4, "start", 0.0),
        (-radius - 4, 4, "end", -length),
        (0, -radius - 5, "middle", -length / 2),
        (0, radius + 14, "middle", -length / 2),
    )
    for dx, dy, anchor, begins in sides:
        left = x + dx + begins
        box = (left, y + dy - 10, left + length, y + dy + 3)
        inside = box[0] >= 0 and box[2] <= frame.width and box[1] >= 0 and box[3] <= frame.height
        own = (x - radius, y - radius, x + radius, y + radius)
        if inside and not any(_touch(box, other) for other in taken if other != own):
            taken.append(box)
            return dx, dy, anchor, True
    anchor = "end" if x > frame.width / 2 else "start"
    return (-radius - 4 if anchor == "end" else radius + 4), 4, anchor, False


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


# ---- legend -----------------------------------------------------------------------------------------------------


def _legend(described: PointMap) -> SafeString:
    """Word, shape and bounds of every class that is on the map, the highest first; then missing and estimate."""
    texts = {place.value: place.text for place in described.places if place.value is not None}
    rows = [
        (_kind(one.step, False), _radius(one.step), one.word, _between(texts[one.first], texts[one.last]), one.number)
        for one in reversed(described.classes.listed)
    ]
    missing = sum(place.value is None for place in described.places)
    if missing:
        rows.append(("m0", 6, _("no figure"), "", missing))
    items = format_html_join("", "{}", ((_key(*row),) for row in rows))
    estimated = sum(place.estimated and place.value is not None for place in described.places)
    if estimated:
        items += _key("m3 est", 7, _("estimate"), _("broken ring: a shared-out figure"), estimated)
    return format_html('<ul class="map-key">{}</ul>', items)


def _between(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _key(kind: str, radius: int, word: str, bounds: str, number: int) -> SafeString:
    ring = format_html('<circle class="ring" cx="18" cy="18" r="{}"/>', radius + 3) if "est" in kind else ""
    return format_html(
        '<li><svg class="{}" viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="{}"/>{}</svg>'
        '<span><strong>{}</strong>{}</span><span class="count">{}</span></li>',
        kind,
        radius,
        ring,
        word,
        format_html(" <small>{}</small>", bounds) if bounds else "",
        number,
    )


def weighted(points: Iterable[tuple[float, float, float]]) -> tuple[float, float] | None:
    """The middle of places, each (lat, lon, weight): where a province stands on the map."""
    found = list(points)
    whole = sum(weight for _lat, _lon, weight in found)
    if not whole:
        return None
    return (
        sum(lat * weight for lat, _lon, weight in found) / whole,
        sum(lon * weight for _lat, lon, weight in found) / whole,
    )
