"""Short plain texts to paste into a chat group: one task, a list, the units that are late. Each ends with a link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

MOST = 15  # lines of a list
LONGEST = 1_900  # characters; chat groups cut longer messages


def standing(due_on: date | None, on: date, words: str = "") -> str:
    """How a due day stands: "hạn 15/3/2026, quá hạn 5 ngày"."""
    if due_on is None:
        return words or "không thời hạn"
    late = (on - due_on).days
    said = f"quá hạn {late} ngày" if late > 0 else "đến hạn hôm nay" if late == 0 else f"còn {-late} ngày"
    return f"hạn {due_on:%d/%m/%Y}, {said}"


def one_task(title: str, lead: str, due_on: date | None, due_text: str, on: date, link: str) -> str:
    """Of one task."""
    return "\n".join([f"Nhắc việc: {title}", f"Chủ trì: {lead}", _capital(standing(due_on, on, due_text)), link])


def listing(head: str, groups: Sequence[tuple[str, Sequence[str]]], link: str) -> str:
    """Of a list under headings; what does not fit is counted."""
    lines = [head]
    left = MOST
    for name, rows in groups:
        if not rows:
            continue
        lines.append(f"{name} ({len(rows)}):")
        shown = rows[:left]
        lines += [f"{number}. {row}" for number, row in enumerate(shown, start=1)]
        if len(shown) < len(rows):
            lines.append(f"… và {len(rows) - len(shown)} việc khác")
        left -= len(shown)
    return _fit(lines, link)


def league(on: date, units: Sequence[tuple[str, int, int]], link: str) -> str:
    """Of units with what is late: (name, how many, the longest in days), the most first."""
    total = sum(late for _name, late, _days in units)
    lines = [f"Nhiệm vụ quá hạn đến {on:%d/%m/%Y}: {total} việc của {len(units)} đơn vị"]
    lines += [
        f"{number}. {name}: {late} việc, lâu nhất {days} ngày"
        for number, (name, late, days) in enumerate(units[:MOST], start=1)
    ]
    if len(units) > MOST:
        lines.append(f"… và {len(units) - MOST} đơn vị khác")
    return _fit(lines, link)


def _fit(lines: list[str], link: str) -> str:
    """Whole lines only, and the link always."""
    kept = list(lines)
    while len(kept) > 1 and len("\n".join([*kept, link])) > LONGEST:
        kept.pop()
    if len(kept) < len(lines):
        kept.append("…")
    return "\n".join([*kept, link])


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
