"""Workbooks that come back: a ZIP of 1,000 schools with 500 cells each, and the faults marked in a copy of one's file.

Goals: the ZIP read (all faults and changes told) and written into the reports in at most 60 s together, and, killed at
random moments, resumed without a cell lost or written twice; the marked copy of a workbook with 10,000 faults in at
most 10 s. A person with the right to type for the whole province hands up; every verb checks rights, every report is
journalled, every figure is held against last year's (one in fifty is unusual). Memory is the peak of this process and
of the largest reading process, as the kernel counted them. Baselines in the same run: the same workbooks read by
openpyxl, row by row, without looking at any report; the same faults marked by openpyxl.

    benchmarks/bench_workbooks.py [--schools N] [--cells N] [--faults N] [--kills N]
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import os
import random
import re
import resource
import signal
import time
import zipfile
from datetime import timedelta
from typing import Any

import data
import stand

PERIODS = ("2025-2026.DN", "2025-2026.CN")
BEFORE = ("2024-2025.DN", "2024-2025.CN")
KEYED = re.compile(rb'<c r="A(\d+)"(?: s="\d+")?><v>(\d+)<')
UNUSUAL = 0.02
EMPTY = re.compile(rb'<c r="E(\d+)" s="(\d+)"/>')


def main() -> None:
    full = data.SCALE == "full"
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--schools", type=int, default=1000 if full else 24)
    arguments.add_argument("--cells", type=int, default=500)
    arguments.add_argument("--faults", type=int, default=10_000 if full else 2_000)
    arguments.add_argument("--kills", type=int, default=5 if full else 1)
    chosen = arguments.parse_args()
    database = "postgresql" if stand.has_postgres() else "sqlite"
    place = data.ready("P1", upto="units", database=database, scale="full" if full else "small")
    with data.copied(place) as copy, copy.serving():
        data.set_up()
        by = _typist()
        cells = _sheet(chosen.cells)
        rounds = [_round(code, chosen.schools) for code in PERIODS]
        _last_year(rounds[0])
        made = _both(by, rounds)
        measure_zip(by, rounds, made, cells, chosen.kills)
    measure_marks(chosen.faults)


# Who, what, where


def _typist() -> Any:
    from giaoban.journal.actor import SYSTEM
    from giaoban.orgs.models import TERRITORY, Snapshot
    from giaoban.people import actions, queries
    from giaoban.people.roles import Role

    province = Snapshot.objects.filter(kind__level="province", end__gt=data.TODAY).values_list("unit_id", flat=True)[0]
    account = actions.create_account(by=SYSTEM, at=data.AT, username="go.so", full_name="Người gõ", unit=province)
    position = actions.create_position(by=SYSTEM, at=data.AT, unit=province, title="Chuyên viên")
    actions.appoint(by=SYSTEM, at=data.AT, position=position, account=account, on=data.REFORM)
    actions.grant(
        by=SYSTEM, at=data.AT, on=data.REFORM, position=position, role=Role.TYPIST, unit=province, hierarchy=TERRITORY
    )
    return queries.actor(account, position.pk, data.TODAY)


def _sheet(number: int) -> list[int]:
    from giaoban.core import formula
    from giaoban.indicators.models import Cell, Element, Sheet, SheetLine, SheetRule

    Element.objects.bulk_create(
        Element(code=f"w{n}", name=f"Chỉ tiêu {n}", unit="học sinh", stock=True, fold=f"w{n}") for n in range(number)
    )
    Cell.objects.bulk_create(Cell(element_id=f"w{n}", key=f"w{n}", label=f"Chỉ tiêu {n}") for n in range(number))
    cells = list(Cell.objects.filter(element__code__startswith="w").order_by("pk").values_list("pk", flat=True))
    Sheet.objects.create(code="so_tinh", name="Biểu đo")
    SheetLine.objects.bulk_create(
        SheetLine(sheet_id="so_tinh", order=n, cell_id=cell, section=f"Phần {n // 50 + 1}")
        for n, cell in enumerate(cells)
    )
    for n in range(0, min(number, 200), 10):
        tree = formula.to_json(formula.parse(f"w{n} <= w{n + 1} + 100000"))
        SheetRule.objects.create(sheet_id="so_tinh", order=n, expression="", tree=tree, sentence=f"Quan hệ {n}")
    return cells


def _round(code: str, schools: int) -> Any:
    from giaoban.core import period
    from giaoban.indicators.models import Report, Round, Step
    from giaoban.orgs.models import COUNTRY_ID, MANAGEMENT, Snapshot

    day = period.parse(code).data_day
    opened = Round.objects.create(
        sheet_id="so_tinh", period_code=code, data_day=day, cutoff=day, hierarchy_id=MANAGEMENT, opener_id=COUNTRY_ID,
        opens_on=day, due_on=data.TODAY + timedelta(days=1), at=data.AT, actor_name="bench",
    )  # fmt: skip
    Step.objects.create(round=opened, order=1, name="Kiểm tra", verb="figure.check", where="opener", due_on=data.TODAY)
    units = Snapshot.objects.filter(kind__family="school", start__lte=data.TODAY, end__gt=data.TODAY)
    Report.objects.bulk_create(
        Report(round=opened, sheet_id="so_tinh", period_code=code, unit_id=unit, due_on=opened.due_on)
        for unit in units.order_by("unit_id").values_list("unit_id", flat=True)[:schools]
    )
    return opened


def _before(unit: int, cell: int) -> int:
    """What counted last year."""
    return 20 + (unit * 7 + cell * 13) % 900


def _last_year(opened: Any) -> None:
    """What counted for the schools a year ago, as the ledger would hold it."""
    from giaoban.indicators.models import REPORT_SERIES, Effect, Report, Series, SheetLine

    Series.objects.get_or_create(code=REPORT_SERIES, defaults={"name": "Báo cáo"})
    cells = list(SheetLine.objects.filter(sheet=opened.sheet_id).values_list("cell_id", flat=True))
    for unit in Report.objects.filter(round=opened).values_list("unit_id", flat=True):
        Effect.objects.bulk_create(
            Effect(
                series_id=REPORT_SERIES, unit_id=unit, period_code=code, cell_id=cell,
                value_delta=_before(unit, cell), present_delta=1, at=data.AT,
            )
            for code in BEFORE
            for cell in cells
        )  # fmt: skip


def _both(by: Any, rounds: list[Any]) -> list[tuple[bytes, int]]:
    """The ZIP of each round, made side by side."""
    from django.db import connections

    connections.close_all()
    with multiprocessing.get_context("fork").Pool(len(rounds)) as pool:
        return pool.starmap(_filled, [(by, opened) for opened in rounds])


def _filled(by: Any, opened: Any) -> tuple[bytes, int]:
    """The ZIP of all workbooks with a number in every cell, as spreadsheets leave it, and the sum of the numbers."""
    from giaoban.files import workbook
    from giaoban.indicators.models import Report
    from giaoban.workbooks import describing

    total, target = 0, io.BytesIO()
    dice = random.Random(data.SEED)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as zipped:
        for report in Report.objects.filter(round=opened).select_related("round", "sheet").order_by("pk"):
            content = workbook.write(describing.book([report], by, data.AT, data.TODAY))
            content, added = _typed(content, report.unit_id, dice)
            total += added
            zipped.writestr(f"{report.pk}.xlsx", content)
    return target.getvalue(), total


def _typed(content: bytes, unit: int, dice: random.Random) -> tuple[bytes, int]:
    total = 0
    asked: dict[bytes, int] = {}

    def typed(match: re.Match[bytes]) -> bytes:
        nonlocal total
        if match[1] not in asked:
            return match[0]
        value = _before(unit, asked[match[1]]) + dice.randrange(-3, 4)
        if dice.random() < UNUSUAL:
            value = 5 * value + 100
        total += value
        return b'<c r="E%s" s="%s"><v>%d</v></c>' % (match[1], match[2], value)

    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                asked |= {row: int(cell) for row, cell in KEYED.findall(part)}
                head, rows = part.split(b'<row r="8"', 1)
                part = head + b'<row r="8"' + EMPTY.sub(typed, rows)
            copy.writestr(name, part)
    return target.getvalue(), total


# The ZIP


def measure_zip(by: Any, rounds: list[Any], made: list[tuple[bytes, int]], cells: list[int], kills: int) -> None:
    from django.urls import reverse

    from giaoban.workbooks import actions, queries

    reverse("workbooks:home")  # a process that serves pages has read its addresses
    when = {"by": by, "at": data.AT, "on": data.TODAY}
    content, total = made[0]
    files = zipfile.ZipFile(io.BytesIO(content)).namelist()
    stand.said(f"{len(files)} workbooks of {len(cells)} cells, {len(content) / 2**20:.1f} MB")
    start, used = time.perf_counter(), _processor()
    upload = actions.receive(**when, name="truong.zip", content=content)
    upload = _done(upload, "read_job")
    read, read_used = time.perf_counter() - start, _processor() - used
    said = queries.counts(upload)
    assert (said.changed, said.wrong) == (len(files) * len(cells), 0), said
    start, used = time.perf_counter(), _processor()
    upload = _done(actions.ask_to_write(**when, upload_id=upload.pk), "take_job")
    written, write_used = time.perf_counter() - start, _processor() - used
    assert _sum(rounds[0]) == (len(files) * len(cells), total)
    mine, largest = (_peak(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    looks = sum(len(one.looks) for one in _answers(upload))
    plain = _by_openpyxl(content, 60) / 60 * len(files) if len(files) > 60 else _by_openpyxl(content, len(files))
    spent = read + written
    stand.said(f"read {read:6.1f} s   written {written:6.1f} s   together {spent:6.1f} s")
    each = 1000 / len(files)
    stand.said(f"processor time a workbook: read {read_used * each:.0f} ms, written {write_used * each:.0f} ms")
    stand.said(
        f"unusual values told: {looks:,}; peak memory: {mine:.0f} MB, the largest other process {largest:.0f} MB"
    )
    stand.said(
        f"openpyxl, row by row, nothing looked up or written: {plain:6.1f} s; ratio of reading {read / plain:.2f}"
    )
    stand.said(f"goal: 1,000 workbooks of 500 cells in at most 60 s: {stand.verdict(spent <= 60)}")
    again = _done(actions.receive(**when, name="truong.zip", content=content), "read_job")
    assert queries.counts(again).changed == 0
    stand.said("the same file again: nothing new")
    _killed(when, rounds[1], made[1], kills, len(cells))


def _answers(upload: Any) -> Any:
    from giaoban.workbooks.models import Answer

    return Answer.objects.filter(workbook__upload=upload).only("looks").iterator(100)


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1024


def _processor() -> float:
    """Seconds of processor time of this process and the ones it has ended: what a busy machine does not change."""
    mine, ended = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return mine.ru_utime + mine.ru_stime + ended.ru_utime + ended.ru_stime


def _done(upload: Any, job: str) -> Any:
    from giaoban.jobs.working import perform

    if getattr(upload, job):
        done = perform(getattr(upload, job))
        assert done.state == "done", done.words
        upload.refresh_from_db()
    return upload


def _sum(opened: Any) -> tuple[int, int]:
    from django.db.models import Sum

    from giaoban.indicators.models import Draft

    rows = Draft.objects.filter(report__round=opened)
    return rows.count(), rows.aggregate(Sum("value"))["value__sum"] or 0


def _by_openpyxl(content: bytes, most: int) -> float:
    import openpyxl

    start = time.perf_counter()
    with zipfile.ZipFile(io.BytesIO(content)) as zipped:
        for name in zipped.namelist()[:most]:
            book = openpyxl.load_workbook(io.BytesIO(zipped.read(name)), read_only=True, data_only=True)
            kept = {row[2]: row[3] for row in book["giaoban"].iter_rows(values_only=True) if row[0] == "cell"}
            seen = 0
            for row in book.worksheets[0].iter_rows(min_row=8, values_only=True):
                if isinstance(row[0], (int, float)):
                    seen += str(row[4]) != (kept.get(str(int(row[0]))) or "")
            assert seen
    return time.perf_counter() - start


# Killed


def _perform(job: int) -> None:
    from django.db import connection

    from giaoban.jobs.working import perform

    connection.close()
    perform(job)


def _killed(when: dict[str, Any], opened: Any, made: tuple[bytes, int], kills: int, cells: int) -> None:
    """Reading and writing in a process of its own that is killed at random moments and taken up again."""
    from django.db import connection

    from giaoban.workbooks import actions

    content, total = made
    files = len(zipfile.ZipFile(io.BytesIO(content)).namelist())
    upload = actions.receive(**when, name="truong-2.zip", content=content)
    dice, told = random.Random(os.getpid()), 0
    for job in ("read_job", "take_job"):
        if job == "take_job":
            upload = actions.ask_to_write(**when, upload_id=upload.pk)
        if getattr(upload, job) is None:
            continue
        left = kills
        while True:
            connection.close()
            run = multiprocessing.get_context("fork").Process(target=_perform, args=(getattr(upload, job),))
            run.start()
            run.join(dice.uniform(0.3, 3.0) if left else None)
            if run.is_alive():
                os.kill(run.pid or 0, signal.SIGKILL)
                run.join()
                told, left = told + 1, left - 1
                _take_up(getattr(upload, job))
                continue
            break
        upload.refresh_from_db()
    assert _sum(opened) == (files * cells, total), (_sum(opened), files * cells, total)
    stand.said(
        f"killed {told} times while reading and writing, taken up again: {files * cells:,} cells, none lost or double"
    )


def _take_up(job: int) -> None:
    """As the worker does after a minute of silence, without the minute."""
    from django.utils import timezone

    from giaoban.jobs.models import Job
    from giaoban.jobs.working import sweep

    Job.objects.filter(pk=job).update(beat_at=timezone.now() - timedelta(minutes=5), attempts=1)
    sweep()


# Marks


def measure_marks(number: int) -> None:
    from decimal import Decimal
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from giaoban.files import returned, workbook
    from giaoban.files.annotate import Mark

    lines = [
        workbook.Line(f"Chỉ tiêu {n}", "học sinh", key=n, value=Decimal(n), help="Cách đếm") for n in range(1, 501)
    ]
    pages = [
        workbook.Page(n, f"Trường {n}", "Biểu đo", f"Trường {n}", "Năm học", "31/05/2026", 0, lines)
        for n in range(1, max(2, number // 500 + 1))
    ]
    content = workbook.write(workbook.Book("Biểu đo", 1, "bench", pages))
    marks = [
        Mark(page.tab, f"E{8 + place}", f"Ô này phải là số nguyên từ 0 trở lên ({place})", line.label)
        for page in pages
        for place, line in enumerate(page.lines)
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "tep.xlsx"
        path.write_bytes(content)
        start = time.perf_counter()
        copy = returned.marked(path, None, marks, {})
        spent = time.perf_counter() - start
    start = time.perf_counter()
    _marked_by_openpyxl(content, marks)
    plain = time.perf_counter() - start
    stand.said(
        f"{len(marks):,} faults marked in {spent:.1f} s ({len(copy) / 2**20:.1f} MB); "
        f"openpyxl {plain:.1f} s; ratio {spent / plain:.2f}"
    )
    stand.said(f"goal: 10,000 faults in at most 10 s: {stand.verdict(spent <= 10)}")


def _marked_by_openpyxl(content: bytes, marks: list[Any]) -> bytes:
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = openpyxl.load_workbook(io.BytesIO(content))
    fill = PatternFill("solid", fgColor="F6B9AE")
    listed = book.create_sheet("Lỗi cần sửa")
    for mark in marks:
        cell = book[mark.sheet][mark.at]
        cell.fill = fill
        cell.comment = Comment(mark.text, "Giao Ban")
        listed.append([mark.sheet, mark.at, mark.label, mark.text])
        listed.cell(listed.max_row, 2).hyperlink = f"#'{mark.sheet}'!{mark.at}"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


if __name__ == "__main__":
    main()
