"""Contradictions that can be shown from the text itself; nothing is flagged on suspicion.

Dates: an event told as past on a page that is older; a meeting of a school year held before that year; a deadline that
had passed when the document was signed; a day that the calendar does not have; a weekday that is another; a range that
runs backwards; one document under two dates; a number's year that is not the year of its date; a later document cited.
Ratios: a percentage that is not its a/b rounded half up at the printed decimals. Sums: a total that its parts do not
make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from giaoban.core.numbers import rounded, vi_number
from giaoban.reading import dates
from giaoban.reading.dates import Time
from giaoban.reading.layout import Page
from giaoban.reading.marks import Citation, Figure, Flag, Meeting
from giaoban.reading.quantities import INTEGER

_FUTURE = re.compile(r"\b(?:sẽ|dự kiến|sắp (?:tới|diễn)|chuẩn bị tổ chức|giấy mời|kính mời)\b")
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5}
_WEEKDAY = re.compile(
    r"(?:thứ\s(?P<day>hai|ba|tư|năm|sáu|bảy|[2-7])|(?P<sunday>chủ nhật))\s?[,(-]?\s?(?:ngày\s)?[,(]?\s?$"
)
_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_LEADING = re.compile(r"(?:sáng|chiều|tối|trưa)(?:\sngày)?\s$|ngày\s$|từ\s(?:ngày\s)?$")
# Bodies whose numbers return each year or term, so that two dates are two documents.
_COMMON = ("UBND", "/ĐU", "/HU", "/TU", "HĐND")
_ROUGHLY = re.compile(
    r"\b(?:gần|hơn|trên|khoảng|xấp xỉ|ước|ước đạt|ước khoảng|dưới|quá|ít nhất|tối thiểu|không dưới|chừng|đạt trên)"
    r"\s\d+(?:[.,]\d+)?\s?(?:%|phần trăm)"
)
_MISPAIRED = 30  # points; a percentage further from its a/b belongs to something else


def find(
    page: Page, meeting: Meeting | None, figures: list[Figure], citations: list[Citation], deadlines: list[Time]
) -> list[Flag]:
    """Every contradiction, in order, once."""
    flags = [
        *_meeting_date(page, meeting),
        *_deadlines(page, deadlines),
        *_impossible(page),
        *_weekdays(page),
        *_cited(page, citations),
        *_ratios(page, figures),
        *_sums(page),
    ]
    first: dict[tuple[int, str], Flag] = {}
    for flag in sorted(flags, key=lambda flag: (flag.start, -flag.end)):
        first.setdefault((flag.start, flag.kind), flag)
    return list(first.values())


def _meeting_date(page: Page, meeting: Meeting | None) -> Iterator[Flag]:
    """The day of a meeting told as past, against the page's own date and the school year."""
    if meeting is None or not meeting.dates or _FUTURE.search(page.view.low, meeting.start, meeting.start + 400):
        return
    time = _time_of(page, meeting)
    why = _why_not(page, meeting)
    if time is not None and why:
        leading = _LEADING.search(page.view.low, max(0, time.start - 16), time.start)
        yield Flag(leading.start() if leading else time.start, time.end, "date", why)


def _time_of(page: Page, meeting: Meeting) -> Time | None:
    """Where the first day of a meeting is named, best in the sentence that tells of it."""
    named = [time for time in page.times if time.kind in (dates.DAY, dates.RANGE) and _is_day(time, meeting.dates[0])]
    named = [time for time in named if time not in page.posted]
    return next((time for time in named if time.start >= meeting.start), named[0] if named else None)


def _is_day(time: Time, day: date) -> bool:
    if time.first is not None:
        return time.first == day
    return (time.first_day or time.day, time.first_month or time.month) == (day.day, day.month)


