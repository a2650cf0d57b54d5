"""The mark of secrecy on a paper: MẬT, TỐI MẬT, TUYỆT MẬT, alone below the number (NĐ 30/2020, Phụ lục I, ô 10a).

Only a stamp counts, not the words: "bảo mật thông tin" and "bảo vệ bí mật nhà nước" are what any plan may speak of.
"""

from __future__ import annotations

import re

from giaoban.core.text import fold, nfc

HEAD = 3000
"""Characters from the top within which a stamp stands."""
LETTERHEAD = 16
"""Lines from the top in which it counts in small letters too, as a page may show them large."""

_DEGREES = {"mat": "MẬT", "toi mat": "TỐI MẬT", "tuyet mat": "TUYỆT MẬT"}
_EXACT = {"mật": "MẬT", "tối mật": "TỐI MẬT", "tuyệt mật": "TUYỆT MẬT"}
_DECLARED = re.compile(r"^\W*(?:độ|mức độ) mật\s*[:：\-–]?\s*(tuyệt mật|tối mật|mật)\W*$", re.IGNORECASE)
_BESIDE_NUMBER = re.compile(r"^\s*Số\s*:.*?\s(TUYỆT MẬT|TỐI MẬT|MẬT)\W*$")
_APART = re.compile(r"\t+|\s{3,}|\s*\|\s*")
_SPACED = re.compile(r"(?<!\w)(?:\w ){2,}\w(?!\w)")


def mark(text: str, *, scanned: bool = False) -> str:
    """The mark a text bears, or nothing. In a scan a letter's own mark may have been misread: "MẠT" counts as well."""
    before = ""
    for number, line in enumerate(_lines(text)):
        for part in (line, *_APART.split(line)):
            found = _stamp(part, before, number < LETTERHEAD, scanned)
            if found:
                return found
        beside = _BESIDE_NUMBER.match(line)
        if beside:
            return beside[1]
        before = line
    return ""


def _lines(text: str) -> list[str]:
    return [line.strip() for line in nfc(text[:HEAD]).splitlines() if line.strip()]


def _stamp(part: str, before: str, high: bool, scanned: bool) -> str:
    declared = _DECLARED.match(part)
    if declared:
        return declared[1].upper()
    plain = re.sub(r"[\W_]+", " ", _SPACED.sub(lambda match: match[0].replace(" ", ""), part)).strip()
    if not 3 <= len(plain) <= 12 or not (plain.isupper() or (high and plain[0].isupper())):
        return ""
    degree = _EXACT.get(plain.lower(), "") or (_DEGREES.get(fold(plain), "") if scanned and plain.isupper() else "")
    return "" if fold(before).endswith((" bi", " bao")) else degree
