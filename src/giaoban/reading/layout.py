"""The parts of a page: letterhead, title, headings, items, prose, questions, recipients, signature, footnotes, chrome.

The reader meets official documents, school letters, news of a conference and legal-advice pages that quote a document;
all of them are read by the look of their blocks and by a few set phrases, never by where they came from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from giaoban.reading import dates
from giaoban.reading.lines import CAPITAL, DASH, LETTER, NONE, NUMBER, PART, ROMAN, Shape
from giaoban.reading.view import View
from giaoban.reading.wording import either

# What a block is.
TITLE, HEADING, ITEM, PROSE, QUESTION = "title", "heading", "item", "prose", "question"
LETTERHEAD, RECIPIENTS, SIGNATURE = "letterhead", "recipients", "signature"
FOOTNOTE, CHROME, CAPTION, TABLE = "footnote", "chrome", "caption", "table"
# What a page as a whole is; it decides how readily a sentence counts as an instruction.
ISSUED, NEWS, REPORT = "issued", "news", "report"
# What the blocks under a heading are about.
RESULTS, GOALS, WORK, FRAME, TALK = "results", "goals", "work", "frame", "talk"

_CHROME = re.compile(
    either(
        r"""
        in trang · in bài viết · quay lại · trang (?:đầu|cuối|sau|trước|chủ)\b · các tin (?:liên quan|khác) ·
        tin (?:tức|liên quan|khác|mới|cũ) · bài viết (?:liên quan|khác|cùng) · hình ảnh (?:hoạt động|liên quan) ·
        video clip · tra cứu · đăng (?:nhập|ký|xuất) · thống kê truy cập · (?:đang |khách )?(?:online|truy cập) ·
        hôm nay:?\s*\d · hôm qua · trong tuần · trong tháng: · tất cả:?\s*\d · tổng (?:số )?(?:lượt )?truy cập ·
        (?:tăng|giảm) cỡ chữ · cỡ chữ · a- a · chia sẻ · bình luận · ý kiến bạn đọc ·
        gửi (?:bình luận|email|phản hồi) · lượt xem · số lượt ·
        (?:từ khóa|tags?|chuyên mục|nguồn tin|nguồn|tác giả(?: bài viết)?)\s*: ·
        (?:người (?:gửi|đăng)|biên tập|ngày gửi|dung lượng)\s*: · copyright · bản quyền · tải về · >+\s*tải ·
        xem (?:thêm|toàn văn|chi tiết) · liên hệ\s*: · hotline · điện thoại\s*: · email\s*: · website\s*: ·
        quý khách cần · trên đây là (?:thông tin|toàn văn|nội dung|giải đáp|") · \(?hình (?:ảnh )?(?:từ|minh họa) ·
        ảnh minh họa · anh tin bai · chung nhan · chứng nhận tín nhiệm · publishingportal · loading ·
        bạn đang (?:xem|ở) · mục lục · nội dung chính$ · phóng to · sitemap · rss\b · top$ · những tin (?:mới|cũ) ·
        tổng số điểm của bài viết · văn bản mới ban hành · bình chọn · truy cập nội dung
        """
    )
)
_PAGER = re.compile(r"[\d\s.,:;/|<>•·°-]+")
_LETTERHEAD = re.compile(
    either(
        r"""
        cộng hòa xã hội chủ nghĩa · độc lập\s?-\s?tự do · đảng cộng sản việt nam$ · số(?:\s(?:ký hiệu|hiệu))?\s?: ·
        số\s\d+\s?-\s?[a-zđ]+\s?/\s?[a-zđ]+(?:$|\s\S.{1,40},\s?ngày\b) · v/v\b · trích yếu\s?: · độ (?:mật|khẩn) ·
        (?:hỏa tốc|thượng khẩn|khẩn|mật)$ · bản (?:sao|dự thảo) · dự thảo
        """
    )
)
_ISSUER = re.compile(
    either(
        """
        ubnd · ủy ban · sở · phòng · trường · bộ · đảng · tỉnh · huyện · thành · quận · xã · phường · thị ·
        hội đồng · hđnd · chính phủ · thủ tướng · quốc hội · ban · văn phòng · công đoàn · đoàn · chủ tịch ·
        trung tâm · cục · vụ · viện · chi bộ · liên · mặt trận
        """
    )
    + r"\b"
)
_BLANK = r"[\s.…\d]{0,6}"
_PLACE_DATE = re.compile(rf"[a-zà-ỹđ .'-]{{2,60}},\s?ngày\s{_BLANK}\s?tháng\s{_BLANK}\s?năm\s(?:19|20)\d\d")
_TITLE = re.compile(
    either(
        """
        nghị quyết · quyết định · chỉ thị · quy chế · quy định · thông cáo · thông báo · hướng dẫn · chương trình ·
        kế hoạch · phương án · đề án · dự án · báo cáo · biên bản · tờ trình · hợp đồng · công điện · công văn ·
        giấy mời · kết luận · thông tri · thư ngỏ · lịch công tác · thông tư · nghị định · quyết nghị · luật
        """
    )
    + r"\b"
)
_ROLE = re.compile(
    either(
        r"""
        (?:t/?m|k/?t|t/?l|tuq|q)\s?\.\s · t/m\b · k/t\b · t/l\b ·
        (?:quyền )?(?:phó )?(?:chủ tịch|giám đốc|hiệu trưởng|trưởng phòng|bí thư|chánh văn phòng) ·
        (?:phó )?(?:thứ trưởng|bộ trưởng|thủ tướng|người lập|thư ký|chủ tọa|thủ trưởng)
        """
    )
)
_PERSON_LINE = re.compile(
    r"(?:[A-ZÀ-ỸĐ][a-zà-ỹđ]{0,6}\.?\s){1,4}[A-ZÀ-ỸĐ][a-zà-ỹđ]{0,6}\.?(?:\s?[-–(]\s?[\w&ĐƯ .,)-]{1,60})?"
)
_INITIALS = re.compile(r"(?:[A-ZÀ-ỸĐ]\.?\s?){2,4}")
_CAPTION = re.compile(
    either(
        r"""
        quang cảnh · toàn cảnh · khung cảnh · ảnh\s?[:-] · hình\s?\d · \(ảnh · một số hình ảnh ·
        đại biểu (?:dự|phát biểu|tham) ·
        đồng chí [^.;:]{3,90} (?:phát biểu|trình bày|báo cáo|thực hiện|trao|tặng|quán triệt) ·
        các (?:đại biểu|đồng chí)\b.{0,80}\b(?:dự|phát biểu|tham dự|tại)
        """
    )
)
_CREDIT = re.compile(r"[.) ]ảnh(?: minh họa)?\s?: [^.:]{2,40}\.?\)?$")
_END = re.compile(r"\./\.\s?$|\.//\s?$|/\.\s?$")
_CLOSED = re.compile(r"[.;…]['\")\]]*$|\./\.|/\.$")
_URGENT = re.compile(r"\b(?:cần|phải|yêu cầu|đề nghị|chịu trách nhiệm)\b")
_POSTED = re.compile(
    either(
        r"""
        cập nhật · đăng · ngày (?:đăng|cập nhật|gửi|đưa) · thời gian đăng · thứ (?:hai|ba|tư|năm|sáu|bảy|[2-7]) ·
        chủ nhật · \d{1,2}\s?[:h]\s?\d{2} ·
        lượt (?:xem|đọc) · ngày tạo · ngày viết · ngày xuất bản
        """
    )
)

_ABOUT_FRAME = re.compile(
    either(
        r"""
        thời gian(?!.*(?:hoàn thành|lộ trình)) · địa điểm · thành phần · đối tượng · phạm vi · căn cứ ·
        cơ sở (?:pháp lý|lý luận) · lịch · nơi nhận · khái niệm · giải thích · tài liệu tham khảo ·
        nội dung (?:tập huấn|bồi dưỡng|chương trình|khóa học)
        """
    )
    + r"\b"
)
_ABOUT_WORK = re.compile(
    either(
        """
        nhiệm vụ · giải pháp · phương hướng · biện pháp · tổ chức thực hiện · trách nhiệm · phân công ·
        yêu cầu (?:các|đối với) · kế hoạch (?:tháng|tuần|công tác) · công tác trọng tâm ·
        trọng tâm (?:công tác|tháng|tuần) · lộ trình · triển khai thực hiện · đề nghị · kiến nghị ·
        (?:ý kiến|kết luận|nội dung) chỉ đạo · chỉ đạo (?:của|các|thực hiện|triển khai) · thời gian tới
        """
    )
)
_ABOUT_RESULTS = re.compile(
    either(
        """
        kết quả · ưu điểm · tồn tại · hạn chế · nguyên nhân · khó khăn · thuận lợi · thực trạng · tình hình ·
        bài học · đặc điểm · bối cảnh · đánh giá (?:chung|công tác|kết quả|tình hình|việc) ·
        (?:việc|công tác|nội dung|nhiệm vụ) đã (?:thực hiện|làm|triển khai|hoàn thành) ·
        đã (?:thực hiện|làm|triển khai|hoàn thành|đạt) (?:được|trong|tháng|tuần) · thành tích · những việc đã ·
        khái quát · đặt vấn đề ·
        sự cần thiết · mở đầu · khen thưởng
        """
    )
)
_ABOUT_GOALS = re.compile(
    either(
        r"""
        mục tiêu · mục đích · quan điểm · tầm nhìn · sứ mệnh · chỉ tiêu(?! hoàn thành) · yêu cầu cần đạt ·
        chuẩn đầu ra · ý nghĩa · nguyên tắc · yêu cầu$
        """
    )
)


# What members of a meeting say is no conclusion yet.
_ABOUT_TALK = re.compile(
    r"(?:phần )?"
    + either(
        """
        (?:các )?ý kiến (?:thảo luận|tham gia|phát biểu|đóng góp|trao đổi) ·
        (?:các )?ý kiến của (?:các )?(?:đại biểu|thành viên|đồng chí) ·
        (?:các )?ý kiến$ · thảo luận · tham luận · phát biểu (?:thảo luận|tham luận|của các) · hỏi đáp · trao đổi
        """
    )
    + r"(?!.*(?:kết luận|chỉ đạo))"
)


@dataclass(slots=True)
class Block:
    """One block of the page; `start` and `end` are places in `View.text`."""

    start: int
    end: int
    shape: Shape
    kind: str = PROSE
    level: float = float(NONE)
    topic: str = ""

    @property
    def marked(self) -> bool:
        """Whether a bullet or a number stands before it."""
        return self.shape.rank != NONE


@dataclass(slots=True)
class Page:
    """A document laid out."""

    view: View
    blocks: list[Block]
    times: list[dates.Time]
    genre: str = NEWS
    title: str = ""
    issued_on: date | None = None  # in the letterhead
    posted: list[dates.Time] = field(default_factory=list)  # days that stand alone on a web page: clock, posting
    years: tuple[int, int] | None = None  # the school year the page is mostly about

    @property
    def posted_on(self) -> date | None:
        """The latest day the page gives for itself: the site's clock may stand beside the day of posting."""
        return max((time.last for time in self.posted if time.last is not None), default=None)

    def posted_before(self, place: int) -> date | None:
        """The day of the page that stands last before a place: that of the article rather than of the clock."""
        days = [time.last for time in self.posted if time.start < place and time.last is not None]
        return days[-1] if days else self.posted_on

    def words(self, block: Block) -> str:
        return self.view.text[block.start : block.end]

    def low(self, block: Block) -> str:
        return self.view.low[block.start : block.end]


def lay_out(view: View) -> Page:
    """Sort the blocks of a page by what they are."""
    page = Page(view, _blocks(view), dates.find(view.low))
    _mark_chrome(page)
    _mark_letterhead(page)
    _mark_end(page)
    _mark_headings(page)
    _mark_footnotes(page)
    _date_page(page)
    page.genre = _genre(page)
    if page.genre == NEWS:
        _mark_headline(page)
    return page


def topic(low: str) -> str:
    """What the blocks under a heading are about; "" where its words do not say."""
    if low.startswith("mục đích"):
        return GOALS
    if _ABOUT_TALK.match(low):
        return TALK
    if _ABOUT_FRAME.match(low):
        return FRAME
    work, results = _ABOUT_WORK.search(low), _ABOUT_RESULTS.search(low)
    if work and not (results and results.start() < work.start()):
        return WORK
    if results:
        return RESULTS  # "kết quả thực hiện nhiệm vụ": what is named first counts
    return GOALS if _ABOUT_GOALS.search(low) else ""


def _blocks(view: View) -> list[Block]:
    blocks: list[Block] = []
    at = 0
    for shape in view.shapes:
        end = view.text.index("\n", at)
        stop = end - 2 if view.text.endswith(" -", at, end) else end  # the bullet of the next line of a web list
        blocks.append(Block(at, max(at, stop), shape, level=float(shape.rank)))
        at = end + 1
    return blocks


def _mark_chrome(page: Page) -> None:
    for block in page.blocks:
        low = page.low(block)
        question = low.rstrip(' "').endswith("?") and len(low) < 400
        if (
            (_CHROME.match(low) and len(low) < 400)
            or _PAGER.fullmatch(low)
            or low.rstrip("* ").endswith("hình từ internet)")
        ):
            block.kind = CHROME
        elif len(low) < 320 and _CREDIT.search(low.rstrip("* ")):
            block.kind = CAPTION
        elif question and (block.shape.bold or block.shape.hashes or block.shape.rank in (DASH, NUMBER, NONE)):
            block.kind = QUESTION


def _mark_letterhead(page: Page) -> None:
    """Names of the issuer, number, place and date, title and subject, recipients."""
    blocks = page.blocks
    addressed = False
    for place, block in enumerate(blocks[:40]):
        low = page.low(block)
        if block.kind in (CHROME, QUESTION):
            continue
        if low.startswith(("kính gửi", "kính trình")) and len(low) < 600:
            block.kind, addressed = RECIPIENTS, True
            continue
        if addressed and _is_recipient(page, place):
            block.kind = RECIPIENTS
            continue
        addressed = addressed and len(low) <= 30 and block.shape.rank not in (PART, ROMAN, CAPITAL)
        _mark_head(page, place, block, low)


def _is_recipient(page: Page, place: int) -> bool:
    """Whether a line below "Kính gửi:" is one of those addressed."""
    block = page.blocks[place]
    listed = block.shape.rank in (DASH, NUMBER) and block.end - block.start < 160
    followed = place + 1 < len(page.blocks) and page.blocks[place + 1].marked
    return listed and (bool(_CLOSED.search(page.words(block))) or followed)


def _mark_head(page: Page, place: int, block: Block, low: str) -> None:
    """Letterhead, title or neither."""
    words = page.words(block)
    above = page.blocks[place - 1] if place else None
    below_title = above is not None and above.kind == TITLE
    if (
        (_LETTERHEAD.match(low) and len(low) < 300)
        or _PLACE_DATE.fullmatch(low.rstrip(". "))
        or (place < 8 and low.startswith("nơi nhận"))
    ):
        block.kind = LETTERHEAD
    elif words.isupper() and not block.marked and place < 25 and len(low) < 400:
        if _TITLE.match(low) or below_title:
            block.kind = TITLE
            page.title = f"{page.title} {low}".strip()
        elif len(low) < 90 and place < 12 and _ISSUER.match(low):
            block.kind = LETTERHEAD
    elif not block.marked and place < 25 and len(low) < 400 and _opens_as_title(words, low):
        block.kind = TITLE
        page.title = f"{page.title} {low}".strip()
    elif below_title and not block.marked and len(low) < 300 and not words.rstrip().endswith((".", ":", ";")):
        block.kind = TITLE
        page.title += " " + low


def _opens_as_title(words: str, low: str) -> bool:
    """Whether a block begins with the name of a paper in capitals: "KẾT LUẬN của Ban Thường vụ …" on broken lines."""
    named = _TITLE.match(low)
    return named is not None and words[: named.end()].isupper() and not _CLOSED.search(words)


def _mark_end(page: Page) -> None:
    """Recipients, signature and names at the end of the text."""
    closing = False
    for place, block in enumerate(page.blocks):
        low, words = page.low(block), page.words(block).strip()
        if low.startswith("nơi nhận") and block.kind == PROSE:
            block.kind, closing = SIGNATURE, True
            continue
        if closing:
            if block.shape.rank in (PART, ROMAN, CAPITAL) or len(low) > 250 or low.startswith("phụ lục"):
                closing = False
            elif len(low) < 160:
                block.kind = SIGNATURE
                continue
        if block.kind != PROSE or block.shape.rank not in (NONE, CAPITAL) or not place:
            continue
        role = _ROLE.match(low) and (words.isupper() or len(low) < 40) and not _CLOSED.search(words)
        name = len(words) < 90 and (_PERSON_LINE.fullmatch(words) or _INITIALS.fullmatch(words))
        if (role and place > len(page.blocks) // 3) or name:
            block.kind = SIGNATURE


def _mark_headings(page: Page) -> None:
    """Tell headings from items and prose by their punctuation, their look and what follows."""
    blocks = [block for block in page.blocks if block.kind in (PROSE, QUESTION, TITLE)]
    for place, block in enumerate(blocks):
        if block.kind != PROSE:
            block.level = 0.0
            continue
        after = blocks[place + 1] if place + 1 < len(blocks) else None
        if block.marked:
            block.kind = HEADING if _is_numbered_heading(page, block, after) else ITEM
        else:
            _mark_plain(page, block, after)
    for block in page.blocks:
        if block.kind == HEADING:
            block.topic = topic(page.low(block))


def _mark_plain(page: Page, block: Block, after: Block | None) -> None:
    """An unmarked block: heading, caption or prose."""
    low, words = page.low(block), page.words(block).rstrip()
    shouted = words.isupper() and len(words) > 12
    if len(words) >= 250 or (_CLOSED.search(words) and not shouted):
        return
    if _CAPTION.match(low) and len(words) < 220:
        block.kind = CAPTION
    elif _is_loud(page, block) or _introduces(page, block, after):
        block.kind = HEADING
        block.level = (
            0.5 if block.shape.hashes else 1.5 if words.isupper() else 3.5 if block.shape.bold else LETTER + 0.5
        )
    elif len(words) < 160 and not words.endswith((":", ",")) and not (after and after.marked) and _is_short(low):
        block.kind = CAPTION


def _is_loud(page: Page, block: Block) -> bool:
    words = page.words(block).rstrip()
    shouted = words.isupper() and sum(sign.isalpha() for sign in words) > 3
    return block.shape.bold or bool(block.shape.hashes) or shouted


def _is_numbered_heading(page: Page, block: Block, after: Block | None) -> bool:
    words = page.words(block).rstrip()
    loud, size, rank = _is_loud(page, block), len(words), block.shape.rank
    part = rank in (PART, CAPITAL, ROMAN) and size < 70 and after is not None and after.shape.rank != rank
    if size > 300 or (_CLOSED.search(words) and not (loud and size < 120) and not part):
        return False
    if loud or (rank in (PART, CAPITAL, ROMAN) and size < 250 and not words.endswith(":")):
        return True
    if after is None:
        return False
    if after.marked:
        return after.shape.rank > rank
    below = page.words(after).rstrip()
    return after.kind == PROSE and bool(_CLOSED.search(below)) and len(below) > (60 if size > 60 else 30) and size < 200


def _introduces(page: Page, block: Block, after: Block | None) -> bool:
    """Whether a short plain line is a heading: its words name a topic and items or sentences follow."""
    words = page.words(block).rstrip()
    if after is None or words.endswith((":", ",")) or len(words) > 120:
        return False
    return bool(topic(page.low(block))) and (after.marked or bool(_CLOSED.search(page.words(after).rstrip())))


def _is_short(low: str) -> bool:
    return len(low.split()) < 22 and not _URGENT.search(low)


def _mark_footnotes(page: Page) -> None:
    """Notes below the text that a number in the text points to."""
    text = page.view.text
    ended = False
    for block in page.blocks:
        if ended and block.kind in (ITEM, HEADING) and block.shape.marker[:1] in ("(", "["):
            at = text.find(block.shape.marker)
            if 0 < at < block.start and text[max(0, at - 2) : at].strip():
                block.kind = FOOTNOTE
                continue
        if _END.search(page.words(block).rstrip()) or block.kind == SIGNATURE:
            ended = True


def _date_page(page: Page) -> None:
    """The letterhead's date, the web page's own dates, and the school year it speaks of."""
    for block in page.blocks[:60]:
        low = page.low(block)
        inside = [
            time for time in dates.within(page.times, block.start, block.end) if time.kind == dates.DAY and time.last
        ]
        if not inside or len(low) > 140:
            continue
        if block.kind == LETTERHEAD:
            if page.issued_on is None and _PLACE_DATE.search(low):
                page.issued_on = inside[0].last
        elif _is_stamp(page, block, inside[0]):
            page.posted.append(inside[0])
            if block.kind in (PROSE, ITEM, HEADING, CAPTION):
                block.kind = CHROME
    counts: dict[tuple[int, int], int] = {}
    for time in page.times:
        if time.kind in (dates.SCHOOL_YEAR, dates.SEMESTER) and time.years and time.last:
            counts[time.years] = counts.get(time.years, 0) + 1
    if counts:
        page.years = max(counts, key=lambda years: (counts[years], years))


def _is_stamp(page: Page, block: Block, time: dates.Time) -> bool:
    """Whether a line says no more than when the page was put up."""
    if block.end - block.start >= 80:
        return False
    around = page.view.low[block.start : time.start] + page.view.low[time.end : block.end]
    around = around.strip(" ,.-|()[]:")
    return (not around and not block.marked) or (len(around) < 50 and bool(_POSTED.match(around)))


def _genre(page: Page) -> str:
    if page.title.startswith("báo cáo"):
        return REPORT
    if page.title or any(_tells_issued(page, block) for block in page.blocks):
        return ISSUED
    first = next((block for block in page.blocks if block.kind in (HEADING, ITEM, PROSE)), None)
    fragment = first is not None and first.marked and first.shape.rank != DASH
    return ISSUED if fragment else NEWS


def _mark_headline(page: Page) -> None:
    """The title of a news page names no topic, unless it begins with one as a fragment of a document does."""
    first = next((block for block in page.blocks if block.kind in (HEADING, ITEM, PROSE)), None)
    if first is None or first.kind != HEADING or first.marked or first.end - first.start < 30:
        return
    low = re.sub(r"^(?:một số|các|những|về|thông báo) ", "", page.low(first))
    if not (_ABOUT_WORK.match(low) or _ABOUT_GOALS.match(low)):
        first.kind, first.topic = TITLE, ""


def _tells_issued(page: Page, block: Block) -> bool:
    return block.kind == RECIPIENTS or (block.kind == LETTERHEAD and bool(_LETTERHEAD.match(page.low(block))))
