"""Groups: "các trường tiểu học thuộc huyện Thượng", "các xã biên giới", and those nobody can tell apart by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from giaoban.catalogue import table
from giaoban.orgs import spelling
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Attribute, Snapshot
from giaoban.orgs.queries.attributes import having
from giaoban.orgs.queries.naming.around import LEVEL_WORDS, Around
from giaoban.orgs.queries.naming.book import Book
from giaoban.orgs.queries.naming.match import LEAST, VAGUE, Match
from giaoban.orgs.queries.naming.wording import readings

JOINING = re.compile(r"^(?:va|tren dia ban|truc thuoc|thuoc|cua|trong|toan|o|tai)\b\s*")
_LOOSE = re.compile(r"^(?:co )?(?:lien quan|chuc nang|huu quan|khac)(?: va)?\b\s*")
_OTHER_WORD = ("hop", "tan", "thi", "dai", "cong ty", "dong chi")  # "các trường hợp" is no school
FIRM, LOOSE = 96, 55


@dataclass(frozen=True)
class Phrase:
    """What a phrase means: these kinds, and only what stands directly below where `direct`."""

    kinds: frozenset[str]
    direct: bool = False


@lru_cache(maxsize=1)
def _groups() -> list[tuple[str, dict[str, Any]]]:
    """Phrases as compared, the longest first."""
    found = [(spelling.canon(words), row) for row in table("kinds.toml")["group"] for words in row["words"]]
    return sorted(found, key=lambda item: -len(item[0]))


@lru_cache(maxsize=64)
def _meant(phrase: str) -> Phrase:
    row = next(row for words, row in _groups() if words == phrase)
    kinds = table("kinds.toml")["kind"]
    families = set(row.get("families", [])) | {row["family"]} if "family" in row else set(row.get("families", []))
    stages = set(row.get("stages", []))
    found = set(row.get("kinds", []))
    found |= {kind["code"] for kind in kinds if kind["family"] in families or stages & set(kind.get("stages", []))}
    if stages and "continuing" not in stages:
        found -= {kind["code"] for kind in kinds if kind["family"] == "centre"}
    return Phrase(frozenset(found - set(row.get("without", []))), bool(row.get("direct")))


def split(words: str) -> tuple[Phrase, str] | None:
    """The kinds that a phrase means, and what follows it."""
    for phrase, _ in _groups():
        if words == phrase:
            return _meant(phrase), ""
        if words.startswith(f"{phrase} ") and phrase.startswith(("cac ", "ubnd cac ")):
            rest = words.removeprefix(f"{phrase} ")
            return None if rest.startswith(_OTHER_WORD) else (_meant(phrase), rest)
    return None


def group(words: str, text: str, around: Around, book: Book) -> list[Match]:
    """All units that a group means, below the unit that wrote or below the place that is named."""
    parted = split(words)
    if parted is None or not around.chain:
        return []
    phrase, rest = parted
    scope: Snapshot | None = None
    loose = False
    while rest and scope is None:
        rest = JOINING.sub("", rest)
        if _LOOSE.match(rest):
            loose, rest = True, _LOOSE.sub("", rest)
        scope = _scope(rest, around, book)
        more = None if scope is not None else _more(rest)
        if more:  # "các trường THPT, trung tâm GDNN-GDTX"
            phrase, rest = Phrase(phrase.kinds | more[0].kinds, phrase.direct and more[0].direct), more[1]
        elif scope is None:
            held = _having(phrase, rest, text, around)
            return [held or _vague(phrase, rest, text, around)]
    found = members(phrase, text.strip(), scope, around)
    if loose:
        return [
            Match(
                None,
                found.unit_ids,
                found.group,
                min(found.score, LOOSE),
                f"{found.why}; chưa rõ đơn vị nào “liên quan”",
            )
        ]
    return [found]


def _more(rest: str) -> tuple[Phrase, str] | None:
    """A further group in the same row, whose "các" or "các trường" is not said again; what is left is always less."""
    for said in (f"cac {rest}", f"cac truong {rest}"):
        found = split(said)
        if found is not None and len(found[1]) < len(rest):
            return found
    return None


def members(phrase: Phrase, text: str, scope: Snapshot | None, around: Around) -> Match:
    """All units of the kinds below the scope; an office without any asks whoever it belongs to."""
    kinds = phrase.kinds
    offices = phrase.direct or kinds <= _office_kinds()
    for unit in [scope.unit_id] if scope else around.chain:
        for hierarchies in ((MANAGEMENT, TERRITORY), (PROFESSIONAL,)):
            below = around.below(unit, hierarchies, deepest=1 if offices else None).filter(kind__in=kinds)
            ids = tuple(sorted(below.values_list("unit_id", flat=True)))
            if ids:
                called = around.snapshots[unit].name if unit in around.snapshots else (scope.name if scope else "")
                return Match(None, ids, text, FIRM, f"{len(ids)} đơn vị thuộc {called}")
    return Match(None, (), text, LEAST, "chưa có đơn vị nào thuộc nhóm này")


@lru_cache(maxsize=1)
def _office_kinds() -> frozenset[str]:
    return frozenset(kind["code"] for kind in table("kinds.toml")["kind"] if kind["family"] == "office")


def _scope(rest: str, around: Around, book: Book) -> Snapshot | None:
    """What the words after the phrase name: a level ("huyện") or an area by name."""
    if not rest or rest in ("dia ban", "day", "so"):
        return around.snapshots[around.chain[0]]
    if rest in LEVEL_WORDS:
        return around.called(rest)
    for head, places in readings(rest):
        rows = [row for row in book.living(head) if book.lies_in(row.unit_id, places, around.on)]
        if rows:
            own = set(around.chain) - {1}
            near = [row for row in rows if book.above(row.unit_id, around.on) & own or row.unit_id in own]
            chosen = near or rows
            return chosen[0] if len(chosen) == 1 else next((row for row in chosen if row.canon == head), chosen[0])
    return None


def _having(phrase: Phrase, rest: str, text: str, around: Around) -> Match | None:
    """A group told by what its members are recognised as: "các xã khu vực III", "các trường đạt chuẩn"."""
    for attribute in Attribute.objects.all():
        for value, name in attribute.values.items():
            called = {spelling.canon(name), re.sub(r"^(?:xa|truong) ", "", spelling.canon(name))}
            if rest in called or (rest == spelling.canon(attribute.name)):
                whole = members(phrase, text.strip(), None, around)
                held = set(having(attribute.code, value, around.on).filter(descendant__in=whole.unit_ids))
                ids = tuple(unit for unit in whole.unit_ids if unit in held)
                if ids:
                    return Match(None, ids, text.strip(), FIRM - 6, f"{len(ids)} đơn vị: {name}")
    return None


def _vague(phrase: Phrase, rest: str, text: str, around: Around) -> Match:
    """The kind is plain and which of them is not: all are offered, and asked about."""
    whole = members(phrase, text.strip(), None, around)
    if not whole.unit_ids:
        return whole
    return Match(
        None, whole.unit_ids, text.strip(), VAGUE, f"{whole.why}; chưa rõ đơn vị nào “{_last_words(text, rest)}”"
    )


def _last_words(text: str, rest: str) -> str:
    """The words that tell them apart, as written."""
    words = text.split()
    return " ".join(words[-len(rest.split()) :]) if rest else text.strip()
