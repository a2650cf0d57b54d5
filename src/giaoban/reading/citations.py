"""Directives and legal documents that a text names, in every numbering system met, with the misspellings of real files.

Grammars after documents.md §5-7, first hit wins: PARTY "29-NQ/TW" · QH "43/2019/QH14" · VBHN "05/VBHN-BGDĐT" · VBQP
"30/2020/NĐ-CP" · ADMIN "157/KH-SCT" · CV "4555/BGDĐT-GDPT". A number counts where the words around it name a document;
a bare number ("Thông tư 17, 18, 19") only where its kind stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from giaoban.reading import dates
from giaoban.reading.layout import LETTERHEAD, Page
from giaoban.reading.marks import Citation
from giaoban.reading.wording import either

GRAMMARS = ("party", "qh", "vbhn", "law", "admin", "letter")
_UP = "A-ZÀ-ỸĐ"
_GLUED = "(?:ngày|của|năm)"  # "17/2012/TT-BGDĐTngày 16/5/2012"
_PART = rf"[{_UP}](?:(?!{_GLUED})[{_UP}a-zà-ỹđ&]){{0,14}}\d{{0,2}}"
_AGENCY = rf"{_PART}(?:\s?-\s?{_PART}){{0,3}}"
_YEAR = r"(?:19|20)\d\d"
_S, _H = r"\s?/\s?", r"\s?-\s?"
_PARTY_TYPES = either(
    """
    NQ · CT · KL · QĐ · QD · QC · QyĐ · QĐi · HD · TT · TTr · TB · BC · KH · CTr · Ctr · CTR · ĐA · PA · CV · BB ·
    TC · TBKL · QĐKL
    """
)
_LAW_TYPES = either("NĐ · ND · QĐ · QD · TT · TTLT · NQ · NQLT · CT · L · PL · SL · CĐ · TB · QC · KH · HD · ĐA · LCT")
_ADMIN_TYPES = either(
    """
    NQ · QĐ · QD · CT · QC · QyĐ · QyD · TC · TB · HD · CTr · Ctr · CTR · KH · PA · ĐA · DA · BC · BB · TTr · TTR ·
    HĐ · CĐ · BGN · BTT · GUQ · GM · GGT · GNP · PG · PC · PB · CTPH · CTHĐ · KHPH · TTPH · KHLT · HDLT · TBKL ·
    KL · CV · VB · ĐK · TTLT · NQLT · NQLN · SY · TM · QT
    """
)
_NUMBER = re.compile(
    r"(?<![\w/.,-])(?<!\d )(?:"
    rf"(?P<party>\d{{1,5}}[a-z]?{_H}(?P<party_type>{_PARTY_TYPES})\s?[/-]\s?"
    rf"(?P<party_agency>[{_UP}][{_UP}a-zà-ỹđ]{{0,9}}\d{{0,2}}(?:-[{_UP}]{{2,8}})?))"
    rf"|(?P<qh>\d{{1,4}}{_S}(?P<qh_year>{_YEAR}){_S}(?P<qh_agency>(?:UBTV)?QH\d{{1,2}}))"
    rf"|(?P<vbhn>\d{{1,4}}{_S}(?:{_YEAR}/)?VBHN{_H}(?P<vbhn_agency>{_AGENCY}))"
    rf"|(?P<law>\d{{1,4}}{_S}(?P<law_year>{_YEAR}){_S}(?P<law_type>{_LAW_TYPES}){_H}(?P<law_agency>{_AGENCY}))"
    rf"|(?P<admin>\d{{1,5}}[a-z]?{_S}(?P<admin_type>{_ADMIN_TYPES})\s?[-/]\s?(?P<admin_agency>{_AGENCY}))"
    rf"|(?P<letter>\d{{1,5}}[a-z]?{_S}(?P<letter_agency>[{_UP}][{_UP}a-zà-ỹđ&]{{1,14}}\d{{0,2}}(?:{_H}{_PART}){{0,3}}))"
    rf")(?:(?![\w/])|(?={_GLUED}))"
)
_KIND = either(
    """
    nghị quyết · nghị định · thông tư liên tịch · thông tư · quyết định · chỉ thị · kết luận ·
    thông báo(?: kết luận)? · công văn · công điện · kế hoạch · hướng dẫn · chương trình(?: hành động)? · báo cáo ·
    tờ trình · quy chế · quy định · đề án · phương án · luật · bộ luật · pháp lệnh · lệnh · văn bản(?: hợp nhất)? ·
    thông tri · biên bản · giấy mời · thông cáo · dự án · chiến lược · công thư · phiếu chuyển · điều lệ ·
    hợp đồng
    """
)
_FORM = either(
    """
    của · liên tịch · hành động · phối hợp · công tác · kết luận · hợp nhất · liên ngành · chỉ đạo · hỏa tốc ·
    khẩn
    """
)
# The kind, perhaps with a word more, and "số" before the number: "Chương trình hành động số".
_LEAD = re.compile(rf"(?P<kind>{_KIND})(?:\s{_FORM}){{0,2}}\s?(?:\(?số\)?|ký hiệu|số hiệu)?\s?:?\s?$")
_NEAR_NUMBER = re.compile(r"(?:số|và|,|;|các số)\s?:?\s?$")
_KNOWN_AGENCY = re.compile(
    r"(?:^|-)"
    + either(
        """
        BGD · SGD · PGD · UBND · HĐND · VPCP · TTg · BNV · BTC · BYT · SNV · STC · GDĐT · SYT · SNN · BCA · BTP ·
        BXD · VPTW · VPTU
        """
    )
)
_PLAIN_KIND = either(
    """
    nghị quyết · nghị định · thông tư · quyết định · chỉ thị · kết luận · công văn · công điện · kế hoạch ·
    hướng dẫn · văn bản · thông báo(?: kết luận)?(?= số )
    """
)
_BARE = re.compile(
    rf"\b(?P<kind>{_PLAIN_KIND})\s(?P<so>số\s)?(?P<first>\d{{1,5}}(?:/{_YEAR})?)"
    r"(?P<more>(?:,\s?\d{1,5}){0,6}(?:\s?(?:và|,)\s\d{1,5})?)(?![\w/%]|[.,-]\d|\s?[-/]\s?\w)"
)
# "kế hoạch 2 tháng", "hướng dẫn 5 nội dung": a count, not a number of a document.
_COUNTED = re.compile(
    " ?"
    + either(
        rf"""
        tháng · nội dung · nhiệm vụ · giải pháp · điểm · trường · học · năm (?!{_YEAR}) · % · buổi · lớp · đồng ·
        ngày (?!\d) · bước · giai · môn · tuần · nhóm · đơn vị · xã · cấp · tỷ · triệu · người · công trình · dự án
        """
    )
)
_AFTER_DATE = re.compile(r"[ ,(]*(?:ra |ban hành |ký )?(?:ngày |ký ngày )?$")
_OF = re.compile(r"[ ,]*(?:của|do) [^.;:()\d]{2,70}?(?:ban hành|ký)?[\s,(]*(?:ngày\s)?$")
_IN_YEAR = re.compile(rf"\snăm {_YEAR}")
_ISSUED = re.compile(r"\b(?:ban hành|đã có|vừa có|ký|ra|gửi|phát đi|công bố|có)\b")
_NOT_ISSUED = ("trước", "hạn", "đến", "từ")
_TYPES = {
    "nghị quyết": "NQ",
    "nghị định": "NĐ",
    "thông tư": "TT",
    "quyết định": "QĐ",
    "chỉ thị": "CT",
    "kết luận": "KL",
    "công văn": "CV",
    "công điện": "CĐ",
    "kế hoạch": "KH",
    "hướng dẫn": "HD",
    "thông báo": "TB",
    "thông báo kết luận": "TB",
}
_MISSPELT = {"ND": "NĐ", "QD": "QĐ", "Ctr": "CTr", "CTR": "CTr", "TTR": "TTr", "QyD": "QyĐ"}
_WHY = {
    "party": "số văn bản Đảng",
    "qh": "số văn bản Quốc hội",
    "vbhn": "số văn bản hợp nhất",
    "law": "số văn bản quy phạm",
    "admin": "số văn bản hành chính",
    "letter": "số công văn",
}


def find(page: Page) -> list[Citation]:
    """The citations of a page, in order, without the document's own number in its letterhead."""
    own = [(block.start, block.end) for block in page.blocks if block.kind == LETTERHEAD]
    found: list[Citation] = []
    taken: set[int] = set()  # dates that stand before a name belong to one document only
    for match in _NUMBER.finditer(page.view.text):
        if any(start <= match.start() < end for start, end in own):
            continue
        citation = _numbered(page, match, taken)
        if citation is not None:
            found.append(citation)
    known = {(_type(citation.key), _leading(citation.number)) for citation in found}
    covered = [(citation.start, citation.end) for citation in found]
    found.extend(_bare(page, known, covered))
    return sorted(found, key=lambda citation: (citation.start, citation.number))


