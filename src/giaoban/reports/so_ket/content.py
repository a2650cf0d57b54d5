"""From the facts of a semester to its review: parts, sentences, tables. The same facts give the same document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from giaoban.core.numbers import vi_number
from giaoban.core.period import Kind
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
from giaoban.reports import sentences
from giaoban.reports.letterhead import Letterhead, spelled_out
from giaoban.reports.models import Report
from giaoban.reports.sentences import NOT_MET, VERDICT_WORDS, Figure
from giaoban.reports.so_ket.facts import Facts, OpenTask, outline

TYPE = "BC"
LONGEST_LIST = 30
"""How many late units or overdue tasks a report names one by one; the rest are counted."""
COLUMNS = (
    Column("TT", 12, CENTRE),
    Column("Chỉ tiêu", 66),
    Column("Đơn vị tính", 22, CENTRE),
    Column("Thực hiện", 22, RIGHT),
    Column("a/b", 36, RIGHT),
    Column("Kế hoạch", 19, RIGHT),
    Column("So với kế hoạch", 31),
    Column("So với cùng kỳ", 31),
    Column("Kết quả", 19, CENTRE),
)
LONGEST_NAMES = 12
"""How many units one line names; the rest are counted."""
STATES = (
    Column("Trạng thái", 80),
    Column("Số nhiệm vụ", 28, RIGHT),
    Column("Tỷ lệ", 25, RIGHT),
    Column("a/b", 32, RIGHT),
)


def compose(report: Report, facts: Facts, head: Letterhead) -> OfficialDocument:
    """The whole document; `report.words` are what a person added in its slots."""
    return OfficialDocument(
        parent_issuer=head.parent_issuer,
        issuer=head.issuer,
        symbol=report.symbol,
        number=report.number,
        place=report.place,
        issued_on=report.issued_on,
        year=facts.on.year,
        kind="Báo cáo",
        subject=subject(facts),
        blocks=tuple(_body(facts, report.words)),
        signature=Signature(tuple(report.signing.splitlines()), report.signer),
        recipients=tuple(report.recipients.splitlines()),
        annexes=tuple(_annexes(facts)),
    )


def subject(facts: Facts) -> str:
    label = _lower(facts.period.label)
    if facts.period.kind in (Kind.SEMESTER_1, Kind.SEMESTER_2):
        return f"Sơ kết {label} và phương hướng, nhiệm vụ trọng tâm thời gian tới"
    return f"Kết quả thực hiện nhiệm vụ {label} và phương hướng thời gian tới"


def _body(facts: Facts, words: Mapping[str, str]) -> Iterator[Block]:
    own = _Slots(words)
    yield own.slot("mo_dau", opening(facts))
    yield Heading(1, "I", "KẾT QUẢ THỰC HIỆN NHIỆM VỤ")
    yield Paragraph(sentences.basis_sentence(facts.reporting.counted, facts.reporting.expected))
    yield Paragraph(sentences.summary_sentence(_told(facts)))
    yield from _results(facts, own)
    yield Heading(1, "II", "THỰC HIỆN NHIỆM VỤ ĐƯỢC GIAO")
    yield from _tasks(facts, own)
    yield Heading(1, "III", "CHẤP HÀNH CHẾ ĐỘ BÁO CÁO")
    yield from _reporting(facts, own)
    yield Heading(1, "IV", "TỒN TẠI, HẠN CHẾ")
    yield from _shortcomings(facts, own)
    yield Heading(1, "V", "PHƯƠNG HƯỚNG, NHIỆM VỤ THỜI GIAN TỚI")
    yield from _ahead(facts, own)
    yield Heading(1, "VI", "ĐỀ XUẤT, KIẾN NGHỊ")
    yield own.slot("kien_nghi", "Không.")
    yield Paragraph(f"Trên đây là báo cáo {_lower(subject(facts))} của {spelled_out(facts.unit_name)}./.")


def opening(facts: Facts) -> str:
    who = spelled_out(facts.unit_name)
    return (
        f"{who} báo cáo kết quả thực hiện nhiệm vụ {_lower(facts.period.label)} theo số liệu đã duyệt "
        f"đến ngày {_day(facts.on)} như sau:"
    )


class _Slots:
    """Where a person may write: their words if there are any, else what the form says by itself."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self.words = words

    def slot(self, name: str, otherwise: str = "") -> Paragraph:
        return Paragraph(self.words.get(name, otherwise), slot=name)


