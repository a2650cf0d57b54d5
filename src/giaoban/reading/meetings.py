"""The meeting that a document reports or concludes: its kind, its days, who chaired it.

A document that merely orders a meeting to be held, or cites the conclusion of another, has no meeting of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from giaoban.reading import clauses, dates, due, layout
from giaoban.reading.clauses import Piece
from giaoban.reading.layout import Page
from giaoban.reading.marks import Meeting, Person
from giaoban.reading.spans import Spans
from giaoban.reading.wording import either

_NOUN = either(
    """
    hội nghị · cuộc họp · phiên họp · buổi họp · buổi làm việc · hội thảo · tọa đàm · buổi tọa đàm ·
    lễ (?:tổng kết|sơ kết|khai giảng|bế giảng|khai mạc|ký kết|phát động|công bố) · lớp (?:tập huấn|bồi dưỡng) ·
    khóa (?:tập huấn|bồi dưỡng) · buổi tập huấn · chương trình tập huấn · đợt tập huấn · (?:họp )?giao ban · họp ·
    buổi gặp mặt · gặp mặt · hội nghị trực tuyến · kỳ họp · chương trình làm việc · buổi giao ban · đại hội ·
    (?:khai mạc|bế mạc) (?:tập huấn|bồi dưỡng)
    """
)
_COURSE = r"(?:lớp|khóa|đợt|khai mạc|bế mạc|hội nghị|chương trình|buổi) (?:\S+ ){0,2}?bồi dưỡng"
_HOLDS = either(
    """
    tổ chức · diễn ra · chủ trì · khai mạc · tiến hành · có · triệu tập · tham dự · đến dự · dự · tham gia · kết thúc ·
    bế mạc · phối hợp tổ chức
    """
)
_HELD = re.compile(
    rf"{_HOLDS}\s(?:\S+\s){{0,6}}?{_NOUN}|(?:đã|có|buổi|chủ trì)\s(?:\S+\s){{0,3}}làm việc với|"
    rf"{_NOUN}\s[^.;]{{0,120}}?(?:diễn ra|được tổ chức|do [^.;]{{3,80}} chủ trì|tổ chức)"
)
_CONCLUDED = re.compile(
    rf"kết luận\s(?:của\s)?[^.;\n]{{2,140}}?\stại\s(?:\S+\s){{0,2}}?{_NOUN}|"
    rf"(?:biên bản|giấy mời)\s(?:\S+\s){{0,4}}?{_NOUN}"
)
# The title of a paper that gives a conclusion, and the sentence that names the session.
_NOTICE = re.compile(
    rf"(?:thông báo(?: về)?(?: việc)? )?(?:(?:ý kiến )?kết luận|nội dung|kết quả)\s(?:[^.;]{{0,140}}?)\b{_NOUN}|"
    rf"(?:thông báo )?(?:ý kiến )?kết luận\b|nghị quyết\s(?:[^.;]{{0,40}}?)\b{_NOUN}"
)
_WHEN = re.compile(r"(?:\W*thời gian|hôm nay|vào (?:hồi|lúc))\b")
_AT_SESSION = re.compile(
    rf"^(?:tại|trong)\s(?:\S+ ){{0,2}}?{_NOUN}\b|^ngày [^,]{{4,30}},[^.;]{{3,160}}?"
    rf"\b(?:họp|chủ trì|làm việc|tổ chức)\b|\b(?:chủ trì|dự)\s(?:\S+ ){{0,3}}?{_NOUN}"
)
_KINDS = (
    ("giao_ban", re.compile(r"giao ban")),
    ("so_ket", re.compile(r"sơ kết")),
    ("tong_ket", re.compile(r"tổng kết")),
    ("tap_huan", re.compile(rf"tập huấn|{_COURSE}")),
    ("lam_viec", re.compile(r"làm việc")),
    (
        "trien_khai",
        re.compile(r"(?:hội nghị|họp|cuộc họp|buổi)[^.;]{0,60}(?:triển khai|quán triệt|phổ biến|hướng dẫn thực hiện)"),
    ),
)
# These kinds name the meeting wherever they stand; of the others the first that is named counts.
_SPEAKS = re.compile(rf"(?:phát biểu|chủ trì|chủ tọa|điều hành)\s(?:\S+\s){{0,4}}?{_NOUN}")
_ENDS = re.compile(
    rf"(?:phát biểu )?(?:chỉ đạo và )?kết luận (?:tại )?{_NOUN}, |"
    rf"[^\n]{{0,400}}\b(?:chỉ đạo|yêu cầu|phát biểu) của [^.;\n]{{3,90}} tại {_NOUN}[^.;\n]{{0,30}} ngày \d"
)
_AT_IT = re.compile(
    rf"\b(?:tại|tham dự|dự|sau)\s(?:các )?{_NOUN}|{_NOUN}\s(?:đã|được|thống nhất|nhằm|tập trung)|tham dự\."
)
_TELLING = ("giao_ban", "so_ket", "tong_ket", "tap_huan")
_FUTURE = re.compile(r"\b(?:sẽ|dự kiến|chuẩn bị|sắp|kế hoạch tổ chức)\b")
_DEADLINE = re.compile(r"\b(?:trước|chậm nhất|hạn cuối)\s(?:là\s)?(?:ngày\s)?\d")
_LIMIT = re.compile(r"(?:trước|chậm nhất|hạn)(?: cuối)?(?: là)?(?: ngày)? ?\Z")
_ORDERED = re.compile(r"\b(?:yêu cầu|đề nghị|giao(?! ban| ước| lưu)|cần|phải)\b[^.]{0,80}tổ chức")
_ANNOUNCED = (layout.TITLE, layout.LETTERHEAD, layout.PROSE, layout.CAPTION, layout.HEADING)
_TOLD = (layout.CAPTION, layout.TITLE, layout.HEADING, layout.QUESTION, layout.PROSE)
_CHAIR = re.compile(r"(?:đồng )?chủ (?:trì|tọa)|điều hành(?= (?:hội nghị|kỳ họp|phiên họp|cuộc họp))")
_CHAIRED = re.compile(
    rf"(?:đồng )?chủ (?:trì|tọa)(?:\s(?:và|điều hành|chỉ đạo|phát biểu))*,?\s(?:\S+\s){{0,2}}?{_NOUN}|"
    r"(?:đồng )?chủ (?:trì|tọa)\s?\)|(?:đồng )?chủ (?:trì|tọa)\s?[.,;:]?\s?(?:$|\n|\.|là|có|gồm|:)|"
    r"dưới sự chủ (?:trì|tọa)|"
    r"do [^.;]{3,160} chủ (?:trì|tọa)|điều hành (?:hội nghị|kỳ họp|phiên họp|cuộc họp)"
)
_LEADS_WORK = re.compile(
    r"chủ trì,? phối hợp|chủ trì thực hiện|đơn vị chủ trì|cơ quan chủ trì|giao [^.;]{0,60} chủ trì|vai trò chủ trì"
)
_VISIT = re.compile(r"\b(?:làm việc với|kiểm tra|thăm và làm việc)\b")
_CONCLUSION = re.compile(r"\bkết luận (?:tại )?buổi làm việc\b|\bkết luận, ")
_AHEAD = re.compile(r"\s(?:\S+\s){0,4}?(?:của|là|có|gồm|:)\s?|\s?:")
_OTHERS = re.compile(r"[.;]|\b(?:tham dự|cùng dự|dự có|đã tổ chức|tổ chức)\b")
_BESIDES = re.compile(r"\bcùng (?:các|dự|với)\b")
_OPENS = re.compile(r"[ +-]*(?:(?:tham |đến |tới |về )?dự và |đồng )?")
_SEVERAL = re.compile(r"\b(?:các đồng chí|các đ/c|các ông)\b")
_CONCLUDES = re.compile(
    r"kết luận (?:của|chỉ đạo của)\s|"
    rf"(?:phát biểu |ý kiến )?kết luận (?:tại )?(?:\S+ ){{0,1}}?{_NOUN}\b[^.;:]{{0,30}}?[,:]?\s|"
    r"thông báo kết luận[^.;:\n]{0,40}? của\s"
)


def find(page: Page, people: list[Person], cited: Spans) -> Meeting | None:
    """The page's own meeting, or None."""
    place = _evidence(page)
    if place is None:
        return None
    days, chairs = _days(page, place, cited), _chairs(page, people) or _visiting(page, place, people)
    why = "văn bản kể lại hoặc kết luận một cuộc họp"
    return Meeting(_kind(page, place), days, chairs, place.start, place.end, why, 0.9 if days or chairs else 0.6)


