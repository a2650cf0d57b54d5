"""From the facts of a meeting to its conclusion notice (QĐ 45/2018/QĐ-TTg; a named document of type TB)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from giaoban.core.text import nfc
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
from giaoban.reports.ket_luan.facts import Assigned, Concluded, Facts
from giaoban.reports.letterhead import Letterhead, spelled_out
from giaoban.reports.models import Report
from giaoban.reports.sentences import listing

TYPE = "TB"
LONGEST_LIST = 12
"""How many units present the opening names; more are counted."""
COLUMNS = (
    Column("TT", 12, CENTRE),
    Column("Nội dung nhiệm vụ", 92),
    Column("Đơn vị chủ trì", 45),
    Column("Đơn vị phối hợp", 45),
    Column("Sản phẩm", 34),
    Column("Thời hạn", 30, CENTRE),
)


def compose(report: Report, facts: Facts, head: Letterhead) -> OfficialDocument:
    """The whole notice; `report.words` are what a person added in its slots."""
    return OfficialDocument(
        parent_issuer=head.parent_issuer,
        issuer=head.issuer,
        symbol=report.symbol,
        number=report.number,
        place=report.place,
        issued_on=report.issued_on,
        year=facts.day.year,
        kind="Thông báo",
        subject=subject(facts),
        blocks=tuple(_body(facts, report.words)),
        signature=Signature(tuple(report.signing.splitlines()), report.signer),
        recipients=tuple(report.recipients.splitlines()),
        annexes=tuple(_annexes(facts)),
    )


def subject(facts: Facts) -> str:
    return f"Kết luận của {facts.chair_title or facts.chair} tại {_in_text(facts.title)}"


def _body(facts: Facts, words: Mapping[str, str]) -> Iterator[Block]:
    yield Paragraph(opening(facts))
    yield Heading(1, "I", "TÌNH HÌNH, KẾT QUẢ")
    yield from (Bullet(_ended(text)) for text in facts.opinions)
    yield Paragraph(words.get("tinh_hinh", ""), slot="tinh_hinh")
    yield Heading(1, "II", "HẠN CHẾ, RÚT KINH NGHIỆM")
    yield from (Bullet(_ended(text)) for text in facts.difficulties)
    yield Paragraph(words.get("han_che", ""), slot="han_che")
    yield Heading(1, "III", "NHIỆM VỤ THỜI GIAN TỚI")
    yield from _tasks(facts)
    yield Paragraph(words.get("yeu_cau", ""), slot="yeu_cau")
    yield Paragraph(f"{spelled_out(facts.host)} thông báo để các cơ quan, đơn vị biết, thực hiện./.")


def opening(facts: Facts) -> str:
    """Day, place, chair, who was there, what was heard."""
    month = f"{facts.day.month:02d}" if facts.day.month < 3 else str(facts.day.month)
    place = f" tại {facts.place}," if facts.place else ""
    title = f", {facts.chair_title}," if facts.chair_title else ""
    parts = [
        f"Ngày {facts.day.day:02d} tháng {month} năm {facts.day.year},{place} đồng chí {facts.chair}{title} "
        f"chủ trì {_in_text(facts.title)}."
    ]
    if facts.present:
        parts.append(f"Tham dự có {_present(facts)}.")
    if facts.absent:
        parts.append(f"Vắng: {listing(facts.absent)}.")
    heard = "; ".join([*facts.reports, "ý kiến của các đại biểu"])
    parts.append(f"Sau khi nghe {heard}, {facts.chair_title or facts.chair} kết luận như sau:")
    return " ".join(parts)


def _present(facts: Facts) -> str:
    if len(facts.present) <= LONGEST_LIST:
        return f"đại diện {listing(facts.present)}"
    return f"đại diện {len(facts.present)} cơ quan, đơn vị được mời"


def _tasks(facts: Facts) -> Iterator[Block]:
    if not facts.conclusions:
        yield Paragraph("Cuộc họp chưa ghi kết luận nào.")
    number = 0
    for heading, rows in groupby(facts.conclusions, key=lambda row: row.heading):
        if heading:
            number += 1
            yield Heading(2, str(number), heading)
        for row in rows:
            yield Bullet(_conclusion_words(row))


def _conclusion_words(row: Concluded) -> str:
    more = _task_words(row.tasks[0], row.text) if len(row.tasks) == 1 else ""
    return f"{row.text.rstrip('.;')} {more}." if more else _ended(row.text)


def _task_words(task: Assigned, said: str) -> str:
    """What the sentence itself does not say: who with, by when, with what result; in brackets."""
    parts = []
    if task.partners and "phối hợp" not in _small(said):
        parts.append(f"phối hợp: {listing(task.partners)}")
    if task.due and _small(task.due) not in _small(said):
        parts.append(f"thời hạn: {task.due}")
    if task.deliverable and _small(task.deliverable) not in _small(said):
        parts.append(f"sản phẩm: {task.deliverable[:1].lower()}{task.deliverable[1:]}")
    return f"({'; '.join(parts)})" if parts else ""


def _annexes(facts: Facts) -> Iterator[Annex]:
    tasks = [task for row in facts.conclusions for task in row.tasks]
    if tasks:
        rows = tuple(
            (str(no), task.text, task.lead, ", ".join(task.partners), task.deliverable, task.due)
            for no, task in enumerate(tasks, start=1)
        )
        yield Annex("", "Phân công nhiệm vụ", (Table(COLUMNS, rows),), landscape=True)


def _small(text: str) -> str:
    return " ".join(nfc(text).lower().split())


def _ended(text: str) -> str:
    return text if text.endswith((".", ":", ";")) else f"{text}."


def _in_text(title: str) -> str:
    """ "Hội nghị giao ban …" keeps its capital, as documents do; other titles begin small inside a sentence."""
    return title if title.startswith(("Hội nghị", "Ủy ban", "UBND", "Ban ")) else title[:1].lower() + title[1:]
