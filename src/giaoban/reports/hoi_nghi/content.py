"""From the digest of a unit's conferences to its document: sentences, then the lists they were counted from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from django.utils import timezone

from giaoban.core.numbers import vi_number
from giaoban.files.official import (
    CENTRE,
    RIGHT,
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
from giaoban.reports.letterhead import Letterhead
from giaoban.reports.models import Report
from giaoban.work.queries import digest_words as told
from giaoban.work.queries.digest import Digest

MOST_NAMED = 20
"""How many requests or difficulties the text names one by one; the rest are counted."""
HELD = (
    Column("TT", 12, CENTRE),
    Column("Cuộc họp, hội nghị", 92),
    Column("Ngày", 28, CENTRE),
    Column("Có mặt / được mời", 30, RIGHT),
    Column("Kết luận", 22, RIGHT),
    Column("Nhiệm vụ hoàn thành / giao", 34, RIGHT),
    Column("Quá hạn", 22, RIGHT),
)


def compose(report: Report, found: Digest, head: Letterhead) -> OfficialDocument:
    """The whole document; `report.words` are what a person added in its slots."""
    label = found.period.label[:1].lower() + found.period.label[1:]
    return OfficialDocument(
        parent_issuer=head.parent_issuer,
        issuer=head.issuer,
        symbol=report.symbol,
        number=report.number,
        place=report.place,
        issued_on=report.issued_on,
        year=found.on.year,
        kind="Báo cáo",
        subject=f"Tổng hợp hội nghị, cuộc họp {label}",
        blocks=tuple(_body(found, report.words)),
        signature=Signature(tuple(report.signing.splitlines()), report.signer),
        recipients=tuple(report.recipients.splitlines()),
        annexes=tuple(_annexes(found)),
    )


def _body(found: Digest, words: Mapping[str, str]) -> Iterator[Block]:
    opening = (
        f"{found.unit} tổng hợp kết quả các cuộc họp, hội nghị từ ngày {found.start:%d/%m/%Y}"
        f" đến ngày {found.end:%d/%m/%Y} như sau:"
    )
    yield Paragraph(words.get("mo_dau", "") or opening, slot="mo_dau")
    yield Heading(1, "I", "CÁC CUỘC HỌP, HỘI NGHỊ")
    yield from _said(told.held_sentence(found), told.attendance_sentence(found), told.votes_sentence(found))
    yield Heading(1, "II", "KẾT LUẬN VÀ NHIỆM VỤ ĐƯỢC GIAO")
    yield from _said(told.conclusions_sentence(found), told.tasks_sentence(found))
    late = [each for each in found.meetings if each.counts.open_overdue]
    yield from (
        Bullet(f"{each.meeting.title}: {vi_number(each.counts.open_overdue)} nhiệm vụ quá hạn.")
        for each in late[:MOST_NAMED]
    )
    yield Heading(1, "III", "KIẾN NGHỊ")
    yield from _said(told.requests_sentence(found))
    waiting = [each for each in found.requests if each.request.state == "OPEN"]
    yield from (Bullet(f"{each.unit}: {each.request.text.rstrip('.')}.") for each in waiting[:MOST_NAMED])
    yield Heading(1, "IV", "KHÓ KHĂN, HẠN CHẾ")
    yield from _said(told.difficulties_sentence(found))
    yield from (
        Bullet(f"{each.unit}: {each.difficulty.text.rstrip('.')} (nêu {vi_number(each.times)} lần).")
        for each in found.repeated[:MOST_NAMED]
    )
    yield Heading(1, "V", "KHEN THƯỞNG")
    yield from _said(told.awards_sentence(found))
    yield Heading(1, "VI", "ĐÁNH GIÁ, ĐỀ XUẤT")
    yield Paragraph(words.get("danh_gia", ""), slot="danh_gia")
    yield Paragraph(words.get("kien_nghi", ""), slot="kien_nghi")


def _said(*sentences: str) -> Iterator[Paragraph]:
    words = " ".join(each for each in sentences if each)
    if words:
        yield Paragraph(words)


def _annexes(found: Digest) -> Iterator[Annex]:
    if not found.meetings:
        return
    rows = [
        (
            str(no),
            each.meeting.title,
            f"{timezone.localdate(each.meeting.starts_at):%d/%m/%Y}",
            f"{vi_number(each.came)}/{vi_number(each.invited)}" if each.taken else "—",
            vi_number(each.conclusions),
            f"{vi_number(each.counts.done)}/{vi_number(each.counts.total)}" if each.counts.total else "—",
            vi_number(each.counts.open_overdue),
        )
        for no, each in enumerate(found.meetings, start=1)
    ]
    total = (
        "",
        "Cộng",
        "",
        f"{vi_number(found.came)}/{vi_number(found.invited)}",
        vi_number(found.conclusions),
        f"{vi_number(found.counts.done)}/{vi_number(found.counts.total)}",
        vi_number(found.counts.open_overdue),
    )
    table = Table(HELD, (*rows, total), strong=frozenset({len(rows)}))
    yield Annex("", "Các cuộc họp, hội nghị trong kỳ", (table,), landscape=True)
