"""One unit: a level without a name, a unit beside the writer, a full name anywhere."""

from __future__ import annotations

from giaoban.orgs import spelling
from giaoban.orgs.models import Snapshot
from giaoban.orgs.queries.naming.around import LEVEL_WORDS, Around
from giaoban.orgs.queries.naming.book import Book
from giaoban.orgs.queries.naming.match import Match, one
from giaoban.orgs.queries.naming.wording import readings


def level(words: str, around: Around) -> list[Match]:
    """A level without a name: "UBND tỉnh", "huyện"."""
    found = around.called(words.removeprefix("ubnd "))
    return [one(found.unit_id, 95, f"{found.body_name}, cấp trên hoặc chính nơi ban hành")] if found else []


def beside(words: str, around: Around) -> list[Match]:
    """Beside the writer: "Phòng GD&ĐT", "Phòng VH-XH", "Trường Tiểu học Ánh Dương"."""
    if not around.chain:
        return []
    scored = [
        (score - distance, row) for distance, row in around.beside if (score := _likeness(words, row, around.chain))
    ]
    best = max((score for score, _ in scored), default=0)
    first = [row for score, row in scored if score == best]
    if len(first) > 1:
        ids = tuple(sorted(row.unit_id for row in first))
        return [
            Match(None, ids, first[0].kind.name, min(best, 90), f"{len(ids)} đơn vị cùng tên gọi quanh nơi ban hành")
        ]
    return [one(row.unit_id, score, f"{row.name}, gần nơi ban hành") for score, row in scored]


def _likeness(words: str, row: Snapshot, chain: list[int]) -> int:
    """How well the words fit a unit beside the writer; 0 for not at all."""
    plain = words.removeprefix("ubnd ")
    short = spelling.canon(row.short_name) if row.short_name else ""
    kind_names = {spelling.canon(row.kind.name), spelling.canon(row.kind.short or row.kind.name)}
    if plain == row.canon:
        return 100
    if short and words == short:
        return 98
    if row.kind.family not in ("area", "school", "place") and words in kind_names:
        return 94
    if row.canon.startswith(f"{words} ") and row.kind.family != "area":
        return 92
    for own in {short, *kind_names} - {""}:
        rest = words.removeprefix(f"{own} ")
        if rest != words and " " in own and row.kind.family not in ("area", "school") and rest in LEVEL_WORDS:
            return 90
    if " " in words and f" {words}" in row.canon:
        return 70
    return 0


def anywhere(words: str, around: Around, book: Book) -> list[Match]:
    """A full name anywhere: "UBND xã Bắc Hà, tỉnh Lào Cai"."""
    for head, places in readings(words):
        rows = book.living(head) or book.aliased(head)
        rows = [row for row in rows if book.lies_in(row.unit_id, places, around.on)]
        if rows:
            return _ranked(rows, head, places, around, book)
    return []


def _ranked(rows: list[Snapshot], head: str, places: list[str], around: Around, book: Book) -> list[Match]:
    """Namesakes: those that lie where the writer is come first."""
    own = set(around.chain) - {1}
    shared = {row.unit_id: len(book.above(row.unit_id, around.on) & own) for row in rows}
    most = max(shared.values(), default=0)
    found = []
    for row in rows:
        score = 90 if row.canon == head else 82
        score += 8 if shared[row.unit_id] == most and (most or len(rows) == 1) else 0
        score -= 0 if most or places or len(rows) == 1 else min(len(rows) * 4, 40)
        where = "trong địa bàn nơi ban hành" if shared[row.unit_id] else "tên trong cả nước"
        found.append(one(row.unit_id, score, f"{row.name}: {where}"))
    return found
