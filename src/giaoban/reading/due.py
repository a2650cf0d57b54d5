"""When a task is due: the earliest time that binds the work itself, by its last day.

A time binds after "trước", "chậm nhất", "trong tháng", "hoàn thành" and the like, or as the heading of a road map. The
date of a document cited, a school year that only names the plan in force, a target year inside a plan still to be drawn
up, a starting time and a recurring one do not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from datetime import date

from giaoban.reading import dates
from giaoban.reading.dates import Time
from giaoban.reading.layout import Page
from giaoban.reading.spans import Spans
from giaoban.reading.wording import either

_CLOCK = r"\d{1,2}\s?(?:h|g|giờ|:)\s?(?:\d{2})?(?: phút)?,?"
_STRONG = re.compile(
    either(
        r"""
        trước(?: thời điểm)? · chậm nhất(?: là)?(?: đến| trong| vào| trước)? · muộn nhất(?: là)? ·
        hạn(?: cuối| chót| nộp| báo cáo)?(?: là)?:? · thời hạn[^.;,]{0,30} · đến hết · hết · xong · hoàn thành ·
        thời gian[^.;,]{0,25}:?
        """
    )
    + rf"\s?(?:cuối |ngày |hết |trong |vào |trước |thứ \S+,? |là |{_CLOCK} )*$"
)
_WITHIN = re.compile(
    r"\b(?:trong|ngay trong|trong thời gian|vào|vào cuối|cuối|trong khoảng)\s?(?:cuối |đầu |giữa |ngày |dịp )*$"
)
_START = re.compile(r"\b(?:từ|kể từ|bắt đầu từ|bắt đầu|áp dụng|sau|tính đến|so với|hơn)\s?(?:ngày |đầu |cuối )*$")
_UNTIL = re.compile(r"\bđến\s?(?:cuối |hết |ngày )*$")
_AT_DAY = re.compile(r"(?:vào|ngày|về sở|về phòng|gửi|nộp|báo cáo|trình|:|\()[^.;]{0,50}$")
# A feast, or the day of something that has been: "kỷ niệm Ngày 20/11", "tại cuộc họp ngày 03/3".
_NO_TERM = re.compile(
    r"\b(?:kỷ niệm|chào mừng|hưởng ứng|dịp|thành lập|truyền thống|khai giảng|ngày lễ|quốc tế)[^.;,]{0,40}$|"
    r"\b(?:họp|hội nghị|văn bản|kết luận|thông báo|làm việc|sinh|ký|ban hành|kèm theo|biên bản|số)\s(?:\S+\s){0,4}$"
)
# Before a target year: the plan that is to be drawn up reaches so far, not the work of drawing it up.
_PLAN = re.compile(
    r"\b"
    + either(
        """
        kế hoạch · lộ trình · đề án · chương trình · chiến lược · quy hoạch · phương án · mục tiêu · chỉ tiêu ·
        phấn đấu · tầm nhìn · định hướng · dự toán · ngân sách · nghị quyết · danh mục
        """
    )
    + r"\b"
)
_COMPLETES = re.compile(r"\b(?:hoàn thành|hoàn thiện|ban hành|phê duyệt|trình|thông qua|xong)\b[^.;,]{0,50}$")
_RECURRING = re.compile(
    r"\b(?:hằng|hàng|mỗi|định kỳ|thường xuyên)\s(?:ngày|tuần|tháng|quý|năm|học kỳ|kỳ)\b|\bđịnh kỳ\b"
)
_VAGUE = re.compile(
    r"\b"
    + either(
        """
        trong (?:dịp )?hè(?: này)? · trước (?:dịp )?(?:tết|khai giảng|năm học mới) ·
        trước khi (?:tổ chức|bước vào)[^.;,]{0,40} · vào thời điểm cuối năm học · cuối năm học · đầu năm học mới ·
        trong thời gian (?:tới|sớm nhất) · sớm nhất
        """
    )
    + r"\b"
)
_LEADING = re.compile(
    r"(?<![\w/])(?:"
    + either(
        """
        hoàn thành · xong · chậm nhất · muộn nhất · trước · trong · vào · đến · hết · từ · bắt đầu · kể · là ·
        cuối · đầu · giữa · ngay · thời hạn · ngày
        """
    )
    + r"\s)+$"
)
_NEAR = 400  # times looked at around one that names no year, so that a long document stays linear
_DELIVERABLE = re.compile(
    r"\b(?:ban hành|xây dựng|lập|hoàn thành|trình|gửi|nộp|báo cáo|hoàn thiện|tổng hợp)\s(?P<what>"
    + either(
        """
        kế hoạch · báo cáo · đề án · phương án · danh sách · hướng dẫn · quy chế · tờ trình · dự toán · biên bản ·
        hồ sơ · dự thảo · kết quả · quyết định · văn bản · lộ trình · biểu
        """
    )
    + r"[^.;,:]{0,90})"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The words of a deadline, and its day where they name one."""

    words: str | None
    day: date | None
    time: Time | None = None  # as the passage itself names it, with its day


