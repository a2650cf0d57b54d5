"""The minutes of a meeting as a paper (NĐ 30/2020/NĐ-CP, Phụ lục III, Mẫu 1.9; QĐ 45/2018/QĐ-TTg on what they hold).

Time and place, who came, who is absent and why, then item by item what was reported, said, asked, voted and concluded,
what was awarded; signed by the secretary and by the chair. The same meeting gives the same paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils import timezone

from giaoban.documents import queries as documents
from giaoban.files.official import (
    CENTRE,
    Annex,
    Block,
    Bullet,
    Column,
    Heading,
    OfficialDocument,
    Paragraph,
    Signature,
    Table,
)
from giaoban.orgs import queries as orgs
from giaoban.work import award_print
from giaoban.work.models import AgendaItem, Award, Conclusion, Contribution, Correction, Invitation, Meeting, Motion
from giaoban.work.queries.awards import awards_at, by_decision
from giaoban.work.queries.names import names as names_of
from giaoban.work.queries.votes import result_words, way_words

ATTENDED = {
    Invitation.Attendance.PRESENT: "Có mặt",
    Invitation.Attendance.LATE: "Có mặt (đến muộn)",
    Invitation.Attendance.SUBSTITUTE: "Dự thay",
    Invitation.Attendance.ABSENT: "Vắng mặt",
    Invitation.Attendance.NONE: "Chưa điểm danh",
}
CAME = (Invitation.Attendance.PRESENT, Invitation.Attendance.LATE, Invitation.Attendance.SUBSTITUTE)
SAID = {
    Contribution.Kind.OPINION: "",
    Contribution.Kind.DIFFICULTY: "nêu khó khăn: ",
    Contribution.Kind.PETITION: "kiến nghị: ",
    Contribution.Kind.ANSWER: "giải đáp: ",
}
BY_ITSELF = (AgendaItem.Kind.CARRIED, AgendaItem.Kind.REQUEST, AgendaItem.Kind.OVERDUE)
"""What the system put on the agenda stands in the minutes when something came of it."""
PEOPLE = (
    Column("TT", 12, CENTRE),
    Column("Đơn vị", 70),
    Column("Người dự", 45),
    Column("Điểm danh", 30),
    Column("Lý do, ghi chú", 45),
)


def minutes(meeting: Meeting, on: date, secretary: str = "") -> OfficialDocument:
    """The paper as the meeting stands; `secretary` is who wrote it down, empty: to be filled in by hand."""
    day = timezone.localdate(meeting.opened_at or meeting.starts_at)
    parent = orgs.parent(meeting.unit_id, orgs.MANAGEMENT, day)
    awards = list(awards_at(meeting))
    invitations = list(meeting.invitations.select_related("position"))
    names = names_of([each.unit_id for each in invitations], day)
    annexes = []
    if invitations:
        annexes.append(Annex("", "Thành phần dự họp", (_people(invitations, names),)))
    if awards:
        annexes.append(award_print.annex(awards, on))
    numbered = len(annexes) > 1
    return OfficialDocument(
        parent_issuer=orgs.body_name(parent, day) if parent is not None and parent != orgs.COUNTRY_ID else "",
        issuer=orgs.body_name(meeting.unit_id, day),
        symbol=documents.next_symbol(meeting.unit_id, "BB", day).partition("/")[2],
        place="",
        kind="Biên bản",
        subject=meeting.title,
        year=day.year,
        blocks=tuple(_body(meeting, invitations, names, awards, secretary)),
        signature=Signature(("Chủ tọa",), meeting.chair_name),
        beside=Signature(("Thư ký",), secretary),
        recipients=("Lưu: VT",),
        annexes=tuple(
            Annex(("I", "II")[no] if numbered else "", each.title, each.blocks, each.landscape)
            for no, each in enumerate(annexes)
        ),
    )


def _body(
    meeting: Meeting,
    invitations: Sequence[Invitation],
    names: dict[int, str],
    awards: Sequence[Award],
    secretary: str,
) -> Iterator[Block]:
    yield Paragraph(f"Thời gian bắt đầu: {_moment(meeting.opened_at or meeting.starts_at)}.")
    place = ", ".join(part for part in (meeting.place, "trực tuyến" if meeting.online else "") if part)
    yield Paragraph(f"Địa điểm: {place or '..............................'}.")
    chair = ", ".join(part for part in (meeting.chair_name, meeting.chair_title) if part)
    yield Paragraph(f"Chủ tọa: {chair}.")
    yield Paragraph(f"Thư ký (người ghi biên bản): {secretary or '..............................'}.")
    yield from _attendance(meeting, invitations, names)
    yield Paragraph("Nội dung (theo diễn biến cuộc họp):")
    yield from _items(meeting, awards)
    yield from _corrections(meeting)
    if meeting.closed_at is not None:
        yield Paragraph(f"Cuộc họp kết thúc vào {_moment(meeting.closed_at)}./.")


def _attendance(meeting: Meeting, invitations: Sequence[Invitation], names: dict[int, str]) -> Iterator[Block]:
    came = sum(each.attendance in CAME for each in invitations)
    guests = meeting.guests.filter(check_ins__isnull=False).distinct().count()
    more = f"; khách mời có mặt: {guests}/{meeting.guests.count()}" if meeting.guests.exists() else ""
    if not invitations and not more:
        return
    listed = " (Phụ lục)" if invitations else ""
    yield Paragraph(f"Thành phần tham dự: có mặt {came}/{len(invitations)} thành phần được mời{listed}{more}.")
    absent = [each for each in invitations if each.attendance == Invitation.Attendance.ABSENT]
    if absent:
        yield Paragraph("Vắng mặt:")
        yield from (Bullet(f"{names.get(each.unit_id, '')}: {each.reason}.") for each in absent)


def _people(invitations: Sequence[Invitation], names: dict[int, str]) -> Table:
    rows = tuple(
        (
            str(no),
            names.get(each.unit_id, ""),
            each.substitute or ", ".join(p for p in (each.person, each.position.title if each.position else "") if p),
            ATTENDED[Invitation.Attendance(each.attendance)],
            each.reason,
        )
        for no, each in enumerate(invitations, start=1)
    )
    return Table(PEOPLE, rows)


def _items(meeting: Meeting, awards: Sequence[Award]) -> Iterator[Block]:
    said = list(meeting.contributions.select_related("request", "saying__difficulty"))
    concluded = list(meeting.conclusions.prefetch_related("tasks__partners"))
    voted = [each for each in meeting.motions.all() if each.state != Motion.State.OPEN]
    presenters = list(meeting.agenda.all())
    units = [each.unit_id for each in said] + [each.presenter_unit_id for each in presenters]
    tasks = [task for each in concluded for task in each.tasks.all()]
    units += [task.lead_id for task in tasks]
    names = names_of(units, timezone.localdate(meeting.opened_at or meeting.starts_at))
    handed = False
    number = 0
    for item in [*presenters, None]:
        pk = item.pk if item else None
        blocks = [
            *(Bullet(_said(each, names)) for each in said if each.item_id == pk),
            *(Bullet(_voted(each)) for each in voted if each.item_id == pk),
        ]
        here = [each for each in awards if each.item_id == pk]
        if item is not None and item.kind == AgendaItem.Kind.AWARD:
            here += [each for each in awards if each.item_id is None]
            handed = True
        elif item is None and handed:
            here = []
        blocks += [Bullet(words) for words in _awarded(here)]
        blocks += [Bullet(_concluded(each, names)) for each in concluded if each.item_id == pk]
        if not blocks and (item is None or item.kind in BY_ITSELF):
            continue
        number += 1
        yield Heading(2, str(number), item.title if item else "Nội dung khác")
        if item is not None and (item.presenter or item.presenter_unit_id):
            who = [item.presenter, names.get(item.presenter_unit_id or 0, "")]
            yield Paragraph(f"Trình bày: {', '.join(part for part in who if part)}.")
        yield from blocks


def _said(each: Contribution, names: dict[int, str]) -> str:
    who = ", ".join(part for part in (each.person, names.get(each.unit_id or 0, "")) if part)
    kind = SAID[Contribution.Kind(each.kind)]
    text = f"{kind}{each.text}" if who else f"{kind[:1].upper()}{kind[1:]}{each.text}"
    asked = getattr(each, "request", None)
    if asked is not None:
        due = f", đề nghị trả lời trước ngày {asked.due_on:%d/%m/%Y}" if asked.due_on else ""
        text = f"{text.rstrip('.;')} (đã lập thành kiến nghị{due})"
    return _ended(f"{who}: {text}" if who else text)


def _voted(each: Motion) -> str:
    words = f"Biểu quyết {each.no} ({way_words(each)}): {each.text.rstrip('.')}."
    if each.state == Motion.State.CANCELLED:
        return f"{words} Hủy biểu quyết: {each.cancelled_why}."
    return f"{words} Kết quả: {result_words(each)}"


def _awarded(awards: Sequence[Award]) -> Iterator[str]:
    for decision, under in by_decision(awards):
        persons = sum(1 for each in under if each.person)
        yield (
            f"Công bố {decision}: khen thưởng {len(under) - persons} tập thể, {persons} cá nhân (danh sách ở Phụ lục)."
        )


def _concluded(each: Conclusion, names: dict[int, str]) -> str:
    tasks = sorted((task for task in each.tasks.all() if task.parent_id is None), key=lambda task: task.pk)
    given = "; ".join(
        ", ".join(part for part in (names.get(task.lead_id or 0, "") or task.group, task.due_text) if part)
        for task in tasks
    )
    more = f" (giao: {given})" if given else ""
    return _ended(f"Kết luận {each.no}: {each.text.rstrip('.;')}{more}")


def _corrections(meeting: Meeting) -> Iterator[Block]:
    found = list(Correction.objects.filter(contribution__meeting=meeting, locked=True).order_by("at", "pk"))
    if not found:
        return
    yield Paragraph("Sửa, bổ sung sau khi kết thúc họp:")
    for each in found:
        change = f"“{each.before}” sửa thành “{each.after}”" if each.before else f"thêm “{each.after}”"
        yield Bullet(f"{timezone.localtime(each.at):%H:%M %d/%m/%Y}, {each.by}: {change}. Lý do: {each.reason}.")


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.hour} giờ {local.minute:02d}, ngày {local:%d/%m/%Y}"


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