def _results(facts: Facts, own: _Slots) -> Iterator[Block]:
    number = 0
    for section in facts.sections:
        if not section.figures:
            continue
        number += 1
        yield Heading(2, str(number), section.title)
        for figure in section.figures:
            covered = facts.reporting.expected > 0
            yield Bullet(sentences.sentence(figure, complete=facts.reporting.complete, coverage=not covered))
        yield own.slot(section.slot)
    if not number:
        yield Paragraph("Chưa có số liệu nào được duyệt trong kỳ.")


def _tasks(facts: Facts, own: _Slots) -> Iterator[Block]:
    yield Paragraph(sentences.task_sentence(facts.tasks))
    if facts.tasks.dated:
        yield Table(
            (
                Column("Trạng thái", 80),
                Column("Số nhiệm vụ", 28, RIGHT),
                Column("Tỷ lệ", 25, RIGHT),
                Column("a/b", 32, RIGHT),
            ),
            sentences.task_rows(facts.tasks),
            caption="Bảng 1. Tình hình thực hiện nhiệm vụ được giao",
            strong=frozenset({4}),
        )
    if facts.overdue:
        yield Paragraph("Nhiệm vụ quá hạn chưa hoàn thành:")
        yield from _task_lines(facts.overdue)
    yield own.slot("nhiem_vu")


def _task_lines(tasks: Sequence[OpenTask]) -> Iterator[Bullet]:
    for task in tasks[:LONGEST_LIST]:
        who = f" ({_named(task.leads)})" if task.leads else ""
        late = f", quá hạn {vi_number(task.days_late)} ngày" if task.days_late else ""
        yield Bullet(f"{task.text}{who}; hạn {task.due}{late}.")
    if len(tasks) > LONGEST_LIST:
        yield Bullet(f"Và {vi_number(len(tasks) - LONGEST_LIST)} nhiệm vụ khác.")


def _named(names: Sequence[str], most: int = LONGEST_NAMES) -> str:
    """Some names, the rest counted."""
    rest = len(names) - most
    return f"{', '.join(names[:most])} và {vi_number(rest)} đơn vị khác" if rest > 0 else sentences.listing(names)


def _reporting(facts: Facts, own: _Slots) -> Iterator[Block]:
    kept = facts.reporting
    yield Paragraph(sentences.reporting_sentence(kept.handed_in, kept.expected, kept.late))
    if kept.owing:
        yield Paragraph(f"Đơn vị chưa nộp hoặc chưa nộp lại: {_named(kept.owing, LONGEST_LIST)}.")
    yield own.slot("bao_cao")


def _shortcomings(facts: Facts, own: _Slots) -> Iterator[Block]:
    found = [figure for figure in _told(facts) if figure.verdict == NOT_MET] + _worse(facts)
    yield from (Bullet(sentences.shortfall_sentence(figure)) for figure in found)
    if facts.tasks.open_overdue:
        yield Bullet(f"Còn {vi_number(facts.tasks.open_overdue)} nhiệm vụ quá hạn chưa hoàn thành.")
    if facts.reporting.owing:
        yield Bullet(f"Còn {vi_number(len(facts.reporting.owing))} đơn vị chưa nộp đủ báo cáo số liệu.")
    if not (found or facts.tasks.open_overdue or facts.reporting.owing):
        yield Paragraph("Số liệu và nhiệm vụ trong kỳ không cho thấy chỉ tiêu nào chưa đạt kế hoạch.")
    yield own.slot("han_che")


