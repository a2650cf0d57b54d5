"""The grammar of a clause: who is to do it, what is to be done, and whether it is an instruction at all.

A clause is read from its left: openers ("Đồng thời,"), the order itself ("Sở yêu cầu"), adjuncts ("Để …,"), the subject
("các trường"), then modal or verb. Past tense, rights, sanctions and reports of what was said are no instructions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from giaoban.reading import orders, units
from giaoban.reading.clauses import Words
from giaoban.reading.units import Names
from giaoban.reading.wording import ADVERBS, MODALS, NOUNS, OPENERS, STOPS, VERBS, Phrases, either, word_set

ADJUNCTS = word_set(
    """
    để nhằm trên trong đối với sau khi nếu theo từ tại tùy ngoài qua bên nhân trước hiện đến đầu cuối vào cùng về do vì
    căn riêng thông trường
    """
)
_PAST = word_set("đã đang vừa từng")
# Words after which a name is no subject yet.
_WITH = Phrases("với · đối với · về phía")
_LINKING = word_set("của các với cho trong tại và từ đến về theo ở những")
# Words before "thực hiện", "bảo đảm" that make no predicate of it.
_NO_PREDICATE = word_set("để của và việc trong công tác kế hoạch cho về đã lộ trình nhằm")
# Openers that only join a sentence to the one before.
_CONNECTORS = [text.split() for text in ("đồng thời", "bên cạnh đó", "ngoài ra", "trong đó", "chú ý", "mặt khác")]
# Words right before a verb that let it follow its subject at a distance.
_LEADS_TO_VERB = word_set(", ) sẽ cùng cũng năm tháng tuần quý thì ngày")
SANCTION = re.compile(
    r"\b"
    + either(
        """
        bị (?:xử lý|xử phạt|phạt|truy cứu|kỷ luật|thu hồi|đình chỉ) · phạt tiền · mức phạt · bị buộc · có quyền ·
        được quyền · được hưởng · được nghỉ
        """
    )
    + r"\b"
)
NARRATIVE = re.compile(
    r"\b"
    + either(
        r"""
        cho biết · cho thấy · cho hay · diễn ra · khai mạc · bế mạc · được biết · theo báo cáo · chia sẻ tại ·
        phát biểu (?:tại|khai mạc|chào mừng|của) · (?:tham|đến|về) dự (?:\S+ ){0,4}(?:có|gồm) ·
        dự (?:hội nghị|họp|cuộc họp|buổi \S+(?: \S+)?|lễ)? ?(?:có|gồm) · thành phần tham dự · ghi nhận và biểu dương ·
        đã (?:tổ chức|diễn ra|tích cực|thảo luận|có bài|nghe|trao|tặng|chỉ ra|đạt|hoàn thành|thông qua) ·
        đã (?:ghi nhận|đánh giá|nhấn mạnh) · đánh giá cao · báo cáo tại · chủ trì (?:hội nghị|cuộc họp|buổi) ·
        (?:thống nhất|nhất trí|đồng ý|tán thành)(?: cao)? (?:với|đánh giá|nội dung|các nội dung|nhận định) ·
        thông báo (?:để|đến|tới|cho) [^.;]{3,120}? (?:biết|được biết|nắm) ·
        biểu dương (?:các|những|tinh thần|kết quả|thành tích) · trong (?:thời gian|năm học|năm) (?:vừa )?qua
        """
    )
    + r"\b"
)


@dataclass(slots=True)
class Phrase:
    """A clause as understood. Places are word numbers."""

    words: Words
    begin: int  # first word of the passage, after any order
    order: str = ""
    subject: Names | None = None
    agent: Names | None = None  # who acts in the passive
    verb: int = -1
    modal: bool = False
    past: bool = False
    noun: bool = False  # the subject is a thing
    adjunct: bool = False
    person: bool = False  # somebody by courtesy title: "đồng chí Nguyễn Văn A nhấn mạnh …"

    def take(self, other: Phrase) -> None:
        """Become what another reading of the same clause found."""
        self.subject, self.agent, self.verb = other.subject, other.agent, other.verb
        self.modal, self.past, self.noun = other.modal, other.past, other.noun
        self.adjunct, self.person = other.adjunct, other.person

    @property
    def imperative(self) -> bool:
        """Whether it begins with a verb."""
        return self.verb >= 0 and self.subject is None and not self.noun

    @property
    def acts(self) -> bool:
        """Whether it has a verb phrase of its own."""
        return self.verb >= 0 or self.modal or bool(self.order)


def parse(words: Words) -> Phrase:
    """Understand a clause."""
    place, begin = _past_with(words, _skip_signs(words, 0)), 0
    while size := OPENERS.match(words.low, place):
        after = place + size
        comma = after < len(words) and words.low[after] in (",", ":")
        if not comma and VERBS.match(words.low, place) >= size:
            break
        place = after + 1 if comma else after
        if comma and words.low[begin:after] in _CONNECTORS:
            begin = _skip_signs(words, place)
    phrase = Phrase(words, begin)
    if place < len(words) and (size := orders.at(words, place)):
        phrase.order = " ".join(words.low[place : place + size])
        place = _skip_signs(words, place + size)
        phrase.begin = place
    predicate(phrase, place)
    _hear_order(phrase)
    return phrase


def _hear_order(phrase: Phrase) -> None:
    """Turn "Sở yêu cầu các trường …" round: whoever orders is not the subject of the work."""
    words, verb = phrase.words, phrase.verb
    if phrase.order or phrase.past or not 0 <= verb < len(words):
        return
    size = orders.at(words, verb)
    if not size:
        return
    after = _skip_signs(words, verb + size)
    # "Trong quá trình thực hiện, nếu có vướng mắc, đề nghị báo cáo" is kept whole.
    begin = after if phrase.subject is not None or not phrase.adjunct else phrase.begin
    heard = Phrase(words, begin, order=" ".join(words.low[verb : verb + size]))
    predicate(heard, after)
    phrase.begin, phrase.order = heard.begin, heard.order
    phrase.take(heard)


def _past_with(words: Words, place: int) -> int:
    """Past the "với" of a label: "Với Ủy ban nhân dân xã: đầu tư …", "Đối với các trường: …"."""
    size = _WITH.match(words.low, place)
    named = units.names(words, place + size) if size else None
    labelled = named is not None and named.after < len(words) and words.low[named.after] == ":"
    return place + size if labelled else place


def _skip_signs(words: Words, place: int) -> int:
    while place < len(words) and not words.low[place][0].isalnum():
        place += 1
    return place


def predicate(phrase: Phrase, place: int, depth: int = 0) -> None:
    """Subject, modal and verb from this word on."""
    words = phrase.words
    if place >= len(words):
        return
    if orders.courtesy(words, place) and not units.head(words, place):
        phrase.person = True
    named = units.names(words, place, across=True) or (orders.person(words, place) if phrase.order else None)
    if named is not None and _finish_subject(phrase, named):
        return
    if VERBS.match(words.low, place):
        # "Căn cứ …, các trường xây dựng": the verb of the adjunct is not the work.
        if words.low[place] in ("căn", "định") and _after_adjunct(phrase, place, depth):
            return
        phrase.verb = place if phrase.verb < 0 else phrase.verb
        return
    if size := MODALS.match(words.low, place):
        phrase.modal, phrase.verb = True, place + size
        return
    if words.low[place] in ADJUNCTS and depth < 3 and _after_adjunct(phrase, place, depth):
        return
    phrase.noun = bool(NOUNS.match(words.low, place)) or named is not None
    _thing(phrase, place)


def _after_adjunct(phrase: Phrase, place: int, depth: int) -> bool:
    """Read on after an adjunct, which ends with a comma, before a modal or before a subject; whether work follows."""
    words = phrase.words
    phrase.adjunct = True
    for k in range(place + 1, min(len(words), place + 60)):
        low = words.low[k]
        if low in ("cần", "phải", "sẽ") and place + 2 < k < place + 14 and words.low[k - 1] not in _LINKING:
            if VERBS.match(words.low, k + 1):
                phrase.modal, phrase.verb = True, k + 1
                return True
        elif low in (",", ":") and k + 1 < len(words):
            tried = replace(phrase)
            predicate(tried, k + 1, depth + 1)
            if (tried.verb >= 0 or tried.modal) and not (tried.noun and tried.past):
                phrase.take(tried)
                return True
            if units.head(words, k + 1):
                return False  # somebody is the subject here, and does nothing that is ordered
        elif place + 2 <= k < place + 9 and _subject_begins(phrase, k):
            return True
    return False


def _subject_begins(phrase: Phrase, place: int) -> bool:
    """Whether the subject follows an adjunct without a comma: "Căn cứ nhiệm vụ được giao Ủy ban nhân dân xã …"."""
    words = phrase.words
    if words.low[place - 1] in _LINKING or not units.head(words, place):
        return False
    named = units.names(words, place)
    if named is None or named.after >= len(words):
        return False
    told = MODALS.match(words.low, named.after)
    given = words.low[place - 1] == "giao" and VERBS.match(words.low, named.after)
    return bool(told or given) and _finish_subject(phrase, named)


def _finish_subject(phrase: Phrase, named: Names) -> bool:
    """Whether a predicate follows the names, which are then the subject."""
    words = phrase.words
    place = first = _past_bracket(words, named.after)
    while place < min(len(words), first + 30):
        word = words.low[place]
        if word == ":":
            predicate(phrase, _skip_signs(words, place), 1)
            if phrase.subject is None:
                phrase.subject, phrase.noun = named, False
            return True
        if (word in _PAST or word == "được") and place - first < 2:
            phrase.past, phrase.subject, phrase.verb = True, named, place
            return True
        if size := MODALS.match(words.low, place):
            phrase.subject, phrase.modal, phrase.verb = named, True, place + size
            return True
        if VERBS.match(words.low, place) and (place == first or _may_follow(words, first, place)):
            phrase.subject, phrase.verb = named, place
            return True
        if place == first and not _may_stand_between(words, place):
            return False
        place += 1
    return False


def _past_bracket(words: Words, place: int) -> int:
    if place < len(words) and words.low[place] == "(":
        close = next((k for k in range(place, min(len(words), place + 25)) if words.low[k] == ")"), -1)
        return close + 1 if close > 0 else place
    return place


def _may_stand_between(words: Words, place: int) -> bool:
    """Whether a word may stand between subject and verb."""
    word = words.low[place]
    return word in (",", ";") or word in ADJUNCTS or word in STOPS or bool(ADVERBS.match(words.low, place))


def _may_follow(words: Words, first: int, place: int) -> bool:
    """Whether a verb after an adjunct is the predicate: a comma or an adverb stands before it."""
    if words.low[place - 1] in _LEADS_TO_VERB:
        return True
    near = max(0, place - 2)
    return ADVERBS.match(words.low, near) == place - near or (
        bool(ADVERBS.match(words.low, first)) and place - first <= 3
    )


def _thing(phrase: Phrase, place: int) -> None:
    """A thing as subject: its modal or verb, and who acts in the passive."""
    words = phrase.words
    for k in range(place, min(len(words), place + 40)):
        word = words.low[k]
        if word in (".", ";"):
            return
        if word in _PAST and not phrase.modal:
            phrase.past = True
        if not phrase.modal and (size := _modal(words, k)):
            phrase.modal, phrase.verb = True, k + size
        if word in ("được", "do", "bởi") and phrase.agent is None and (agent := _agent(words, k + 1)):
            phrase.agent = agent
            phrase.verb = k if phrase.verb < 0 else phrase.verb
        if phrase.verb < 0 and phrase.noun and place < k < place + 30 and _does(words, k):
            phrase.verb = k


def _modal(words: Words, place: int) -> int:
    """A modal of a thing; a bare "không" only denies."""
    if words.low[place] == "không" and words.low[place + 1 : place + 2] not in (["được"], ["để"]):
        return 0
    return MODALS.match(words.low, place)


def _agent(words: Words, place: int) -> Names | None:
    """Who acts in the passive: "được nhà trường thông báo"."""
    named = units.names(words, place)
    if named is None:
        return None
    after = _past_bracket(words, named.after)
    return named if after < len(words) and VERBS.match(words.low, after) else None


def _does(words: Words, place: int) -> bool:
    """Whether a thing does something here: "Việc dạy học … bảo đảm …", "… thực hiện theo quy định"."""
    if words.low[place] not in ("bảo", "đảm", "thực") or words.low[place - 1] in _NO_PREDICATE:
        return False
    return bool(VERBS.match(words.low, place))
