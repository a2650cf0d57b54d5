"""A province made up from a seed, in a database of its own: what the benchmarks run on."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]
AT = datetime(2026, 1, 29, 2, tzinfo=UTC)
DAY = timedelta(days=1)
SINCE, REFORM, TODAY = date(2015, 1, 1), date(2025, 7, 1), date(2026, 1, 29)
COUNTRY, OLD, PROVINCE, DISTRICTS, COMMUNES, SCHOOLS = 1, 2, 3, 10, 100, 1000


def begin() -> tempfile.TemporaryDirectory[str]:
    """An empty database and store in a folder that goes away; DATABASE_URL is not used."""
    home = tempfile.TemporaryDirectory(prefix="giaoban-bench-")
    os.environ.pop("DATABASE_URL", None)
    os.environ |= {"GIAOBAN_HOME": home.name, "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return home


def units(schools: int, communes: int = 100) -> None:
    """Schools in communes, in districts of the old province until the reform and right below the new one since."""
    from giaoban.orgs.derived import rebuild_closure
    from giaoban.orgs.models import TERRITORY, Existence, Hierarchy, Lineage, Link, Unit

    Hierarchy.objects.get_or_create(code=TERRITORY, defaults={"name": "Địa bàn", "order": 1})
    districts = range(DISTRICTS, DISTRICTS + 8)
    areas = range(COMMUNES, COMMUNES + communes)
    leaves = range(SCHOOLS, SCHOOLS + schools)
    life = [(unit, SINCE, True) for unit in (COUNTRY, OLD, *districts, *areas, *leaves)]
    life += [(unit, REFORM, False) for unit in (OLD, *districts)] + [(PROVINCE, REFORM, True)]
    links = [(OLD, SINCE, COUNTRY), (PROVINCE, REFORM, COUNTRY)]
    links += [(unit, SINCE, OLD) for unit in districts]
    links += [(unit, SINCE, DISTRICTS + unit % 8) for unit in areas] + [(unit, REFORM, PROVINCE) for unit in areas]
    links += [(unit, SINCE, COMMUNES + unit % communes) for unit in leaves]
    Unit.objects.bulk_create([Unit(pk=unit) for unit, _, exists in life if exists], ignore_conflicts=True)
    Existence.objects.bulk_create([Existence(unit_id=u, start=day, exists=exists) for u, day, exists in life])
    Link.objects.bulk_create([Link(unit_id=u, hierarchy_id=TERRITORY, start=d, parent_id=p) for u, d, p in links])
    Lineage.objects.create(predecessor_id=OLD, successor_id=PROVINCE, on=REFORM)
    rebuild_closure()


def cells(number: int) -> list[int]:
    """So many elements of one cell each, and the indicator "share": the first over the second."""
    from giaoban.core import formula
    from giaoban.indicators.models import Cell, Element, FormulaVersion, Indicator, Series

    Series.objects.get_or_create(code="report", defaults={"name": "report"})
    Element.objects.bulk_create([Element(code=f"c{n}", name=f"c{n}", unit="cái", stock=True) for n in range(number)])
    found = Cell.objects.bulk_create([Cell(element_id=f"c{n}", key=f"c{n}", label=f"c{n}") for n in range(number)])
    share = Indicator.objects.create(code="share", name="share", unit="%")
    tree = formula.to_json(formula.parse("c0 / c1"))
    FormulaVersion.objects.create(indicator=share, start=date(1900, 1, 1), expression="c0 / c1", tree=tree)
    return [cell.pk for cell in found]


def asked(cell_ids: list[int], codes: list[str], schools: int) -> None:
    """A sheet of these cells, a round of one step a period, and every school's report."""
    from giaoban.core import period
    from giaoban.indicators.models import Report, Round, Sheet, SheetLine, Step
    from giaoban.orgs.models import TERRITORY

    sheet = Sheet.objects.create(code="sheet", name="sheet")
    SheetLine.objects.bulk_create([SheetLine(sheet=sheet, order=n, cell_id=cell) for n, cell in enumerate(cell_ids)])
    for code in codes:
        day = period.parse(code).data_day
        opened = Round.objects.create(
            sheet=sheet,
            period_code=code,
            data_day=day,
            cutoff=day,
            hierarchy_id=TERRITORY,
            opener_id=COUNTRY,
            opens_on=day,
            due_on=day + 10 * period.DAY,
            at=AT,
            actor_name="bench",
        )
        Step.objects.create(
            round=opened, order=1, name="check", verb="figure.check", where="opener", due_on=opened.due_on
        )
        Report.objects.bulk_create(
            Report(round=opened, sheet=sheet, period_code=code, unit_id=SCHOOLS + n, due_on=opened.due_on)
            for n in range(schools)
        )


def timed(job: Callable[[], object], times: int = 7) -> float:
    """Milliseconds, the median of some runs after one that warms up."""
    job()
    found = []
    for _ in range(times):
        start = time.perf_counter()
        job()
        found.append((time.perf_counter() - start) * 1000)
    return median(found)


def quantile(found: list[float], share: float) -> float:
    """The value below which this share of the measurements lies."""
    ordered = sorted(found)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def has_postgres() -> bool:
    import cluster

    try:
        cluster.programs()
    except cluster.NoPostgres:
        return False
    return True


def verdict(reached: bool, at_any_scale: bool = False) -> str:
    """Whether a goal is reached. Goals are stated for the full size: a small run only tells how it is measured."""
    word = "reached" if reached else "MISSED"
    full = at_any_scale or os.environ.get("SCALE") == "full"
    return word if full else f"{word} at the small scale, which the goal is not stated for"


def said(message: str) -> None:
    print(message, flush=True)
