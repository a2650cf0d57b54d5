"""giaoban totals: every cell of every unit above others, period by period, into one CSV or Parquet file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.analytics import queries
from giaoban.analytics.management.commands.ask import known_hierarchy, read_map
from giaoban.analytics.queries import Map
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.core.refusal import Refused, sentence
from giaoban.core.rollup import map_day
from giaoban.files.sheets import safe
from giaoban.indicators.models import Cell
from giaoban.orgs import queries as orgs

SCHEMA = pa.schema(
    [
        ("ky", pa.string()),
        ("ban_do", pa.string()),
        ("ngay_ban_do", pa.date32()),
        ("don_vi", pa.int64()),
        ("ten_don_vi", pa.string()),
        ("o_so_lieu", pa.string()),
        ("gia_tri", pa.int64()),
        ("so_chu_so_thap_phan", pa.int32()),
        ("so_don_vi_da_bao_cao", pa.int64()),
        ("uoc_tinh", pa.int64()),
    ]
)
WRITERS = {".csv": pyarrow.csv.CSVWriter, ".parquet": pq.ParquetWriter}


class BadSuffix(Refused):
    sentence = sentence("“%(name)s” must end in .csv or .parquet.")
    field = "out"


class Command(BaseCommand):
    help = "Ghi mọi ô số liệu của mọi đơn vị có cấp dưới, từng kỳ một, vào một tệp CSV hoặc Parquet."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--periods", required=True, help="2025-2026.HK1, 2016 hoặc một dãy 2010:2016")
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help="tệp .csv hoặc .parquet")
        parser.add_argument("--map", default="as-was", help="as-was (mặc định), today hoặc một ngày 2025-07-01")
        parser.add_argument("--series", default="report", help="report (mặc định) hoặc nguồn khác như gso")
        parser.add_argument("--hierarchy", default=orgs.TERRITORY, help="hệ đơn vị: TERRITORY (mặc định), MANAGEMENT …")
        parser.add_argument("--on", metavar="DAY", help="coi ngày này là hôm nay")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            rows = self._write(options)
        except Refused as refused:
            raise CommandError(_(refused.sentence) % refused.params) from refused
        self.stdout.write(_("%(n)s lines in %(file)s") % {"n": rows, "file": options["out"]})

    def _write(self, options: dict[str, Any]) -> int:
        """Into a file beside the one asked for, which takes its place when it is whole."""
        out: Path = options["out"]
        if out.suffix not in WRITERS:
            raise BadSuffix(name=out.name)
        half, rows = out.with_name(f".{out.name}.half"), 0
        try:
            with WRITERS[out.suffix](half, SCHEMA) as writer:
                for table in self._tables(options):
                    writer.write_table(table)
                    rows += table.num_rows
            half.replace(out)
        finally:
            half.unlink(missing_ok=True)
        return rows

    def _tables(self, options: dict[str, Any]) -> Iterator[pa.Table]:
        today = date.fromisoformat(options["on"]) if options["on"] else timezone.localdate()
        chosen, spans = read_map(options["map"]), periods.parse_many(options["periods"])
        asked = {"series": options["series"], "hierarchy": known_hierarchy(options["hierarchy"])}
        cells = {cell: (key, scale) for cell, key, scale in Cell.objects.values_list("pk", "key", "element__scale")}
        for span, sums in queries.everything(spans, on=today, map=chosen, **asked):
            yield told(sums, span, chosen, map_day(chosen, span.code, today), cells)


def told(sums: pa.Table, span: Period, chosen: Map, day: date, cells: dict[int, tuple[str, int]]) -> pa.Table:
    """The sums with the names a reader needs; names are looked up once a period, not once a line."""
    units, used = pc.unique(sums["unit"]), pc.unique(sums["cell"])
    names = orgs.names(units.to_pylist(), day)
    called = pa.array([safe(names[unit]) for unit in units.to_pylist()], pa.string())
    keys = pa.array([cells[cell][0] for cell in used.to_pylist()], pa.string())
    scales = pa.array([cells[cell][1] for cell in used.to_pylist()], pa.int32())
    of_unit, of_cell = pc.index_in(sums["unit"], units), pc.index_in(sums["cell"], used)
    n = sums.num_rows
    columns = [
        pa.repeat(pa.scalar(span.code), n),
        pa.repeat(pa.scalar(chosen if isinstance(chosen, str) else chosen.isoformat()), n),
        pa.repeat(pa.scalar(day), n),
        sums["unit"],
        called.take(of_unit),
        keys.take(of_cell),
        sums["value"],
        scales.take(of_cell),
        sums["reported"],
        sums["estimated"],
    ]
    return pa.table(columns, names=SCHEMA.names).cast(SCHEMA)
