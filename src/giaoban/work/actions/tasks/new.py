"""A task as typed, before it is given: its words, its due time, its short title."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from giaoban.core.text import nfc
from giaoban.work import dues, refusals

TITLE = 120


@dataclass(frozen=True)
class NewTask:
    """One task as typed. `due` holds the words of the text ("trước ngày 15/3/2026", "Quý II/2026", "hằng tháng").

    It has one lead (`lead_id`), or a group whose members each do a part (`part_ids`, named by `group`). `due_on` is
    given only where a person chose the day that vague words ("trong hè") mean. `leader` names who directs the work.
    With `issuer_id` the product is a document that this unit signs (tham mưu); `report` is the rhythm of reports owed
    while it runs ("ngày 20 hằng tháng"); `indicator` the code of the figure it is to move.
    """

    text: str
    due: str
    lead_id: int | None = None
    part_ids: tuple[int, ...] = ()
    group: str = ""
    partner_ids: tuple[int, ...] = ()
    partner_parts: Mapping[int, str] = field(default_factory=dict)  # what each partner does, where it was said
    deliverable: str = ""
    officer_id: int | None = None
    title: str = ""
    due_on: date | None = None
    leader: str = ""
    issuer_id: int | None = None
    report: str = ""
    indicator: str = ""


_PART_DUE = re.compile(r"(?:trước|hạn|xong|đến|chậm nhất)\b[^,;]*\d.*$", re.IGNORECASE)


def part_due(words: str, on: date) -> date | None:
    """The day a partner's own part names: "lập dự toán, trước 20/01/2026"."""
    match = _PART_DUE.search(nfc(words))
    if match is None:
        return None
    try:
        return dues.read(match[0], on).on
    except dues.BadDue:
        return None


def read_due(new: NewTask, on: date) -> dues.Due:
    """The due time; a day chosen by a person stands beside words that name none."""
    words = nfc(new.due).strip()
    if not words and new.due_on is None:
        raise refusals.Required(field="due")
    if new.due_on is not None:
        return dues.Due(dues.DATE, words or new.due_on.strftime("%d/%m/%Y"), new.due_on)
    return dues.read(words, on)


def shorten(text: str) -> str:
    """The first words, cut between words."""
    line = " ".join(text.split())
    return line if len(line) <= TITLE else line[: line.rfind(" ", 0, TITLE)].rstrip(" ,;:") + "…"
