"""The data sets of the benchmarks, made from a seed and kept: P1, one province, and N1, the country.

    P1   4,000 units, 500 cells, 30 periods, 24 million values   in the record and in the columnar store
    N1  60,000 units, 300 cells, 30 periods, 216 million values  in the columnar store; its units in a record
    R1  N1 on 30 June 2025, before its reform, with the figures of one school year

The areas are the real ones of the catalogue, before and after the reform of 1 July 2025, which falls into the time of
the periods (2020 to 2035); the schools are made up, each in a commune, whole or divided by the reform. Schools answer
one sheet and communes another; nine in ten hand in, and those fill most of what they are asked: 40 % of units × cells ×
periods. SCALE=small (the default) makes a twentieth of P1 and a hundredth of N1.

    benchmarks/data.py P1|N1|R1 [--upto units|asked|figures] [--database sqlite|postgresql]     make it now

What is made lies in $GIAOBAN_BENCH (default: giaoban-bench in the folder for passing files), by name, scale and
seed, and is brought up to newer migrations; remove the folder to make it anew.
"""

from __future__ import annotations

import argparse
import csv
import fcntl
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benchmarks")]
import cluster  # noqa: E402

SEED = 20260129
SHAPE = 2  # raised by hand when what is made changes
SCALE = os.environ.get("SCALE") or "small"
KEPT = Path(os.environ.get("GIAOBAN_BENCH") or Path(tempfile.gettempdir()) / "giaoban-bench")
AT = datetime(2026, 1, 29, 2, tzinfo=UTC)
SINCE, REFORM, TODAY = date(2020, 1, 1), date(2025, 7, 1), date(2035, 6, 30)
CODES = [f"{year}-{year + 1}.{part}" for year in range(2020, 2035) for part in ("DN", "CN")]
MEMBERS = 5  # cells of one element: the five grades of a school
HANDED_IN = 900  # of a thousand reports
FILL_OF_COMMUNES = 900  # of a thousand cells they are asked
FOR_SCHOOLS, FOR_COMMUNES = "truong", "xa"
READER = "ban.so.lieu"
STAGES = ("units", "asked", "figures")
KINDS = [
    ("Trường Mầm non", "kindergarten", 35),
    ("Trường Tiểu học", "primary", 30),
    ("Trường THCS", "lower_secondary", 25),
    ("Trường TH&THCS", "primary_lower_secondary", 5),
    ("Trường THPT", "upper_secondary", 5),
]
CALLED = """
Kim Đồng|Lê Quý Đôn|Nguyễn Trãi|Trần Phú|Hoàng Văn Thụ|Lý Tự Trọng|Võ Thị Sáu|Nguyễn Du|Hoa Sen|Hoa Ban|Sao Mai
Ánh Dương|Hùng Vương|Quang Trung|Nguyễn Huệ|Lê Lợi|Trần Hưng Đạo|Lê Hồng Phong|Nguyễn Thái Học|Chu Văn An
Bế Văn Đàn|La Văn Cầu|Nguyễn Bá Ngọc|Hồ Tùng Mậu|Phan Chu Trinh|Phan Bội Châu|Lương Thế Vinh|Nguyễn Đình Chiểu
Hòa Bình|Đoàn Kết|Thống Nhất|Tân Lập|Sơn Ca|Họa Mi|Tuổi Thơ|Vàng Anh|Hướng Dương|Bông Sen|Măng Non
"""
NAMES = [name for line in CALLED.split("\n") for name in line.split("|") if name]


@dataclass(frozen=True)
class World:
    """How large a data set is and where its areas are taken from (Statistics Office codes; none: the country)."""

    name: str
    scale: str
    units: int
    cells: int
    provinces: tuple[str, ...] | None

    @property
    def school_cells(self) -> int:
        """Four in five cells are asked of schools, the others of communes; whole elements."""
        return self.cells * 4 // 5 // MEMBERS * MEMBERS

    @property
    def codes(self) -> list[str]:
        """R1 has the last year before the reform only."""
        return [code for code in CODES if code.startswith("2024")] if self.name == "R1" else CODES

    @property
    def wanted(self) -> int:
        return self.units * self.cells * len(self.codes) * 40 // 100


