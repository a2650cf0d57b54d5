"""Two people at once, on a database that lets them: one decides, the other is told; the ledger stays in order."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection, connections

from giaoban.core.refusal import Refused
from giaoban.indicators.models import Effect, Report
from giaoban.indicators.queries import counted
from tests.rooms.indicators.place import Place

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer: nothing runs at once")


def together(*jobs: Callable[[], object]) -> list[object]:
    """Run the jobs at the same moment on connections of their own; what each returned or was refused with."""
    barrier, results = Barrier(len(jobs)), [None] * len(jobs)

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = jobs[place]()
        except Refused as refused:
            results[place] = refused
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place,)) for place in range(len(jobs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def test_a_report_is_accepted_once(committed: Place) -> None:
    round = committed.open()
    report = committed.hand_in(round, "na_hoi")
    seen = {report.pk: report.version}
    results = together(*[lambda: committed.accept(report, seen=seen)] * 3)
    assert sum(isinstance(one, Refused) for one in results) == 2
    assert Effect.objects.count() == 5 and counted.differs_from_ledger() == []


def test_bulk_acceptances_in_opposite_order_do_not_lock_each_other(committed: Place) -> None:
    round = committed.open()
    reports = [committed.hand_in(round, school) for school in ("na_hoi", "ban_pho", "thai_giang")]
    results = together(lambda: committed.accept(reports), lambda: committed.accept(reports[::-1]))
    assert sum(isinstance(one, Refused) for one in results) == 1
    assert counted.differs_from_ledger() == []


def test_handing_in_again_while_it_is_being_accepted(committed: Place) -> None:
    """Whichever comes first, the accepter never accepts what they have not seen."""
    round = committed.open()
    report = committed.hand_in(round, "na_hoi")
    committed.type(report, {"hoc_sinh": "9.000"})
    seen = {report.pk: report.version}
    accepted, _ = together(lambda: committed.accept(report, seen=seen), lambda: committed.submit(report))
    values = {row.value for row in counted.figures(cell_ids=[committed.cells["hoc_sinh"]])}
    assert values == (set() if isinstance(accepted, Refused) else {500})
    assert Report.objects.get(pk=report.pk).state == "submitted"


def test_sequence_numbers_follow_commits(committed: Place) -> None:
    """A reader who has read up to a number never meets a smaller one later."""
    round = committed.open()
    reports = [committed.hand_in(round, school) for school in ("na_hoi", "ban_pho", "thai_giang")]
    together(*[(lambda one=one: committed.accept(one)) for one in reports])
    by_unit = list(Effect.objects.order_by("seq").values_list("unit_id", flat=True))
    runs = [unit for place, unit in enumerate(by_unit) if not place or by_unit[place - 1] != unit]
    assert len(runs) == 3  # the lines of one act stand together
