"""Documents named in the text: which registered one is meant, and how this document stands to it.

The words before the number say it: "Thực hiện Nghị quyết …" implements it, "Căn cứ …" is its legal basis, "thay thế"
and "sửa đổi" hold where this document itself does so, not where it tells of others; a report reports on its plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from giaoban.core.text import fold
from giaoban.desk.proposals.marks import Mark
from giaoban.documents.models import Document, RelationKind


@dataclass(frozen=True)
class CitationProposal:
    """A document named in the text, and the registered one it may be."""

    mark: Mark
    text: str
    number: str
    issued_on: date | None
    known: Document | None
    kind: str = RelationKind.CITES.value
    """How this document stands to it, by the words around it."""
    clause: str = ""
    """The clause that is named: Điều 3, mục II.2."""
    basis: str = ""
    """The words of the text that say so."""
    new: bool = True
    """False for what is related already, or was rejected before."""
    sure: bool = False
    """Whether the words around the number say the relation plainly."""


@dataclass(frozen=True)
class Said:
    """What the words around one citation say."""

    kind: str
    clause: str
    basis: str
    plain: bool


_IMPLEMENTS = re.compile(
    r"(?:^|[\s,;(])(?:de )?(?:to chuc |tiep tuc |nham |trien khai,? )*(?:thuc hien|trien khai|quan triet|cu the hoa|"
    r"chap hanh|theo tinh than|thuc hien nghiem)(?: (?:co hieu qua|nghiem tuc|noi dung|tinh than|chi dao tai))*\b"
)
_BASIS = re.compile(r"(?:^|[\s;.\-+*])can cu\b")
_THIS = (
    r"(?:quyet dinh|ke hoach|chi thi|nghi quyet|thong tu|nghi dinh|quy dinh|quy che|huong dan|van ban|thong bao|"
    r"chuong trinh|ket luan) nay\b"
)
_REPLACES = re.compile(r"\bthay the(?: cho)?\b")
_REPEALS = re.compile(r"\bbai bo\b")
_AMENDS = re.compile(r"\b(?:sua doi|bo sung|dinh chinh)\b")
_REPORTS = re.compile(r"\b(?:bao cao (?:so ket |tong ket |danh gia )?(?:ket qua|tinh hinh)|ket qua|so ket|tong ket)\b")
_SELF = re.compile(_THIS)
_CLAUSE_BEFORE = re.compile(
    r"((?:(?:điểm\s+(?:\d+|[a-zđ])|khoản\s+\d+|điều\s+\d+[a-zđ]?|(?:tiểu\s+)?mục\s+[IVX\d]+(?:[.\d]+)*|phần\s+(?:thứ\s+\w+|[IVX\d]+)|phụ\s+lục\s*[IVX\d]*|chương\s+[IVX\d]+)"
    r"(?:\s*(?:,|và|của)?\s*))+)(?:của\s+|tại\s+|ban hành kèm theo\s+|kèm theo\s+)*(?:[^\s,;.:]+\s+){0,10}$",
    re.IGNORECASE,
)
_CLAUSE_AFTER = re.compile(
    r"^[\s(,]*(?:tại\s+)?((?:điểm\s+[a-zđ]|khoản\s+\d+|điều\s+\d+[a-zđ]?|(?:tiểu\s+)?mục\s+[IVX\d]+(?:[.\d]+)*|phần\s+[IVX\d]+)(?:\s*,?\s*(?:khoản\s+\d+|điều\s+\d+[a-zđ]?|mục\s+[IVX\d.]+|phần\s+[IVX\d]+))*)",
    re.IGNORECASE,
)
_KINDS_OF_DOCUMENT = (
    "nghi quyet", "nghi dinh", "quyet dinh", "chi thi", "ket luan", "thong tu", "ke hoach", "cong van", "luat",
    "thong bao", "chuong trinh", "huong dan", "quy dinh", "quy che", "van ban", "to trinh", "bao cao", "cong dien",
    "de an",
)  # fmt: skip
_REACH = 400


def said(text: str, start: int, end: int, *, title: str = "", report: bool = False) -> Said:
    """How the document stands to one it names between two places of its text."""
    lead = _lead_in(text, start)
    flat = fold(lead)
    after = text[end : end + 80]
    clause = _clause(lead, after)
    kind, plain = _kind(flat, fold(title), report, text, start, end)
    basis = " ".join((lead[-160:].lstrip() + text[start:end]).split())
    return Said(kind, clause, basis, plain)


def _kind(lead: str, title: str, report: bool, text: str, start: int, end: int) -> tuple[str, bool]:
    own = _SELF.search(lead)
    said_of_itself = lead[own.end() :] if own else ""
    for words, kind in (
        (_REPLACES, RelationKind.REPLACES),
        (_REPEALS, RelationKind.REPEALS),
        (_AMENDS, RelationKind.AMENDS),
    ):
        if own and words.search(said_of_itself):
            return kind.value, True
    number = fold(text[start:end])
    if number and number in title:
        for words, kind in (
            (_REPEALS, RelationKind.REPEALS),
            (_REPLACES, RelationKind.REPLACES),
            (_AMENDS, RelationKind.AMENDS),
        ):
            if words.search(title):
                return kind.value, True
    if report and (_REPORTS.search(lead) or number in title):
        return RelationKind.REPORTS_ON.value, True
    basis, implements = _last(_BASIS, lead), _last(_IMPLEMENTS, lead)
    if basis > implements:
        return RelationKind.LEGAL_BASIS.value, True
    if implements >= 0 and _close(lead[implements:]):
        return RelationKind.IMPLEMENTS.value, True
    return RelationKind.CITES.value, False


_BY_LAW = re.compile(r"\b(?:theo|quy dinh tai|dung quy dinh)\b")  # "thực hiện theo quy định tại …" keeps law, as all do


def _close(between: str) -> bool:
    """Whether the verb takes this document as its object, alone or in a row with others ("Thực hiện A, B và C")."""
    if ":" in between or _BY_LAW.search(between):
        return False
    rest = between
    for words in _KINDS_OF_DOCUMENT:
        rest = rest.replace(words, "|")
    before = rest.split("|")[0]
    return len(before.split()) <= 14


def _last(words: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in words.finditer(text)), default=-1)


def _lead_in(text: str, start: int) -> str:
    """The sentence up to the citation; a row of bases ends in semicolons, which do not part it from its verb."""
    floor = max(0, start - _REACH)
    piece = text[floor:start]
    breaks = [
        match.end()
        for match in re.finditer(r"\n\s*\n|[.!?]\s+(?=[A-ZĐÀ-Ỹ])|\n(?=\s*(?:[-–+*•]|\d+[.)]|[IVX]+[.)]|[A-ZĐ]))", piece)
    ]
    return piece[breaks[-1] :] if breaks else piece


def _clause(lead: str, after: str) -> str:
    found = _CLAUSE_BEFORE.search(lead)
    if found:
        return " ".join(found[1].split()).rstrip(" ,và").removesuffix("của").strip(" ,")[:200]
    found = _CLAUSE_AFTER.match(after)
    return " ".join(found[1].split())[:200] if found else ""


def best(named: Sequence[CitationProposal]) -> CitationProposal:
    """Of several places that name one document, the one that says most: a plain relation before a mere mention."""
    order = {kind: place for place, kind in enumerate(_STRENGTH)}
    first = min(named, key=lambda one: (order.get(one.kind, len(order)), not one.clause))
    return first


_STRENGTH = (
    *(
        kind.value
        for kind in (RelationKind.REPLACES, RelationKind.REPEALS, RelationKind.AMENDS, RelationKind.REPORTS_ON)
    ),
    *(kind.value for kind in (RelationKind.IMPLEMENTS, RelationKind.LEGAL_BASIS, RelationKind.CITES)),
)


def once(named: Iterable[CitationProposal]) -> list[CitationProposal]:
    """Each document once, however often the text names it, where it stands first."""
    groups: dict[str, list[CitationProposal]] = {}
    for one in named:
        groups.setdefault(fold(one.number), []).append(one)
    return [_joined(found) for found in groups.values()]


def _joined(found: list[CitationProposal]) -> CitationProposal:
    first, telling = found[0], best(found)
    day = next((one.issued_on for one in found if one.issued_on), None)
    known = next((one.known for one in found if one.known), None)
    return CitationProposal(
        first.mark,
        first.text,
        first.number,
        day,
        known,
        telling.kind,
        telling.clause,
        telling.basis,
        True,
        telling.sure,
    )
