"""What a round asks, kept by this process.

A sheet is frozen once a round uses it, so its lines and rules need no second look as long as the round is there; a
round that is cancelled takes its number with it. Words of the catalogue (the name of an element) may be mended
meanwhile; they are looked up again every minute.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from giaoban.indicators.models import SheetLine, SheetRule

MOST = 128  # rounds kept
AGE = 60.0  # seconds


@dataclass(frozen=True)
class Frozen:
    """The lines and rules of a sheet in use. Read only: requests share them."""

    lines: tuple[SheetLine, ...]
    rules: tuple[SheetRule, ...]
    read_at: float


_kept: OrderedDict[tuple[int, str], Frozen] = OrderedDict()
_lock = Lock()


def of(round_id: int, sheet_code: str) -> Frozen:
    key = (round_id, sheet_code)
    with _lock:
        found = _kept.get(key)
        if found is not None and monotonic() - found.read_at < AGE:
            _kept.move_to_end(key)
            return found
    lines = SheetLine.objects.filter(sheet=sheet_code).select_related("cell__element").order_by("order")
    made = Frozen(tuple(lines), tuple(SheetRule.objects.filter(sheet=sheet_code)), monotonic())
    with _lock:
        _kept[key] = made
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Tests give numbers a second time; the program never does."""
    with _lock:
        _kept.clear()
