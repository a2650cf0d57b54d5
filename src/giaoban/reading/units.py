"""Names of organisations, offices and groups of people in running text, and where they end.

A name is a head ("Phòng", "Hiệu trưởng", "các trường") with all that follows until a verb, a modal or another name.
Commas and "và" join names when a new head follows; otherwise they go on with the name ("UBND các xã, phường").
"""

from __future__ import annotations

from dataclasses import dataclass

from giaoban.reading.clauses import Words
from giaoban.reading.wording import (
    COMPOUNDS,
    CONTINUATIONS,
    DETERMINED,
    DETERMINERS,
    HEADS,
    MODALS,
    NAMING,
    NOT_HEADS,
    PEOPLE,
    SERIES,
    STOPS,
    TRAILERS,
    VERBS,
    word_set,
)

# "Thủ trưởng các sở, ban, ngành": one office, not three; "các sở, ban, ngành" alone are three.
_SERIES_HEADS = word_set("sở bộ ban phòng ngành")
_JOIN = {",", "và", "hoặc", "cùng", "&", "/"}
_PLACES = word_set("xã phường huyện tỉnh thành quận thị")
_ENDING_PLACES = word_set("xã phường huyện tỉnh")
_PLURAL = word_set("các những toàn từng mỗi nhiều tại ở trong mọi")
_OF_PLACES = word_set("biên vùng khu đặc khó đảo nghèo miền lân này mới ta đoàn ủy hội đội bộ nhà")
# Heads after which a verb may belong to the name: "ban quản lý", "đơn vị thi công", "tổ tiếp nhận".
_GENERIC = word_set("ban quan vị sở tổ đồng tâm phận bộ đoàn phòng viện cục hội nhóm đội chức")


@dataclass(frozen=True, slots=True)
class Names:
    """Names one after another: word ranges of each, and the word after the last."""

    ranges: tuple[tuple[int, int], ...]
    after: int

    def spans(self, words: Words) -> list[tuple[int, int]]:
        return [(words.starts[first], words.ends[last - 1]) for first, last in self.ranges]


def head(words: Words, at: int) -> int:
    """The word after the head of a name that begins here (determiners included); 0 where none does."""
    place = at
    while (size := DETERMINERS.match(words.low, place)) and HEADS.match(words.low, place) <= size:
        place += size
        if place - at > 5:
            return 0
    if (
        words.low[place : place + 2] == ["tổ", "chức"]
        and words.low[place + 2 : place + 3] in ([","], ["và"])
        and words.low[place + 3 : place + 5] == ["cá", "nhân"]
    ):
        return place + 2
    size = HEADS.match(words.low, place)
    if (
        place > at
        and (determined := DETERMINED.match(words.low, place)) >= size
        and words.low[place - 1] in ("các", "những", "mọi")
    ):
        return place + determined if determined else 0
    if not size or NOT_HEADS.match(words.low, place) >= size:
        return 0
    if size == 1 and words.low[place] in _PLACES and place == at and not words.capital[place]:
        return 0
    return place + size


def names(words: Words, at: int, across: bool = False) -> Names | None:
    """The names that begin at this word, or None; `across` semicolons too, where people are addressed."""
    end, place = len(words), at
    joins = _JOIN | {";"} if across else _JOIN
    ranges: list[tuple[int, int]] = []
    while place < end and (body := head(words, place)):
        stop = _extend(words, body)
        ranges.append((place, stop))
        stop = place = _past_bracket(words, stop)
        while place < end and words.low[place] in joins:
            place += 1
        if place == stop:
            break
        if across and ";" in words.low[stop:place] and not _reaches_head_and_verb(words, place):
            break
    return Names(tuple(ranges), ranges[-1][1]) if ranges else None


def _past_bracket(words: Words, place: int) -> int:
    """The word after a bracket that stands between two names: "Sở Giáo dục và Đào tạo (GDĐT), Sở Nội vụ"."""
    if place < len(words) and words.low[place] == "(":
        close = next((k for k in range(place, min(len(words), place + 12)) if words.low[k] == ")"), 0)
        if close and close + 2 < len(words) and words.low[close + 1] in _JOIN and head(words, close + 2):
            return close + 1
    return place


def _extend(words: Words, at: int) -> int:
    """Where the name whose head ends here ends."""
    place, end = at, len(words)
    while place < end:
        step = _step(words, at, place)
        if not step:
            break
        place += step
    return place


