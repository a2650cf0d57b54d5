"""Dissemination (quán triệt) of a document: classes and who attended, unit by unit, and rolled up with its a/b.

The rate is attended ÷ (expected − exempt), never kept and never told without both (cascade.md §5). Key cadres are a
part of the members, so they stand beside the total, not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from giaoban.core.numbers import vi_percent
from giaoban.core.refusal import Refused, sentence
from giaoban.documents import cascading
from giaoban.documents.models import Addressee, Attendance, Document, Study
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

KEY = Attendance.Audience.KEY.value
TOTAL = tuple(each.value for each in Attendance.Audience if each.value != KEY)


class TooManyAttended(Refused):
    sentence = sentence(
        "%(audience)s: %(attended)s attended, but only %(due)s were to attend (%(expected)s less %(exempt)s exempt)."
    )


class KeyMoreThanAll(Refused):
    sentence = sentence("Key cadres are a part of the audience: %(key)s cannot be more than %(all)s in all.")


class NoClass(Refused):
    sentence = sentence("Where somebody attended there was at least one class.")
    field = "classes"


class PartsDiffer(Refused):
    sentence = sentence("The parts do not add up: %(parts)s by audience, but %(all)s in all.")
    field = "total"


class StudiedBefore(Refused):
    sentence = sentence("It cannot have been studied on %(day)s, before it was issued.")
    field = "finished_on"


@dataclass(frozen=True)
class Heads:
    """People of one audience: who was expected, excused, and attended."""

    expected: int = 0
    exempt: int = 0
    attended: int = 0

    @property
    def due(self) -> int:
        return self.expected - self.exempt

    @property
    def rate(self) -> str:
        """ "95,57 %"; "" where nobody was to attend. Shown with `attended`/`due` beside it."""
        return vi_percent(self.attended, self.due) if self.due else ""

    def __add__(self, other: Heads) -> Heads:
        return Heads(self.expected + other.expected, self.exempt + other.exempt, self.attended + other.attended)


@dataclass(frozen=True)
class Sheet:
    """One unit's study, or many rolled up."""

    classes: int = 0
    heads: Mapping[str, Heads] = field(default_factory=dict)

    @property
    def total(self) -> Heads:
        return sum((self.heads.get(each, Heads()) for each in TOTAL), Heads())

    def of(self, audience: str) -> Heads:
        return self.heads.get(audience, Heads())

    def __add__(self, other: Sheet) -> Sheet:
        both = {each: self.of(each) + other.of(each) for each in (KEY, *TOTAL)}
        return Sheet(self.classes + other.classes, both)


@dataclass(frozen=True)
class Row:
    unit_id: int
    unit_name: str
    study: Study | None
    sheet: Sheet


@dataclass(frozen=True)
class Dissemination:
    """All units that were to study the document: those that have, those that have not, and the sums."""

    rows: list[Row]
    sheet: Sheet
    studied: int
    planned: int  # of those that studied, with a plan issued

    @property
    def units(self) -> int:
        return len(self.rows)

    @property
    def missing(self) -> list[str]:
        return [row.unit_name for row in self.rows if row.study is None]


def record_study(
    *,
    by: Actor,
    at: datetime,
    document: Document,
    unit_id: int,
    classes: int,
    finished_on: date,
    heads: Mapping[str, Heads],
    form: str = Study.Form.IN_PERSON,
    plan_issued: bool = False,
    plan_symbol: str = "",
    total: tuple[int, int] | None = None,
) -> Study:
    """A unit says how it studied the document; saying it again replaces what it said, and the journal keeps both.

    `total` is attended and due as printed in the unit's own report: where it is given, the parts must add up to it.
    """
    with writing(by=by, at=at, verb="document.study", subject=document, unit_id=unit_id) as entry:
        on = timezone.localdate(at)
        _require(by, document, unit_id, on)
        _check(document, classes, finished_on, heads, total)
        study, _made = Study.objects.update_or_create(
            document=document,
            unit_id=unit_id,
            defaults={
                "form": Study.Form(form).value,
                "classes": classes,
                "finished_on": finished_on,
                "plan_issued": plan_issued or bool(plan_symbol.strip()),
                "plan_symbol": plan_symbol.strip(),
                "at": at,
                "by": by.name,
            },
        )
        entry.data["before"] = {row.audience: [row.expected, row.exempt, row.attended] for row in study.counts.all()}
        study.counts.all().delete()
        Attendance.objects.bulk_create(
            Attendance(
                study=study, audience=audience, expected=each.expected, exempt=each.exempt, attended=each.attended
            )
            for audience, each in heads.items()
            if each != Heads()
        )
        entry.data["after"] = {name: [each.expected, each.exempt, each.attended] for name, each in heads.items()}
        entry.data["classes"] = classes
    return study


