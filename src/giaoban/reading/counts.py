"""Counts of things and sums of money, with the noun that is counted.

Left alone are numbers that measure nothing here: ordinals ("lớp 3", "mức độ 1"), ages, numbers of documents, sessions a
day, durations, fees, points, pages, and counts of words rather than things ("12 nhiệm vụ").
"""

from __future__ import annotations

import re
from dataclasses import replace

from giaoban.reading.marks import Figure
from giaoban.reading.percentages import Match, parts
from giaoban.reading.quantities import BREAK, DELTA, INTEGER, PREVIOUS, TARGET, change, clause_end, clause_start, number
from giaoban.reading.spans import Spans
from giaoban.reading.view import View
from giaoban.reading.wording import THINGS, either

# "86.079 học sinh/3.118 lớp", "3.215 học sinh/98 lớp"; not "35 học sinh/1 lớp"
_AFTER_SLASH = r"(?:(?<!/)|(?<=[a-zà-ỹđ]/)(?=\d+\.\d|(?!0?1\s)\d+ (?:lớp|nhóm|học sinh|trường|giáo viên|phòng|em)\b))"
_COUNT = re.compile(
    rf"(?<![\w.,%-]){_AFTER_SLASH}(?P<n>{INTEGER}(?:,\d+)?)(?![\w%/]|[.,]\d|\s?[/%]|-\d) (?=[a-zà-ỹđ(])"
)
# "Số trường: 38", "Giáo viên: 586"
_LABELLED = re.compile(rf"(?:^|[\n,;.(-]\s?|\bsố )(?P<thing>{THINGS})\s?:\s?(?P<n>{INTEGER})(?=\s?[,;.()\n](?!\d))")
_MONEY = re.compile(
    r"(?:nghìn |ngàn |triệu |tỷ |trăm )*(?:tỷ|triệu|nghìn|ngàn)? ?(?:đồng(?! chí)|vnđ|usd|đô la)|"
    r"(?:nghìn |ngàn )?tỷ|triệu"
)
_CURRENCIES = ("đồng", "vnđ", "usd", "la")
_THING = re.compile(rf"{THINGS}(?!\w)")
# Never a measured quantity in this project's sense.
_NEVER = re.compile(
    either(
        r"""
        nhiệm vụ · nhóm nhiệm vụ · nhóm giải pháp · giải pháp · nội dung · mục tiêu · tiêu chí · tiêu chuẩn ·
        nguyên tắc · năm · tháng · ngày · tuần · giờ(?! dạy) · phút · giây · buổi · tiết(?! mục| dạy) · quý ·
        học kỳ · kỳ · khóa · lần · tuổi · điểm(?! trường| cầu| thi| lẻ) · trang · câu(?! lạc) · chương · điều ·
        khoản · mục · bước · giai đoạn · cấp học · cấp · bậc học · bậc · môn học · môn(?! thi) · nước · bên ·
        chiều · mặt · khâu · loại · dạng · hình thức · phương án · phương thức · đợt(?! kiểm) · vòng ·
        phần(?! quà| mềm) · yếu tố · năng lực · phẩm chất · kỹ năng · lĩnh vực · chính quyền · rõ\b · không\b ·
        có\b · xây\b · trong\b · đến\b · và\b · hoặc\b · văn bản · quyết định · kế hoạch · chương trình ·
        thông tư · nghị định · nghị quyết · công văn · chỉ thị · bản\s(?:chính|sao|photo) · thứ · hệ · lớp\s\d ·
        ý\b · nét · vấn đề · việc · chủ đề · trụ cột · đột phá · quan điểm · thời điểm · đối tượng · nhà\b ·
        hàng\b · chữ · ca học · hội thảo · phân môn · tổ hợp
        """
    )
)
# What stands before an ordinal.
_ORDINAL = re.compile(
    r"(?<!\w)"
    + either(
        r"""
        lớp · khối · khóa · điều · khoản · điểm · mục · chương · phần · phụ lục · mẫu(?: số)? · bảng · biểu ·
        hình · (?<!tổng )(?<!sỹ )(?<!sĩ )số · thứ · lần thứ · lần · cấp · mức độ · mức · bậc · hạng · loại · quý ·
        tháng · năm · ngày · tuần · tiết · trang · câu · bài · ngõ · số nhà · đường · khu vực · vùng · quốc lộ ·
        tập · vòng · đợt · nhóm · kỳ · học kỳ · ngôn ngữ thứ · covid · tầng · chương trình · năm học · giải pháp ·
        nhiệm vụ · ca · phòng · trường hợp · bước · module · mô đun · phiên bản · version · đề án · dự án · tổ ·
        thông tư · nghị định · nghị quyết · top · level · b · a · c · windows · hệ số · khung · web · sgk ·
        phương thức · từ · thế kỷ
        """
    )
    + r"\s?$"
)
_AGE = re.compile(r"\s?(?:-\s?\d+ )?tuổi\b")
_ABOUT = re.compile(r"(?:trên|hơn|gần|khoảng|xấp xỉ|ước|ước đạt|ít nhất|tối thiểu|tối đa|không quá|dưới)\s$")
_FEE = re.compile(
    r"\s?(?:/|trên |một |mỗi )\s?(?:0?1 )?"
    + either(
        "tháng · học sinh · hs · năm · người · buổi · tiết · trẻ · em · ngày · suất · giờ · kỳ · khóa · môn · lượt"
    )
)
_SENTENCE = re.compile(r"[;\n]|\.\s|\.$")
_CLAUSE = re.compile(r",(?!\d)|[;\n(]|\.\s|\.$|\s-\s|\)")
# "thiếu 14 giáo viên" says how many are missing, not how a figure has changed.
_SHORT = {"thiếu", "còn thiếu", "hụt", "vượt"}
_PERSONS = {"học sinh", "em", "trẻ", "trẻ em", "cháu", "người", "sinh viên", "học viên"}


