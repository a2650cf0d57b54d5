"""Vietnamese sentences about figures, tasks and late units: the same facts give the same words, always.

Plain functions of answers that were asked elsewhere; no clock, no database, no chance. Differences of rates are those
of the printed values ("vượt 6,11 điểm %"), whether a plan is reached is decided by the exact ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from giaoban.analytics.queries import Answer
from giaoban.core.numbers import vi_number, vi_percent, vi_short
from giaoban.work.states import Counts

UP, DOWN = "up", "down"
MET, NOT_MET, UNKNOWN = "met", "not_met", "unknown"
VERDICT_WORDS = {MET: "đạt", NOT_MET: "chưa đạt", UNKNOWN: "—"}


@dataclass(frozen=True)
class Figure:
    """An indicator with its answer: what one line of a report is made of."""

    name: str
    direction: str
    answer: Answer

    @property
    def verdict(self) -> str:
        return verdict(self.answer, self.direction)


def verdict(answer: Answer, direction: str) -> str:
    """Whether the plan is reached, by the exact values: "từ … trở lên" includes the bound."""
    if answer.value is None or answer.target is None:
        return UNKNOWN
    if direction == DOWN:
        return MET if answer.value <= answer.target else NOT_MET
    return MET if answer.value >= answer.target else NOT_MET


def value_words(answer: Answer) -> str:
    """ "52,11% (222/426)", "49 học sinh"; a value that cannot be had is an em dash."""
    if answer.value is None:
        return answer.text
    if answer.is_percent:
        return answer.text + counts_words(answer, " ({})")
    return f"{answer.text} {answer.measure}"


def counts_words(answer: Answer, shape: str = "{}") -> str:
    """ "222/426": the counts a rate was made of; nothing where there is no denominator."""
    if answer.numerator is None or answer.denominator is None:
        return ""
    return shape.format(f"{vi_short(answer.numerator)}/{vi_short(answer.denominator)}")


def plan_text(answer: Answer) -> str:
    """The plan as it is written: "46%", "120 trường"."""
    if answer.target is None:
        return answer.write(None)
    scaled = answer.target * 100 if answer.is_percent else answer.target
    return vi_short(scaled, answer.places) + ("%" if answer.is_percent else "")


def plan_words(answer: Answer, direction: str) -> str:
    """ "vượt 6,11 điểm % so với kế hoạch"; nothing where no plan was set."""
    gap = answer.gap
    if gap is None:
        return ""
    size = answer.write_difference(gap)
    if gap == 0:
        if verdict(answer, direction) == NOT_MET:
            return "xấp xỉ nhưng chưa đạt kế hoạch"
        return "đạt kế hoạch" if direction != DOWN else "bằng mức kế hoạch"
    if direction == DOWN:
        return f"{'cao hơn' if gap > 0 else 'thấp hơn'} mức kế hoạch {size}"
    return f"vượt {size} so với kế hoạch" if gap > 0 else f"thiếu {size} so với kế hoạch"


def change_words(answer: Answer) -> str:
    """ "tăng 3,28 điểm %", "giảm 12", "không đổi"; nothing where there is nothing to compare with.

    A count to which units are missing is no change: it is lower only for want of them.
    """
    change = answer.change
    if change is None or answer.partial:
        return ""
    if change == 0:
        return "không đổi"
    return f"{'tăng' if change > 0 else 'giảm'} {answer.write_difference(change)}"


def sentence(figure: Figure, *, complete: bool = True, coverage: bool = True) -> str:
    """The whole sentence on one indicator, with what it takes to believe it.

    While units are missing (`complete` is false) a count is told without comparison: part of a whole compares with
    nothing. `coverage` is left out where the text around it says how many units are in the figures.
    """
    answer = figure.answer
    if answer.value is None:
        return f"{figure.name}: {missing_words(answer)}."
    verb = "đạt" if figure.direction == UP and answer.is_percent else "là"
    parts = [f"{figure.name} {verb} {value_words(answer)}"]
    compared = complete or answer.is_percent
    if compared:
        if plan := plan_words(answer, figure.direction):
            parts.append(f"{plan} ({plan_text(answer)})")
        if change := change_words(answer):
            parts.append(f"{change} so với cùng kỳ năm trước")
    return ", ".join(parts) + notes_words(answer, coverage=coverage, compared=compared) + "."


def missing_words(answer: Answer) -> str:
    if answer.expected == 0:
        return "chưa có số liệu"
    return f"chưa có số liệu ({vi_number(answer.reported)}/{vi_number(answer.expected)} đơn vị đã nộp)"


def notes_words(answer: Answer, *, coverage: bool = True, compared: bool = True) -> str:
    """What to know of the value: units that have not handed in, shares of divided units that are estimated."""
    notes = []
    if coverage and answer.reported < answer.expected:
        notes.append(f"tính trên {vi_number(answer.reported)}/{vi_number(answer.expected)} đơn vị đã nộp")
    if answer.estimated:
        notes.append("có phần ước tính do sắp xếp đơn vị")
    elif compared and answer.previous_estimated:
        notes.append("số cùng kỳ có phần ước tính do sắp xếp đơn vị")
    return f" ({'; '.join(notes)})" if notes else ""


def summary_sentence(figures: Sequence[Figure]) -> str:
    """How many of the indicators with a plan reached it."""
    judged = [figure for figure in figures if figure.verdict != UNKNOWN]
    if not judged:
        return "Chưa chỉ tiêu nào có đủ kế hoạch và số liệu để đánh giá."
    met = sum(figure.verdict == MET for figure in judged)
    words = f"Trong {len(judged)} chỉ tiêu có kế hoạch, {met} chỉ tiêu đạt và vượt ({vi_percent(met, len(judged), 1)})"
    return words + (f", {len(judged) - met} chỉ tiêu chưa đạt." if met < len(judged) else ".")


def task_sentence(counts: Counts) -> str:
    """The four states of QĐ 42/2014 in one sentence, each share with its counts."""
    if counts.total == 0:
        return "Không có nhiệm vụ nào được giao trong kỳ."
    parts = [
        f"{vi_number(counts.done)} nhiệm vụ đã hoàn thành"
        f" (đúng hạn {vi_number(counts.done_on_time)}, quá hạn {vi_number(counts.done_late)})",
        f"{vi_number(counts.open)} nhiệm vụ đang thực hiện"
        f" (trong hạn {vi_number(counts.open_in_term)}, quá hạn {vi_number(counts.open_overdue)})",
    ]
    if counts.no_deadline:
        parts.append(f"{vi_number(counts.no_deadline)} nhiệm vụ không thời hạn")
    return f"Tổng số {vi_number(counts.total)} nhiệm vụ được giao: {'; '.join(parts)}."


def task_rows(counts: Counts) -> tuple[tuple[str, str, str, str], ...]:
    """The table of states: label, number, share of the dated tasks, a/b."""
    labelled = (
        ("Hoàn thành đúng hạn", counts.done_on_time),
        ("Hoàn thành quá hạn", counts.done_late),
        ("Chưa hoàn thành, trong hạn", counts.open_in_term),
        ("Chưa hoàn thành, quá hạn", counts.open_overdue),
    )
    rows = [
        (label, vi_number(number), vi_percent(number, counts.dated), f"{vi_number(number)}/{vi_number(counts.dated)}")
        for label, number in labelled
    ]
    total = ("Cộng nhiệm vụ có thời hạn", vi_number(counts.dated), vi_percent(counts.dated, counts.dated), "")
    endless = ("Nhiệm vụ không thời hạn", vi_number(counts.no_deadline), "", "")
    return (*rows, total, *((endless,) if counts.no_deadline else ()))


def reporting_sentence(handed_in: int, expected: int, late: int) -> str:
    """How the units kept to the reporting day."""
    if expected == 0:
        return "Không có kỳ báo cáo số liệu nào trong kỳ."
    words = f"{vi_number(handed_in)}/{vi_number(expected)} báo cáo đã nộp ({vi_percent(handed_in, expected, 1)})"
    if handed_in == expected and late == 0:
        return f"{words}, tất cả đúng hạn."
    return f"{words}; {vi_number(late)} báo cáo nộp muộn hoặc quá hạn chưa nộp."


def basis_sentence(accepted: int, expected: int) -> str:
    """On how many reports the figures stand; nothing where no round was opened."""
    if expected == 0:
        return ""
    if accepted == expected:
        return f"Số liệu tính trên đủ {vi_number(expected)} báo cáo đã được duyệt."
    return (
        f"Số liệu tính trên {vi_number(accepted)}/{vi_number(expected)} báo cáo đã được duyệt; "
        "số đếm chưa so sánh với kế hoạch và cùng kỳ cho đến khi đủ báo cáo."
    )


def shortfall_sentence(figure: Figure) -> str:
    """A shortcoming read from a figure: the plan that was missed, or a change for the worse."""
    answer = figure.answer
    if figure.verdict == NOT_MET:
        words = plan_words(answer, figure.direction)
        return f"{figure.name} {value_words(answer)}, {words} ({plan_text(answer)})."
    return f"{figure.name} {value_words(answer)}, {change_words(answer)} so với cùng kỳ năm trước."


def is_worse(figure: Figure, points: int, percent: int) -> bool:
    """Whether the change against last year goes the wrong way, by at least so many points, or percent of a count."""
    answer, change = figure.answer, figure.answer.change
    if change is None or answer.previous is None or answer.partial or figure.direction not in (UP, DOWN):
        return False
    wrong = -change if figure.direction == UP else change
    if answer.is_percent:
        return wrong >= points
    return wrong > 0 and wrong * 100 >= percent * abs(answer.previous)


def listing(names: Sequence[str]) -> str:
    """ "A", "A và B", "A, B và C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"
