"""Who does a task and with whom: subjects, passive agents, names in headings and labels, partners."""

from __future__ import annotations

import re

from giaoban.reading import units
from giaoban.reading.clauses import Words
from giaoban.reading.phrasing import Phrase
from giaoban.reading.spans import Span
from giaoban.reading.units import Names
from giaoban.reading.wording import MODALS, STOPS, TOGETHER, TRAILERS, VERBS, Phrases, word_set

_HEADING_OPENERS = Phrases("đối với · trách nhiệm của · về phía · yêu cầu · đề nghị · giao · giao cho · phân công")
_DUTY_OPENERS = Phrases(
    """
    nhiệm vụ của · nhiệm vụ cụ thể của · chức năng , nhiệm vụ của · nhiệm vụ , quyền hạn của · phân công nhiệm vụ cho ·
    trách nhiệm , nhiệm vụ của · nhiệm vụ đối với
    """
)
_HEADING_ENDS = Phrases("có trách nhiệm · chịu trách nhiệm · thực hiện · chủ trì · có nhiệm vụ · tổ chức thực hiện")
# Heads whose names may hold verbs: "Ban quản lý dự án đầu tư xây dựng".
_BODIES = word_set("ban trung phòng văn tổ hội đoàn")
_NOUN_BEFORE = word_set("sự tác việc chế trong quy tính mối")
_COURTESY = re.compile(r"^(?:đồng chí|các đồng chí|đ/c|các đ/c|ông|bà)\s+", re.IGNORECASE)


def bare(name: str) -> str:
    """A name as it is copied: without courtesy title and signs."""
    return _COURTESY.sub("", name).strip(' ,;:.-"')


def subject(phrase: Phrase) -> list[Span]:
    return phrase.subject.spans(phrase.words) if phrase.subject is not None else []


def agent(phrase: Phrase) -> list[Span]:
    return phrase.agent.spans(phrase.words) if phrase.agent is not None else []


def is_thing(phrase: Phrase) -> bool:
    """Whether the clause is about a thing, which gives no assignee."""
    return phrase.subject is None and (phrase.noun or not phrase.imperative)


def meant(phrase: Phrase) -> list[Span]:
    """Who is meant in "thống nhất chủ trương các trường …", "khuyến khích các địa phương …"."""
    words, place = phrase.words, phrase.verb
    if not 0 <= place < len(words) or phrase.subject is not None:
        return []
    named: Names | None = None
    if words.low[place : place + 2] in (["khuyến", "khích"], ["cho", "phép"]):
        named = units.names(words, place + 2)
    elif words.low[place : place + 2] == ["thống", "nhất"]:
        place += 2
        while place < len(words) and words.low[place] in ("chủ", "trương", "giao", "để", "cho"):
            place += 1
        named = units.names(words, place)
        if named is not None and (named.after >= len(words) or not VERBS.match(words.low, named.after)):
            named = None
    return named.spans(words) if named is not None else []


def label(phrase: Phrase) -> list[Span]:
    """A name and a colon before the work: "Sở Nội vụ: Chủ trì …", unless the work has a subject of its own."""
    words, names = phrase.words, phrase.subject
    if names is not None and names.after < len(words) and words.low[names.after] == ":":
        return names.spans(words)
    return []


def heading(words: Words, duties: bool = False) -> list[Span]:
    """Whom a heading addresses, when it is made of names alone; `duties`: "Nhiệm vụ của Ban Chỉ đạo" too."""
    low = words.low
    place = _HEADING_OPENERS.match(low, 0) or (_DUTY_OPENERS.match(low, 0) if duties else 0)
    named = units.names(words, place)
    if named is None:
        return []
    rest = [word for word in low[named.after :] if word[0].isalnum()]
    if not rest or _HEADING_ENDS.match(rest, 0) == len(rest):
        return named.spans(words)
    if "phối" in rest[:4] and len(rest) < 40 and low[-1] == ":":
        return named.spans(words)
    first, _ = named.ranges[0]
    title = not place and len(named.ranges) == 1 and len(low) < 14 and low[-1] not in (":", ".")
    if title and words.capital[0] and low[first] in _BODIES and not MODALS.match(low, named.after):
        return [(words.starts[first], words.ends[-1])]
    return []


def partners(words: Words) -> list[Span]:
    """Who is named after "phối hợp với"."""
    found: list[Span] = []
    for place in range(len(words) - 2):
        if words.low[place : place + 2] != ["phối", "hợp"] or (place and words.low[place - 1] in _NOUN_BEFORE):
            continue
        at = place + 2 + (words.low[place + 2] == ":")
        while size := TOGETHER.match(words.low, at):
            at += size
        named = units.names(words, at)
        if named is not None:
            found.extend(named.spans(words))
        elif at > place + 2 and words.low[at - 1] in ("với", "cùng"):
            found.extend(_plain(words, at))
    return found


def _plain(words: Words, at: int) -> list[Span]:
    """Somebody whose name has no head we know: all up to the next sign or verb."""
    stop = at
    while stop < min(len(words), at + 12) and words.low[stop][0].isalnum():
        size = TRAILERS.match(words.low, stop)
        if not size and (words.low[stop] in STOPS or VERBS.match(words.low, stop)):
            break
        stop += size or 1
    return [(words.starts[at], words.ends[stop - 1])] if stop - at >= 2 else []