WORLDS = [
    World("P1", "full", 4000, 500, ("15",)),
    World("P1", "small", 1000, 100, ("15",)),
    World("P1", "tiny", 500, 10, ("15",)),
    World("N1", "full", 60_000, 300, None),
    World("N1", "small", 3000, 60, ("15", "04", "12")),
    World("N1", "tiny", 600, 10, ("12",)),
    World("R1", "full", 56_600, 300, None),  # what becomes N1: the 3,356 areas founded in 2025 are not there yet
    World("R1", "small", 2800, 60, ("15", "04", "12")),
]


def world(name: str, scale: str = SCALE) -> World:
    return next(each for each in WORLDS if (each.name, each.scale) == (name, scale))


# Where it lies ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """One data set on this machine."""

    world: World
    database: str = "sqlite"

    @cached_property
    def home(self) -> Path:
        shape = [asdict(self.world), SEED, SHAPE, CODES]
        mark = hashlib.sha256(json.dumps(shape).encode()).hexdigest()[:8]
        return KEPT / f"{self.world.name}-{self.world.scale}-{self.database}-{mark}"

    def has(self, stage: str) -> bool:
        return (self.home / f"{stage}.json").exists()

    def facts(self, stage: str = "figures") -> dict[str, Any]:
        """What a stage said of itself: counts and sums."""
        return json.loads((self.home / f"{stage}.json").read_text())

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The environment in which Django finds it, with its database server running."""
        self.home.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            os.environ |= {"GIAOBAN_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "giaoban.settings"}
            os.environ.pop("DATABASE_URL", None)
            if self.database == "postgresql":
                buffers = "4GB" if self.world.scale == "full" else "512MB"
                os.environ["DATABASE_URL"] = stack.enter_context(cluster.serving(self.home, buffers))
            yield


def ready(name: str, upto: str = "figures", database: str = "sqlite", scale: str = SCALE) -> Place:
    """The data set, made in a process of its own when it is not there yet."""
    place = Place(world(name, scale), database)
    if not place.has(upto):
        command = [sys.executable, __file__, name, "--upto", upto, "--database", database]
        subprocess.run(command, check=True, env={**os.environ, "SCALE": scale})
    return place


@contextmanager
def opened(name: str, upto: str = "figures", database: str = "sqlite", scale: str = SCALE) -> Iterator[Place]:
    """The data set with Django set up over it; once in a process."""
    place = ready(name, upto, database, scale)
    with place.serving():
        set_up()
        yield place


def set_up() -> None:
    """Django over the data set that is served, brought up to the newest migrations."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


@contextmanager
def copied(place: Place) -> Iterator[Place]:
    """A copy that may be written to and goes away. PostgreSQL's is copied as files, while its server is not running."""
    with tempfile.TemporaryDirectory(prefix="giaoban-bench-", dir=KEPT) as passing:
        copy = Place(place.world, place.database)
        copy.__dict__["home"] = Path(passing) / "home"
        Path(passing).chmod(0o755)
        subprocess.run(["cp", "-a", "--reflink=auto", place.home, copy.home], check=True)
        yield copy


def clear_up() -> None:
    """Remove data sets of other states of the code; what is in use is of this one."""
    wanted = {Place(each, base).home for each in WORLDS for base in ("sqlite", "postgresql")}
    for path in KEPT.glob("??-*-*-????????") if KEPT.exists() else ():
        if path not in wanted:
            shutil.rmtree(path, ignore_errors=True)


# Units --------------------------------------------------------------------------------------------------------------


