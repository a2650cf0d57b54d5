"""Who may see a quick round, what it has brought so far, and which unit a link belongs to."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from django.core import signing
from django.db.models import Q, QuerySet

from giaoban.catalogue import rows
from giaoban.core import period as periods
from giaoban.core.text import fold, sort_key
from giaoban.indicators import queries as figures
from giaoban.indicators.models import Cell, Report, Round, Standing
from giaoban.indicators.queries import holding, openings, reports
from giaoban.indicators.queries.holding import Holder
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Closure, Snapshot
from giaoban.people import queries as people
from giaoban.quick import refusals
from giaoban.quick.models import LinkAnswer, QuickQuestion, QuickRound
from giaoban.quick.shipped import Asked

SALT = "giaoban.quick.link"
TREES = (MANAGEMENT, TERRITORY, PROFESSIONAL)


# Which quick rounds


def quicks(actor: Actor, on: date) -> QuerySet[QuickRound]:
    """Those opened where the actor may open or follows, the newest first."""
    found = QuickRound.objects.select_related("round__sheet")
    return found if actor.is_system else found.filter(round__in=figures.rounds_for(actor, on).values("pk"))


def quick_for(actor: Actor, quick_id: int, on: date) -> QuickRound:
    """The quick round, if the actor may look at it; QuickRound.DoesNotExist otherwise."""
    found = QuickRound.objects.select_related("round__sheet").get(pk=quick_id)
    if not actor.is_system and not people.may(actor, "figure.follow", found.round.opener_id, on):
        raise QuickRound.DoesNotExist
    return found


def runs_it(actor: Actor, quick: QuickRound, on: date) -> bool:
    """Whether the actor reminds and closes."""
    return people.may(actor, "round.open", quick.round.opener_id, on)


def figures_round(quick: QuickRound) -> Round:
    return Round.objects.get(pk=quick.round_id)


def open_now(at: datetime) -> QuerySet[QuickRound]:
    return QuickRound.objects.filter(closed_at=None, closes_at__gt=at)


def is_open(quick: QuickRound, at: datetime) -> bool:
    return quick.closed_at is None and quick.closes_at > at


def to_answer(actor: Actor, on: date, at: datetime) -> list[tuple[QuickRound, Report]]:
    """Open quick rounds that ask a unit the actor types for, those not answered first."""
    running = {one.round_id: one for one in open_now(at)}
    if not running:
        return []
    mine = reports.reports_due(actor, on).filter(round__in=running)
    return sorted(
        ((running[one.round_id], one) for one in mine),
        key=lambda pair: (pair[1].first_submitted_at is not None, pair[0].closes_at),
    )


def quick_of(report_id: int) -> tuple[QuickRound, Report]:
    report = Report.objects.select_related("round__quick").filter(pk=report_id, round__quick__isnull=False).first()
    if report is None:
        raise Report.DoesNotExist
    return report.round.quick, report


def report_for(actor: Actor, report_id: int, on: date) -> tuple[QuickRound, Report]:
    """The unit's report in a quick round, if the actor may answer or look at it."""
    quick, report = quick_of(report_id)
    if not (may_answer(actor, report, on) or reports.sees(actor, report, on)):
        raise Report.DoesNotExist
    return quick, report


def may_answer(actor: Actor, report: Report, on: date) -> bool:
    return reports.may_type(actor, report, on) or reports.may_submit(actor, report, on)


# Links


def token(report: Report) -> str:
    return signing.dumps(report.pk, salt=SALT, compress=False)


def by_token(given: str, at: datetime) -> tuple[QuickRound, Report]:
    """Whose link it is; it holds until the quick round closes."""
    try:
        report_id = signing.loads(given, salt=SALT)
        quick, report = quick_of(int(report_id))
    except (signing.BadSignature, ValueError, TypeError, Report.DoesNotExist):
        raise refusals.LinkOver() from None
    if not quick.by_link or not is_open(quick, at):
        raise refusals.LinkOver()
    return quick, report


# What a unit has said


