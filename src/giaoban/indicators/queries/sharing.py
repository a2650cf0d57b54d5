"""Plans: what holds where, what was shared out from what, and what is left of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction

from django.db.models import Max

from giaoban.core import formula as language
from giaoban.core import period as periods
from giaoban.core import rollup
from giaoban.indicators.models import Element, Indicator, Target
from giaoban.indicators.queries import catalogue
from giaoban.journal import queries as journal
from giaoban.journal.actor import Actor
from giaoban.people import queries as people

# In bulk, for the roll-up


VERBS = ("target.set", "target.withdraw", "target.share", "target.load")


def newest_target() -> int:
    """The newest version of any target."""
    found: int | None = Target.objects.aggregate(newest=Max("pk"))["newest"]
    return found or 0


def count_of_targets() -> int:
    """How many versions there are: this reads them all."""
    return Target.objects.count()


def acts_on_targets(after: int) -> tuple[int, bool]:
    """The journal's newest line, and whether anything was done to targets after another one.

    Lines of the journal follow the order of commits, numbers of targets need not.
    """
    found = journal.events().filter(seq__gt=after)
    newest = journal.events().values_list("seq", flat=True).first() or 0
    return newest, found.filter(seq__lte=newest, verb__in=VERBS).order_by().exists()


def mark_of_target(pk: int) -> object:
    """What one version says: tells a list of targets from another that has one of the same number."""
    return Target.objects.filter(pk=pk).values_list(*FIELDS).first()


FIELDS = ("pk", "indicator_id", "unit_id", "period_code", "no", "numerator", "denominator", "withdrawn")


def targets_after(pk: int) -> Iterable[tuple[int, str, int, str, int, int, int, bool]]:
    """Every version made after one, in order."""
    return Target.objects.filter(pk__gt=pk).order_by("pk").values_list(*FIELDS).iterator(chunk_size=50_000)


# One plan and its parts


def adds_up(indicator: Indicator, period_code: str) -> bool:
    """Whether plans of units below add up to that of the unit above: of counts they do, of rates never."""
    if indicator.is_percent:
        return False
    version = catalogue.formula(indicator.code, periods.parse(period_code).data_day)
    versions = [version] if version else catalogue.formula_versions([indicator.code]).get(indicator.code, [])[:1]
    if not versions:
        return True
    tree = language.from_json(versions[0].tree)
    elements = {name.element for name in language.name_nodes(tree)}
    printed = Element.objects.filter(pk__in=elements, over_units="none").exists()
    return language.ratio(tree)[1] is None and not printed


def comes_from(part: Target, whole: Target) -> bool:
    """Whether a target was shared out from any version of another."""
    above = part.shared_from
    return above is not None and (above.indicator_id, above.unit_id, above.period_code) == (
        whole.indicator_id,
        whole.unit_id,
        whole.period_code,
    )


def parts_of(whole: Target) -> list[Target]:
    """The parts of a plan that hold: targets shared from any version of it and not replaced from elsewhere since."""
    given = Target.objects.filter(
        shared_from__indicator=whole.indicator_id,
        shared_from__unit=whole.unit_id,
        shared_from__period_code=whole.period_code,
    )
    units = set(given.values_list("unit_id", flat=True))
    newest: dict[int, Target] = {}
    rows = Target.objects.filter(indicator=whole.indicator_id, period_code=whole.period_code, unit__in=units)
    for one in rows.select_related("shared_from").order_by("no"):
        newest[one.unit_id] = one
    return [one for _unit, one in sorted(newest.items()) if not one.withdrawn and comes_from(one, whole)]


def rest_of(whole: Target, parts: Iterable[Target] | None = None) -> Fraction:
    """What is left of a plan: below nought where more was shared out than there is."""
    given = parts_of(whole) if parts is None else parts
    return whole.value - sum((one.value for one in given), Fraction(0))


def proposal(whole: Target, places: int, weights: Mapping[int, Fraction]) -> dict[int, Fraction]:
    """The plan divided in proportion, to so many decimals, with nothing left; by equal parts where nobody weighs."""
    if not weights:
        return {}
    usable = {unit: max(weight, Fraction(0)) for unit, weight in weights.items()}
    if not any(usable.values()):
        usable = dict.fromkeys(weights, Fraction(1))
    scale = 10**places
    whole_steps = whole.value * scale
    divided = rollup.apportion(whole_steps.numerator // whole_steps.denominator, usable)
    return {unit: Fraction(part, scale) for unit, part in divided.items()}


def next_no(indicator: str, unit_id: int, period_code: str) -> int:
    rows = Target.objects.filter(indicator=indicator, unit=unit_id, period_code=period_code)
    return (rows.aggregate(no=Max("no"))["no"] or 0) + 1


def targets_for(actor: Actor, unit_id: int, period_codes: Iterable[str], on: date) -> list[Target]:
    """What is asked of a unit in some periods, in its newest versions, for who may look at its figures."""
    if not people.in_sight(actor, "figure.view", [unit_id], on, on):
        return []
    rows = Target.objects.filter(unit=unit_id, period_code__in=list(period_codes)).order_by("no")
    newest = {
        (one.indicator_id, one.period_code): one
        for one in rows.select_related("indicator", "document", "shared_from__unit")
    }
    return [one for one in newest.values() if not one.withdrawn]


def target_for(actor: Actor, target_id: int, on: date) -> Target:
    """One target that holds, for who may look at figures of its unit; Target.DoesNotExist otherwise."""
    found = Target.objects.select_related("indicator", "document").get(pk=target_id)
    newest = catalogue.target(found.indicator_id, found.unit_id, found.period_code)
    if newest is None or not people.in_sight(actor, "figure.view", [found.unit_id], on, on):
        raise Target.DoesNotExist
    newest.indicator = found.indicator
    return newest


def versions_of(target: Target) -> list[Target]:
    """Every version of a target, the newest first."""
    rows = catalogue.target_history(target.indicator_id, target.unit_id, target.period_code)
    return list(rows.select_related("document", "shared_from"))