def _step(words: Words, at: int, place: int) -> int:
    """How many words from here still belong to the name; 0 at its end."""
    word = words.low[place]
    if word in _JOIN:
        return _over_join(words, at, place)
    if word == "(":
        return _over_bracket(words, place)
    if word == "-":
        if place + 1 >= len(words):
            return 0
        size = CONTINUATIONS.match(words.low, place + 1)
        return 1 + size if size else int(words.capital[place + 1] or (place == at and words.capital[place - 1]))
    if not word[0].isalnum():
        return 0
    if size := CONTINUATIONS.match(words.low, place) or TRAILERS.match(words.low, place):
        return size
    if not NOT_HEADS.match(words.low, place) and (size := HEADS.match(words.low, place)) > 1:
        return size
    if words.capital[place]:
        return COMPOUNDS.match(words.low, place) or 1
    if place == at and words.low[at - 1] == "ngành" and (size := COMPOUNDS.match(words.low, place)):
        return size
    if (
        place == at
        and words.low[at - 1] in _GENERIC
        and (size := NAMING.match(words.low, place))
        and (size > 3 or _names_on(words, place + size))
    ):
        return size
    if _second_syllable(words, at, place):
        return 1
    if word in STOPS or VERBS.match(words.low, place) or MODALS.match(words.low, place):
        return 0
    if words.low[place - 1] in _ENDING_PLACES and place - 2 >= 0 and words.low[place - 2] not in _PLURAL:
        return int(word in _OF_PLACES)  # "Trạm Y tế xã cân đo …": a verb we do not know
    return 1


def _over_join(words: Words, at: int, place: int) -> int:
    """A comma or "và" inside a name: before a place or level, between capitals, or before more of the subject."""
    word, after = words.low[place], place + 1
    if after >= len(words) or word == "cùng":
        return 0
    if words.low[place - 1] == "phòng" and words.low[after] == "chống":
        return 2  # "Ban Chỉ đạo phòng, chống dịch"
    around = words.low[place - 4 : place] + words.low[after : after + 2]
    if around == ["công", "tác", "học", "sinh", "sinh", "viên"]:
        return 3
    size = CONTINUATIONS.match(words.low, after)
    if size and HEADS.match(words.low, after) <= size:
        return 1 + size
    if (size := SERIES.match(words.low, after)) and place > at and words.low[place - 1] in _SERIES_HEADS:
        return 1 + size
    if words.low[after] == "thành" and not "".join(words.low[after + 1 : after + 2]).isalnum():
        return 2  # "các tỉnh, thành", short for cities
    proper = any(words.capital[k] for k in range(at - 1, place))
    if (
        word == "và"
        and words.low[place - 1] in ("hđnd", "dân")
        and words.low[after] in ("ubnd", "ủy")
        and words.low[at - 1] == "phòng"
    ):
        return 2
    if word == "và" and proper and words.capital[after] and (size := PEOPLE.match(words.low, after)):
        return 1 + size
    if head(words, after):
        return 0
    proper = any(words.capital[k] for k in range(at, place))
    if words.capital[after] and proper and (word != "," or not VERBS.match(words.low, after)):
        return 2
    if word == "và" and words.low[after] not in STOPS and not _predicate(words, after) and _reaches_verb(words, after):
        return 2
    return 0


def _over_bracket(words: Words, place: int) -> int:
    """A bracket inside a name, such as an abbreviation or "(theo phân cấp)", when the name goes on after it."""
    close = next((k for k in range(place, min(len(words), place + 12)) if words.low[k] == ")"), 0)
    after = close + 1
    if not close or after >= len(words) or not words.low[after][0].isalnum():
        return 0
    if words.low[after] in STOPS or words.low[after] in _JOIN or _predicate(words, after):
        return 0
    return after - place


def _names_on(words: Words, after: int) -> bool:
    """Whether a verb that ends here was part of a name, not the predicate: what follows is no object of it."""
    if after >= len(words):
        return True
    word = words.low[after]
    return (
        not word[0].isalnum()
        or word in STOPS
        or word in _JOIN
        or _predicate(words, after)
        or bool(TRAILERS.match(words.low, after))
        or words.capital[after]
    )


def _second_syllable(words: Words, at: int, place: int) -> bool:
    """The small second half of a capitalised compound: "Khuyến học", "Đào tạo"."""
    before = place - 1
    if before < at or not words.capital[before] or len(words.low[before]) < 2 or words.acronym(before):
        return False
    if (
        words.low[place] in STOPS
        or VERBS.match(words.low, place) > 1
        or MODALS.match(words.low, place)
        or HEADS.match(words.low, before)
    ):
        return False
    return before - 1 < at or not words.capital[before - 1]


def _predicate(words: Words, place: int) -> bool:
    return bool(VERBS.match(words.low, place) or MODALS.match(words.low, place))


def _reaches_verb(words: Words, place: int) -> bool:
    """Whether a verb follows before the next sign, so that "và" still belongs to the subject."""
    for k in range(place, min(len(words), place + 8)):
        if not words.low[k][0].isalnum():
            return False
        if _predicate(words, k):
            return True
    return False


def _reaches_head_and_verb(words: Words, place: int) -> bool:
    """Whether another name and, in the end, a verb follow a semicolon, so that it only divides those addressed."""
    if not head(words, place):
        return False
    chain = names(words, place, across=True)
    return chain is not None and chain.after < len(words) and _predicate(words, chain.after)