@dataclass(frozen=True)
class Said:
    """One answer of one unit; nought and not answered differ."""

    question: QuickQuestion
    value: int | None = None
    answered: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        return "" if self.value is None else str(self.value)


def said(quick: QuickRound, report: Report) -> list[Said]:
    held = {one.cell_id: one for one in Standing.objects.filter(report=report).select_related("current")}
    return [_said(one, held) for one in quick.questions.all()]


def _said(question: QuickQuestion, held: Mapping[int, Standing]) -> Said:
    standing = held.get(question.cell_id)
    if standing is None:
        return Said(question)
    return Said(question, standing.current.value, True, standing.current.explanation)


# What came in


@dataclass(frozen=True)
class Row:
    """One unit in the live table."""

    report: Report
    name: str
    area: str
    answered: bool
    said: tuple[Said, ...]
    link_name: str = ""
    joined: bool = False


@dataclass(frozen=True)
class Total:
    question: QuickQuestion
    total: int
    answered: int
    noughts: int
    missing: int


@dataclass(frozen=True)
class Area:
    """The units of a commune together."""

    unit_id: int
    name: str
    answered: int
    asked: int
    totals: tuple[int | None, ...]


@dataclass(frozen=True)
class Live:
    rows: tuple[Row, ...]
    totals: tuple[Total, ...]
    areas: tuple[Area, ...]

    @property
    def asked(self) -> int:
        return len(self.rows)

    @property
    def answered(self) -> int:
        return sum(row.answered for row in self.rows)

    @property
    def waiting(self) -> list[Row]:
        return [row for row in self.rows if not row.answered]


def live(quick: QuickRound, on: date) -> Live:
    """Everything that has come in, in a number of queries that does not grow with the units."""
    asked = Report.objects.filter(Q(round=quick.round_id) | Q(joinings__round=quick.round_id)).distinct()
    found = list(asked.select_related("round"))
    questions = list(quick.questions.all())
    held: dict[int, dict[int, Standing]] = {}
    for one in Standing.objects.filter(report__in=found).select_related("current__submission"):
        held.setdefault(one.report_id, {})[one.cell_id] = one
    links = _link_names(found)
    names, areas = orgs.names([one.unit_id for one in found], on), _areas([one.unit_id for one in found], on)
    made = []
    for report in found:
        mine = held.get(report.pk, {})
        answers = tuple(_said(one, mine) for one in questions)
        latest = next((one.current.submission_id for one in mine.values()), None)
        made.append(
            Row(
                report=report,
                name=names[report.unit_id],
                area=areas.get(report.unit_id, (0, ""))[1],
                answered=any(one.answered for one in answers),
                said=answers,
                link_name=links.get(latest, "") if latest else "",
                joined=report.round_id != quick.round_id,
            )
        )
    made.sort(key=lambda row: (row.answered, sort_key(row.area), sort_key(row.name)))
    return Live(tuple(made), _totals(questions, made), _by_area(made, areas, len(questions)))


def _link_names(found: Sequence[Report]) -> dict[int, str]:
    rows_ = LinkAnswer.objects.filter(submission__report__in=found)
    return dict(rows_.values_list("submission_id", "name"))


def _totals(questions: Sequence[QuickQuestion], found: Sequence[Row]) -> tuple[Total, ...]:
    totals = []
    for place, question in enumerate(questions):
        said_ = [row.said[place] for row in found]
        values = [one.value for one in said_ if one.value is not None]
        totals.append(
            Total(question, sum(values), len(values), sum(value == 0 for value in values), len(said_) - len(values))
        )
    return tuple(totals)


def _by_area(found: Sequence[Row], areas: Mapping[int, tuple[int, str]], number: int) -> tuple[Area, ...]:
    by_area: dict[tuple[int, str], list[Row]] = {}
    for row in found:
        by_area.setdefault(areas.get(row.report.unit_id, (0, "")), []).append(row)
    made = []
    for (unit, name), members in by_area.items():
        totals: list[int | None] = []
        for place in range(number):
            values = [row.said[place].value for row in members if row.said[place].value is not None]
            totals.append(sum(values) if values else None)
        made.append(Area(unit, name, sum(row.answered for row in members), len(members), tuple(totals)))
    return tuple(sorted(made, key=lambda one: sort_key(one.name)))