def _evidence(page: Page) -> Piece | None:
    """The sentence that says the meeting was held or concluded."""
    if page.genre == layout.NEWS:
        return next(_told(page), None) or _shown(page)
    concluded = _CONCLUDED.search(page.title)
    if page.genre != layout.ISSUED and not concluded:
        return None
    if _NOTICE.match(page.title) and (told := _session(page)) is not None:
        return told
    for block in page.blocks[:40]:
        announced = block.kind in _ANNOUNCED and block.start < 3000
        if announced and _CONCLUDED.search(page.view.low, block.start, min(block.end, block.start + 500)):
            return _below(page, block.start) or Piece(block.start, block.end)
    return Piece(0, len(page.view.low)) if concluded else None


def _session(page: Page) -> Piece | None:
    """The sentence of a conclusion that names the session it was drawn at, and its day."""
    for block in [block for block in page.blocks if block.kind == layout.PROSE][:4]:
        for piece in clauses.sentences(page.view.text, block.start, min(block.end, block.start + 1500)):
            low = page.view.low[piece.start : piece.end]
            if _AT_SESSION.search(low) and dates.within(page.times, piece.start, piece.end):
                return piece
    return None


def _told(page: Page) -> Iterator[Piece]:
    """Sentences at the head of the news that tell of a meeting held."""
    prose = [block for block in page.blocks if block.kind == layout.PROSE][:5]
    for block in prose:
        for piece in clauses.sentences(page.view.text, block.start, min(block.end, block.start + 1200)):
            sentence = page.view.low[piece.start : piece.end]
            if sentence.startswith(("căn cứ", "theo điều")):
                continue
            held = _HELD.search(sentence) or (block is prose[0] and _CONCLUDED.search(sentence))
            if _DEADLINE.search(sentence) and "đã" not in sentence:
                continue
            if held and not _FUTURE.search(sentence[: held.end()]) and not _ORDERED.search(sentence[: held.end()]):
                yield piece


