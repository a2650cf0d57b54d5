""" "6 rõ" of a task that stands in a text: is it clear who, what, by whose authority, until when, with what result?

The same six points as those of a task that is kept (`work.clarity`), judged by what the text itself says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from giaoban.desk.proposals import Heading


@dataclass(frozen=True)
class Point:
    """A "rõ" that is missing. `vital`: without it nobody can carry the task out."""

    code: str  # person | work | responsibility | time | result; authority is asked of the whole text
    name: str
    vital: bool
    suggestion: str = ""


def unclear(task: Mapping[str, Any]) -> list[Point]:
    """The points that a task of the reader leaves open, in the usual order."""
    return list(_points(task))


def has_authority(text: str, found: Mapping[str, Any], heading: Heading) -> bool:
    """Whether the text shows who gives its tasks: its issuer, who chaired, or who signs."""
    chairs = (found.get("meeting") or {}).get("chairs")
    return bool(heading.issuer or chairs or _SIGNED.search(text))


def _points(task: Mapping[str, Any]) -> Iterator[Point]:
    text, leads = task["text"], list(task.get("assignees") or ())
    if not leads:
        yield Point("person", pgettext("clear", "who"), True, _("Name the unit or person that carries it out."))
    elif all(_EVERYBODY.fullmatch(name.strip().lower()) for name in leads):
        yield Point(
            "person", pgettext("clear", "who"), True, _("“%(name)s” is nobody; name the units.") % {"name": leads[0]}
        )
    if _vague(text):
        yield Point(
            "work", pgettext("clear", "the work"), False, _("Say what is done, so that one can see it is done.")
        )
    if len(leads) > 1 and not _LEADS.search(text):
        yield Point(
            "responsibility", pgettext("clear", "responsibility"), False,
            _("Say which of %(names)s leads.") % {"names": ", ".join(leads[:4])},
        )  # fmt: skip
    if not task.get("due") and not task.get("due_text"):
        yield Point("time", pgettext("clear", "time"), True, _("Add a day, or “thường xuyên”."))
    if not task.get("deliverable"):
        made = _made(text)
        yield Point(
            "result", pgettext("clear", "result"), False, _("For example: %(what)s.") % {"what": made} if made else ""
        )


_EVERYBODY = re.compile(
    r"(?:các |những )?(?:đơn vị|cơ quan|ban,? ngành|ngành|tổ chức|bộ phận|cấp|cá nhân)"
    r"(?: có)?(?: liên quan| chức năng)?|"
    r"các cấp,? các ngành|mọi người|toàn ngành"
)
_LEADS = re.compile(r"chủ trì|phối hợp|đầu mối|làm trưởng|mỗi|từng|theo chức năng", re.IGNORECASE)
_SIGNED = re.compile(
    r"^\W*(?:TM\.|KT\.|TL\.|TUQ\.|Q\.|T/M|K/T|T/L)|"
    r"^\W*(?:CHỦ TỊCH|GIÁM ĐỐC|HIỆU TRƯỞNG|CHÁNH VĂN PHÒNG|TRƯỞNG PHÒNG|BÍ THƯ)\W*$",
    re.MULTILINE,
)
_VAGUE = re.compile(
    r"^\W*(?:\d+[.)]\s*)?(?:tiếp tục |cần |phải )*"
    r"(?:tăng cường|đẩy mạnh|nâng cao|quan tâm|chú trọng|phát huy|làm tốt|thực hiện tốt|"
    r"đổi mới|quán triệt)\b",
    re.IGNORECASE,
)
_CONCRETE = re.compile(
    r"\d|báo cáo|kế hoạch|danh sách|biên bản|quyết định|"
    r"tổ chức|kiểm tra|rà soát|lập|xây dựng|ban hành|hoàn thành|trình|gửi",
    re.IGNORECASE,
)
SHORT = 160  # a longer item explains itself


def _vague(text: str) -> bool:
    return bool(_VAGUE.search(text)) and not _CONCRETE.search(text) and len(text) <= SHORT


_PRODUCTS = (
    (re.compile(r"báo cáo", re.IGNORECASE), "báo cáo"),
    (re.compile(r"kế hoạch", re.IGNORECASE), "kế hoạch"),
    (re.compile(r"rà soát|thống kê|tổng hợp", re.IGNORECASE), "báo cáo kết quả rà soát"),
    (re.compile(r"kiểm tra|giám sát|thanh tra", re.IGNORECASE), "biên bản kiểm tra"),
    (re.compile(r"tham mưu|trình", re.IGNORECASE), "tờ trình, dự thảo văn bản"),
    (re.compile(r"tập huấn|bồi dưỡng|hội nghị|hội thảo", re.IGNORECASE), "danh sách tham dự, báo cáo kết quả"),
    (re.compile(r"tuyên truyền|phổ biến", re.IGNORECASE), "bài viết, số buổi, số người dự"),
)


def _made(text: str) -> str:
    """What such work usually yields: data for a suggestion, never put in by itself."""
    return next((what for pattern, what in _PRODUCTS if pattern.search(text)), "")
