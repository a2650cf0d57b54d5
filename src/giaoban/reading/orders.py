"""Where somebody orders or asks: "Sở yêu cầu các trường …", "Giao Phòng Nội vụ …", and who is addressed.

The same words are nouns ("theo yêu cầu"), participles ("được giao") or parts of others ("giao ban"); they order only
where somebody who can be told, or a verb, follows.
"""

from __future__ import annotations

import re

from giaoban.reading import units
from giaoban.reading.clauses import Words
from giaoban.reading.units import Names
from giaoban.reading.wording import MODALS, NOT_ORDERS, NOUNS, ORDERS, VERBS, either, word_set

# Words before "yêu cầu", "đề nghị", "giao" that make a noun or a participle of it.
_NO_ORDER = word_set(
    """
    theo ứng các những mọi xét bản của đạt được có nhu với trên trước từng số tiêu cầu nhiệm hồ đơn thư phiếu giấy mục
    đích một vào về bàn chuyển thu kết đặt phù hợp là khi nếu thời nội dung
    """
)
# Words after which a bare verb may follow the order: the one who orders, or a new beginning.
_BEFORE_VERB = word_set(", : ; đồng thời và cũng chí trưởng tịch thư đốc ông bà hội nghị")
_PAST = word_set("đã đang vừa từng")
# How the work of those directed begins, in news of a direction.
_DIRECTED = word_set("cần phải chủ tập khẩn tiếp tăng nghiêm thực triển tuyệt")
_CARRIES_ON = word_set("tiếp tập tăng đẩy chủ triển")
_PAPER = re.compile(r"\b" + either("công văn · văn bản · công điện · chỉ thị · thông báo · kết luận") + r"\b")


def find(words: Words) -> list[tuple[int, int]]:
    """Every place where somebody asks or orders: the order's first word and the word after it."""
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        size = at(words, place)
        if size:
            found.append((place, place + size))
        place += size or 1
    return found


def directions(words: Words) -> list[tuple[int, int]]:
    """News of a direction: "UBND tỉnh đã có công văn chỉ đạo Sở … cần …"; the work begins with those directed."""
    for place in range(1, len(words) - 2):
        if words.low[place : place + 2] != ["chỉ", "đạo"]:
            continue
        named = units.names(words, place + 2)
        if named is None or named.after >= len(words) or words.low[named.after] not in _DIRECTED:
            continue
        if _PAPER.search(" ".join(words.low[max(0, place - 12) : place])):
            return [(place, place + 2)]
    return []


def at(words: Words, place: int) -> int:
    """How many words the order that stands here has; 0 where none does."""
    if _agreed(words, place):
        return 2
    size = ORDERS.match(words.low, place)
    if not size or _is_other_word(words, place) or not _is_order(words, place, size):
        return 0
    return size


def addressed(words: Words, place: int, across: bool = False) -> Names | None:
    """Who is told: units and offices, or somebody by name."""
    if place >= len(words):
        return None
    return units.names(words, place, across) or person(words, place)


def person(words: Words, place: int) -> Names | None:
    """Somebody by name after a courtesy title: "đồng chí Trần Văn Bình"."""
    start = courtesy(words, place)
    end = start
    while start and end < len(words) and words.capital[end] and words.low[end][0].isalpha() and not words.acronym(end):
        end += 1
    least = 1 if end < len(words) and VERBS.match(words.low, end) else 2  # "giao đ/c Oanh tham mưu …"
    if not start or end - start < least or units.head(words, start):
        return None
    after = end
    if after < len(words) and words.low[after] in (",", "-"):  # the office behind the name
        behind = units.names(words, after + 1)
        after = behind.after if behind is not None else after
        after += after < len(words) and words.low[after] == ","
    return Names(((start, end),), after)


def courtesy(words: Words, place: int) -> int:
    """The word after "đồng chí", "ông", "bà"; 0 where no such title stands."""
    if words.low[place : place + 2] == ["đồng", "chí"]:
        return place + 2
    return place + 1 if words.low[place] in ("đ/c", "ông", "bà") else 0


def _agreed(words: Words, place: int) -> bool:
    """What a meeting agrees to do: "Hội nghị thống nhất tiếp tục phát huy …"."""
    if words.low[place : place + 2] != ["thống", "nhất"] or not place or words.low[place - 1] not in ("nghị", "họp"):
        return False
    return place + 2 < len(words) and words.low[place + 2] in _CARRIES_ON


def _is_other_word(words: Words, place: int) -> bool:
    """Whether a word such as "giao" belongs to another: "giao ban", but not "giao Ban Tổ chức"."""
    return bool(NOT_ORDERS.match(words.low, place)) and not (place + 1 < len(words) and words.capital[place + 1])


def _is_order(words: Words, place: int, size: int) -> bool:
    before = words.low[place - 1] if place else ""
    meanwhile = before == "thời" and place > 1 and words.low[place - 2] == "đồng"
    if before in _NO_ORDER and not meanwhile:
        return False
    after = place + size
    if after < len(words) and words.low[after] == ":":
        return True
    verb = words.low[place]
    if verb == "phân":
        return after < len(words) and person(words, after) is not None
    named = addressed(words, after)
    if verb in ("giao", "mong", "kêu"):
        return named is not None and before not in _PAST
    return named is not None or _with_adjunct(words, after) or _with_verb(words, place, after)


def _with_adjunct(words: Words, after: int) -> bool:
    """Whether work follows an adjunct: "đề nghị trong năm học mới ngành Giáo dục cần …"."""
    from giaoban.reading import phrasing  # a clause may hold an order, and an order a clause

    if after >= len(words) or words.low[after] not in phrasing.ADJUNCTS:
        return False
    rest = phrasing.Phrase(words, after)
    phrasing.predicate(rest, after)
    return rest.verb >= 0 and not rest.past and (rest.subject is not None or rest.adjunct)


def _with_verb(words: Words, place: int, after: int) -> bool:
    """Whether a verb follows, and the word before can be the end of who orders."""
    if place and words.low[place - 1] not in _BEFORE_VERB and not words.capital[place - 1]:
        return False
    low = words.low
    wanted = low[after : after + 1] == ["có"]  # "yêu cầu có sự phối hợp chặt chẽ"
    return bool(wanted or VERBS.match(low, after) or MODALS.match(low, after) or NOUNS.match(low, after))
