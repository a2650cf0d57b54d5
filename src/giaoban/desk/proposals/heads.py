"""What the head of a document says of itself: number, day, issuer and subject, where NĐ 30/2020 puts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from giaoban.core.text import nfc


@dataclass(frozen=True)
class Heading:
    """What the head of the document says about itself; proposals for the register."""

    symbol: str = ""
    issued_on: date | None = None
    issuer: str = ""
    subject: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.symbol and self.issued_on and self.issuer and self.subject)


_SYMBOL = re.compile(r"^\W*Số\s*:?\s*(\d{1,5}\s*[/-]\s*[A-ZĐ][\w&ĐÐđ/-]+)", re.MULTILINE | re.IGNORECASE)
_DAY = re.compile(r"ngày\s+(\d{1,2})\s+tháng\s+(\d{1,2})\s+năm\s+(\d{4})", re.IGNORECASE)
_MOTTO = re.compile(r"CỘNG HÒA|CỘNG HOÀ|ĐỘC LẬP|ĐẢNG CỘNG SẢN VIỆT NAM")
_PEOPLES_COMMITTEE = ("ỦY BAN NHÂN DÂN", "UỶ BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN")
_HEAD = 1500


def heading(text: str) -> Heading:
    """Symbol, day, issuer and subject, where the head of the document prints them as NĐ 30/2020 lays down."""
    head = nfc(text[:_HEAD])
    symbol = _SYMBOL.search(head)
    issued = next((day for day in map(_date, _DAY.finditer(head)) if day), None) if symbol else None
    return Heading(
        symbol=re.sub(r"\s", "", symbol[1]) if symbol else "",
        issued_on=issued,
        issuer=_issuer(head[: symbol.start()]) if symbol else "",
        subject=_subject(head),
    )


def _issuer(above: str) -> str:
    """The left column above the number: the body over it first, then who issues (NĐ 30/2020, Phụ lục I, cell 2)."""
    left = [re.split(r"\t| {3,}", line.strip(" *-–—"))[0].strip() for line in above.splitlines()]
    lines = [line for line in left if line and line == line.upper() and not _MOTTO.search(line)]
    if len(lines) > 1 and lines[-2] in _PEOPLES_COMMITTEE:
        return " ".join(lines[-2:])
    return lines[-1] if lines else ""


def _date(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        return None


_KIND = re.compile(r"^\W*(KẾ HOẠCH|THÔNG BÁO|CHỈ THỊ|QUYẾT ĐỊNH|CÔNG VĂN|KẾT LUẬN|CHƯƠNG TRÌNH|BÁO CÁO|NGHỊ QUYẾT)\W*$")


def _subject(head: str) -> str:
    """The lines under the name of the type, "V/v …", or else the first line."""
    lines = [line.strip(" *#") for line in head.splitlines() if line.strip(" *#")]
    for number, line in enumerate(lines):
        about = re.match(r"V/v:?\s*(.+)", line, re.IGNORECASE)
        if about:
            return about[1][:300]
        if _KIND.match(line.upper()) and number + 1 < len(lines):
            return lines[number + 1][:300]
    return lines[0][:300] if lines else ""
