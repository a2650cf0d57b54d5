"""What leads in a list: work ("… các nhiệm vụ sau:"), aims, or a quotation of standing law; and what opens a document.

A lead-in announces work when a word of work stands nearer to its end than a word of results or of frame. Law is quoted
when the last clause before the list names an article and a law, and asks for nothing itself.
"""

from __future__ import annotations

import re

from giaoban.reading.wording import either

_SET_END = re.compile(
    either(
        """
        như sau · sau đây · sau · dưới đây · trọng tâm · chủ yếu · như · nhiệm vụ · nội dung · công việc ·
        yêu cầu · đề nghị · chỉ đạo · kết luận · xác định · nhấn mạnh · chỉ thị · quyết định · quyết nghị ·
        thông báo · lưu ý · cụ thể · giải pháp · thống nhất
        """
    )
    + r"\s*:?$"
)
_ABOUT_WORK = re.compile(r"\b(?:nhiệm vụ|nội dung|giải pháp|vấn đề|công việc|công tác)\b[^.;:]{0,110}$")
# Nothing but "the following tasks": a lead-in without work of its own.
GENERAL = re.compile(
    r"\b(?:nội dung|nhiệm vụ|công việc|giải pháp|vấn đề|yêu cầu|biện pháp|việc|quy định|công tác)\b[^,.;:]{0,80}"
    r"\b(?:như sau|sau đây|sau|dưới đây|như|trọng tâm|cụ thể|chủ yếu)?\s*:?\s*$"
)
# Where the work of a lead-in ends and the announcement of the list begins.
LINK = re.compile(r",?\s(?:trong đó|cụ thể|đặc biệt|cần (?:lưu ý|chú ý|tập trung)|lưu ý|và (?:thực hiện|tập trung))\b")
_STRONG_WORDS = """
    nhiệm vụ · giải pháp · công việc · yêu cầu · đề nghị · chỉ đạo · chỉ thị · kết luận · xác định · nhấn mạnh ·
    thống nhất · giao · quyết nghị · lưu ý · phương hướng · biện pháp · lộ trình · trách nhiệm · phải · cần · thông báo
"""
_STRONG = re.compile(rf"\b{either(_STRONG_WORDS)}\b")
_WORK = re.compile(rf"\b{either(_STRONG_WORDS, 'nội dung · quyết định · triển khai · tổ chức · thực hiện')}\b")
_NO_WORK = re.compile(
    r"\b"
    + either(
        """
        thảo luận · kết quả · hạn chế · tồn tại · khó khăn · nguyên nhân · thành tích · đạt được · ưu điểm ·
        mục tiêu · mục đích · quyền · các trường hợp · bao gồm các · được hiểu · đối tượng · điều kiện ·
        thành phần · tham dự · thời gian(?! (?:tới|tiếp|này)) · danh sách · hồ sơ gồm · lịch
        """
    )
    + r"\b"
)
_GOALS = re.compile(
    r"\b"
    + either("mục tiêu · mục đích · yêu cầu cần đạt · chuẩn đầu ra · kiến thức · kỹ năng · phẩm chất · năng lực")
    + r"\b"
)
AIMS = re.compile(r"(?:mục tiêu|mục đích|ý nghĩa|đối tượng|khái niệm)\b")

_LAW = re.compile(
    r"\b(?:điều|khoản) \d+[^.;:]{0,160}\b"
    + either(
        r"""
        luật · bộ luật · nghị định · thông tư · hiến pháp · điều lệ · quy chế · quy định · pháp lệnh ·
        nghị quyết số \d+/\d{4}
        """
    )
    + r"\b|\b(?:luật|bộ luật|nghị định|thông tư|pháp lệnh|điều lệ)\b[^.;:]{0,120}\b(?:quy định|nêu|có hiệu lực)\b|"
    r"\bquy định (?:tại|của) (?:điều|khoản|luật|bộ luật|nghị định|thông tư)\b"
)
_LAW_END = re.compile(r"(?:như sau|quy định|sau đây|cụ thể|bao gồm|gồm|sau)\s*:?\s*$|:\s*$")
_ASKS = re.compile(r"\b(?:lưu ý|đề nghị|yêu cầu|chú ý)\b")
_OBEY = re.compile(
    r"(?:tiếp tục |nghiêm túc )?(?:thực hiện|tuân thủ|chấp hành|triển khai|quán triệt) "
    r"(?:đúng|nghiêm|nghiêm túc|đầy đủ|tốt|các)\b"
)
# A law, decree or circular as a whole: only what stands under its own heads of work is a task.
STATUTE = re.compile(r"(?:thông tư|nghị định|luật|bộ luật|pháp lệnh|quy chế|điều lệ)\b")

PREAMBLE = re.compile(
    either(
        """
        căn cứ · xét (?:đề nghị|tờ trình) · theo đề nghị · tiếp theo (?:công văn|văn bản) ·
        sau khi (?:nghe|xem xét|nghiên cứu) · trên cơ sở ·
        thực hiện (?:theo )?(?:công văn|nghị quyết|chỉ thị|kế hoạch|quyết định|thông tư|thông báo|chương trình) ·
        thực hiện (?:theo )?(?:sự chỉ đạo|chỉ đạo|ý kiến|luật|hướng dẫn|công điện|kết luận|văn bản|nghị định)
        """
    )
    + r"\b"
)
_PAPERS = either(
    """
    công văn · công điện · chỉ thị · kế hoạch · thông báo · quyết định · văn bản · hướng dẫn · kết luận ·
    nghị quyết · thông báo kết luận
    """
)
_ISSUES = either(
    "đã có · vừa có · có · ban hành · đã ban hành · vừa ban hành · ký · đã ký · vừa ký · gửi · đã gửi · ra · phát đi"
)
# The first sentence of a page that passes on a document: "Ngày …, Sở … ban hành Công văn …".
CONVEYS = re.compile(
    r"(?:(?:sáng |chiều )?(?:ngày|hôm nay,? ngày) [^,]{4,30}, ?)?[^,.;]{3,120}\b"
    + rf"{_ISSUES}\b(?: ban hành)? (?:\S+ ){{0,4}}{_PAPERS}\b"
)


def announces_list(low: str) -> bool:
    """Whether the words before a colon lead in a list."""
    return bool(_SET_END.search(low) or _ABOUT_WORK.search(low))


def is_work(low: str) -> bool:
    """Whether a lead-in announces work."""
    return _last(_WORK, low) >= 0 and _last(_STRONG, low) >= _last(_NO_WORK, low)


def is_goals(low: str) -> bool:
    """Whether a lead-in announces aims, or what is to be learnt."""
    return bool(_GOALS.search(low))


def is_law_heading(low: str) -> bool:
    """Whether a heading names an article of law."""
    return "điều" in low[:60] and bool(_LAW.search(low))


def quotes_law(low: str) -> bool:
    """Whether a block leads in a quotation of standing law."""
    if not _LAW_END.search(low[-40:]):
        return False
    last = max(low.rfind(";"), low.rfind(". "))
    tail = low[last + 1 :][-500:]
    return bool(_LAW.search(tail)) and not _ASKS.search(tail)


def obeys(low: str) -> bool:
    """Whether a block tells to follow the law it names."""
    return bool(_OBEY.match(low))


def _last(pattern: re.Pattern[str], low: str) -> int:
    return max((match.end() for match in pattern.finditer(low)), default=-1)