def _told(facts: Facts) -> list[Figure]:
    """Figures that bear comparison: all of them, or while reports are missing the rates only."""
    return [figure for figure in facts.figures if facts.reporting.complete or figure.answer.is_percent]


def _worse(facts: Facts) -> list[Figure]:
    bound = outline()["worse"]
    found = [
        figure
        for figure in _told(facts)
        if figure.verdict != NOT_MET and sentences.is_worse(figure, bound["points"], bound["percent"])
    ]
    return found[: bound["most"]]


def _ahead(facts: Facts, own: _Slots) -> Iterator[Block]:
    missed = [figure for figure in _told(facts) if figure.verdict == NOT_MET]
    if facts.conclusions:
        yield Paragraph("Tiếp tục thực hiện các kết luận chưa hoàn thành:")
        yield from (Bullet(text.rstrip(".") + ".") for text in facts.conclusions[:LONGEST_LIST])
    if facts.ahead:
        yield Paragraph("Hoàn thành đúng hạn các nhiệm vụ được giao:")
        yield from _task_lines(facts.ahead)
    if missed:
        names = sentences.listing([_lower(figure.name) for figure in missed])
        yield Paragraph(f"Tập trung giải pháp để đạt kế hoạch về: {names}.")
    yield own.slot("phuong_huong")


def _annexes(facts: Facts) -> Iterator[Annex]:
    rows, strong = _table_rows(facts)
    if rows:
        yield Annex(
            "I",
            f"Kết quả thực hiện các chỉ tiêu {_lower(facts.period.label)}",
            (Table(COLUMNS, rows, note=_note(facts.on), strong=strong),),
            landscape=True,
        )
    kept = [place for place in range(len(facts.main)) if any(_has(row.figures[place]) for row in facts.below)]
    if kept:
        columns = (
            Column("TT", 12, CENTRE),
            Column("Đơn vị", 56),
            *(Column(facts.main[place], 27, RIGHT) for place in kept),
        )
        lines = tuple(
            (str(number), row.name, *(_text(row.figures[place]) for place in kept))
            for number, row in enumerate(facts.below, start=1)
        )
        yield Annex("II", "Một số chỉ tiêu theo đơn vị", (Table(columns, lines, note=_note(facts.on)),), landscape=True)


def _table_rows(facts: Facts) -> tuple[tuple[tuple[str, ...], ...], frozenset[int]]:
    rows: list[tuple[str, ...]] = []
    strong = set()
    number = 0
    for section in facts.sections:
        if section.figures:
            strong.add(len(rows))
            rows.append(("", section.title, *[""] * (len(COLUMNS) - 2)))
        for figure in section.figures:
            number += 1
            rows.append((str(number), *_row(figure, facts.reporting.complete or figure.answer.is_percent)))
    return tuple(rows), frozenset(strong)


def _row(figure: Figure, compared: bool) -> tuple[str, ...]:
    answer = figure.answer
    plan, change = sentences.plan_words(answer, figure.direction), sentences.change_words(answer)
    return (
        figure.name,
        answer.measure,
        answer.text,
        sentences.counts_words(answer),
        sentences.plan_text(answer),
        _first_up(plan.removesuffix(" so với kế hoạch")) if compared else "",
        _first_up(change) if compared else "",
        VERDICT_WORDS[figure.verdict] if compared else "—",
    )


def _has(figure: Figure | None) -> bool:
    return figure is not None and figure.answer.value is not None


def _text(figure: Figure | None) -> str:
    return figure.answer.text if figure else "—"


def _note(on: date) -> str:
    return f"Số liệu đã duyệt đến ngày {on:%d/%m/%Y}. Dấu — là chưa có số liệu hoặc chưa giao kế hoạch."


def _day(on: date) -> str:
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"{on.day:02d} tháng {month} năm {on.year}"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _first_up(text: str) -> str:
    return text[:1].upper() + text[1:]
