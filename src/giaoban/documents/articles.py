"""A document article by article on a day: which stand as printed, which were amended, replaced or repealed, by whom.

Later documents name what they change by a clause: "Điều 3", "khoản 2 Điều 5", "các Điều 7, 8 và 9", "Điều 3 đến 6".
An article that is named whole and replaced or repealed has ended; one of which a part is named, or that is amended,
stands but not word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from giaoban.documents import force
from giaoban.documents.force import Change, Force
from giaoban.documents.models import Document

_NUMBER = r"\d{1,3}[a-zđ]?"
HEADING = re.compile(rf"^[ \t]*Điều[ \t]+({_NUMBER})[.:]?[ \t]*(.*)$", re.MULTILINE)
NAMED = re.compile(rf"điều\s+{_NUMBER}(?:\s*(?:,|;|và|đến)\s*(?:các\s+)?(?:điều\s+)?{_NUMBER})*", re.IGNORECASE)
RANGE = re.compile(rf"({_NUMBER})\s*đến\s*(?:điều\s+)?({_NUMBER})", re.IGNORECASE)
PART = re.compile(r"khoản|điểm|đoạn|cụm từ", re.IGNORECASE)


@dataclass(frozen=True)
class Article:
    """One article. state: stands | changed | ended."""

    number: str
    title: str
    state: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True)
class OnDay:
    """The document on a day: its force, what changed it so far and later, and its articles."""

    day: date
    force: Force
    so_far: tuple[Change, ...]
    later: tuple[Change, ...]
    articles: tuple[Article, ...]

    @property
    def touched(self) -> int:
        return sum(article.state != "stands" for article in self.articles)


def on_day(found: Document, day: date) -> OnDay:
    """What of the document is in force on the day."""
    changes = force.changes_of(found)
    so_far = tuple(change for since, change in changes if since <= day)
    later = tuple(change for since, change in changes if since > day)
    return OnDay(day, force.in_force(found, day), so_far, later, tuple(_articles(found.text, so_far)))


def numbers(clause: str) -> list[str]:
    """The articles that a clause names, in its order."""
    found: list[str] = []
    for match in NAMED.finditer(clause):
        said = match[0]
        for first, last in RANGE.findall(said):
            if first.isdigit() and last.isdigit() and int(first) < int(last):
                found += [str(number) for number in range(int(first), int(last) + 1)]
        found += [number.lower() for number in re.findall(_NUMBER, said)]
    return list(dict.fromkeys(found))


def _articles(text: str, changes: tuple[Change, ...]) -> list[Article]:
    """Those of the text, in its order; an article named by a change but not in the text that is kept comes after."""
    titles: dict[str, str] = {}
    for match in HEADING.finditer(text):
        titles.setdefault(match[1].lower(), match[2].strip()[:200])
    touched: dict[str, list[Change]] = {}
    for change in changes:
        for number in numbers(change.clause):
            touched.setdefault(number, []).append(change)
    every = {**titles, **{number: "" for number in sorted(touched, key=_order) if number not in titles}}
    return [
        Article(number, title, _state(touched.get(number, [])), tuple(touched.get(number, ())))
        for number, title in every.items()
    ]


def _state(changes: list[Change]) -> str:
    if any(change.kind in force.ENDING and not PART.search(change.clause) for change in changes):
        return "ended"
    return "changed" if changes else "stands"


def _order(number: str) -> tuple[int, str]:
    return int(re.sub(r"\D", "", number)), number