def find(page: Page, start: int, end: int, cited: Spans, heading: Time | None) -> Deadline:
    """The deadline of the passage start..end, or that of its heading."""
    text = page.view.text
    bound, begins = _times(page, start, end, cited)
    if bound:
        day, time = min(bound, key=lambda item: item[0])
        return Deadline(text[_words_start(page, start, time) : time.end], day, time)
    if heading is not None:
        known = heading if heading.dated else heading.in_year(year_of(page, heading))
        return Deadline(text[heading.start : heading.end], known.last)
    vague = _VAGUE.search(page.view.low, start, end)
    if vague:
        return Deadline(text[vague.start() : vague.end()], None)
    if begins is not None:
        return Deadline(text[_words_start(page, start, begins) : begins.end], None)
    recurring = _RECURRING.search(page.view.low, start, end)
    return Deadline(text[recurring.start() : recurring.end()] if recurring else None, None)


def binding(page: Page, start: int, end: int, cited: Spans) -> list[tuple[date, Time]]:
    """The times that bind work in a passage, with their days, in the order of the text."""
    return _times(page, start, end, cited)[0]


def _times(page: Page, start: int, end: int, cited: Spans) -> tuple[list[tuple[date, Time]], Time | None]:
    """The times that bind the work, and the first from which it begins."""
    bound: list[tuple[date, Time]] = []
    begins: Time | None = None
    for time in dates.within(page.times, start, end):
        if time.kind == dates.PHASE or cited.touch(time.start):
            continue
        before = page.view.low[max(start, time.start - 110) : time.start]
        if _START.search(before) or (begins is not None and time.start - begins.end < 4):
            begins = begins or time
            if time.kind != dates.RANGE:
                continue
        if not _binds(page.view.low, time, before):
            continue
        known = time if time.dated else time.in_year(year_of(page, time))
        if known.last is None or _recurs(page.view.low, time, end):
            continue
        gone = page.issued_on is not None and known.last < page.issued_on
        if not gone or _STRONG.search(before):  # a day gone by is no term, unless the text says so: then it is flagged
            bound.append((known.last, time))
    return bound, begins


def _recurs(low: str, time: Time, end: int) -> bool:
    """Whether a day comes every year: "trước ngày 10 tháng 12 hằng năm"."""
    return low.startswith((" hằng năm", " hàng năm", " mỗi năm"), time.end, end)


def _binds(low: str, time: Time, before: str) -> bool:
    """Whether the words before a time make it a deadline of the work."""
    near = before.rstrip()
    if _STRONG.search(before):
        return True
    if time.kind == dates.RANGE:
        return low.startswith("từ", time.start) or bool(_WITHIN.search(before)) or near.endswith(":")
    if time.kind in (dates.SCHOOL_YEAR, dates.SEMESTER):
        return bool(_WITHIN.search(before)) and not _PLAN.search(before) and not near.endswith("đầu")
    if _WITHIN.search(before) or _UNTIL.search(before):
        if time.kind != dates.YEAR:
            return True
        if near.endswith("trong") and _COMPLETES.search(before):
            return True  # "hoàn thành quy hoạch trong năm 2015"
        return not _PLAN.search(before[-30:] if near.endswith("trong") else before)
    if time.kind == dates.DAY:
        return not _NO_TERM.search(before) and (time.dated or bool(_AT_DAY.search(before)))
    if time.kind in (dates.MONTH, dates.QUARTER):
        return near.endswith((":", "(", "-", "trong", "vào", "xong", "thành"))
    return False


def _words_start(page: Page, start: int, time: Time) -> int:
    """Where the deadline begins with the words that make it one."""
    match = _LEADING.search(page.view.low, max(start, time.start - 50), time.start)
    return match.start() if match else time.start


def year_of(page: Page, time: Time, past: bool = False) -> int:
    """The year that the document makes clear for a time that names none; 0 where it does not.

    It is taken from the page's own date, then from the school year, then from the dates around. A deadline may lie in
    the next year, an event told as past may lie in the last.
    """
    posted = page.posted_before(time.start)
    own = posted if past and posted is not None else page.issued_on or posted
    if own is not None:
        if past and posted is not None:
            return own.year - (time.month > own.month + 6)
        return own.year + (0 < time.month < own.month - 4)
    if page.years is not None and time.kind == dates.SEMESTER:
        return page.years[1]
    told = None if past else _day_within(page, time)
    if told is not None:
        return told.year + (0 < time.month < told.month - 4)
    if page.years is not None and time.month:
        return dates.year_in(page.years, time.month)
    near = [other for other in page.times[:_NEAR] if other.last and other.kind in (dates.DAY, dates.MONTH, dates.RANGE)]
    first = next((other for other in near if other.start < time.start), near[0] if near else None)
    if first is not None and first.last is not None:
        return first.last.year
    if page.years is not None:
        return page.years[1]
    named = [other.last.year for other in page.times[:_NEAR] if other.kind == dates.YEAR and other.last is not None]
    return max(set(named), key=named.count) if named else 0


def _day_within(page: Page, time: Time) -> date | None:
    """The last full day named before a time that lies in or next to the page's school year."""
    if page.years is None or not time.month:
        return None
    first, last = date(page.years[0], 1, 1), date(page.years[1], 12, 31)
    before = bisect_left(page.times, time.start, key=lambda other: other.start)
    for other in reversed(page.times[max(0, before - _NEAR) : before]):
        if other.kind in (dates.DAY, dates.RANGE) and other.last is not None and first <= other.last <= last:
            return other.last
    return None


def deliverable(page: Page, start: int, end: int) -> str | None:
    """The result that is to be handed in, where the task names one."""
    match = _DELIVERABLE.search(page.view.low, start, min(end, start + 1500))
    return page.view.text[match.start("what") : match.end("what")].strip() if match else None