def _numbered(page: Page, match: re.Match[str], taken: set[int]) -> Citation | None:
    """A number that follows one of the grammars, with its date."""
    before = page.view.low[max(0, match.start() - 60) : match.start()]
    lead = _LEAD.search(before)
    named = lead is not None or bool(_NEAR_NUMBER.search(before))
    grammar = next(name for name in GRAMMARS if match[name])
    if not _credible(grammar, match, named):
        return None
    number = re.sub(r"\s", "", match[0])
    start = match.start() - (len(before) - lead.start()) if lead is not None else match.start()
    day, end = _date_after(page, match.end())
    if day is None:
        day, start = _date_before(page, start, taken)
    return Citation(start, end, number, day, _WHY[grammar], 1.0 if named else 0.8, _key(grammar, match, number, day))


def _credible(grammar: str, match: re.Match[str], named: bool) -> bool:
    """Whether the loose grammars of administrative numbers mean a document here."""
    if grammar not in ("letter", "admin"):
        return True
    agency = match[f"{grammar}_agency"]
    capitals = sum(letter.isupper() for letter in agency)
    if grammar == "letter":
        return capitals >= 2 and (named or bool(_KNOWN_AGENCY.search(agency)))
    return named or capitals >= 2 or bool(_KNOWN_AGENCY.search(agency))


