"""What was made of a document before, so that reading it again proposes only what is new.

The same document is one with the same number, day and issuer, whichever register it came in to, or one that says at
least half of the passages that ask for work, of the same day where a day is printed (last year's plan says much the
same and is another). Passages are told by their words,
so other offsets, line breaks and accents do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q

from giaoban.core.text import fold
from giaoban.desk.proposals.marks import words_of
from giaoban.documents import queries as documents
from giaoban.documents.models import Document, QuotedFigure, ReadingDecision, Relation
from giaoban.indicators.models import Target
from giaoban.journal.actor import Actor
from giaoban.work import queries as work

HALF = 2  # one of so many passages found makes a text the same document
WHOLE = 0.8  # so much of a passage given in parts leaves nothing new in it
NEARBY = 20  # documents that are looked into
TELLING = 3  # the longest passages by which they are found


@dataclass
class Earlier:
    """What is known of a document: passages as words, with what became of them."""

    lines: tuple[Document, ...] = ()
    tasks: dict[str, int] = field(default_factory=dict)
    related: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    figures: frozenset[str] = frozenset()
    rejected: frozenset[tuple[str, str]] = frozenset()

    def task(self, passage: str) -> int | None:
        """The task that was given from this passage, from one that holds it, or from parts that make up most of it."""
        words = words_of(passage)
        if not words:
            return None
        if words in self.tasks:
            return self.tasks[words]
        inside = [(known, task) for known, task in self.tasks.items() if _holds(words, known)]
        around = next((task for known, task in self.tasks.items() if _holds(known, words)), None)
        if around is not None:
            return around
        covered = sum(len(known) for known, _task in inside)
        return inside[0][1] if covered >= WHOLE * len(words) else None

    def was_rejected(self, kind: str, passage: str) -> bool:
        return (kind, words_of(passage)) in self.rejected


def _holds(whole: str, part: str) -> bool:
    return f" {part} " in f" {whole} "


def of(
    actor: Actor,
    on: date,
    *,
    document: Document | None,
    registered: Document | None,
    day: date | None,
    passages: Sequence[str],
) -> Earlier:
    """What was made of the document that is read: of every line of it, or of one that says the same.

    `day` is the day printed on it, None where there is none.
    """
    known = document or registered
    lines = documents.lines_of(known) if known is not None else []
    if not lines:
        lines = _same_text(actor, on, day, passages)
    if not lines:
        return Earlier()
    pks = [line.pk for line in lines]
    return Earlier(
        tuple(lines),
        _tasks(actor, on, lines),
        frozenset(Relation.objects.filter(source__in=pks).values_list("target__key", flat=True)),
        frozenset(
            words_of(said)
            for said in Target.objects.filter(document__in=pks, withdrawn=False).values_list("sentence", flat=True)
        ),
        frozenset(
            words_of(words)
            for words in QuotedFigure.objects.filter(document__in=pks, withdrawn_at__isnull=True).values_list(
                "words", flat=True
            )
        ),
        _rejected(pks),
    )


def _tasks(actor: Actor, on: date, lines: Iterable[Document]) -> dict[str, int]:
    texts = {line.pk: line.text for line in lines}
    return {
        words_of(texts[document][start:end]): task
        for task, document, start, end in work.passages_of(actor, texts, on)
        if texts[document][start:end].strip()
    }


def _same_text(actor: Actor, on: date, day: date | None, passages: Sequence[str]) -> list[Document]:
    """Documents that say at least half of these passages."""
    wanted = {words_of(passage) for passage in passages} - {""}
    lines = sorted({max(passage.splitlines(), key=len) for passage in passages if passage.strip()}, key=len)
    if not wanted or not lines:
        return []
    said = Q()
    for line in lines[-TELLING:]:
        said |= Q(fold__contains=fold(line).strip())
    near = documents.for_actor(actor, on).filter(said).exclude(text="")
    if day is not None:
        near = near.filter(issued_on=day)
    found = []
    for line in near.order_by("-pk")[:NEARBY]:
        words = words_of(line.text)
        if sum(_holds(words, passage) for passage in wanted) * HALF >= len(wanted):
            found.append(line)
    return found


def _rejected(pks: Sequence[int]) -> frozenset[tuple[str, str]]:
    """Passages that were rejected in a reading of the document and not taken up again."""
    rows = (
        ReadingDecision.objects.filter(reading__document__in=pks, undone_at__isnull=True)
        .order_by("reading_id", "no")
        .select_related("reading")
    )
    last: dict[tuple[int, str], ReadingDecision] = {}
    for row in rows:
        last[row.reading_id, row.key] = row
    found = set()
    for row in last.values():
        if row.what != ReadingDecision.What.REJECT:
            continue
        kind, _, span = row.key.partition(":")
        start, _, end = span.partition("-")
        if start.isdigit() and end.isdigit():
            found.add((kind, words_of(row.reading.text[int(start) : int(end)])))
    return frozenset(found)
