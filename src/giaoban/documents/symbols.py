"""Number and symbol of a document, read by the grammars of documents.md §5 and §7.

`read("157/KH-SCT")` says which system, type, number, year and agency; `key` makes the text by which the same document
is known in every register. The raw text is always kept beside it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from giaoban.documents import types

PARTY, QH, VBHN, NORMATIVE, ADMIN, LETTER = "PARTY", "QH", "VBHN", "VBQP", "ADMIN", "CV"
# Counted anew each year or each term: only the day of issue tells two of them apart.
DATED = {PARTY, ADMIN, LETTER}

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_MISSPELT = {"ND": "NĐ", "QD": "QĐ", "BGDDT": "BGDĐT"}
_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠ-Ỹ"
_LETTER = "A-Za-zÀ-ỹĐđ"
_AGENCY = rf"[{_UPPER}][{_LETTER}0-9&]*(?:-[{_UPPER}][{_LETTER}0-9&]*)*"
_TYPE = rf"[{_LETTER}]{{1,4}}"
_GRAMMARS = (
    (PARTY, re.compile(rf"(?P<n>\d{{1,5}})-(?P<t>{_TYPE})[/-](?P<a>{_AGENCY})")),
    (QH, re.compile(r"(?P<n>\d{1,4})/(?P<y>(?:19|20)\d\d)/(?P<a>(?:UBTV)?QH\d{1,2})")),
    (VBHN, re.compile(rf"(?P<n>\d{{1,4}})/(?:(?P<y>(?:19|20)\d\d)/)?(?P<t>VBHN)-(?P<a>{_AGENCY})")),
    (NORMATIVE, re.compile(rf"(?P<n>\d{{1,4}})/(?P<y>(?:19|20)\d\d)/(?P<t>{_TYPE})-(?P<a>{_AGENCY})")),
    (ADMIN, re.compile(rf"(?P<n>\d{{1,5}})/(?P<t>{_TYPE})-(?P<a>{_AGENCY})")),
    (LETTER, re.compile(rf"(?P<n>\d{{1,5}})/(?P<a>{_AGENCY})")),
)


@dataclass(frozen=True)
class Symbol:
    """A number as read. `type` is a code of types.csv."""

    grammar: str
    system: str
    type: str
    number: int
    year: int | None
    agency: str


def prepare(raw: str) -> str:
    """NFC, one kind of dash and space, no spaces around "/" and "-"; for reading only, never stored."""
    text = unicodedata.normalize("NFC", raw).translate(_DASHES).replace("\u00a0", " ").replace("Ð", "Đ")
    text = re.sub(r"^\s*[Ss]ố\s*:?\s*", "", text)
    return re.sub(r"\s*([/-])\s*", r"\1", text).strip()


def read(raw: str) -> Symbol | None:
    """What a number says; None when it follows none of the grammars."""
    text = prepare(raw)
    for grammar, pattern in _GRAMMARS:
        match = pattern.fullmatch(text)
        found = match and _symbol(grammar, match)
        if found:
            return found
    return None


def key(symbol: Symbol | None, issued_on: date | None = None) -> str:
    """The document's name across registers; "" for what has no readable number."""
    if symbol is None:
        return ""
    parts = [symbol.system, symbol.type, str(symbol.number), str(symbol.year or ""), symbol.agency]
    if symbol.grammar in DATED:
        parts.append(issued_on.isoformat() if issued_on else "")
    return "|".join(parts)


def _symbol(grammar: str, match: re.Match[str]) -> Symbol | None:
    groups = match.groupdict()
    system = "party" if grammar == PARTY else "state"
    kind = _type(grammar, groups.get("t") or "")
    if kind is None:
        return None
    year = int(groups["y"]) if groups.get("y") else None
    agency = "-".join(_MISSPELT.get(part, part) for part in groups["a"].split("-"))
    return Symbol(grammar, system, kind, int(groups["n"]), year, agency)


def _type(grammar: str, text: str) -> str | None:
    if grammar in (QH, VBHN):
        return grammar
    if grammar == LETTER:
        return "CV"
    known = types.printed("party") if grammar == PARTY else types.printed("state")
    right = _MISSPELT.get(text.upper(), text)
    same = {code.upper(): ours for code, ours in known.items()}
    return known.get(right) or same.get(right.upper())