def _shown(page: Page) -> Piece | None:
    """A caption or a conclusion that shows somebody at a meeting of which the text speaks too."""
    low = page.view.low
    if not any(_AT_IT.search(low, block.start, block.end) for block in page.blocks[:12] if block.kind == layout.PROSE):
        return None
    for block in page.blocks[:12]:
        if block.kind == layout.CAPTION and _SPEAKS.search(low, block.start, block.end):
            return Piece(block.start, block.end)
        if block.kind == layout.PROSE and _ENDS.match(low, block.start, block.end):
            return Piece(block.start, block.end)
    return None


def _below(page: Page, start: int) -> Piece | None:
    """The sentence below a title that tells day and chair."""
    block = next((block for block in page.blocks if block.start > start and block.kind == layout.PROSE), None)
    if block is None:
        return None
    for piece in clauses.sentences(page.view.text, block.start, min(block.end, block.start + 1200)):
        if _HELD.search(page.view.low, piece.start, piece.end) and dates.within(page.times, piece.start, piece.end):
            return piece
    return None


def _kind(page: Page, place: Piece) -> str:
    """The kind that the title names, else the sentence from its noun on, else the sentence."""
    low = page.view.low
    above = [page.low(block) for block in page.blocks[:12] if block.end <= place.start and block.kind in _TOLD]
    sentence = low[place.start : place.end]
    noun = re.search(rf"{_NOUN}|làm việc với", sentence)
    texts = [*(text for text in above if len(text) < 300), sentence[noun.start() :][:170] if noun else "", sentence]
    for text in texts:
        found = {kind: match.start() for kind, pattern in _KINDS if (match := pattern.search(text))}
        telling = next((kind for kind in _TELLING if kind in found), None)
        if found:
            return telling or min(found, key=lambda kind: found[kind])
    return "khac"