def _why_not(page: Page, meeting: Meeting) -> str:
    """Why the meeting cannot have been held on its day; "" when it can."""
    first, posted, issued = meeting.dates[0], page.posted_on, page.issued_on
    if posted is not None and first > posted:
        days = (first - posted).days
        return f"Trang ghi ngày {_vi(posted)} nhưng kể việc đã diễn ra ngày {_vi(first)}, tức {days} ngày sau đó."
    if issued is not None and first > issued:
        return f"Văn bản ký ngày {_vi(issued)} nhưng kể việc đã diễn ra ngày {_vi(first)}."
    years = _school_years(page, meeting)
    if not years or meeting.kind not in ("so_ket", "tong_ket", "giao_ban", "trien_khai"):
        return ""
    begins, ends = min(year[0] for year in years), max(year[1] for year in years)
    earliest = date(begins, 8 if meeting.kind == "so_ket" else 6, 1)
    latest = date(ends, 8, 31) if meeting.kind == "so_ket" else date(ends + (meeting.kind == "tong_ket"), 12, 31)
    if earliest <= first <= latest:
        return ""
    side = "trước" if first < earliest else "sau"
    return f"Ngày {_vi(first)} đứng {side} năm học {begins}-{ends} mà cuộc họp nói tới."


def _school_years(page: Page, meeting: Meeting) -> set[tuple[int, int]]:
    """The school years in the sentence that tells of the meeting."""
    times = dates.within(page.times, meeting.start, min(meeting.end, meeting.start + 600))
    return {time.years for time in times if time.kind in (dates.SCHOOL_YEAR, dates.SEMESTER) and time.years}


def _deadlines(page: Page, deadlines: list[Time]) -> Iterator[Flag]:
    """A deadline that had passed when the document was signed."""
    for time in deadlines:
        if page.issued_on is not None and time.last is not None and time.last < page.issued_on:
            why = f"Hạn {_vi(time.last)} đã qua khi văn bản được ký ngày {_vi(page.issued_on)}."
            yield Flag(time.start, time.end, "date", why, 0.9)


def _impossible(page: Page) -> Iterator[Flag]:
    for time in page.times:
        if time.wrong and time.kind == dates.RANGE and time.first is not None:
            yield Flag(time.start, time.end, "date", "Khoảng thời gian kết thúc trước khi bắt đầu.", 0.9)
        elif time.wrong and "ngày" in page.view.low[max(0, time.start - 8) : time.end]:
            yield Flag(time.start, time.end, "date", "Lịch không có ngày này.", 0.9)


def _weekdays(page: Page) -> Iterator[Flag]:
    for time in page.times:
        if time.kind != dates.DAY or time.last is None:
            continue
        match = _WEEKDAY.search(page.view.low, max(0, time.start - 24), time.start)
        said = None if match is None else 6 if match["sunday"] else _WEEKDAYS[match["day"]]
        if match is not None and said is not None and said != time.last.weekday():
            why = f"Ngày {_vi(time.last)} là {_NAMES[time.last.weekday()]}, không phải {_NAMES[said]}."
            yield Flag(match.start(), time.end, "date", why, 0.95)


def _cited(page: Page, citations: list[Citation]) -> Iterator[Flag]:
    """Dates of documents against the page's own date, against their numbers, and against each other."""
    first: dict[str, date] = {}
    for citation in citations:
        day, number = citation.date, re.sub(r"[\s.]", "", citation.number).upper()
        if day is None or not citation.key:
            continue
        _, kind, _, year, *_ = citation.key.split("|")
        other = first.setdefault(number, day)
        why = ""
        if page.issued_on is not None and day > page.issued_on:
            why = f"Văn bản ký ngày {_vi(page.issued_on)} nhưng dẫn {citation.number} ngày {_vi(day)}."
        elif year.isdigit() and kind not in ("QH", "VBHN") and int(year) != day.year:
            why = f"Số {citation.number} thuộc năm {year} nhưng ghi ngày {_vi(day)}."
        elif other != day and not number.endswith(_COMMON):
            why = f"{citation.number} ở chỗ khác ghi ngày {_vi(other)}, ở đây ghi ngày {_vi(day)}."
        if why:
            yield Flag(citation.start, citation.end, "date", why, 0.9)


