"""Percentages: with the a/b they belong to and the change they have undergone; and an a/b that stands alone."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace

from giaoban.reading.marks import Change, Figure
from giaoban.reading.quantities import BREAK, COMMA, DELTA, INTEGER, change, clause_end, clause_start, percent
from giaoban.reading.spans import Spans
from giaoban.reading.view import View
from giaoban.reading.wording import THINGS, either

Match = re.Match[str]

_PERCENT = re.compile(rf"(?<![\w,.])(?P<n>{INTEGER}(?:[,.]\d+)?)\s?(?:(?:điểm )?%|(?:điểm )?phần trăm)")
_COUNTED = either(
    """
    trường · học sinh · giáo viên · em · lớp · xã · đơn vị · cơ sở · người · trẻ · phòng · cán bộ · chi bộ ·
    đồng chí · hs · gv
    """
)
_RATIO = re.compile(
    rf"(?<![\w/.,-])(?P<a>{INTEGER})(?:\s(?P<of>{_COUNTED}))?\s?/\s?(?:tổng số\s)?(?P<b>{INTEGER})(?![\w/]|[.,]\d|\s?%)"
)
# After these a number with a slash is a day or the number of a document.
_NO_RATIO = re.compile(r"(?:số|ngày|sáng|chiều|tối|đến|từ|hết|trước|dịp)\s$")
_JOINS_RATIO = re.compile(r"\s?[(,]?\s?(?:tương (?:ứng|đương)(?: với)? |tức |là |đạt |với |gồm |có )?(?:tỷ lệ )?:?\s?")
_IN_BRACKET = re.compile(r"[^\d,;.()\n]{1,45}\((?:đạt |tức |tương ứng )?")
# Another count between an a/b and a percentage, to which the percentage then belongs.
_OTHER_COUNT = re.compile(rf"(?<![\w/]){INTEGER}\s{THINGS}(?!\w)")
_THING = re.compile(rf"\s({THINGS})(?!\w)")
# What another percentage is measured by: "đạt 99,8% (kế hoạch 99,5%), vượt 0,3%".
_YARDSTICK = re.compile(
    r"(?:kế hoạch|chỉ tiêu|mục tiêu|cùng kỳ(?: năm trước)?|năm (?:học )?trước|kh)"
    r"(?:\s(?:giao|là|đề ra|đạt|năm học trước))?:?\s$"
)


class Percentages:
    """The percentages and a/b of a page."""

    def __init__(self, view: View, blocked: Spans) -> None:
        self.view = view
        self.percents = [match for match in _PERCENT.finditer(view.low) if not blocked.touch(match.start())]
        self.ratios = [
            match for match in _RATIO.finditer(view.low) if not blocked.touch(match.start()) and self._is_ratio(match)
        ]
        self._ratio_starts = [match.start() for match in self.ratios]
        self.used: set[int] = set()  # where changes and ratios stand that belong to another percentage

    def figures(self) -> list[Figure]:
        """A figure for each percentage that is not the change of another."""
        changes = self._changes()
        text = self.view.text
        found = []
        for place, match in enumerate(self.percents):
            if match.start() in self.used:
                continue
            limit = self.percents[place + 1].start() if place + 1 < len(self.percents) else len(text)
            start, end = clause_start(text, match.start()), clause_end(text, match.end(), limit)
            figure = Figure(start, end, percent(match["n"]), "%", "tỷ lệ phần trăm", change=changes.get(match.start()))
            found.append(self._with_ratio(figure, place))
        return found

    def alone(self) -> list[Match]:
        """Each a/b that belongs to no percentage; to be asked after `figures`."""
        return [match for match in self.ratios if match.start() not in self.used]

    def _changes(self) -> dict[int, Change]:
        """Changes by the start of the percentage that has undergone them."""
        low = self.view.low
        changes: dict[int, Change] = {}
        for place, match in enumerate(self.percents):
            sign = DELTA.search(low, max(0, match.start() - 90), match.start())
            if sign is None:
                continue
            stop = COMMA.search(low, match.end(), match.end() + 70)
            after = low[match.end() : stop.start() if stop else match.end() + 70]
            moved = change(sign["how"], percent(match["n"]), low[sign.start() : match.start()] + " " + after)
            before = self._before(place, sign.start())
            if before is not None and before.start() not in changes:
                changes[before.start()] = moved
                self.used.add(match.start())
            else:
                changes[match.start()] = moved
        return changes

    def _before(self, place: int, until: int) -> Match | None:
        """The percentage before this one that a change at `until` speaks of."""
        before = self.percents[place - 1] if place else None
        if (
            before is not None
            and place > 1
            and _YARDSTICK.search(self.view.low, max(0, before.start() - 40), before.start())
        ):
            before = self.percents[place - 2]
        if before is None or until - before.end() >= 160 or BREAK.search(self.view.text, before.end(), until):
            return None
        return before

    def _with_ratio(self, figure: Figure, place: int) -> Figure:
        pair = self._ratio_of(place)
        if pair is None:
            return figure
        self.used.add(pair.start())
        start, end = min(figure.start, pair.start()), max(figure.end, pair.end())
        top, bottom = parts(pair)
        return replace(figure, start=start, end=end, numerator=top, denominator=bottom, why="tỷ lệ phần trăm kèm a/b")

    def _ratio_of(self, place: int) -> Match | None:
        """The a/b of a percentage: just before it, or in brackets just after."""
        match = self.percents[place]
        first = bisect_left(self._ratio_starts, match.start())
        if first and (pair := self.ratios[first - 1]).start() not in self.used:
            between = self.view.low[pair.end() : match.start()]
            crowded = place and self.percents[place - 1].start() >= pair.end()
            broken = BREAK.search(self.view.text[pair.end() : match.start()]) or _OTHER_COUNT.search(between)
            if len(between) < 120 and not crowded and not broken and "trong đó" not in between:
                return pair
        if first == len(self.ratios) or self.ratios[first].start() - match.end() >= 60:
            return None
        pair = self.ratios[first]
        between = self.view.low[match.end() : pair.start()]
        if _JOINS_RATIO.fullmatch(between):
            return pair
        top, bottom = parts(pair)  # "70% giáo viên (41/60)", where they are near enough to be of one thing
        near = abs(percent(match["n"]) - 100 * top / bottom) < 5
        return pair if near and pair.start() not in self.used and _IN_BRACKET.fullmatch(between) else None

    def _is_ratio(self, match: Match) -> bool:
        before = self.view.low[max(0, match.start() - 8) : match.start()]
        after = _THING.match(self.view.low, match.end())
        other = match["of"] is not None and after is not None and after[1] != match["of"]  # "86 học sinh/3 lớp"
        return parts(match)[1] > 0 and not other and not _NO_RATIO.search(before)


def parts(match: Match) -> tuple[int, int]:
    """Numerator and denominator."""
    return int(match["a"].replace(".", "")), int(match["b"].replace(".", ""))