def make_units(size: World) -> dict[str, Any]:
    """The real areas through the reform, and made-up schools in them."""
    from django.db import connection, transaction

    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs import actions
    from giaoban.orgs.models import Lineage, Snapshot, Unit

    actions.load_kinds(by=SYSTEM, at=AT)
    if size.name == "R1":
        enact_up_to_the_reform(size)
    else:
        actions.load_administrative_units(by=SYSTEM, at=AT, provinces=provinces_of(size))
    if size.name == "R1":
        actions.rebuild_snapshots()
    before = Snapshot.objects.filter(kind__level="commune", start__lte=SINCE, end__gt=SINCE)
    homes = dict(before.order_by("unit_id").values_list("unit_id", "bare"))
    heirs: dict[int, list[int]] = {}
    for old, new in Lineage.objects.filter(on=REFORM, predecessor__in=homes).values_list("predecessor", "successor"):
        heirs.setdefault(old, []).append(new)
    schools = size.units - Unit.objects.count()
    assert schools > 0, "more areas than units"
    dice = random.Random(SEED)
    with transaction.atomic():
        _found_schools(schools, list(homes.items()), heirs, dice)
        _give_zones(dice)
        _seat_a_reader()
        actions.rebuild_closure()
        actions.rebuild_snapshots()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return {"units": Unit.objects.count(), "schools": schools, "communes_before": len(homes)}


def provinces_of(size: World) -> set[str] | None:
    return None if size.provinces is None else set(size.provinces)


def enact_up_to_the_reform(size: World) -> None:
    """The catalogue's acts before 1 July 2025, by the loader's own means."""
    from giaoban.journal.actions import writing
    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs.loading.enacting import Enacting
    from giaoban.orgs.loading.plan import Plan

    class BeforeTheReform(Enacting):
        def _acts(self) -> dict[Any, list[Any]]:
            return {act: asked for act, asked in super()._acts().items() if act[0] < REFORM}

    with writing(by=SYSTEM, at=AT, verb="unit.load"):
        BeforeTheReform(Plan(provinces_of(size)), SYSTEM, AT, lambda what, done, of: None).run()


def reform_steps(size: World) -> list[Any]:
    """The reform of 1 July 2025 as the steps of one decree, with a place for every school of a divided commune."""
    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs.decree import Become, Move
    from giaoban.orgs.loading.enacting import Enacting
    from giaoban.orgs.loading.plan import Plan
    from giaoban.orgs.models import MANAGEMENT, TERRITORY, Closure

    enacting = Enacting(Plan(provinces_of(size)), SYSTEM, AT, lambda what, done, of: None)
    acts = [asked for (day, _), asked in enacting._acts().items() if day == REFORM]
    steps = [step for asked in acts for step in enacting._steps(asked)]
    parts: dict[int, list[str]] = {}
    for step in steps:
        if isinstance(step, Become):
            parts.setdefault(step.unit, []).append(step.successor)
    divided = {unit: keys for unit, keys in parts.items() if len(keys) > 1}
    below = Closure.objects.filter(hierarchy=TERRITORY, depth=1, start__lt=REFORM, end__gte=REFORM)
    schools = below.filter(descendant__in=_schools()).order_by("descendant_id")
    pairs = [pair for pair in schools.values_list("ancestor_id", "descendant_id") if pair[0] in divided]
    moves = [
        Move(school, hierarchy, divided[home][place % len(divided[home])])
        for place, (home, school) in enumerate(pairs)
        for hierarchy in (TERRITORY, MANAGEMENT)
    ]
    return [*steps, *moves]


def _schools() -> Any:
    from giaoban.orgs.models import Snapshot

    return Snapshot.objects.filter(kind__family="school").values("unit")


