"""Write the ledger: differences only, under the lock that makes sequence numbers follow the order of commits."""

from __future__ import annotations

from collections.abc import Sequence

from giaoban.indicators.models import REPORT_SERIES, Effect, Series
from giaoban.journal.actions import Entry

CHUNK = 2000


def append(entry: Entry, effects: Sequence[Effect]) -> None:
    """Hand the effects to the end of the transaction."""
    if effects:
        entry.under_lock(lambda: Effect.objects.bulk_create(effects, batch_size=CHUNK))


def report_series() -> Series:
    """The series of what units report; made on first use, so that an empty installation can start."""
    return Series.objects.get_or_create(code=REPORT_SERIES, defaults={"name": "Số liệu báo cáo"})[0]


def difference(old: int | None, new: int | None) -> tuple[int, int] | None:
    """(value_delta, present_delta) from what counted to what counts now; None when nothing changes.

    First value (+v, +1), replacement (new − old, 0), withdrawal (−v, −1) (decision "The ledger").
    """
    if old == new:
        return None
    return (new or 0) - (old or 0), (new is not None) - (old is not None)
