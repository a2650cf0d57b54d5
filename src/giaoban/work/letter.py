"""The letter to a meeting: giấy mời, or giấy triệu tập for those below the host (NĐ 30/2020/NĐ-CP, Mẫu 1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from giaoban.files.official import Block, Bullet, OfficialDocument, Paragraph, Signature
from giaoban.orgs import queries as orgs
from giaoban.work.models import Meeting


def letter(meeting: Meeting, names: Sequence[str], *, summons: bool, on: date) -> OfficialDocument:
    """To these, in the host's name; number and day are given by the records clerk."""
    host = orgs.body_name(meeting.unit_id, on)
    parent = orgs.parent(meeting.unit_id, orgs.MANAGEMENT, on)
    word = "triệu tập" if summons else "mời"
    return OfficialDocument(
        parent_issuer=orgs.body_name(parent, on) if parent is not None else "",
        issuer=host,
        symbol="GM",
        place="",
        kind="Giấy triệu tập" if summons else "Giấy mời",
        subject=meeting.title,
        year=on.year,
        blocks=tuple(_body(meeting, host, names, word)),
        signature=Signature(((meeting.chair_title or "Thủ trưởng đơn vị").upper(),), meeting.chair_name),
        recipients=("Như trên", "Lưu: VT"),
    )


def _body(meeting: Meeting, host: str, names: Sequence[str], word: str) -> list[Block]:
    verb = "triệu tập" if word == "triệu tập" else "trân trọng kính mời"
    starts = timezone.localtime(meeting.starts_at)
    ends = f" đến {timezone.localtime(meeting.ends_at):%H giờ %M ngày %d/%m/%Y}" if meeting.ends_at else ""
    place = meeting.place or ("Họp trực tuyến" if meeting.online or meeting.online_link else "")
    found: list[Block] = [Paragraph(f"{host} {verb}:"), *(Bullet(name) for name in names)]
    found.append(Paragraph(f"Tới dự: {meeting.title}."))
    found.append(
        Paragraph(f"Chủ trì: {', '.join(part for part in (meeting.chair_name, meeting.chair_title) if part)}.")
    )
    found.append(Paragraph(f"Thời gian: {starts:%H giờ %M ngày %d/%m/%Y}{ends}."))
    if place:
        found.append(Paragraph(f"Địa điểm: {place}."))
    for site in meeting.sites.all():
        found.append(Bullet(f"Điểm cầu {site.name}{f': {site.place}' if site.place else ''}"))
    if meeting.online_link:
        found.append(Paragraph(f"Đường dẫn họp trực tuyến: {meeting.online_link}"))
    agenda = [item for item in meeting.agenda.all() if item.kind != "CARRIED"]
    if agenda:
        found.append(Paragraph("Nội dung:"))
        found += [Bullet(f"{item.title}{f' ({item.minutes} phút)' if item.minutes else ''}") for item in agenda]
    if meeting.requirements:
        found.append(Paragraph(f"Yêu cầu chuẩn bị: {meeting.requirements}"))
    found.append(Paragraph("Đề nghị các đơn vị dự họp đầy đủ, đúng thành phần và thời gian./."))
    return found