def _days(page: Page, place: Piece, cited: Spans) -> tuple[date, ...]:
    """The days named where the meeting is told: in its sentence, its paragraph, or at the head of the text."""
    stretches = [(place.start, place.end)]
    stretches.extend((block.start, block.end) for block in page.blocks if block.start <= place.start < block.end)
    timed = (block for block in page.blocks[:25] if _WHEN.match(page.low(block)))
    stretches.extend((block.start, min(block.end, block.start + 300)) for block in timed)
    prose = [block for block in page.blocks if block.kind == layout.PROSE][:2]
    stretches.extend((block.start, min(block.end, block.start + 300)) for block in prose)
    for start, end in stretches:
        times = [time for time in dates.within(page.times, start, end) if time.kind in (dates.DAY, dates.RANGE)]
        times = [time for time in times if not time.wrong and not cited.touch(time.start) and not _is_limit(page, time)]
        days = {day for time in _together(page, times) for day in _known_days(page, time)}
        if days:
            return tuple(sorted(days))
    return ()


def _is_limit(page: Page, time: dates.Time) -> bool:
    """Whether a day is the end of a term and not that of a meeting."""
    return bool(_LIMIT.search(page.view.low, max(0, time.start - 25), time.start))


def _together(page: Page, times: list[dates.Time]) -> list[dates.Time]:
    """The first time and those joined to it by "và"."""
    chosen = times[:1]
    for time in times[1:3]:
        between = page.view.low[chosen[-1].end : time.start]
        if len(between) < 30 and re.search(r"\b(?:và|đến|,)", between):
            chosen.append(time)
    return chosen


def _known_days(page: Page, time: dates.Time) -> list[date]:
    known = time if time.dated else time.in_year(due.year_of(page, time, past=True))
    return [day for day in (known.first, known.last) if day is not None]


def _chairs(page: Page, people: list[Person]) -> tuple[str, ...]:
    """Who presides, in the first passage that says so; else whoever concludes."""
    low, text = page.view.low, page.view.text
    told = (*_TOLD, layout.ITEM)
    for block in [block for block in page.blocks if block.kind in told][:25]:
        names: dict[str, str] = {}
        for piece in clauses.sentences(text, block.start, min(block.end, block.start + 3000)):
            inside = [person for person in people if piece.start <= person.start < piece.end]
            if not inside or not _CHAIRED.search(low[piece.start : piece.end]):
                continue
            for match in _CHAIR.finditer(low, piece.start, piece.end):
                if not _LEADS_WORK.search(low, max(piece.start, match.start() - 60), min(piece.end, match.end() + 20)):
                    for person in _presiding(inside, low, piece, match):
                        names.setdefault(person.name.casefold(), person.name)
        if names:
            return tuple(names.values())
    return _concluding(page, people)


def _visiting(page: Page, place: Piece, people: list[Person]) -> tuple[str, ...]:
    """Who came to work with somebody and concluded: "đồng chí … đã có buổi làm việc với …"."""
    visit = _VISIT.search(page.view.low, place.start, place.end)
    if visit is None or not _CONCLUSION.search(page.view.low, place.end):
        return ()
    before = [person for person in people if place.start <= person.start < visit.start()]
    return (before[0].name,) if before else ()


def _presiding(people: list[Person], low: str, piece: Piece, match: re.Match[str]) -> list[Person]:
    """Those who chair: named just before "chủ trì", or after "chủ trì:" and "sự chủ trì của"."""
    place, after = match.start(), match.end()
    by_noun = low[max(piece.start, place - 6) : place].endswith("sự ")
    opens = _OPENS.fullmatch(low, piece.start, place) and _AHEAD.match(low, after, after + 60)
    if by_noun or opens:
        stop = (_OTHERS if by_noun else _BESIDES).search(low, after, piece.end)
        limit = stop.start() if stop else piece.end
        return [person for person in people if after <= person.start < limit]
    before = [person for person in people if person.end <= place]
    if not before or match[0].startswith("đồng") or _SEVERAL.search(low, piece.start, place):
        return before
    cut = max(low.rfind(";", piece.start, place), low.rfind(" do ", piece.start, place))
    chosen = [person for person in before if person.start > cut] or before
    joined = re.search(r"\bvà\b", low[chosen[0].end : chosen[-1].start])
    return chosen if joined else chosen[:1]


def _concluding(page: Page, people: list[Person]) -> tuple[str, ...]:
    """Where nobody is said to chair, whoever gives the conclusion of the meeting."""
    low = page.view.low
    for match in _CONCLUDES.finditer(low, 0, 20_000):
        near = next((person for person in people if match.end() - 2 <= person.start < match.end() + 90), None)
        if near is not None and not re.search(r"[.;\n]", low[match.end() - 1 : near.start]):
            return (near.name,)
    return ()
