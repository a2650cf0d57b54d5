"""Answer: type figures into a report and hand them in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F

from giaoban.core.numbers import MISSING, BadNumber, parse_number
from giaoban.core.refusal import Invalid, NotAllowed, Refused
from giaoban.core.text import nfc
from giaoban.indicators import refusals
from giaoban.indicators.actions.cells import hand_in_cells, keep_drafts
from giaoban.indicators.actions.signing import signed
from giaoban.indicators.models import Draft, Report, Return, SheetLine, Standing, Submission
from giaoban.indicators.models.collection import CellState
from giaoban.indicators.queries import reports, states
from giaoban.indicators.queries.findings import Finding, shown
from giaoban.indicators.queries.reports import Held, Saying
from giaoban.journal import prepared
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

LARGEST = 10**15
PLAIN_DIGITS = 6  # so many make no number too large, whatever the scale (at most 9)
EMPTY_TEXTS = ("", MISSING, "-", "–")


@dataclass(frozen=True)
class Typed:
    """What was typed into a cell, as text ("1.234", "", "12,5"). None leaves a part as it is.

    `was` is what the page showed before typing: when the stored text has changed since, the save is refused.
    """

    text: str | None = None
    note: str | None = None
    was: str | None = None


# Type


def save_draft(
    *, by: Actor, at: datetime, on: date, report_id: int, values: Mapping[int, Typed | str | int | None]
) -> Report:
    """Keep what was typed ({cell id: Typed or text}). One bad number refuses the whole batch, naming each cell.

    A draft that says what was handed in already is no draft: it is dropped, and the cell stands as before.
    """
    with writing(by=by, at=at, verb="report.type") as entry:
        report = locked_report(report_id, for_update=True)
        entry.unit_id = report.unit_id
        people.require(by, "figure.type", report.answering_id, on)
        check_open(report, on)
        lines = {row.cell_id: row for row in reports.asked(report) if row.owns}
        held = reports.held(report, locked=True)
        wanted, faults = _read(lines, held, values)
        if faults:
            raise Invalid(faults)
        changed = _keep(report, held, wanted, by, at)
        entry.skip = not changed
        entry.data |= {"report": report.pk, "cells": changed}
        if changed:
            _touch(report, F("draft_version") + 1)
    report.refresh_from_db()
    return report


def _read(
    lines: Mapping[int, SheetLine], held: Held, values: Mapping[int, Typed | str | int | None]
) -> tuple[dict[int, tuple[int | None, str]], list[Refused]]:
    """What each cell would hold, and everything that is wrong with the batch."""
    wanted: dict[int, tuple[int | None, str]] = {}
    faults: list[Refused] = []
    for cell, given in values.items():
        typed = given if isinstance(given, Typed) else Typed(text="" if given is None else str(given))
        line = lines.get(cell)
        if line is None:
            faults.append(refusals.NotAsked(cell=cell, field=field_of(cell)))
            continue
        try:
            wanted[cell] = _one(line, held, typed)
        except Refused as fault:
            faults.append(fault)
    return wanted, faults


def _one(line: SheetLine, held: Held, typed: Typed) -> tuple[int | None, str]:
    cell = line.cell_id
    stands = held.value(cell)
    value = stands if typed.text is None else parse_cell(line, typed.text)
    if typed.was is not None and value != stands and parse_cell(line, typed.was) != stands:
        draft = held.drafts.get(cell)
        raise refusals.ChangedMeanwhile(
            cell=line.words,
            now=shown(stands, line.cell.element.scale),
            was=typed.was or MISSING,
            who=draft.actor_name if draft else MISSING,
            field=field_of(cell),
        )
    note = held.note(cell) if typed.note is None else nfc(typed.note).strip()
    return value, note


def parse_cell(line: SheetLine, text: str) -> int | None:
    """The stored integer for what was typed, or a refusal that names the cell. Empty is missing, never nought."""
    cleaned = text.strip()
    if cleaned in EMPTY_TEXTS:
        return None
    scale = line.cell.element.scale
    if len(cleaned) <= PLAIN_DIGITS and cleaned.isascii() and cleaned.isdecimal():
        return int(cleaned) * 10**scale  # most of what is typed
    named = {"cell": line.words, "text": cleaned, "field": field_of(line.cell_id)}
    try:
        number = parse_number(cleaned)
    except BadNumber:
        raise refusals.BadCellNumber(**named) from None
    scaled = number.scaleb(scale)
    if scaled != scaled.to_integral_value():
        raise refusals.TooManyDecimals(places=scale, **named) if scale else refusals.NotWholeNumber(**named)
    if scaled < 0:
        raise refusals.NegativeNumber(**named)
    if scaled > LARGEST:
        raise refusals.NumberTooLarge(**named)
    return int(scaled)


def _keep(
    report: Report, held: Held, wanted: Mapping[int, tuple[int | None, str]], by: Actor, at: datetime
) -> list[int]:
    """Write the drafts that differ; which cells changed."""
    kept, dropped = _differing(held, wanted, by, at)
    if dropped:
        Draft.objects.filter(report=report, cell__in=dropped).delete()
    keep_drafts(report, kept)
    return sorted([draft.cell_id for draft in kept] + dropped)


def _differing(
    held: Held, wanted: Mapping[int, tuple[int | None, str]], by: Actor, at: datetime
) -> tuple[list[Saying], list[int]]:
    """(drafts that say something new, cells that say again what was handed in)."""
    kept: list[Saying] = []
    dropped: list[int] = []
    for cell, (value, note) in wanted.items():
        if (value, note) == (held.value(cell), held.note(cell)):
            continue
        standing = held.standings.get(cell)
        handed_in = (standing.current.value, standing.current.explanation) if standing else (None, "")
        if (value, note) == handed_in:
            dropped.append(cell)
        else:
            kept.append(Saying(cell, value, note, at, by.name))
    return kept, dropped


def _over(held: Held, kept: Sequence[Saying], dropped: Sequence[int]) -> Held:
    """What the report would hold with these, before anything is written."""
    gone = set(dropped)
    drafts = {cell: draft for cell, draft in held.drafts.items() if cell not in gone}
    return Held(held.standings, drafts | {draft.cell_id: draft for draft in kept})


# Hand in


def submit(
    *,
    by: Actor,
    at: datetime,
    on: date,
    report_id: int,
    note: str = "",
    seen: int | None = None,
    values: Mapping[int, Typed | str | int | None] | None = None,
) -> Submission:
    """Hand in: a revision of every changed cell. Hard rules must hold or the cells they touch be explained.

    `seen` is the report's `draft_version` the page showed: the head of the unit signs what they saw. `values` are typed
    and handed in with one act, as the page's button does; by whoever may do both. When it is refused nothing is kept.
    """
    with writing(by=by, at=at, verb="report.submit", reason=note) as entry:
        report = locked_report(report_id, for_update=True)
        entry.unit_id = report.unit_id
        may_hand_in(by, report, on, typing=bool(values))
        check_open(report, on)
        if seen is not None and seen != report.draft_version:
            raise refusals.ChangedSinceShown(unit=orgs.name(report.unit_id, on))
        lines = reports.asked(report)
        held = reports.held(report, locked=True)
        if values:
            wanted, bad = _read({row.cell_id: row for row in lines if row.owns}, held, values)
            if bad:
                raise Invalid(bad)
            held = _over(held, *_differing(held, wanted, by, at))
        findings = reports.findings_of(report, lines, held)
        faults = [*_faults(report, lines, held, note), *_broken(findings)]
        if faults:
            raise Invalid(faults)
        made = _hand_in(report, held, by, at, note)
        _after_submission(report, findings, at)
        entry.subject = made
        entry.data |= {"report": report.pk, "cells": sorted(held.drafts)}
        if report.round.counts_at_once:
            _let_count(report, at, on)
    return made


def may_hand_in(by: Actor, report: Report, on: date, *, typing: bool) -> None:
    """The head hands in. What a quick round asks, whoever types or heads hands in: there is no time for two."""
    allowed = people.verbs_at(by, ("figure.type", "figure.submit"), report.answering_id, on)
    if report.round.counts_at_once and allowed:
        return
    if "figure.submit" not in allowed or (typing and "figure.type" not in allowed):
        raise NotAllowed()


def _let_count(report: Report, at: datetime, on: date) -> None:
    """By the rule of a quick round what is handed in has passed its only step; the journal says who let it pass."""
    from giaoban.indicators.actions import review  # review takes this module's `settle`

    review.accept(by=SYSTEM, at=at, on=on, report_ids=[report.pk], step=1)


def _faults(report: Report, lines: Sequence[SheetLine], held: Held, note: str) -> Iterator[Refused]:
    if not held.drafts and not note.strip():
        returned = any(one.state == CellState.RETURNED for one in held.standings.values())
        yield refusals.AnswerNeeded() if returned else refusals.NothingChanged()
        return
    if not held.drafts and not any(one.state == CellState.RETURNED for one in held.standings.values()):
        yield refusals.NothingChanged()
        return
    asked_again = reports.open_returns(report) if held.standings else []  # nothing is returned that never came
    reasons = {one.cell_id: one.reason for one in asked_again if one.cell_id}
    for line in lines:
        if not line.owns:
            continue
        cell = line.cell_id
        if line.required and held.value(cell) is None and not held.note(cell):
            yield refusals.CellMissing(cell=line.words, field=field_of(cell))
        elif cell in reasons and cell not in held.drafts:
            yield refusals.StillReturned(cell=line.words, reason=reasons[cell], field=field_of(cell))


def _broken(findings: Sequence[Finding]) -> Iterator[Refused]:
    for one in findings:
        if one.hard and not one.explanation:
            yield refusals.RuleBroken(rule=one.text, field=field_of(one.cells[0]) if one.cells else None)
        elif one.open:
            yield refusals.WordsNeeded(finding=one.sentence.rstrip(".") + ".", field=field_of(one.cells[0]))


def _hand_in(report: Report, held: Held, by: Actor, at: datetime, note: str) -> Submission:
    no = report.submissions.count() + 1 if report.first_submitted_at else 1
    made = Submission.objects.create(report=report, no=no, note=note.strip(), **signed(by, at))
    if held.standings:
        Standing.objects.filter(report=report, state=CellState.RETURNED).update(state=CellState.SUBMITTED, step=0)
    hand_in_cells(report, made, [held.drafts[cell] for cell in sorted(held.drafts)])
    if held.standings:
        Return.objects.filter(report=report, answered_by__isnull=True).update(answered_by=made)
    if report.draft_version:
        report.drafts.all().delete()
    return made


def _after_submission(report: Report, findings: Sequence[Finding], at: datetime) -> None:
    """What the last handing-in left to look at, and the copy of the report's state, in one statement."""
    first = report.first_submitted_at is None  # then nothing was returned or accepted yet
    state, step = states.derive([(CellState.SUBMITTED, 0)], drafts=False) if first else states.derived(report)
    Report.objects.filter(pk=report.pk).update(
        submitted_at=at,
        first_submitted_at=report.first_submitted_at or at,
        findings=[one.kept() for one in findings],
        warnings=len(findings),
        weight=sum(one.weight for one in findings),
        draft_version=F("draft_version") + 1,
        version=F("version") + 1,
        state=state,
        step=step,
    )


# What reports share


def locked_report(report_id: int, *, for_update: bool = False) -> Report:
    """The report; `for_update` holds its row to the end of the transaction, so that verbs on it queue up."""
    found = reports.with_round(prepared.row(Report, report_id, for_update=for_update))
    if found is None:
        raise refusals.UnknownReport(report=report_id)
    return found


def check_open(report: Report, on: date) -> None:
    if report.round.opens_on > on:
        raise refusals.NotOpenYet(opens=f"{report.round.opens_on:%d/%m/%Y}")
    if not reports.is_open(report, on):
        raise refusals.Locked()


def settle(report: Report) -> None:
    """Bring the copy of a report's state up to its cells, and move its version."""
    state, step = states.derived(report)
    Report.objects.filter(pk=report.pk).update(state=state, step=step, version=F("version") + 1)


def _touch(report: Report, draft_version: F) -> None:
    """After typing: the state may become draft; the version of what was handed in stays."""
    state, step = states.derived(report)
    Report.objects.filter(pk=report.pk).update(state=state, step=step, draft_version=draft_version)


def field_of(cell_id: int | None) -> str:
    """The name of a cell's input on the page."""
    return f"cell-{cell_id}"
