"""A conclusion in one line: "@Trường THCS Suối Thử rà soát hồ sơ #15/3/2026" names who leads and until when.

The first "@" names the lead, or a group; each further one a partner. "#" opens the due time: a day, or words up to the
next mark or the end of the sentence. What stays is the sentence as the notice will print it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from giaoban.core.text import fold, nfc
from giaoban.documents.naming import Circle, Named, ids
from giaoban.orgs import queries as orgs
from giaoban.work import dues
from giaoban.work.actions import NewTask

WORDS = 14  # no name of a unit is longer
_DAY = re.compile(r"\d{1,2}\s?[/.-]\s?\d{1,2}(?:\s?[/.-]\s?\d{4})?(?!\d)")
_WORDS = re.compile(r"[^@#;,\n]*?(?=\s*(?:[@#;,\n]|\.(?:\s|$)|$))")
_CAPITAL = re.compile(r"(?:\s+(?=[^\W\d_])(?=\S)(?-i:[A-ZÀ-Ỹ])[^\s,;.@#]*)+")  # a name that goes on is another's
_COUNT = re.compile(r" \(\d+\)$")
_AT_END = re.compile(r"[\s,;:–-]+$")


@dataclass(frozen=True)
class Line:
    """What was understood of one line."""

    text: str
    lead: Named | None = None
    partners: tuple[Named, ...] = ()
    due: dues.Due | None = None
    unknown: tuple[str, ...] = ()  # sentences about marks that name nothing
    asks: tuple[str, ...] = field(default=())  # which of lead and due a task still lacks: "lead", "due"

    @property
    def is_task(self) -> bool:
        return self.lead is not None and self.due is not None and not self.unknown

    @property
    def heading(self) -> str:
        return self.lead.text[:200] if self.lead else ""

    def tasks(self) -> list[NewTask]:
        """The task of the line; none where the line gives none."""
        if self.lead is None or self.due is None:
            return []
        many = len(self.lead.unit_ids) > 1
        partners = tuple(each for each in ids(self.partners) if each not in self.lead.unit_ids)
        return [
            NewTask(
                text=self.text,
                due=self.due.text,
                lead_id=None if many else self.lead.unit_ids[0],
                part_ids=self.lead.unit_ids if many else (),
                group=self.lead.text if many else "",
                partner_ids=partners,
            )
        ]


def read(text: str, circle: Circle, on: date) -> Line:
    """Take the marks out of a line and say what they mean."""
    kept: list[str] = []
    named: list[Named] = []
    unknown: list[str] = []
    due: dues.Due | None = None
    rest = nfc(text).strip()
    while mark := re.search(r"(?<!\S)[@#]|(?<=[(;,])[@#]", rest):
        kept.append(rest[: mark.start()])
        rest = rest[mark.end() :]
        if mark.group() == "@":
            found, words, fault = _unit(rest, circle)
            rest = rest[len(words) :]
            kept.append(words)
            if found is not None:
                named.append(found)
            unknown += [fault] if fault else []
        else:
            words = _due_words(rest)
            rest = rest[len(words) :]
            try:
                due = dues.read(words.strip(), on)
            except dues.BadDue as bad:
                unknown.append(_(bad.sentence) % bad.params)
            kept.append(_said(words.strip()))
    kept.append(rest)
    lead = named[0] if named else None
    sentence = _AT_END.sub("", re.sub(r"[ \t]+", " ", "".join(kept)).replace(" .", ".").replace(" ,", ",").strip())
    asks = tuple(name for name, there in (("lead", lead), ("due", due)) if there is None) if lead or due else ()
    return Line(sentence, lead, tuple(named[1:]), due, tuple(unknown), asks)


def _unit(rest: str, circle: Circle) -> tuple[Named | None, str, str]:
    """The run of words after the mark that names a unit best; the words, and what is wrong where none does."""
    run = re.match(r"[^@#;\n]*", rest)
    ends = [each.end() for each in re.finditer(r"\S+", run.group() if run else "")][:WORDS]
    runs = list(dict.fromkeys(rest[:end].rstrip(",.:)") for end in ends))
    offered = {fold(_COUNT.sub("", name)): (name, units) for name, units in circle.offered.items()}
    for said in reversed(runs):
        if fold(said) in offered:
            name, units = offered[fold(said)]
            return Named(_COUNT.sub("", name), tuple(units), group=len(units) > 1), said, ""
    scores = {said: found[0].score for said, found in orgs.resolve_names(runs, circle.on, circle.near).items() if found}
    best = max(scores, key=lambda said: (scores[said], len(said)), default=runs[0] if runs else "")
    if cut := _CAPITAL.match(rest[len(best) :]):
        return None, best + cut.group(), _("No unit is called “%(text)s”.") % {"text": best + cut.group()}
    try:
        return circle.read(best), best, ""
    except ValidationError as refused:
        return None, best, "; ".join(refused.messages)


def _due_words(rest: str) -> str:
    day = _DAY.match(rest)
    if day:
        return day.group()
    words = _WORDS.match(rest)
    return words.group() if words else rest


def _said(words: str) -> str:
    """The due time as the sentence says it."""
    return f"trước ngày {words}" if _DAY.fullmatch(words) else words
