"""What a training's certificate says on paper (giấy chứng nhận), one page each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from giaoban.files.certificate import Certificate as Printed
from giaoban.files.official import Signature
from giaoban.orgs import queries as orgs
from giaoban.work.models import Certificate


def printed(certificates: Sequence[Certificate], place: str = "") -> list[Printed]:
    """Only those that hold: a withdrawn one is printed for nobody."""
    return [_one(each, place) for each in certificates if each.withdrawn_at is None]


def _one(each: Certificate, place: str) -> Printed:
    meeting = each.meeting
    starts, ends = timezone.localdate(meeting.starts_at), timezone.localdate(meeting.ends_at or meeting.starts_at)
    days = f"ngày {starts:%d/%m/%Y}" if starts == ends else f"từ ngày {starts:%d/%m/%Y} đến ngày {ends:%d/%m/%Y}"
    return Printed(
        given_by=orgs.body_name(each.unit_id, each.issued_on),
        kind="Giấy chứng nhận",
        to=each.name,
        office=each.office,
        reason=f"Đã hoàn thành chương trình tập huấn: {each.topic}, {days} ({each.attended}/{each.sessions} buổi).",
        place_and_day=_day(place, each.issued_on),
        notes=(f"Số vào sổ cấp giấy chứng nhận: {each.symbol}",),
        signature=Signature(((each.signer_title or "Thủ trưởng đơn vị").upper(),), each.signer),
        verb="Cấp",
    )


def _day(place: str, on: date) -> str:
    """Days below 10 and the months 1 and 2 take a leading zero (NĐ 30/2020, Phụ lục I, Mục II.4)."""
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    words = f"ngày {on.day:02d} tháng {month} năm {on.year}"
    return f"{place}, {words}" if place else words[0].upper() + words[1:]