def _found_schools(
    number: int, homes: Sequence[tuple[int, str]], heirs: dict[int, list[int]], dice: random.Random
) -> None:
    from giaoban.orgs.models import MANAGEMENT, TERRITORY, Classing, Code, Existence, Link, Name, Unit

    made = Unit.objects.bulk_create([Unit() for _ in range(number)], batch_size=2000)
    kinds = dice.choices(KINDS, [weight for *_, weight in KINDS], k=number)
    names, links = [], []
    for place, (unit, (word, _, _)) in enumerate(zip(made, kinds, strict=True)):
        home, bare = homes[place % len(homes)]
        own = dice.choice(NAMES) if dice.random() < 0.7 else bare.title()
        names.append(f"{word} {own}" + (f" số {dice.randrange(1, 4)}" if dice.random() < 0.2 else ""))
        later = heirs.get(home)
        to = [(SINCE, home)] + ([(REFORM, later[place // len(homes) % len(later)])] if later else [])
        links += [(unit.pk, code, start, parent) for code in (TERRITORY, MANAGEMENT) for start, parent in to]
    ids = [unit.pk for unit in made]
    given: dict[str, Any] = {"batch_size": 2000}
    Existence.objects.bulk_create([Existence(unit_id=unit, start=SINCE, exists=True) for unit in ids], **given)
    Name.objects.bulk_create(
        [Name(unit_id=unit, start=SINCE, name=name) for unit, name in zip(ids, names, strict=True)], **given
    )
    Classing.objects.bulk_create(
        [Classing(unit_id=unit, start=SINCE, kind_id=kind) for unit, (_, kind, _) in zip(ids, kinds, strict=True)],
        **given,
    )
    Code.objects.bulk_create(
        [Code(unit_id=unit, start=SINCE, scheme="moet", code=f"T{unit:08}") for unit in ids], **given
    )
    Link.objects.bulk_create(
        [Link(unit_id=unit, hierarchy_id=code, start=day, parent_id=above) for unit, code, day, above in links], **given
    )


def _give_zones(dice: random.Random) -> None:
    """Two in five communes are of zone I, II or III, where the catalogue has such an attribute."""
    from giaoban.orgs.models import Attribute, Existence, Holds

    zone = Attribute.objects.filter(code="zone").first()
    if zone is None:
        return
    values = list(zone.values)[:3]
    communes = Existence.objects.filter(exists=True, unit__snapshots__kind__level="commune").order_by("unit_id")
    starts = dict(communes.values_list("unit_id", "start"))
    Holds.objects.bulk_create(
        [
            Holds(unit_id=unit, attribute_id="zone", start=start, value=dice.choice(values))
            for unit, start in starts.items()
            if dice.random() < 0.4
        ],
        batch_size=2000,
    )


def _seat_a_reader() -> None:
    """Somebody at the centre who may see and judge everything: who asks through the web."""
    from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT
    from giaoban.people.models import Account, Grant, Holding, Position
    from giaoban.people.roles import Role

    account = Account.objects.create(username=READER, full_name="Người đọc số liệu", fold="nguoi doc so lieu")
    position = Position.objects.create(unit_id=COUNTRY_ID, title="Chuyên viên")
    Holding.objects.create(position=position, account=account, start=SINCE)
    for role in (Role.LEADER, Role.OFFICER, Role.VIEWER, Role.CHECKER, Role.APPROVER):
        Grant.objects.create(position=position, role=role, unit_id=COUNTRY_ID, hierarchy_id=MANAGEMENT, start=SINCE)


def signed_in() -> Any:
    """Django's test client with the session of the reader: every middleware and view runs, only no socket."""
    from django.test import Client

    from giaoban.people.models import Account

    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(username=READER), backend="django.contrib.auth.backends.ModelBackend")
    return client


# What is asked ------------------------------------------------------------------------------------------------------


def make_asked(size: World) -> dict[str, Any]:
    """Elements of five cells, counts and shares of them, targets, two sheets, and every unit's reports."""
    from django.db import transaction

    with transaction.atomic():
        _make_catalogue(size)
        return {"reports": _make_rounds(size)}


def element(number: int) -> str:
    return f"e{number:03}"


def _make_catalogue(size: World) -> None:
    from giaoban.core import formula
    from giaoban.indicators.models import (
        Cell,
        Dimension,
        Element,
        FormulaVersion,
        Indicator,
        Member,
        Series,
        Sheet,
        SheetLine,
        Target,
    )
    from giaoban.orgs.models import Snapshot

    Series.objects.get_or_create(code="report", defaults={"name": "Số liệu báo cáo"})
    grade = Dimension.objects.create(code="lop", name="Lớp")
    members = [Member(dimension=grade, code=f"l{n}", name=f"Lớp {n}", order=n) for n in range(1, MEMBERS + 1)]
    Member.objects.bulk_create(members)
    codes = [element(n) for n in range(size.cells // MEMBERS)]
    Element.objects.bulk_create(
        [Element(code=code, name=f"Chỉ số {code}", unit="học sinh", stock=True, fold=code) for code in codes]
    )
    cells = [
        Cell(
            id=n + 1, element_id=codes[n // MEMBERS], key=f"{codes[n // MEMBERS]}[lop=l{n % MEMBERS + 1}]",
            members={"lop": f"l{n % MEMBERS + 1}"}, label=f"Chỉ số {n}",
        )
        for n in range(size.cells)
    ]  # fmt: skip
    Cell.objects.bulk_create(cells)
    through = Element.dimensions.through
    through.objects.bulk_create([through(element_id=code, dimension_id="lop") for code in codes])
    formulas = {f"count-{code}": code for code in codes}
    formulas |= {f"grade-{code}": f"{code}[lop=l1]" for code in codes}
    formulas |= {f"share-{code}": f"{code}[lop=l1] / {code}" for code in codes}
    Indicator.objects.bulk_create(
        [
            Indicator(code=code, name=code, unit="%" if code.startswith("share") else "học sinh", places=2, fold=code)
            for code in formulas
        ]
    )
    FormulaVersion.objects.bulk_create(
        [
            FormulaVersion(indicator_id=code, start=SINCE, expression=text, tree=formula.to_json(formula.parse(text)))
            for code, text in formulas.items()
        ]
    )
    areas = Snapshot.objects.filter(kind__level__in=["province", "commune"], start__lte=TODAY, end__gt=TODAY)
    Target.objects.bulk_create(
        [
            Target(
                indicator_id=f"share-{code}", unit_id=unit, period_code=when, numerator=20 + unit % 5, denominator=100
            )
            for unit in areas.order_by("unit_id").values_list("unit_id", flat=True)
            for code in codes[:4]
            for when in CODES[-2:]
        ],
        batch_size=2000,
    )  # fmt: skip
    for code, asked in ((FOR_SCHOOLS, cells[: size.school_cells]), (FOR_COMMUNES, cells[size.school_cells :])):
        Sheet.objects.create(code=code, name=f"Biểu {code}")
        SheetLine.objects.bulk_create([SheetLine(sheet_id=code, order=n, cell=cell) for n, cell in enumerate(asked)])


def _make_rounds(size: World) -> int:
    """A round of one step for each sheet and period; a report of everyone who stands on the data day."""
    from giaoban.core import period
    from giaoban.indicators.models import Round, Step
    from giaoban.orgs.models import COUNTRY_ID, TERRITORY

    def rows() -> Iterator[tuple[Any, ...]]:
        for sheet, people in people_of_sheets().items():
            for place, code in enumerate(size.codes):
                day = period.parse(code).data_day
                due = day + 30 * period.DAY
                opened = Round.objects.create(
                    sheet_id=sheet, period_code=code, data_day=day, cutoff=day, hierarchy_id=TERRITORY,
                    opener_id=COUNTRY_ID, opens_on=day, due_on=due, at=AT, actor_name="bench",
                )  # fmt: skip
                Step.objects.create(
                    round=opened, order=1, name="Kiểm tra", verb="figure.check", where="opener", due_on=due
                )
                for unit, first, end in people:
                    if first <= day < end:
                        given = random.Random(f"{SEED} {place} {unit}").random() < HANDED_IN / 1000
                        yield opened.pk, sheet, code, unit, due, "accepted" if given else "empty", int(given)

    names = ["round_id", "sheet_id", "period_code", "unit_id", "due_on", "state", "step"]
    plain = {"version": 1, "draft_version": 0, "findings": "[]", "warnings": 0, "weight": 0}
    made = ((*row, *plain.values()) for row in list(rows()))
    return load("indicators_report", [*names, *plain], made)


def people_of_sheets() -> dict[str, list[tuple[int, date, date]]]:
    """sheet → who answers it, with the first day and the day after the last on which they stand."""
    from django.db.models import Max, Min

    from giaoban.orgs.models import Snapshot

    found = {}
    for sheet, wanted in ((FOR_SCHOOLS, {"kind__family": "school"}), (FOR_COMMUNES, {"kind__level": "commune"})):
        lives = Snapshot.objects.filter(**wanted).exclude(kind__level="school", kind__family="area")
        lives = lives.values("unit").annotate(first=Min("start"), last=Max("end")).order_by("unit")
        found[sheet] = list(lives.values_list("unit", "first", "last"))
    return found


# Figures ------------------------------------------------------------------------------------------------------------

VALUES = """
SELECT 'report' AS series, people.unit, '{code}' AS period, cells.cell,
       CAST(hash(people.unit, cells.cell, {place}, {seed}) % cells.size AS BIGINT) AS value,
       CAST(1 AS BIGINT) AS present
FROM people JOIN cells ON cells.sheet = people.sheet
WHERE people.first_day <= {day} AND people.end_day > {day}
  AND hash(people.unit, {place}, {seed}) % 1000 < {handed_in}
  AND hash(people.unit, cells.cell, {place}, {seed} + 1) % 100000 < cells.fill
"""


def figures(size: World) -> Iterator[tuple[str, Any]]:
    """(period, its values as a table in the ledger's columns), from the seed alone."""
    import duckdb
    import pyarrow as pa

    from giaoban.analytics import ledger
    from giaoban.core import period

    engine = duckdb.connect()
    asked, possible = [], dict.fromkeys((FOR_SCHOOLS, FOR_COMMUNES), 0)
    days = {code: period.parse(code).data_day for code in size.codes}
    for sheet, people in people_of_sheets().items():
        for unit, first, end in people:
            asked.append((sheet, unit, first.toordinal(), end.toordinal()))
            possible[sheet] += sum(first <= day < end for day in days.values())
    communes = possible[FOR_COMMUNES] * (size.cells - size.school_cells) * HANDED_IN * FILL_OF_COMMUNES // 1_000_000
    fill = (size.wanted - communes) * 100_000 * 1000 // (possible[FOR_SCHOOLS] * size.school_cells * HANDED_IN)
    assert fill > 0, "communes alone fill more"
    columns = list(zip(*asked, strict=True))
    engine.register("asked", pa.table(dict(zip(("sheet", "unit", "first_day", "end_day"), columns, strict=True))))
    engine.execute("CREATE TABLE people AS SELECT * FROM asked")
    engine.execute(
        "CREATE TABLE cells AS SELECT CAST(n AS INTEGER) AS cell, 20 + n * 37 % 480 AS size, "
        "CASE WHEN n <= ? THEN ? ELSE ? END AS sheet, CASE WHEN n <= ? THEN ? ELSE ? END AS fill "
        "FROM range(1, ?) AS numbers(n)",
        [size.school_cells, FOR_SCHOOLS, FOR_COMMUNES, size.school_cells, fill, FILL_OF_COMMUNES * 100, size.cells + 1],
    )
    for place, (code, day) in enumerate(days.items()):
        given = {"code": code, "place": place, "seed": SEED, "day": day.toordinal(), "handed_in": HANDED_IN}
        yield code, engine.execute(VALUES.format(**given)).to_arrow_table().cast(ledger.SCHEMA)


def make_figures(size: World, record: bool) -> dict[str, Any]:
    """Into the store, period by period as it is written; P1 also into the ledger, and sealed at its last line."""
    import pyarrow.compute as pc

    from giaoban.analytics import ledger, upkeep
    from giaoban.indicators import queries as indicators
    from giaoban.indicators.models import Effect

    count = total = 0
    if record:
        with without_indexes("indicators_effect"):
            for _, table in figures(size):
                _into_ledger(table)
        _tidy("indicators_effect")

    def parts() -> Iterator[tuple[tuple[str, str], Any]]:
        nonlocal count, total
        for code, table in figures(size):
            count, total = count + table.num_rows, total + (pc.sum(table["value"]).as_py() or 0)
            yield ("report", code), table.select(["unit", "cell", "value", "present"])

    sealed = indicators.last_seq()
    upkeep.store().put(parts(), sealed, ledger.mark(sealed))
    if record:
        assert Effect.objects.count() == count, "the ledger has what the parts have"
    size_of_parts = sum(path.stat().st_size for path in upkeep.store().root.rglob("*.parquet"))
    return {"values": count, "sum": total, "parquet_bytes": size_of_parts, "in_record": record}


def _tidy(table: str) -> None:
    """What PostgreSQL would do by itself within a day."""
    from django.db import connection

    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM {table}")


def _into_ledger(table: Any) -> None:
    names = ["series_id", "unit_id", "period_code", "cell_id", "value_delta", "present_delta", "at"]
    load("indicators_effect", names, table.append_column("at", _stamps(table.num_rows)))


def _stamps(number: int) -> Any:
    import pyarrow as pa

    return pa.repeat(AT.strftime("%Y-%m-%d %H:%M:%S+00"), number)


# Into the database --------------------------------------------------------------------------------------------------


def load(table: str, names: Sequence[str], rows: Any) -> int:
    """Many rows, or an Arrow table, as fast as the database takes them; how many there were."""
    from django.db import connection

    columns, count = ", ".join(f'"{name}"' for name in names), 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy:
                for number, text in _as_csv(rows):
                    copy.write(text)
                    count += number
            return count
        places = ", ".join(["%s"] * len(names))
        for chunk in _chunks(rows):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", chunk)
            count += len(chunk)
    return count


def _chunks(rows: Any) -> Iterator[list[tuple[Any, ...]]]:
    if hasattr(rows, "to_batches"):
        for batch in rows.to_batches(max_chunksize=50_000):
            yield list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        return
    source = iter(rows)
    while chunk := list(islice(source, 50_000)):
        yield chunk


def _as_csv(rows: Any) -> Iterator[tuple[int, bytes]]:
    if hasattr(rows, "to_batches"):
        from pyarrow import BufferOutputStream
        from pyarrow.csv import WriteOptions, write_csv

        for batch in rows.to_batches(max_chunksize=200_000):
            passing = BufferOutputStream()
            write_csv(batch, passing, WriteOptions(include_header=False))
            yield batch.num_rows, passing.getvalue().to_pybytes()
        return
    for chunk in _chunks(rows):
        text = StringIO()
        csv.writer(text).writerows(chunk)
        yield len(chunk), text.getvalue().encode()


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Indexes and foreign keys away while a table is filled, and back again, in one transaction."""
    from django.db import connection, transaction

    plain = connection.vendor != "postgresql" or connection.in_atomic_block  # a test's transaction holds the table
    with transaction.atomic(), connection.cursor() as cursor:
        if plain:
            yield
            return
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT IN "
            "(SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass)",
            [table, table],
        )
        indexes = cursor.fetchall()
        for name, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        for _, text in indexes:
            cursor.execute(text)
        for name, text in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {text}')
        cursor.execute(f"ANALYZE {table}")


# Making it ----------------------------------------------------------------------------------------------------------


def make(place: Place, upto: str) -> None:
    """The stages that are not there yet, each in one go: what a killed one left is cleared before."""
    done = [stage for stage in STAGES if place.has(stage)]
    for stage in STAGES[len(done) : STAGES.index(upto) + 1]:
        start = time.perf_counter()
        if stage == "units":
            facts = make_units(place.world)
        elif stage == "asked":
            facts = make_asked(place.world)
        else:
            facts = make_figures(place.world, record=place.world.name == "P1")
        facts |= {"seconds": round(time.perf_counter() - start, 1)}
        (place.home / f"{stage}.json").write_text(json.dumps(facts))
        print(f"{place.world.name} {place.world.scale}, {place.database}: {stage} {facts}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("name", choices=["P1", "N1", "R1"])
    arguments.add_argument("--upto", choices=STAGES, default="figures")
    arguments.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    chosen = arguments.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    place = Place(world(chosen.name), chosen.database)
    with (KEPT / f"{place.home.name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)  # two that need it at once make it once
        if place.has(chosen.upto):
            return
        if place.home.exists() and not place.has("units"):
            shutil.rmtree(place.home)
        with place.serving():
            set_up()
            make(place, chosen.upto)


if __name__ == "__main__":
    main()
