"""The walk down a page: which passages tell somebody to do something, and who that is.

The page is walked from top to bottom in its context of headings and lead-ins. An item, or a paragraph under a number,
is one task; running prose is split into sentences, and these into clauses at semicolons before a verb.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from giaoban.reading import clauses, dates, judging, layout, leads, orders, phrasing, roles, units
from giaoban.reading.clauses import Piece, Words
from giaoban.reading.context import Context, Head
from giaoban.reading.layout import Block, Page
from giaoban.reading.lines import LETTER, NONE
from giaoban.reading.phrasing import NARRATIVE, Phrase
from giaoban.reading.spans import Span
from giaoban.reading.units import Names
from giaoban.reading.wording import MODALS, VERBS, either

# A sentence that only adds to the task before it.
_ELABORATES = re.compile(
    either(
        """
        trong đó · đặc biệt là · nhất là · thời gian (?:thực hiện|hoàn thành|bắt đầu) · thời hạn · cụ thể ·
        chi tiết · hoàn thành (?:trước|trong|xong)
        """
    )
    + r"\b"
)
# In news and advice, the heading of an account of somebody's duties by law.
_DUTIES = re.compile(r"(?:chức năng, )?nhiệm vụ(?:,| và)? (?:quyền hạn )?của\b")
# In news, what is to come: "Nhiệm vụ thời gian tới, các trường …".
_AHEAD = re.compile(
    either(
        """
        (?:về )?(?:phương hướng,? )?(?:và )?nhiệm vụ (?:trọng tâm )?(?:(?:của|trong) )?(?:[^,.;:]{0,20} )?tới ·
        (?:trong )?(?:thời gian|năm học|tháng|quý|giai đoạn|tuần) tới
        """
    )
    + r"\s?[,:]\s"
)
# A paragraph in which the same person tells the same people more.
_GOES_ON = re.compile(either("cùng đó · cùng với đó · đồng thời · bên cạnh đó · ngoài ra"))
_ISSUES = {tuple(text.split()) for text in ("ban hành", "báo cáo", "thông báo", "đề ra", "xác định", "xây dựng")}
_FORWARD = re.compile(
    either(
        """
        phương hướng · giải pháp · biện pháp · kiến nghị · đề nghị · đề xuất · trọng tâm · thời gian tới ·
        tiếp theo · nhiệm vụ (?:năm|tháng|quý|học kỳ)
        """
    )
)
_CONDITION = ("nếu ", "khi ", "sau khi ", "trường hợp ")
_SAID = re.compile(
    r"\"\s*[,-]\s*[^.;\"]{3,90}"
    + either("nêu · nêu rõ · nhấn mạnh · cho biết · nói · khẳng định · yêu cầu · chỉ đạo · đề nghị · quán triệt")
    + r"\s*[.]?$"
)
_INNER_LINK = re.compile(r",?\s*(?:trong đó|cụ thể|đặc biệt)\b")
_SAYS = re.compile(
    r"\b(?:nhấn mạnh|lưu ý|quán triệt|nêu rõ|chỉ rõ|khẳng định|chỉ đạo|gợi ý|định hướng)(?: thêm)?(?: rằng)?"
    r"(?:,|:| rằng)\s"
)
_INNER_NUMBER = re.compile(
    r"(?:\(\s?(?:\d{1,2}|[a-zđ]|[ivx]{1,4})\s?\)|\d{1,2}[.)](?=\s)|[a-zđ]\)|[-+](?=\s)|"
    r"(?:thứ (?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)|"
    r"(?:một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) là)\s?[,:])\s*"
)
_TAIL = re.compile(r"[\s./;,:\"']+$")
_DOTS = re.compile(r"(?:\.{3,}|…)\s*")
_SHORTEST = 12  # characters; less says nothing


@dataclass(slots=True)
class Draft:
    """A task before its dates are settled."""

    start: int
    end: int
    names: list[Span]
    partners: list[Span]
    time: dates.Time | None
    why: str
    confidence: float


class Walk:
    """The state of a walk down the page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.text, self.low = page.view.text, page.view.low
        self.context = Context(page)
        self.carried: list[Span] = []  # the subject of the item before
        self.listing = False  # the block before was an item that became a task
        self.speech = False  # an order was read in prose; what follows in the same voice belongs to it
        self.spoken: list[Span] = []  # whom that order addressed
        self.drafts: list[Draft] = []
        self.law: list[Span] = []
        self._seen: set[str] = set()
        self._words: dict[tuple[int, int], Words] = {}  # of the block in hand, which is read more than once
        self._phrases: dict[tuple[int, int], Phrase] = {}

    def words(self, start: int, end: int) -> Words:
        known = self._words.get((start, end))
        if known is None:
            known = self._words[start, end] = clauses.words(self.text, self.low, start, end)
        return known

    def _parse(self, piece: Piece) -> Phrase:
        key = (piece.start, piece.end)
        known = self._phrases.get(key)
        if known is None:
            known = self._phrases[key] = phrasing.parse(self.words(*key))
        return known

    # -- blocks ----------------------------------------------------------------------------------------------------

    def block(self, block: Block) -> None:
        """Take the next block of the page."""
        self._words.clear()
        self._phrases.clear()
        if block.kind == layout.QUESTION:
            self._begin_part()
            self.context.aims = bool(leads.AIMS.match(self.page.low(block)))
        elif block.kind == layout.HEADING:
            self._heading(block)
        elif block.kind in (layout.ITEM, layout.PROSE):
            self._passage(block)
        elif block.kind == layout.CHROME and self.low.startswith("trên đây", block.start):
            self._begin_part()
        elif block.kind == layout.SIGNATURE:
            self.listing = self.speech = False

    def _begin_part(self) -> None:
        self.context.reset()
        self.carried = []
        self.listing = self.speech = False

    def _heading(self, block: Block) -> None:
        low = self.page.low(block)
        words = self.words(block.start, block.end)
        names = roles.heading(words, duties=self.page.genre != layout.NEWS)
        topic = "" if names or (self.page.genre == layout.NEWS and _DUTIES.match(low)) else block.topic
        if topic == layout.WORK and self.context.in_results(block.level) and not _FORWARD.search(low):
            topic = layout.RESULTS  # "1. Công tác chỉ đạo" in an account of what was done
        work = topic == layout.WORK or bool(names)
        head = Head(block.level, topic, names, self._time(block), block.marked, roles.partners(words), work)
        self.context.open_heading(block, head, leads.is_law_heading(low))
        self.carried = []
        self.listing = self.speech = False

    def _time(self, block: Block) -> dates.Time | None:
        """The time that a heading of a road map consists of."""
        size = len(self.page.low(block).strip(" :."))
        times = dates.within(self.page.times, block.start, block.end)
        return next((time for time in times if (time.end - time.start) * 2 >= size), None)

    def _passage(self, block: Block) -> None:
        low, context = self.page.low(block), self.context
        if context.opening and block.kind == layout.PROSE and len(low) > 60:
            context.opening = False
            context.conveys = context.conveys or bool(leads.CONVEYS.match(low[:400]))
        if block.kind == layout.ITEM:
            context.close(block.level)
        listed = self.listing and (bool(context.stack) or context.lead is not None)
        if self._quotes_law(block, low):
            context.law = True
        if context.law:
            self.law.append((block.start, block.end))
        elif judging.is_question(low) or context.mode(block) == judging.DEAF:
            pass
        elif low.startswith("trên đây là"):
            self._begin_part()
            self._closing(block)
        elif listed and block.kind == layout.PROSE and not context.names and self._asks_others(block):
            self._prose(block)
        elif block.kind == layout.ITEM and self._names_alone(block):
            self._heading(block)
        elif block.kind == layout.ITEM or listed or context.under_number(block):
            self._whole(block)
        else:
            self._prose(block)

    def _quotes_law(self, block: Block, low: str) -> bool:
        """Whether the block leads in a quotation of law, and does not itself order to follow it."""
        if not leads.quotes_law(low) or (self.context.conveys and leads.obeys(low)):
            return False
        return not orders.find(self.words(block.start, min(block.end, block.start + 1500)))

    def _names_alone(self, block: Block) -> bool:
        """Whether a number stands before nothing but names, so that what follows is theirs to do."""
        if block.shape.rank > LETTER or self.page.words(block).rstrip().endswith((".", ";", ",", "?")):
            return False
        return bool(roles.heading(self.words(block.start, block.end)))

    def _closing(self, block: Block) -> None:
        """The last paragraph: "Trên đây là kết luận …, các đơn vị nghiêm túc thực hiện"."""
        piece = clauses.sentences(self.text, block.start, block.end)[0]
        comma = self.low.find(", ", piece.start, piece.end)
        while comma >= 0 and not orders.find(self.words(piece.start, piece.end)):
            phrase = self._parse(Piece(comma + 2, piece.end))
            verb = tuple(phrase.words.low[phrase.verb : phrase.verb + 2])
            if phrase.subject is not None and phrase.verb >= 0 and not phrase.past and verb not in _ISSUES:
                self._clauses(Piece(comma + 2, piece.end), judging.ZONE, [])
                return
            comma = self.low.find(", ", comma + 2, piece.end)
        self._prose(block)

    def _asks_others(self, block: Block) -> bool:
        """Whether an unmarked paragraph below a list asks somebody of its own, and so is no item."""
        phrases = [self._parse(piece) for piece in clauses.sentences(self.text, block.start, block.end)]
        return any(phrase.order and phrase.subject is not None for phrase in phrases)

    # -- one task to a block ---------------------------------------------------------------------------------------

    def _whole(self, block: Block) -> None:
        """A paragraph under a bullet or number: one task, if it is one."""
        mode = self.context.mode(block)
        start, end = block.start, block.end
        pieces = clauses.sentences(self.text, start, end)
        if judging.DECIDES.match(self.page.low(block)) and block.shape.marker.lower().startswith("điều"):
            for piece in pieces[1:]:
                self._sentence(piece, judging.ISSUED, block)
            return
        if mode == judging.ITEM and self.low.startswith("căn cứ", start) and self._parse(pieces[0]).subject is None:
            return  # the grounds of a paper, listed with bullets as the Party does
        leads_in = self.low[start:end].rstrip().endswith(":")
        if leads_in:
            end = self._cut_lead(block, pieces, mode)
            if end <= start:
                return
            pieces = clauses.sentences(self.text, start, end)
        phrases = [self._parse(piece) for piece in pieces]
        if not self._asks(pieces, phrases, mode):
            self.listing = self._explicit(block, pieces, mode)
            return
        first = phrases[0]
        begin = first.words.starts[first.begin] if 0 < first.begin < len(first.words) else start
        names = self._settle(block, first, self._own_names(pieces, phrases))
        sure = 0.9 if mode == judging.ZONE or first.order else 0.75
        self._add(begin, end, names, judging.reason(first, mode), sure)
        self.listing = True
        if leads_in:
            partners = roles.partners(first.words)
            head = Head(min(block.level, NONE - 0.1), "", names, None, block.marked, partners, True)
            self.context.stack.append(head)

    def _asks(self, pieces: list[Piece], phrases: list[Phrase], mode: str) -> bool:
        """Whether a block asks for work: in its first sentence, or later when nothing is told before."""
        for place, (piece, phrase) in enumerate(zip(pieces, phrases, strict=True)):
            if judging.is_task(phrase, self.low[piece.start : piece.end], mode):
                told = NARRATIVE.search(self.low, pieces[0].start, pieces[0].end)
                return not place or (not told and (mode == judging.ZONE or bool(phrase.order)))
        return False

    def _explicit(self, block: Block, pieces: list[Piece], mode: str) -> bool:
        """Orders spoken inside a block that is no task as a whole."""
        before = len(self.drafts)
        for piece in pieces:
            self._sentence(piece, judging.CLOSED if mode == judging.CLOSED else judging.NEWS, block)
        return len(self.drafts) > before

    def _own_names(self, pieces: list[Piece], phrases: list[Phrase]) -> list[Span]:
        """Subjects and passive agents of the sentences of one task."""
        first = phrases[0]
        if label := roles.label(first):
            return label
        found: list[Span] = []
        for piece, phrase in zip(pieces, phrases, strict=True):
            low = self.low[piece.start : piece.end]
            if _ELABORATES.match(low) or low.startswith(_CONDITION):
                continue
            acts = phrase is first or (phrase.subject is not None and not phrase.past and not phrase.adjunct)
            if acts:
                found.extend(roles.meant(phrase) or roles.subject(phrase) or roles.agent(phrase))
        return found

    def _settle(self, block: Block, first: Phrase, own: list[Span]) -> list[Span]:
        """Who does an item: the heading's names and its own, else those of the item before, else those addressed."""
        if block.kind == layout.PROSE and own and (first.order or judging.asks_back(self.page.low(block))):
            return own  # a closing request to somebody else than the heading above
        if self.context.names:
            return [*self.context.names, *own]
        if own:
            if first.subject is not None:
                self.carried = own
            return own
        if roles.is_thing(first):
            self.carried = []
            return []
        return self.carried or self.context.addressed

    # -- lead-ins --------------------------------------------------------------------------------------------------

    def _cut_lead(self, block: Block, pieces: list[Piece], mode: str) -> int:
        """Open the lead-in that a block ends with; where its own work ends, or the block's start when it has none."""
        tail, before = self._last_clause(pieces[-1])
        words = self.words(tail.start, tail.end)
        spoken = orders.find(words)
        after = spoken[-1][1] if spoken else 0
        named = orders.addressed(words, after, across=True) if spoken else _told(words)
        label = roles.heading(words, duties=self.page.genre != layout.NEWS)
        names = label or (named.spans(words) if named is not None else [])
        low = self.low[tail.start : tail.end]
        work = bool(label or spoken) or leads.is_work(low)
        topic = layout.GOALS if not work and leads.is_goals(low) else ""
        self.context.open_lead(block, Head(block.level, topic, names, None, block.marked, roles.partners(words), work))
        if block.kind != layout.ITEM:
            self.carried = []
        if label:
            return block.start
        if before is not None:
            return before
        if len(pieces) > 1:
            return pieces[-2].end
        return self._substance(tail, words.starts[after] if after < len(words) else tail.start, mode)

    def _last_clause(self, sentence: Piece) -> tuple[Piece, int | None]:
        """The clause that leads in, and where the clause before it ends; a list of those addressed is not divided."""
        parts = clauses.semicolons(self.text, sentence)
        if len(parts) == 1:
            return sentence, None
        words = self.words(sentence.start, sentence.end)
        spoken = orders.find(words)
        named = units.names(words, spoken[-1][1], across=True) if spoken else None
        if named is not None and words.starts[named.after - 1] >= parts[-1].start:
            return sentence, None
        return parts[-1], parts[-2].end

    def _substance(self, tail: Piece, begin: int, mode: str) -> int:
        """Where work of its own that a lead-in names ends; the start of the piece when it names none."""
        link = leads.LINK.search(self.low, begin + 40, tail.end) if tail.end - begin > 40 else None
        end = link.start() if link else tail.end
        if link is None and leads.GENERAL.search(self.low, begin, tail.end):
            return tail.start
        phrase = self._parse(Piece(begin, end))
        bare = phrase.verb >= 0 and len(phrase.words) - phrase.verb < 7  # "… triển khai:"
        if len(phrase.words) < 10 or bare or phrase.noun or phrase.adjunct or phrase.past:
            return tail.start
        if begin > tail.start:  # "đề nghị quản lý các khoản thu với một số nội dung như sau" asks nobody yet
            return end if phrase.subject is not None else tail.start
        return end if phrase.acts and judging.is_task(phrase, self.low[begin:end], mode) else tail.start

    def _inner_lead(self, piece: Piece) -> int | None:
        """The colon of a lead-in inside a sentence."""
        colon = self.low.find(":", piece.start, piece.end)
        while colon >= 0:
            before = self.low[max(piece.start, colon - 200) : colon].rstrip()
            if colon + 40 < piece.end and leads.announces_list(before):
                return colon
            colon = self.low.find(":", colon + 1, piece.end)
        return None

    # -- running prose ---------------------------------------------------------------------------------------------

    def _prose(self, block: Block) -> None:
        mode, context = self.context.mode(block), self.context
        low = self.page.low(block)
        leads_in = low.rstrip().endswith(":")
        if not (self.speech and context.lead is None and _GOES_ON.match(low)):
            self.spoken = list(context.addressed)
        if mode != judging.ZONE or context.lead is None:
            self.speech = self.speech and not NARRATIVE.search(low[:160])
        pieces = clauses.sentences(self.text, block.start, block.end)
        before = len(self.drafts)
        for piece in pieces[:-1] if leads_in else pieces:
            self._sentence(piece, mode, block)
        if leads_in:
            end = self._cut_lead(block, pieces, mode)
            if end > pieces[-1].start:
                self._sentence(Piece(pieces[-1].start, end), mode, block)
        elif len(self.drafts) == before and context.lead is not None and context.lead.level < 0:
            context.lead = None  # a paragraph without any work ends the list
        self.listing = False

    def _sentence(self, piece: Piece, mode: str, block: Block) -> None:
        low = self.low[piece.start : piece.end]
        words = self.words(piece.start, piece.end)
        spoken = orders.find(words)
        if not spoken and mode != judging.CLOSED and self._elaborates(piece, block, low):
            self.drafts[-1].end = self._trim(self.drafts[-1].start, piece.end)
            return
        spoken = spoken or orders.directions(words)
        colon = None if spoken else self._inner_lead(piece)
        if colon is not None:
            self.spoken = []
        if spoken:
            self._spoken(piece, words, spoken)
        elif colon is not None and self._leads_work(piece, colon, mode):
            self.speech = True
            self._clauses(Piece(colon + 1, piece.end), judging.ZONE, [])
        elif mode == judging.ISSUED and leads.PREAMBLE.match(low) and not self.speech:
            pass
        elif mode == judging.NEWS and (after := self._says(piece)):
            self.speech = True
            self._clauses(Piece(after, piece.end), judging.ZONE, [])
        elif mode == judging.NEWS and (ahead := _AHEAD.match(low)):
            self.speech = True
            self._clauses(Piece(piece.start + ahead.end(), piece.end), judging.ZONE, [])
        elif self.speech and (mode == judging.NEWS or (mode == judging.ISSUED and self.page.genre == layout.NEWS)):
            self._clauses(piece, judging.ZONE, [])
        elif mode not in (judging.CLOSED, judging.NEWS):
            self._clauses(piece, mode, [])

    def _says(self, piece: Piece) -> int:
        """Where what a leader says must be done begins: "Đồng chí nhấn mạnh, ngành cần …"; 0 where nothing is."""
        said = _SAYS.search(self.low, piece.start, piece.end)
        if said is None or said.end() + _SHORTEST > piece.end:
            return 0
        parts = self.parts(Piece(said.end(), piece.end))
        phrase = self._parse(parts[0]) if parts else None
        if phrase is None or not phrase.modal or phrase.past or phrase.verb < 0:
            return 0
        told = phrase.subject is not None or not phrase.noun
        return said.end() if told and phrase.words.low[phrase.verb - 1] in ("cần", "phải", "nhiệm", "vụ") else 0

    def _leads_work(self, piece: Piece, colon: int, mode: str) -> bool:
        """Whether work, and not an account of what was done, follows a colon in a sentence."""
        told = mode == judging.CLOSED and self._parse(Piece(piece.start, colon)).past
        return not told and leads.is_work(self.low[piece.start : colon])

    def _elaborates(self, piece: Piece, block: Block, low: str) -> bool:
        """Whether a sentence only adds to the task just before it."""
        if not self.drafts or not _ELABORATES.match(low) or ":" in low or "thống nhất" in low[:40]:
            return False
        last = self.drafts[-1]
        return last.start >= block.start and last.end >= piece.start - 4

    def _spoken(self, piece: Piece, words: Words, spoken: list[tuple[int, int]]) -> None:
        """A sentence in which somebody orders something."""
        self.speech = True
        for place, (order, after) in enumerate(spoken):
            stop = spoken[place + 1][0] if place + 1 < len(spoken) else len(words)
            if after >= len(words):
                continue
            begin, end = words.starts[after], words.ends[stop - 1] if stop < len(words) else piece.end
            named = orders.addressed(words, after)
            names = named.spans(words) if named is not None else []
            if not place:
                begin, ahead = _before_order(words, order, begin)
                names = [*ahead, *names]
            self.spoken = names or self.spoken
            colon = self._inner_lead(Piece(begin, end))
            if colon is None:
                self._clauses(Piece(begin + (self.low[begin] == ":"), end), judging.ZONE, names, ordered=True)
                continue
            link = _INNER_LINK.search(self.low, begin + 41, colon)
            if link:
                self._add(begin, link.start(), names, "có lời giao việc", 0.85)
            self._clauses(Piece(colon + 1, end), judging.ZONE, names)

    def _clauses(self, piece: Piece, mode: str, names: list[Span], ordered: bool = False) -> None:
        """Split a sentence at semicolons before a verb, and take what is ordered."""
        current, gone = list(names), False
        for place, part in enumerate(self.parts(piece)):
            phrase = self._parse(part)
            told = ordered and not place  # what follows an order at once needs no other sign
            if phrase.past and not told:
                gone = True
            elif gone and not told and phrase.subject is None and not (phrase.modal or phrase.order):
                continue  # "… đã hoàn thành 12 phòng; giải ngân 3 tỷ đồng"
            else:
                gone = False
            if not told and not judging.is_task(phrase, self.low[part.start : part.end], mode):
                if mode == judging.ISSUED and not place:
                    return  # the rest only continues what is told
                continue
            own = names if told and names else roles.subject(phrase)
            current = own or current
            begin = (
                part.start
                if told or not phrase.begin
                else phrase.words.starts[min(phrase.begin, len(phrase.words) - 1)]
            )
            if not own and not roles.meant(phrase) and roles.is_thing(phrase):
                taken = roles.agent(phrase)
            else:
                taken = roles.meant(phrase) or own or current or (self.spoken if self._voiced() else [])
            above = self.context.names
            taken = [*above, *(span for span in taken if span not in above)]
            self._add(begin, part.end, taken, judging.reason(phrase, mode), 0.85 if mode == judging.ZONE else 0.7)

    def _voiced(self) -> bool:
        return self.speech or self.context.lead is not None

    def parts(self, piece: Piece) -> list[Piece]:
        """Clauses with a verb phrase of their own; what only continues the one before stays with it."""
        parts: list[Piece] = []
        for part in clauses.semicolons(self.text, piece):
            for bit in self._at_dots(part):
                bit = self._unnumbered(bit)
                if parts and not self.stands_alone(bit):
                    parts[-1] = Piece(parts[-1].start, bit.end)
                else:
                    parts.append(bit)
        return parts

    def _at_dots(self, part: Piece) -> list[Piece]:
        """Three dots before a verb end a clause."""
        bits, at = [], part.start
        for match in _DOTS.finditer(self.text, part.start, part.end):
            words = self.words(match.end(), min(part.end, match.end() + 60))
            if len(words) > 2 and VERBS.match(words.low, 0) and not MODALS.match(words.low, 0):
                bits.append(Piece(at, match.start()))
                at = match.end()
        bits.append(Piece(at, part.end))
        return [bit for bit in bits if bit.end > bit.start]

    def _unnumbered(self, bit: Piece) -> Piece:
        """Without the number of a list inside a sentence: "(1) tiếp tục …", "một là, tăng cường …"."""
        number = _INNER_NUMBER.match(self.low, bit.start, bit.end)
        return Piece(number.end(), bit.end) if number and number.end() < bit.end else bit

    def stands_alone(self, part: Piece) -> bool:
        """Whether a clause has a verb phrase of its own."""
        if _ELABORATES.match(self.low[part.start : part.end]):
            return False
        phrase = self._parse(part)
        if phrase.order or (phrase.subject is not None and phrase.verb >= 0):
            return True
        return phrase.verb >= 0 and (not phrase.noun or phrase.modal)

    # -- drafts ----------------------------------------------------------------------------------------------------

    def _trim(self, start: int, end: int) -> int:
        """Without closing signs, and without who said it ("…", thông báo nêu)."""
        said = _SAID.search(self.text, max(start, end - 200), end)
        end = said.start() if said else end
        tail = _TAIL.search(self.text, max(start, end - 40), end)
        return tail.start() if tail else end

    def _add(self, start: int, end: int, names: list[Span], why: str, confidence: float) -> None:
        """Keep a passage, unless it is empty or stands on the page already."""
        while start < end and not (self.text[start].isalnum() or self.text[start] in "(["):
            start += 1
        end = self._trim(start, end)
        key = re.sub(r"\W+", " ", self.low[start:end])
        if end - start < _SHORTEST or key in self._seen:
            return
        self._seen.add(key)
        context = self.context
        self.drafts.append(Draft(start, end, names, context.partners, context.time, why, confidence))


def _told(words: Words) -> Names | None:
    """Who is to do what a lead-in without an order announces; whoever guides others or issues the text is not."""
    phrase = phrasing.parse(words)
    verb = words.low[phrase.verb : phrase.verb + 2]
    if verb == ["hướng", "dẫn"]:
        return units.names(words, phrase.verb + 2)
    return None if tuple(verb) in _ISSUES else phrase.subject


def _before_order(words: Words, place: int, begin: int) -> tuple[int, list[Span]]:
    """What stands before an order and belongs to the work: others told ("Các phòng, đề nghị …"), or an adjunct."""
    if place < 3 or words.low[place - 1] != ",":
        return begin, []
    named = units.names(words, 0)
    if named is not None and named.after == place - 1:
        return words.starts[0], named.spans(words)
    speaks = any(words.low[k] == "," and units.head(words, k + 1) for k in range(place - 1))
    if words.low[0] in ("trong", "nếu", "khi") and not speaks:
        return words.starts[0], []
    return begin, []
