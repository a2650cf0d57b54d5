"""The text of a conclusion notice, set out from what was typed in the meeting (meetings_and_tasks.md §3)."""

from __future__ import annotations

from django.utils import timezone

from giaoban.orgs import queries as orgs
from giaoban.work.models import Conclusion, Invitation, Meeting


def notice_text(meeting: Meeting) -> str:
    """Opening with date, place, chair and those present; then the conclusions, numbered, under whom they address."""
    conclusions = list(meeting.conclusions.order_by("no"))
    return "\n\n".join(
        ["THÔNG BÁO", notice_subject(meeting), _opening(meeting), *_numbered(conclusions), _close(meeting)]
    )


def notice_subject(meeting: Meeting) -> str:
    """Its trích yếu: whose conclusion, at which meeting."""
    day = timezone.localtime(meeting.starts_at)
    return f"Kết luận của {meeting.chair_title or meeting.chair_name} tại {meeting.title} ngày {day:%d/%m/%Y}"


def _opening(meeting: Meeting) -> str:
    day = timezone.localtime(meeting.opened_at or meeting.starts_at)
    place = f" tại {meeting.place}" if meeting.place else ""
    chair = f"{meeting.chair_name}, {meeting.chair_title}" if meeting.chair_title else meeting.chair_name
    words = [f"Ngày {day:%d/%m/%Y}{place}, {chair} chủ trì {meeting.title}."]
    came = _came(meeting)
    if came:
        words.append(f"Tham dự có đại diện {came} đơn vị được mời.")
    reports = [item.title for item in meeting.agenda.all() if item.kind == "REPORT"]
    if reports:
        words.append(f"Sau khi nghe {'; '.join(reports)} và ý kiến thảo luận của các đại biểu,")
    else:
        words.append("Sau khi nghe ý kiến thảo luận của các đại biểu,")
    words.append(f"{meeting.chair_title or meeting.chair_name} kết luận như sau:")
    return " ".join(words)


def _came(meeting: Meeting) -> int:
    return sum(each.attendance in _HERE for each in meeting.invitations.all())


_HERE = (Invitation.Attendance.PRESENT, Invitation.Attendance.LATE, Invitation.Attendance.SUBSTITUTE)


def _numbered(conclusions: list[Conclusion]) -> list[str]:
    lines = []
    heading = ""
    for each in conclusions:
        if each.heading and each.heading != heading:
            lines.append(each.heading)
        heading = each.heading
        lines.append(f"{each.no}. {each.text}")
    return lines


def _close(meeting: Meeting) -> str:
    host = orgs.body_name(meeting.unit_id, timezone.localdate(meeting.starts_at))
    return f"{host} thông báo để các đơn vị biết, thực hiện./."