def _date_after(page: Page, end: int) -> tuple[date | None, int]:
    """The date printed after a number, at once or after its issuer, and where the citation then ends."""
    low = page.view.low
    for time in dates.within(page.times, end, end + 100):
        if time.kind == dates.YEAR and time.start - end < 3:
            continue
        if time.kind == dates.DAY and time.last is not None:
            between = low[end : time.start]
            if _AFTER_DATE.fullmatch(between) or _OF.fullmatch(between):
                return time.last, time.end
        break
    year = _IN_YEAR.match(low, end)
    return None, year.end() if year else end


def _date_before(page: Page, start: int, taken: set[int]) -> tuple[date | None, int]:
    """A date before the name in the same sentence, when somebody issued the document on it."""
    low = page.view.low
    limit = max(0, start - 260)
    begin = max(low.rfind(sign, limit, start) for sign in ("\n", ". ", ";", ":")) + 1 or limit
    times = [time for time in dates.within(page.times, begin, start) if time.kind == dates.DAY and time.last]
    if not times or times[-1].start in taken:
        return None, start
    time = times[-1]
    between = low[time.end : start]
    if len(between) > 200 or not _ISSUED.search(between) or _NUMBER.search(page.view.text, time.end, start):
        return None, start
    if low[max(0, time.start - 30) : time.start].strip().endswith(_NOT_ISSUED):
        return None, start
    taken.add(time.start)
    return time.last, time.start


def _bare(page: Page, known: set[tuple[str, str]], covered: list[tuple[int, int]]) -> Iterator[Citation]:
    """Documents named by kind and plain number, unless the full number stands elsewhere on the page."""
    low = page.view.low
    seen: set[tuple[str, str]] = set()
    for match in _BARE.finditer(low):
        kind, end = match["kind"], match.end()
        numbers = [match["first"], *re.findall(r"\d{1,5}", match["more"])]
        if any(start <= match.start("first") < stop for start, stop in covered):
            continue
        if len(numbers) == 1 and _COUNTED.match(low, end):
            continue
        for number in numbers:
            year = re.fullmatch(_YEAR, number) and not match["so"]
            if year or (kind, number) in seen or _is_known(kind, number, known):
                continue
            seen.add((kind, number))
            day, stop = _date_after(page, end)
            yield Citation(match.start(), stop, number, day, "tên loại và số", 0.7 if len(number) > 1 else 0.5)


def _leading(number: str) -> str:
    """The running number without leading noughts."""
    match = re.match(r"0*(\d+)", number)
    return match[1] if match else number


def _type(key: str) -> str:
    return key.split("|")[1] if key else ""


def _is_known(kind: str, number: str, known: set[tuple[str, str]]) -> bool:
    """Whether a bare number shortens one that is printed in full elsewhere."""
    plain, code = _leading(number), _TYPES.get(kind)
    return (code, plain) in known if code else any(other == plain for _, other in known)


def _key(grammar: str, match: re.Match[str], number: str, day: date | None) -> str:
    """The name by which registers know the same document (documents.md §7)."""
    plain = _leading(number)
    agency = re.sub(r"\b([BSP]GD)DT", r"\1ĐT", re.sub(r"\s", "", match[f"{grammar}_agency"]))
    if grammar == "qh":
        return f"state|QH|{plain}|{match['qh_year']}|{agency}"
    if grammar == "vbhn":
        return f"state|VBHN|{plain}||{agency}"
    kind = "CV" if grammar == "letter" else _MISSPELT.get(match[f"{grammar}_type"], match[f"{grammar}_type"])
    if grammar == "law":
        return f"state|{kind}|{plain}|{match['law_year']}|{agency}"
    when = day.isoformat() if day else ""
    return f"{'party' if grammar == 'party' else 'state'}|{kind}|{plain}||{agency}|{when}"