def _areas(units: Collection[int], on: date) -> dict[int, tuple[int, str]]:
    """{unit: (commune, its name)} of the day."""
    communes = Snapshot.objects.filter(kind__level="commune", kind__family="area", start__lte=on, end__gt=on)
    names = dict(communes.values_list("unit_id", "name"))
    tree = Closure.objects.filter(hierarchy=TERRITORY, descendant__in=list(units), start__lte=on, end__gt=on)
    pairs = tree.values_list("descendant_id", "ancestor_id")
    return {unit: (above, names[above]) for unit, above in pairs if above in names}


# Whom to ask


def hierarchy_of(opener_id: int, unit_ids: Collection[int], on: date) -> str:
    """The first tree in which all of them lie below the opener."""
    wanted = set(unit_ids)
    for hierarchy in TREES:
        if wanted <= set(orgs.descendants(opener_id, hierarchy, on)):
            return hierarchy
    return MANAGEMENT


def openers(actor: Actor, on: date) -> list[int]:
    return openings.openers_of(actor, on)


def below(opener_id: int, on: date) -> QuerySet[Snapshot]:
    """Everything that stands below the opener, by management, territory or guidance."""
    trees = Closure.objects.filter(hierarchy__in=TREES, ancestor=opener_id, depth__gt=0, start__lte=on, end__gt=on)
    return orgs.living(on).filter(unit__in=trees.values("descendant")).select_related("kind")


def chosen_units(
    opener_id: int, on: date, *, kinds: Collection[str], inside: Collection[int], names: Sequence[str] = ()
) -> list[int]:
    """The units of the kinds, of these areas or groups (everywhere where none is), and those named."""
    found = below(opener_id, on)
    wanted = set(found.filter(kind__in=list(kinds)).values_list("unit_id", flat=True)) if kinds else set()
    if inside:
        reached = Closure.objects.filter(ancestor__in=list(inside), start__lte=on, end__gt=on)
        wanted &= set(reached.values_list("descendant_id", flat=True))
    if names:
        named, unknown = _named(found, names)
        if unknown:
            raise refusals.UnknownUnits(names="; ".join(unknown))
        wanted = named if not kinds else wanted | named
    return sorted(wanted)


def _named(found: QuerySet[Snapshot], names: Sequence[str]) -> tuple[set[int], list[str]]:
    by_name: dict[str, int] = {}
    for unit, name, code in found.values_list("unit_id", "name", "code"):
        by_name.setdefault(fold(name), unit)
        if code:
            by_name.setdefault(fold(code), unit)
    known = {name: by_name.get(fold(name)) for name in names}
    return {unit for unit in known.values() if unit}, [name for name, unit in known.items() if unit is None]


def communes_below(opener_id: int, on: date) -> list[Snapshot]:
    found = below(opener_id, on).filter(kind__level="commune", kind__family="area")
    return sorted(found, key=lambda row: sort_key(row.name))


@cache
def _spots() -> dict[str, tuple[float, float]]:
    return {
        row["code"]: (float(row["lat"]), float(row["lon"]))
        for row in rows("admin/communes_2025.csv")
        if row["lat"] and row["lon"]
    }


def spot(row: Snapshot) -> tuple[float, float] | None:
    """Where a commune of today lies."""
    return _spots().get(row.code)


def who_holds(questions: Sequence[Asked], units: Collection[int], on: date) -> list[Holder]:
    """Who already holds or asks the numbers that were picked from the catalogue."""
    codes = [one.element for one in questions if one.element]
    cells = list(Cell.objects.filter(element__in=codes).values_list("pk", flat=True))
    day = on.isoformat()
    return holding.who_holds(cells, units, periods.parse(f"{day}..{day}"), on)
