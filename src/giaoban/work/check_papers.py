"""Papers of checks: the plan with its annex, the minutes, the notice of results, and the lists for spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from giaoban.files.official import (
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
from giaoban.files.sheets import Table as Sheet
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.work import check_rules, check_times
from giaoban.work.models import CheckPlan, CheckVisit, Finding

if TYPE_CHECKING:
    from giaoban.work.views.checks.rows import FindingRow, LineRow

KINDS = (
    (Finding.Kind.STRENGTH, "Ưu điểm"),
    (Finding.Kind.SHORTCOMING, "Tồn tại, hạn chế"),
    (Finding.Kind.VIOLATION, "Vi phạm"),
)


AREA_WORDS = re.compile("(Xã|Phường|Đặc khu|Tỉnh|Thành phố) ")


def _parent(unit: int, on: date) -> str:
    """The body above, which a committee of an area does not name at its head (NĐ 30/2020, Phụ lục I)."""
    own, above = orgs.snapshot(unit, on), orgs.parent(unit, orgs.MANAGEMENT, on)
    if above is None or (own is not None and own.kind.family == "area"):
        return ""
    return orgs.body_name(above, on)


def _place(unit: int, on: date) -> str:
    """Địa danh: the area the unit is of, without its kind word."""
    areas = [row for row in orgs.path(unit, orgs.TERRITORY, on) if row.kind.family == "area"]
    return AREA_WORDS.sub("", areas[-1].name, count=1) if areas else ""


def _signed_by(unit: int, on: date) -> Signature:
    """Who leads the unit: TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH, GIÁM ĐỐC; the name is left out where nobody is appointed."""
    own, head = orgs.snapshot(unit, on), people.head(unit, on)
    title = re.split(r" (?=UBND|Ủy ban|Sở|Trường|Phòng)", head.position.title)[0].upper() if head else ""
    lines = (title or "THỦ TRƯỞNG ĐƠN VỊ",)
    if own is not None and own.kind.family == "area":
        lines = ("TM. ỦY BAN NHÂN DÂN", title or "CHỦ TỊCH")
    return Signature(lines, head.account.full_name if head else "")


# The plan


def plan_document(plan: CheckPlan, rows: Sequence[LineRow], on: date) -> OfficialDocument:
    """The plan of the year; its lines stand in an annex across the page."""
    issuer = orgs.body_name(plan.unit_id, on)
    standing = [row for row in rows if row.line.dropped_at is None]
    units = {unit for row in standing for unit in row.units}
    rule = check_rules.overlap(date(plan.year, 1, 1))
    annex = Table(
        columns=(
            Column("TT", 10),
            Column("Nội dung kiểm tra", 60),
            Column("Đơn vị được kiểm tra", 60),
            Column("Thời gian", 30),
            Column("Chủ trì, trưởng đoàn", 45),
            Column("Hình thức", 25),
            Column("Căn cứ", 35),
        ),
        rows=tuple(
            (
                str(number),
                f"{row.line.subject} ({row.topic})",
                "; ".join(row.units),
                _time(row),
                "; ".join(part for part in (row.lead, str(row.head) if row.head else "") if part),
                _form(row),
                _basis(row),
            )
            for number, row in enumerate(standing, start=1)
        ),
    )
    document = plan.document
    return OfficialDocument(
        parent_issuer=_parent(plan.unit_id, on),
        issuer=issuer,
        symbol=_agency(document.symbol) if document else "KH",
        number=document.number if document else None,
        issued_on=document.issued_on if document else None,
        place=_place(plan.unit_id, on),
        kind="Kế hoạch",
        subject=f"Kiểm tra năm {plan.year}",
        year=plan.year,
        blocks=(
            Heading(1, "I", "MỤC ĐÍCH, YÊU CẦU"),
            Paragraph(
                "Giúp các đơn vị thực hiện đúng quy định, kịp thời phát hiện, khắc phục tồn tại; không chồng chéo, "
                f"trùng lặp: một nội dung kiểm tra không quá {rule.times:02d} lần trong năm tại một đơn vị.",
                slot="purpose",
            ),
            Heading(1, "II", "NỘI DUNG"),
            Paragraph(
                f"Năm {plan.year}, {issuer} tổ chức {len(standing)} cuộc kiểm tra tại {len(units)} đơn vị "
                "(Phụ lục kèm theo)."
            ),
            Heading(1, "III", "TỔ CHỨC THỰC HIỆN"),
            Paragraph(
                "Đơn vị chủ trì tham mưu quyết định kiểm tra, lập biên bản, thông báo kết quả và theo dõi việc khắc "
                "phục. Đơn vị được kiểm tra chuẩn bị tài liệu, giải trình và khắc phục đúng thời hạn./."
            ),
        ),
        signature=_signed_by(plan.unit_id, on),
        recipients=("Các đơn vị được kiểm tra", "Lưu: VT"),
        annexes=(Annex("", f"Kế hoạch kiểm tra năm {plan.year}", (annex,), landscape=True),),
    )


def table(plan: CheckPlan, rows: Sequence[LineRow], on: date) -> Sheet:
    """Every line, dropped ones too, with its state and whom it meets."""
    return Sheet(
        name=f"Kiểm tra {plan.year}",
        above=[f"KẾ HOẠCH KIỂM TRA NĂM {plan.year}", orgs.body_name(plan.unit_id, on), f"Ngày lập: {on:%d/%m/%Y}"],
        heads=[
            "TT",
            "Nội dung",
            "Lĩnh vực",
            "Đơn vị được kiểm tra",
            "Từ ngày",
            "Đến ngày",
            "Chủ trì",
            "Trưởng đoàn",
            "Hình thức",
            "Căn cứ",
            "Trạng thái",
            "Trùng với",
        ],
        rows=[
            [
                number,
                row.line.subject,
                row.topic,
                "; ".join(row.units),
                row.line.starts_on,
                row.line.ends_on,
                row.lead,
                str(row.head) if row.head else "",
                _form(row),
                _basis(row),
                _state(row),
                "; ".join(_some(line.met.host, line.units) for line in row.meets),
            ]
            for number, row in enumerate(rows, start=1)
        ],
    )


def findings_table(rows: Sequence[FindingRow], on: date) -> Sheet:
    return Sheet(
        name="Tồn tại chưa xong",
        above=["TỒN TẠI, VI PHẠM CHƯA KHẮC PHỤC XONG", f"Ngày lập: {on:%d/%m/%Y}"],
        heads=["Đơn vị", "Bên kiểm tra", "Lĩnh vực", "Loại", "Phát hiện", "Biện pháp", "Hạn", "Số lần trước"],
        rows=[
            [
                row.unit,
                row.host,
                row.topic,
                dict(KINDS)[Finding.Kind(row.finding.kind)],
                row.finding.text,
                row.finding.measure,
                row.finding.task.due_on if row.finding.task else None,
                row.again,
            ]
            for row in rows
        ],
    )


def _some(host: str, units: Sequence[str]) -> str:
    return f"{host} ({units[0] if len(units) == 1 else f'{len(units)} đơn vị'})"


def _time(row: LineRow) -> str:
    return row.line.time_text or check_times.words(row.line.starts_on, row.line.ends_on)


def _form(row: LineRow) -> str:
    return "Đột xuất" if row.line.form == "SUDDEN" else "Theo kế hoạch"


def _basis(row: LineRow) -> str:
    parts = [row.line.basis.label if row.line.basis else "", row.line.basis_text]
    return "; ".join(part for part in parts if part)


def _state(row: LineRow) -> str:
    if row.line.dropped_at is not None:
        return f"Thôi kiểm tra: {row.line.reason}"
    return str(row.look[1])


# The minutes and the notice


def minutes(found: CheckVisit, rows: Sequence[FindingRow], on: date) -> OfficialDocument:
    """Biên bản kiểm tra, with a place for both sides to sign."""
    unit, host = orgs.body_name(found.unit_id, on), orgs.body_name(found.host_id, on)
    planned = found.target.planned
    opened = timezone.localtime(found.opened_at) if found.opened_at else None
    decision = planned.decision.label if planned.decision else "quyết định kiểm tra"
    blocks: list[Block] = [
        Paragraph(f"Thực hiện {decision} của {host} về kiểm tra “{planned.subject}”."),
        Paragraph(
            f"Hôm nay, {opened:%H giờ %M, ngày %d/%m/%Y}, tại {unit}, Đoàn kiểm tra làm việc với đơn vị."
            if opened
            else f"Đoàn kiểm tra làm việc tại {unit}."
        ),
        Heading(1, "I", "THÀNH PHẦN"),
        *(Bullet(line.strip(" -•")) for line in found.present.splitlines() if line.strip(" -•")),
        Heading(1, "II", "NỘI DUNG VÀ KẾT QUẢ KIỂM TRA"),
    ]
    blocks += [Paragraph(found.summary)] if found.summary else []
    blocks += _found(rows)
    blocks += [
        Heading(1, "III", "Ý KIẾN CỦA ĐƠN VỊ ĐƯỢC KIỂM TRA"),
        Paragraph(found.opinion or found.unsigned_because or "…"),
        Paragraph(_ended(found)),
        Table(
            columns=(Column("ĐẠI DIỆN ĐƠN VỊ ĐƯỢC KIỂM TRA", 80, "centre"), Column("ĐOÀN KIỂM TRA", 80, "centre")),
            rows=((_unit_sign(found), _team_sign(found)),),
        ),
    ]
    return OfficialDocument(
        parent_issuer=host,
        issuer="Đoàn kiểm tra",
        symbol="BB-ĐKT",
        place=_place(found.unit_id, on),
        kind="Biên bản",
        subject=f"Kiểm tra {planned.subject} tại {unit}",
        issued_on=timezone.localdate(found.signed_at) if found.signed_at else None,
        year=found.opens_on.year,
        blocks=tuple(blocks),
        signature=Signature(("TRƯỞNG ĐOÀN",), _head(found)),
        recipients=(unit, host, "Lưu: hồ sơ kiểm tra"),
    )


def notice(found: CheckVisit, rows: Sequence[FindingRow], on: date) -> OfficialDocument:
    """Thông báo kết quả kiểm tra in the words that were issued, with the findings and their deadlines as a table."""
    unit, host = orgs.body_name(found.unit_id, on), orgs.body_name(found.host_id, on)
    document = found.document
    text = found.conclusion or conclusion_text(found, rows)
    mending = [row for row in rows if row.finding.kind != Finding.Kind.STRENGTH]
    blocks: list[Block] = [Paragraph(line) for line in text.splitlines() if line.strip()]
    if mending:
        blocks.append(
            Table(
                caption="Nội dung phải khắc phục",
                columns=(Column("TT", 10), Column("Phát hiện", 65), Column("Biện pháp", 55), Column("Thời hạn", 30)),
                rows=tuple(
                    (str(number), row.finding.text, row.finding.measure, _due(row))
                    for number, row in enumerate(mending, start=1)
                ),
            )
        )
    return OfficialDocument(
        parent_issuer=_parent(found.host_id, on),
        issuer=host,
        symbol=_agency(document.symbol) if document else "TB",
        number=document.number if document else None,
        issued_on=document.issued_on if document else None,
        place=_place(found.host_id, on),
        kind="Thông báo",
        subject=f"Kết quả kiểm tra {found.target.planned.subject} tại {unit}",
        year=on.year,
        blocks=tuple(blocks),
        signature=_signed_by(found.host_id, on),
        recipients=(unit, "Đoàn kiểm tra", "Lưu: VT"),
    )


def conclusion_text(found: CheckVisit, rows: Sequence[FindingRow]) -> str:
    """The text the notice begins with: what the signed minutes hold, kind by kind; a person edits it before issue."""
    on = timezone.localdate(found.signed_at) if found.signed_at else found.opens_on
    unit = orgs.body_name(found.unit_id, on)
    lines = [f"Ngày {on:%d/%m/%Y}, Đoàn kiểm tra đã lập biên bản kiểm tra “{found}” tại {unit}. Kết quả như sau:"]
    for kind, title in KINDS:
        some = [row for row in rows if row.finding.kind == kind]
        if some:
            lines.append(f"{title}:")
            lines += [f"- {row.finding.text.rstrip('.')}{_again(row)}." for row in some]
    measures = [row.finding.measure for row in rows if row.finding.measure]
    if measures:
        lines.append(f"Yêu cầu {unit}:")
        lines += [f"- {text.rstrip('.')}." for text in measures]
    return "\n".join(lines)


def _found(rows: Sequence[FindingRow]) -> list[Block]:
    blocks: list[Block] = []
    number = 0
    for kind, title in KINDS:
        some = [row for row in rows if row.finding.kind == kind]
        if some:
            number += 1
            blocks.append(Heading(2, str(number), title))
            for row in some:
                measure = f" Biện pháp: {row.finding.measure}" if row.finding.measure else ""
                blocks.append(Bullet(f"{row.topic}: {row.finding.text}{_again(row)}.{measure}".replace("..", ".")))
    return blocks


def _again(row: FindingRow) -> str:
    return f" (lặp lại, đã nêu {row.again} lần trước)" if row.again else ""


def _due(row: FindingRow) -> str:
    task = row.finding.task
    if task is None or task.called_off_at is not None:
        return ""
    return f"{task.due_on:%d/%m/%Y}" if task.due_on else task.due_text


def _ended(found: CheckVisit) -> str:
    if found.signed_at is None:
        return "Biên bản được đọc cho các bên cùng nghe, lập thành 02 bản, mỗi bên giữ 01 bản./."
    moment = timezone.localtime(found.signed_at)
    return f"Biên bản kết thúc hồi {moment:%H giờ %M, ngày %d/%m/%Y}, lập thành 02 bản, mỗi bên giữ 01 bản./."


def _unit_sign(found: CheckVisit) -> str:
    if found.unsigned_because:
        return f"Không ký: {found.unsigned_because}"
    return f"Đã ký trên hệ thống\n{found.unit_signed_by}" if found.unit_signed_by else "\n\n\n"


def _team_sign(found: CheckVisit) -> str:
    return f"Đã ký trên hệ thống\n{found.presented_by}" if found.presented_by else "\n\n\n"


def _head(found: CheckVisit) -> str:
    return next((each.name for each in found.target.planned.members.all() if each.head), "")


def _agency(symbol: str) -> str:
    """What follows the number: 05/KH-UBND gives KH-UBND."""
    return symbol.partition("/")[2] or symbol
