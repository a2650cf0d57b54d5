"""Commendations on paper: the list of those commended, and the certificates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from giaoban.files.certificate import Certificate
from giaoban.files.official import CENTRE, Annex, Column, OfficialDocument, Paragraph, Signature, Table
from giaoban.orgs import queries as orgs
from giaoban.work.models import Award, Meeting
from giaoban.work.queries.awards import award_kinds, by_decision, decision_words, named_kinds

COLUMNS = (
    Column("TT", 12, CENTRE),
    Column("Tập thể, cá nhân", 62),
    Column("Đơn vị", 45),
    Column("Hình thức", 34),
    Column("Thành tích", 60),
)


def table(awards: Sequence[Award], on: date) -> Table:
    """Rows in the order given; a unit as a whole stands by its name alone."""
    names = {each.to_id: orgs.body_name(each.to_id, each.decided_on or on) for each in awards}
    kinds = dict(zip([each.pk for each in awards], named_kinds([each.kind for each in awards]), strict=True))
    rows = tuple(
        (
            str(no),
            ", ".join(part for part in (each.person, each.office) if part) or names[each.to_id],
            names[each.to_id] if each.person else "",
            kinds[each.pk],
            each.reason,
        )
        for no, each in enumerate(awards, start=1)
    )
    return Table(COLUMNS, rows)


def annex(awards: Sequence[Award], on: date, number: str = "") -> Annex:
    """The list as an annex, a table under each decision."""
    blocks: list[Paragraph | Table] = []
    for words, under in by_decision(awards):
        blocks += [Paragraph(f"Kèm theo {words}", italic=True), table(under, on)]
    return Annex(number, "Danh sách tập thể, cá nhân được khen thưởng", tuple(blocks), landscape=True)


def listed(unit_id: int, meeting: Meeting | None, awards: Sequence[Award], on: date) -> OfficialDocument:
    """The list as a paper of its own."""
    where = f"tại {meeting.title}" if meeting else f"đến ngày {on:%d/%m/%Y}"
    parent = orgs.parent(unit_id, orgs.MANAGEMENT, on)
    persons = sum(1 for each in awards if each.person)
    words = f"Tổng số {len(awards)} hình thức khen thưởng: {len(awards) - persons} tập thể, {persons} cá nhân."
    blocks: list[Paragraph | Table] = [Paragraph(words)]
    for decision, under in by_decision(awards):
        blocks += [Paragraph(decision), table(under, on)]
    chair = meeting.chair_title if meeting and meeting.chair_title else "Thủ trưởng đơn vị"
    return OfficialDocument(
        parent_issuer=orgs.body_name(parent, on) if parent is not None and parent != orgs.COUNTRY_ID else "",
        issuer=orgs.body_name(unit_id, on),
        symbol="DS",
        place="",
        kind="Danh sách",
        subject=f"Tập thể, cá nhân được khen thưởng {where}",
        year=on.year,
        blocks=tuple(blocks),
        signature=Signature((chair.upper(),), meeting.chair_name if meeting else ""),
        recipients=("Lưu: VT",),
    )


def certificate(found: Award) -> Certificate:
    """One page: who gives, what, to whom, for what, by which decision."""
    assert found.decided_on is not None
    day = found.decided_on
    issuer = found.document.issuer_unit_id if found.document and found.document.issuer_unit_id else found.unit_id
    body = orgs.body_name(issuer, day)
    spelled = body.replace("UBND", "Ủy ban nhân dân")
    name = orgs.body_name(found.to_id, day)
    place = _place(issuer, day)
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    title = found.signer_title or "Thủ trưởng đơn vị"
    return Certificate(
        given_by=f"Chủ tịch {spelled}" if body.startswith("UBND") else spelled,
        kind=award_kinds()[found.kind].prints,
        to=found.person or name,
        office=", ".join(part for part in (found.office, name) if part) if found.person else "",
        reason=f"Đã có thành tích: {found.reason.rstrip('.')}.",
        place_and_day=f"{place}, ngày {day.day:02d} tháng {month} năm {day.year}".removeprefix(", "),
        notes=(decision_words(found), "Vào sổ khen thưởng số: ........"),
        signature=Signature((title,), found.signer),
    )


def _place(unit_id: int, day: date) -> str:
    """Địa danh without the word of its kind: "Bảo Thắng"."""
    for row in reversed(orgs.path(unit_id, orgs.TERRITORY, day)):
        if row.kind.family == "area":
            return row.name.removeprefix(f"{row.kind.name} ").removeprefix("Thành phố ")
    return ""