def find(view: View, blocked: Spans) -> list[Figure]:
    """Counts and sums of money, in order."""
    found: list[Figure] = []
    for match in _COUNT.finditer(view.low):
        if not blocked.touch(match.start()):
            _take(view, match, found)
    for match in _LABELLED.finditer(view.low):
        if not blocked.touch(match.start("n")):
            why = "số lượng sau dấu hai chấm"
            found.append(Figure(match.start("thing"), match.end(), number(match["n"]), match["thing"], why, 0.7))
    return found


def of_ratio(view: View, match: Match) -> Figure | None:
    """An a/b without a percentage counts a of b things."""
    top, bottom = parts(match)
    thing = _THING.match(view.low, match.end() + 1)
    if thing is None or top > bottom:
        return None
    start, end = clause_start(view.text, match.start()), clause_end(view.text, match.end(), len(view.text))
    return Figure(start, end, top, thing[0], "đếm được a trên b", 0.7, numerator=top, denominator=bottom)


def _take(view: View, match: Match, found: list[Figure]) -> None:
    """Add a count, or make it the change of the figure before."""
    low, at = view.low, match.start()
    before = low[max(0, at - 40) : at]
    if ("." not in match["n"] and _ORDINAL.search(before)) or _AGE.match(low, match.end("n")):
        return
    unit, end = _unit(low, match.end())
    if not unit:
        return
    value = number(match["n"])
    delta = _delta(low, at, end)
    moved = change(delta["how"], value, low[delta.start() : end + 60]) if delta is not None else None
    owner = _owner(found, view.text, delta.start(), unit) if delta is not None else None
    if owner is not None:
        found[owner] = replace(found[owner], change=moved)
        return
    about = _ABOUT.search(before)
    start = at - (len(before) - about.start()) if about else at
    stop = clause_end(view.text, end, len(view.text), _CLAUSE)
    found.append(Figure(start, stop, value, unit, "số lượng", 0.85, change=moved))


def _unit(low: str, at: int) -> tuple[str, int]:
    """What is counted, and where its noun ends; "" where nothing that is measured stands here."""
    money = _MONEY.match(low, at)
    if money:
        unit, end = money[0].strip(), money.end()
        if _FEE.match(low, end):
            return "", end
        thing = _THING.match(low, end + 1) if not unit.endswith(_CURRENCIES) else None
        return (f"{unit} {thing[0]}" if thing else unit), end
    thing = _THING.match(low, at)
    if thing is None or _NEVER.match(low, at):
        return "", at
    return thing[0], thing.end()


def _delta(low: str, at: int, end: int) -> Match | None:
    """The verb of change before a count."""
    delta = DELTA.search(low, max(0, at - 90), at)
    if delta is None or delta["how"] not in _SHORT:
        return delta
    after = low[end : clause_end(low, end, len(low), _SENTENCE)]
    return delta if TARGET.search(after) or PREVIOUS.search(after) else None


def _owner(found: list[Figure], text: str, place: int, unit: str) -> int | None:
    """Which figure a change here belongs to: the last of its unit, or the one before a bracket just closed."""
    if not found or place - found[-1].end > 260 or BREAK.search(text, found[-1].end, place):
        return None
    opened = text.rfind("(", max(0, place - 260), place)
    if 0 <= opened < found[-1].start < text.rfind(")", opened, place):
        before = next((k for k in range(len(found) - 1, -1, -1) if found[k].start < opened), None)
        return before if before is not None and not BREAK.search(text, found[before].end, opened) else None
    last = found[-1]
    same = last.unit.split()[0] == unit.split()[0] or (last.unit in _PERSONS and unit in _PERSONS)
    return len(found) - 1 if same and place - last.end < 80 and last.change is None else None
