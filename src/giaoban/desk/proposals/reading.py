"""A read text as one person sees it on one day: its marks, and what can be made of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from giaoban.core.text import fold
from giaoban.desk.proposals import annex, citations, earlier, figures, likeness, roles, splitting
from giaoban.desk.proposals.citations import CitationProposal
from giaoban.desk.proposals.earlier import Earlier
from giaoban.desk.proposals.figures import FigureProposal
from giaoban.desk.proposals.heads import Heading, heading
from giaoban.desk.proposals.marks import LETTERS, Mark, Piece, cut, words_of
from giaoban.desk.proposals.naming import OFFERED, SURE, Names
from giaoban.desk.proposals.roles import Named, Question, Role
from giaoban.desk.proposals.tasks import TaskProposal, understood
from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.reading import read


@dataclass(frozen=True)
class Flag:
    """Where the document contradicts itself."""

    mark: Mark
    text: str
    kind: str
    why: str


@dataclass(frozen=True)
class Reading:
    """A read document: its text, what was found, and what can be made of it by this person."""

    text: str
    actor: Actor
    on: date
    found: dict[str, Any] = field(repr=False)
    document: Document | None = None

    @cached_property
    def heading(self) -> Heading:
        if self.document is not None:
            known = self.document
            return Heading(known.symbol, known.issued_on, known.issuer_text, known.subject)
        return heading(self.text)

    @property
    def meeting(self) -> dict[str, Any] | None:
        return self.found.get("meeting")

    @cached_property
    def day(self) -> date:
        """The document's own day, by which names are understood."""
        if self.heading.issued_on:
            return self.heading.issued_on
        days = [date.fromisoformat(day) for day in (self.meeting or {}).get("dates", [])]
        return min(max(days), self.on) if days else self.on

    @cached_property
    def issuer(self) -> int | None:
        """The unit that issued the document, where the name at its head is plain."""
        if self.document is not None:
            return self.document.issuer_unit_id
        if not self.heading.issuer:
            return None
        matches = orgs.resolve_name(self.heading.issuer, self.day, near=self.actor.unit_id)
        return matches[0].unit_id if matches and matches[0].score >= SURE else None

    @property
    def issuer_name(self) -> str:
        """Its name in ordinary letters; a masthead is printed in capitals."""
        return orgs.body_name(self.issuer, self.day) if self.issuer else self.heading.issuer

    @property
    def near(self) -> int | None:
        """The unit from which names are understood: who issued the document, or else who reads it."""
        return self.issuer or self.actor.unit_id

    @cached_property
    def registered(self) -> Document | None:
        """The same document in a register this person can see, so that it is not entered twice."""
        if self.document is not None or not self.heading.symbol:
            return None
        return documents.cited(self.actor, self.heading.symbol, self.heading.issued_on, self.on)

    @cached_property
    def marks(self) -> dict[str, list[Mark]]:
        return {
            kind: [Mark(kind, no, one["start"], one["end"]) for no, one in enumerate(self.found.get(kind, []), start=1)]
            for kind in LETTERS
        }

    @cached_property
    def pieces(self) -> list[Piece]:
        return cut(self.text, [mark for marks in self.marks.values() for mark in marks])

    # Tasks

    @cached_property
    def tasks(self) -> list[TaskProposal]:
        """Every task with its roles; items under other headings that describe the same work name the first of them."""
        found = self.found["tasks"]
        same = likeness.earlier(
            [
                likeness.item(one["text"], named.assignees, named.coordinators, one.get("due_text") or "")
                for one, named in zip(found, self._placed)
            ]
        )
        proposals = [
            self._task(mark, one, named)
            for mark, one, named in zip(self.marks["tasks"], found, self._placed, strict=True)
        ]
        return [
            one if place is None else replace(one, same_as=proposals[place].mark.no)
            for one, place in zip(proposals, same)
        ]

    def part(self, task: TaskProposal, start: int, end: int) -> TaskProposal:
        """A proposal for a stretch of a task: its own words and time; who leads is inherited unless it names others."""
        cut_out = next((one for one in task.split if (one.start, one.end) == (start, end)), None)
        cut_out = cut_out or splitting.part(self.text, start, end, self.day)
        due_text, due_on = cut_out.due_text, cut_out.due_on
        if not due_text and task.due_text and task.due_text not in self.text[task.mark.start : task.mark.end]:
            due_text, due_on = task.due_text, task.due_on  # a time that a heading gives binds every part
        named, partners = self._named_in(task, cut_out)
        placed = roles.placed(cut_out.text, named or task.assignees, partners)
        placed = replace(placed, leader=placed.leader or task.leader)
        settled = roles.settle(placed, self._names)
        known = self._earlier.task(cut_out.text)
        return replace(
            task,
            mark=Mark(task.mark.kind, task.mark.no, cut_out.start, cut_out.end),
            text=cut_out.text,
            assignees=placed.assignees,
            coordinators=placed.coordinators,
            due_text=due_text,
            due_on=due_on if due_on and not understood(due_text, self.day) else None,
            deliverable=task.deliverable if fold(task.deliverable) in fold(cut_out.text) else "",
            split=(),
            same_as=None,
            passages=(),
            new=known is None and not self._earlier.was_rejected("V", cut_out.text),
            task_id=known,
            **_of(settled),
        )

    @staticmethod
    def _named_in(task: TaskProposal, one: splitting.Part) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Who leads and who takes part in a stretch: as the reader found, or else those whose names stand in it."""
        if one.assignees is not None:
            return one.assignees, one.coordinators
        words = fold(one.text)
        every = dict.fromkeys((*task.assignees, *task.coordinators))
        partners = tuple(name for name in task.coordinators if fold(name) in words)
        return tuple(name for name in every if name not in partners and fold(name) in words), partners

    def clauses(self, task: TaskProposal) -> tuple[int, ...]:
        """Places in the text where a free cut may part a task."""
        return splitting.borders(self.text, *task.mark.span)

    def merged(self, first: TaskProposal, *others: TaskProposal) -> TaskProposal:
        """One task of several items: who leads one of them leads it, all others take part; each passage is kept."""
        every = [first, *others]
        leading = [one for one in every if not one.open and one.leads] or [one for one in every if one.leads]
        lead = leading[0] if leading else first
        given = [choice for one in every for role in one.roles[:1] for choice in (role.lead, *role.partners)]
        led = set(lead.leads[0].units) if lead.leads else set()
        partners = tuple(dict.fromkeys(choice for choice in given if not set(choice.units) <= led))
        role = (Role(lead.leads[0], partners),) if lead.leads else ()
        spans = tuple(dict.fromkeys(span for one in every for span in one.spans))
        due = next((one for one in every if one.due_text), first)
        return replace(
            first,
            assignees=tuple(dict.fromkeys(name for one in every for name in one.assignees)),
            coordinators=tuple(dict.fromkeys(name for one in every for name in one.coordinators)),
            roles=(*role, *(other for one in every for other in one.roles if other not in role)),
            leads=tuple(dict.fromkeys(choice for one in (lead, *every) for choice in one.leads))[: OFFERED + 2],
            partners=partners,
            due_text=due.due_text,
            due_on=due.due_on,
            deliverable=next((one.deliverable for one in every if one.deliverable), ""),
            leader=next((one.leader for one in every if one.leader), ""),
            questions=tuple(
                dict.fromkeys(one for each in every for one in each.questions if lead.leads == () or one.kind != "lead")
            ),
            passages=spans,
            same_as=None,
            open=lead.open,
            new=any(one.new for one in every),
            task_id=next((one.task_id for one in every if one.task_id), None),
        )

    def _task(self, mark: Mark, one: Mapping[str, Any], named: Named) -> TaskProposal:
        due_text = one.get("due_text") or ""
        due_on = date.fromisoformat(one["due"]) if one.get("due") else None
        settled = roles.settle(named, self._names)
        known = self._earlier.task(one["text"])
        rejected = self._earlier.was_rejected("V", one["text"])
        return TaskProposal(
            mark=mark,
            text=one["text"],
            assignees=named.assignees,
            coordinators=named.coordinators,
            due_text=due_text,
            due_on=due_on if due_on and not understood(due_text, self.day) else None,
            deliverable=one.get("deliverable") or "",
            split=() if one.get("row") else splitting.parts(self.text, one, self.day),
            new=known is None and not rejected,
            task_id=known,
            rejected=rejected,
            why=one.get("why", ""),
            **_of(settled),
        )

    @cached_property
    def _placed(self) -> list[Named]:
        """The names of each item in their places."""
        found = []
        for one in self.found["tasks"]:
            named = roles.placed(one["text"], one.get("assignees", ()), one.get("coordinators", ()))
            found.append(replace(named, leader=one.get("leader") or named.leader))
        return found

    @cached_property
    def _names(self) -> Names:
        """Every name of the text, understood in one go."""
        every = {name for one in self._placed for name in (*one.assignees, *one.coordinators, *one.directors)}
        for one in self.found["tasks"]:
            every.update(
                name
                for part in one.get("parts") or ()
                for name in (*part.get("assignees", ()), *part.get("coordinators", ()))
            )
        return Names(every, self.day, self.on, self.near, self.actor.unit_id)

    @cached_property
    def _earlier(self) -> Earlier:
        """What was made of this document before."""
        passages = [one["text"] for one in self.found["tasks"]]
        return earlier.of(
            self.actor,
            self.on,
            document=self.document,
            registered=self.registered,
            day=self.heading.issued_on,
            passages=passages,
        )

    # Figures, citations, contradictions

    @cached_property
    def figures(self) -> list[FigureProposal]:
        known = figures.Known()
        found = []
        for mark, one in zip(self.marks["figures"], self.found["figures"], strict=True):
            made = figures.proposal(self.text, mark, one, self.day, known)
            before = self._earlier
            kept = made.target is not None and words_of(made.sentence) in before.targets
            old = kept or words_of(made.text) in before.figures or before.was_rejected("S", made.text)
            found.append(replace(made, new=not old))
        return found

    @cached_property
    def targets(self) -> list[FigureProposal]:
        return [one for one in self.figures if one.target is not None]

    @cached_property
    def citations(self) -> list[CitationProposal]:
        """Each document once, however often the text names it."""
        marked = list(zip(self.marks["citations"], self.found["citations"], strict=True))
        days = [date.fromisoformat(one["date"]) if one.get("date") else None for _mark, one in marked]
        known = documents.cited_each(
            self.actor, [(one["number"], day) for (_mark, one), day in zip(marked, days)], self.on
        )
        report = fold(self.text[:1500]).find("bao cao") >= 0 and "/bc-" in self.heading.symbol.casefold()
        named = []
        for (mark, one), day, document in zip(marked, days, known):
            if document is not None and self.document is not None and document.pk == self.document.pk:
                document = None  # a document does not follow from itself
            said = citations.said(self.text, mark.start, mark.end, title=self.heading.subject, report=report)
            named.append(
                CitationProposal(
                    mark,
                    one["text"],
                    one["number"],
                    day,
                    document,
                    said.kind,
                    said.clause,
                    said.basis,
                    True,
                    said.plain,
                )
            )
        before = self._earlier
        return [
            replace(
                one, new=not ((one.known and one.known.key in before.related) or before.was_rejected("D", one.text))
            )
            for one in citations.once(named)
        ]

    @property
    def unregistered(self) -> list[CitationProposal]:
        """Documents that the text names and no register here holds: what would complete the cascade."""
        return [one for one in self.citations if one.known is None]

    @cached_property
    def flags(self) -> list[Flag]:
        return [
            Flag(mark, one["text"], one["kind"], one.get("why", ""))
            for mark, one in zip(self.marks["flags"], self.found["flags"], strict=True)
        ]

    @property
    def questions(self) -> list[Question]:
        """Every name that somebody must explain, once."""
        seen = {one.name: one for task in self.tasks for one in task.questions if one.name}
        return list(seen.values())


def of(
    text: str,
    actor: Actor,
    on: date,
    document: Document | None = None,
    rows: Iterable[Any] | None = None,
) -> Reading:
    """Read the text for this person today; `rows` are the rows of an assignment annex, which stand in the text too."""
    found = read(text)
    if rows is not None:
        found = {**found, "tasks": annex.joined(found["tasks"], annex.marks(rows, text))}
    return Reading(text=text, actor=actor, on=on, found=found, document=document)


def _of(settled: roles.Settled) -> dict[str, Any]:
    return {
        "roles": settled.roles,
        "leads": settled.leads,
        "partners": settled.partners,
        "leader": settled.leader,
        "questions": settled.questions,
        "open": settled.open,
    }