def _ratios(page: Page, figures: list[Figure]) -> Iterator[Flag]:
    for figure in figures:
        if _ROUGHLY.search(page.view.low, max(0, figure.start - 12), figure.end):
            continue  # "gần 70% (41/60)" claims no more than that
        if figure.unit != "%" or not figure.denominator or figure.numerator is None:
            continue
        places = len(str(figure.value).partition(".")[2])
        exact, printed = Fraction(figure.numerator * 100, figure.denominator), Fraction(str(figure.value))
        right = rounded(exact, places)
        if right == printed or abs(exact - printed) > _MISPAIRED:
            continue
        why = (
            f"{figure.numerator}/{figure.denominator} = {vi_number(rounded(exact, places + 2), places + 2)}%, "
            f"làm tròn là {vi_number(right, places)}%, không phải {vi_number(rounded(printed, places), places)}%"
        )
        cut = Fraction(int(exact * 10**places), 10**places) == printed
        yield Flag(
            figure.start, figure.end, "ratio", why + (" (chữ số cuối bị cắt bỏ)." if cut else "."), 0.8 if cut else 1.0
        )


# Parts of one dimension: levels, ownership, prizes, sexes, communes. Only these can be added up with certainty.
_DIMENSIONS = (
    """
    mầm non · mẫu giáo · nhà trẻ · tiểu học · thcs · trung học cơ sở · thpt · trung học phổ thông · gdtx · gdnn-gdtx ·
    giáo dục thường xuyên · liên cấp · tiểu học và thcs · th&thcs · th-thcs · thcs&thpt
    """,
    "công lập · ngoài công lập · tư thục · dân lập",
    "nhất · nhì · ba · khuyến khích · vàng · bạc · đồng · giải nhất · giải nhì · giải ba · giải khuyến khích",
    "nam · nữ",
    "xã · phường · đặc khu · thị trấn",
)
_NAMES_OF_PARTS = tuple(tuple(" ".join(name.split()) for name in names.split("·")) for names in _DIMENSIONS)
_WHOLE_IN_TWO = (1, 3)  # ownership and sexes have two parts
_TOTAL = re.compile(
    rf"(?<![\w/.,-])(?P<total>{INTEGER})\s(?P<unit>[^\W\d_]+(?:\s[^\W\d_]+){{0,6}}?)\s?"
    r"(?P<link>[,(:]?\s?\(?\s?(?:trong đó|gồm|bao gồm|cụ thể|chia ra)(?:\s(?:có|gồm|là))?\s?:?|\()\s?"
    r"(?P<parts>[^.\n:]{10,260})"
)
_PART = re.compile(rf"(?<![\w/.,-])(?P<n>{INTEGER})\s(?P<what>[^\d,;()]{{2,60}})")


def _sums(page: Page) -> list[Flag]:
    """A total against parts that follow it and belong to one dimension."""
    flags = []
    for match in _TOTAL.finditer(page.view.low):
        bracketed = match["link"].lstrip(" ,:").startswith("(")
        listed = match["parts"].partition(")")[0] if bracketed else match["parts"]
        run = _parts(listed)
        if run is None:
            continue
        dimension, values, size = run
        total, added = _integer(match["total"]), sum(values)
        whole = len(values) >= 3 or dimension in _WHOLE_IN_TWO
        if added > total or (added != total and whole and ("gồm" in match["link"] or len(values) >= 3)):
            end = match.start("parts") + size
            why = f"Các phần cộng lại là {vi_number(added)}, không phải {vi_number(total)}."
            flags.append(Flag(match.start(), end, "sum", why, 0.9))
    return flags


def _parts(listed: str) -> tuple[int, list[int], int] | None:
    """The dimension and the numbers of parts that all belong to it, none twice, and where the last ends."""
    found = list(_PART.finditer(listed))
    parts = [(_dimension(part["what"]), _integer(part["n"])) for part in found]
    kinds = [kind for kind, _ in parts if kind is not None]
    if len(parts) < 2 or len(kinds) < len(parts):
        return None
    if len({dimension for dimension, _ in kinds}) > 1 or len({name for _, name in kinds}) < len(kinds):
        return None
    return kinds[0][0], [value for _, value in parts], len(listed[: found[-1].end()].rstrip())


def _dimension(what: str) -> tuple[int, str] | None:
    for place, names in enumerate(_NAMES_OF_PARTS):
        hits = [name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", what)]
        if hits:
            return place, max(hits, key=len)
    return None


def _integer(text: str) -> int:
    return int(text.replace(".", ""))


def _vi(day: date) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}"
