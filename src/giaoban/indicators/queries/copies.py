"""Signed copies: the code printed on a report, and whether the copy of what was handed in last has come.

The code names the handing-in and holds a hash of all its cells, so that anybody can compute it again from the figures
and a paper can be held against them. It is no secret and signs nothing: the signature is on the copy.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from giaoban.indicators.models import Report, Revision, Round, SignedCopy, SignedForm, Submission

MISSING, OUTDATED, RECEIVED = "missing", "outdated", "received"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: none that is taken for another when read aloud
HASHED = 12  # letters of the hash, 60 bits: enough against a slip or a changed figure
CODE = re.compile(r"[0-9A-Z]{13,24}")
ALIKE = str.maketrans("OIL", "011")


# The code


def content_of(submission: Submission) -> str:
    """Everything the handing-in says, in one fixed text: sheet, period, unit, and each cell as it then stood."""
    report = submission.report
    lines = [report.sheet_id, report.period_code, str(report.unit_id), str(submission.no)]
    for key, value, words in _cells(submission):
        lines.append(f"{key}={'' if value is None else value}|{words}")
    return "\n".join(lines)


def _cells(submission: Submission) -> list[tuple[str, int | None, str]]:
    rows = Revision.objects.filter(submission__report=submission.report_id, submission__no__lte=submission.no)
    latest: dict[str, tuple[int | None, str]] = {}
    for key, value, words in rows.order_by("submission__no").values_list("cell__key", "value", "explanation"):
        latest[key] = value, words
    return [(key, *latest[key]) for key in sorted(latest)]


def check_code(submission: Submission) -> str:
    """`3F2-K7QM-04XD-9TBW`: the number of the handing-in, then twelve letters of the hash of its content."""
    digest = hashlib.sha256(content_of(submission).encode()).digest()
    hashed = base64.b32encode(digest).decode().translate(TO_CROCKFORD)[:HASHED]
    return "-".join([_number(submission.pk), *(hashed[at : at + 4] for at in range(0, HASHED, 4))])


TO_CROCKFORD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", LETTERS)


def _number(number: int) -> str:
    found = ""
    while number:
        number, rest = divmod(number, 32)
        found = LETTERS[rest] + found
    return found or "0"


def tidy(code: str) -> str:
    """A code as typed: case, spaces, dashes and look-alikes do not matter."""
    return re.sub(r"[^0-9A-Z]", "", code.upper()).translate(ALIKE)


def submission_of(code: str) -> Submission | None:
    """The handing-in whose code this is; None where no figure was ever handed in so."""
    text = tidy(code)
    if not CODE.fullmatch(text) or set(text) - set(LETTERS):
        return None
    number = 0
    for letter in text[:-HASHED]:
        number = number * 32 + LETTERS.index(letter)
    if number >= 2**63:
        return None
    found = (
        Submission.objects.select_related("report__round", "report__sheet", "report__unit").filter(pk=number).first()
    )
    return found if found is not None and tidy(check_code(found)) == text else None


def is_newest(submission: Submission) -> bool:
    """Whether nothing was handed in after it."""
    return not Submission.objects.filter(report=submission.report_id, no__gt=submission.no).exists()


# The state


@dataclass(frozen=True)
class CopyState:
    """How the signed copy of one report stands."""

    state: str  # "" where none is asked for, missing, outdated, received
    copy: SignedCopy | None = None


def wanted(round: Round) -> bool:
    return round.signed_copy != SignedForm.NONE


def state_of(report: Report) -> CopyState:
    """Of one report; a copy of an earlier handing-in is out of date."""
    if not wanted(report.round):
        return CopyState("")
    newest = report.submissions.order_by("-no").first()
    copy = report.signed_copies.select_related("submission").order_by("-at", "-pk").first()
    if copy is None:
        return CopyState(MISSING)
    return CopyState(RECEIVED if newest and copy.submission_id == newest.pk else OUTDATED, copy)


def states_of(round: Round, reports: Collection[Report]) -> dict[int, str]:
    """{report: state} for a round that asks for a signed copy; {} for one that does not."""
    if not wanted(round):
        return {}
    newest = Submission.objects.filter(report=OuterRef("report")).order_by("-no").values("pk")[:1]
    rows = SignedCopy.objects.filter(report__round=round).annotate(newest=Subquery(newest)).order_by("at", "pk")
    found = {row.report_id: RECEIVED if row.newest == row.submission_id else OUTDATED for row in rows}
    return {report.pk: found.get(report.pk, MISSING) for report in reports if report.round_id == round.pk}


def forms_of(round: Round) -> tuple[str, ...]:
    """The forms in which a copy may come."""
    if round.signed_copy == SignedForm.EITHER:
        return SignedForm.DIGITAL.value, SignedForm.PAPER.value
    return (round.signed_copy,) if wanted(round) else ()


def copies_of(report: Report) -> Iterable[SignedCopy]:
    return report.signed_copies.select_related("submission").order_by("-at", "-pk")