def dissemination(actor: Actor, document: Document, on: date) -> Dissemination:
    """Of every unit the document was sent to, and its issuer, whether and how it studied it; three queries."""
    own = [each.pk for each in cascading.lines([document])]
    sent = set(Addressee.objects.filter(document__in=own).values_list("unit_id", flat=True))
    studies = {
        each.unit_id: each for each in Study.objects.filter(document__in=own).order_by("at").prefetch_related("counts")
    }
    names = orgs.names(sent | set(studies), on)
    rows = [
        Row(unit, names.get(unit, f"#{unit}"), studies.get(unit), sheet_of(studies.get(unit)))
        for unit in sorted(sent | set(studies), key=lambda unit: names.get(unit, ""))
    ]
    rows.sort(key=lambda row: row.study is not None)  # who has not comes first
    done = [row for row in rows if row.study is not None]
    return Dissemination(
        rows,
        sum((row.sheet for row in done), Sheet()),
        len(done),
        sum(row.study.plan_issued for row in done if row.study),
    )


def sheet_of(study: Study | None) -> Sheet:
    if study is None:
        return Sheet()
    heads = {row.audience: Heads(row.expected, row.exempt, row.attended) for row in study.counts.all()}
    return Sheet(study.classes, heads)


def unit_for(actor: Actor, document: Document, on: date) -> int | None:
    """For which of their units the actor may say how it studied the document."""
    own = [each.pk for each in cascading.lines([document])]
    for unit in people.own_units(actor, on):
        here = Q(owner_unit_id=unit) | Q(addressees__unit_id=unit)
        if Document.objects.filter(here, pk__in=own).exists() and _may(actor, unit, on):
            return unit
    return None


def _may(actor: Actor, unit_id: int, on: date) -> bool:
    return any(people.may(actor, verb, unit_id, on) for verb in ("document.receive", "document.register"))


def _require(by: Actor, document: Document, unit_id: int, on: date) -> None:
    if not people.may(by, "document.register", unit_id, on):
        people.require(by, "document.receive", unit_id, on)


def _check(
    document: Document,
    classes: int,
    finished_on: date,
    heads: Mapping[str, Heads],
    total: tuple[int, int] | None,
) -> None:
    for audience, each in heads.items():
        if each.attended > each.due or each.exempt > each.expected:
            raise TooManyAttended(
                audience=Attendance.Audience(audience).label,
                attended=each.attended,
                due=max(0, each.due),
                expected=each.expected,
                exempt=each.exempt,
            )
    sheet = Sheet(classes, heads)
    key = sheet.of(KEY)
    if key.expected > sheet.total.expected or key.attended > sheet.total.attended:
        raise KeyMoreThanAll(key=key.attended, all=sheet.total.attended)
    if total is not None and total != (sheet.total.attended, sheet.total.due):
        raise PartsDiffer(parts=f"{sheet.total.attended}/{sheet.total.due}", all=f"{total[0]}/{total[1]}")
    if classes < 1 and sheet.total.attended:
        raise NoClass()
    if document.issued_on and finished_on < document.issued_on:
        raise StudiedBefore(day=finished_on.strftime("%d/%m/%Y"))
