"""Tasks: what the walk down a page and the tables of assignments found, with the dates, results and parts of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from giaoban.reading import clauses, dates, due, phrasing, roles, tables
from giaoban.reading.clauses import Piece
from giaoban.reading.layout import Page
from giaoban.reading.marks import Part, Task
from giaoban.reading.spans import Span, Spans
from giaoban.reading.walk import Draft, Walk

_JOINED = re.compile(r"[,;]\s(?:và |đồng thời )?|\s(?:và|đồng thời)\s")
_LONGEST_ITEM = 4000
_ALIKE = 24  # letters with which two passages must begin to be compared whole
# "do đồng chí Trần Văn Bình, Phó Chủ tịch phụ trách", "Phó Hiệu trưởng trực tiếp chỉ đạo".
_LEADER = re.compile(
    r"(?:(?:[Dd]o|[Gg]iao)\s)?(?:các\s)?(?:đồng chí|[Đđ]/c|ông|bà|thầy|cô)\s(?P<who>[^.;:]{3,90}?)\s"
    r"(?:trực tiếp\s)?(?:chỉ đạo|phụ trách|theo dõi, chỉ đạo)\b"
)


@dataclass(frozen=True, slots=True)
class Found:
    """Tasks, the times that bind them, and where numbers measure nothing: law that is quoted, numbers of rows."""

    tasks: list[Task]
    deadlines: list[dates.Time]
    law: list[Span]


def find(page: Page, cited: list[Span]) -> Found:
    """Walk a page from top to bottom."""
    rows = tables.find(page)
    walk = Walk(page)
    for block in page.blocks:
        walk.block(block)
    tasks: list[Task] = []
    deadlines: list[dates.Time] = []
    spans = Spans(cited)
    for draft in walk.drafts:
        deadline = due.find(page, draft.start, draft.end, spans, draft.time)
        partners = roles.partners(walk.words(draft.start, draft.end)) or draft.partners
        result = due.deliverable(page, draft.start, draft.end)
        leader = _LEADER.search(page.view.text, draft.start, draft.end)
        tasks.append(
            Task(
                draft.start,
                draft.end,
                _copied(page, draft.names),
                _copied(page, partners),
                deadline.words,
                deadline.day,
                draft.why,
                draft.confidence,
                result,
                leader["who"].strip(" ,") if leader else None,
                _parts(page, walk, draft, spans),
            )
        )
        if deadline.time is not None:
            deadlines.append(deadline.time)
    told: dict[str, list[str]] = {}
    for draft in walk.drafts:
        key = _key(page, draft.start, draft.end)
        told.setdefault(key[:_ALIKE], []).append(key)
    tasks.extend(_of_row(page, row) for row in rows if not _repeats(_key(page, *row.work), told))
    walk.law.extend(row.number for row in rows if row.number)
    tasks.sort(key=lambda task: (task.start, task.end))
    return Found(tasks, deadlines, walk.law)


def _key(page: Page, start: int, end: int) -> str:
    return " ".join(re.findall(r"\w+", page.view.low[start:end]))


def _repeats(work: str, told: dict[str, list[str]]) -> bool:
    """Whether an annex only repeats in its columns what the text has told: it is marked where it stands first."""
    return any(key.startswith(work) for key in told.get(work[:_ALIKE], ()))


def _of_row(page: Page, row: tables.Row) -> Task:
    """The task of a row in a table of assignments."""
    text = page.view.text
    known = row.time if row.time is None or row.time.dated else row.time.in_year(due.year_of(page, row.time))
    return Task(
        *row.work,
        _copied(page, row.leads),
        _copied(page, row.partners),
        text[slice(*row.due)].strip() if row.due else None,
        known.last if known is not None else None,
        "một dòng của bảng phân công",
        0.85,
        text[slice(*row.result)].strip() if row.result else None,
    )


def _parts(page: Page, walk: Walk, draft: Draft, cited: Spans) -> tuple[Part, ...]:
    """The works of an item that holds several: clauses with a verb of their own, or with dates of their own."""
    text = page.view.text
    if draft.end - draft.start > _LONGEST_ITEM or (
        text.find(";", draft.start, draft.end) < 0
        and text.find(". ", draft.start, draft.end) < 0
        and len(dates.within(page.times, draft.start, draft.end)) < 2
    ):
        return ()
    pieces: list[Piece] = []
    for sentence in clauses.sentences(text, draft.start, draft.end):
        for piece in walk.parts(sentence):
            if pieces and not walk.stands_alone(piece):
                pieces[-1] = Piece(pieces[-1].start, piece.end)
            else:
                pieces.append(piece)
    pieces = [bit for piece in pieces for bit in _by_dates(page, walk, piece, cited)]
    if len(pieces) < 2:
        return ()
    found: list[Part] = []
    names = _copied(page, draft.names)
    for place, piece in enumerate(pieces):
        words = walk.words(piece.start, piece.end)
        own = _copied(page, roles.subject(phrasing.parse(words))) if place else ()
        names = own or names
        deadline = due.find(page, piece.start, piece.end, cited, draft.time)
        partners = _copied(page, roles.partners(words))
        found.append(Part(piece.start, piece.end, names, partners, deadline.words, deadline.day))
    return tuple(found)


def _by_dates(page: Page, walk: Walk, piece: Piece, cited: Spans) -> list[Piece]:
    """A clause with two dates is two, where a verb follows the sign between them."""
    bits: list[Piece] = []
    start = piece.start
    bound = [time for _, time in due.binding(page, piece.start, piece.end, cited)]
    for time, after in pairwise(bound):
        for comma in _JOINED.finditer(page.view.low, time.end, after.start):
            rest = Piece(comma.end(), piece.end)
            if walk.stands_alone(rest):
                bits.append(Piece(start, comma.start()))
                start = comma.end()
                break
    bits.append(Piece(start, piece.end))
    return bits


def _copied(page: Page, spans: list[Span]) -> tuple[str, ...]:
    """Names as they are written, each once."""
    names: dict[str, str] = {}
    for start, end in spans:
        name = roles.bare(page.view.text[start:end])
        names.setdefault(name.casefold(), name)
    return tuple(names.values())
