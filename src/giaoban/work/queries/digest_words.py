"""The digest of conferences in sentences: the same figures give the same words, always; no rate without its a/b."""

from __future__ import annotations

from giaoban.core.numbers import vi_number, vi_percent
from giaoban.work.queries.digest import Digest


def held_sentence(found: Digest) -> str:
    """How many conferences of which kinds."""
    if not found.meetings:
        return "Trong kỳ đơn vị chưa tổ chức cuộc họp, hội nghị nào."
    kinds = "; ".join(f"{name[:1].lower()}{name[1:]} {vi_number(number)}" for name, number in found.kinds)
    words = f"Đã tổ chức {vi_number(len(found.meetings))} cuộc họp, hội nghị: {kinds}."
    if found.cancelled:
        words += f" Hoãn {vi_number(found.cancelled)} cuộc."
    return words


def attendance_sentence(found: Digest) -> str:
    untaken = f"{vi_number(found.untaken)} cuộc chưa điểm danh" if found.untaken else ""
    if not found.invited:
        return f"Lượt dự: {untaken}." if untaken else ""
    words = f"Lượt dự: {ratio(found.came, found.invited)} lượt được mời"
    return f"{words}; {untaken}." if untaken else f"{words}."


def conclusions_sentence(found: Digest) -> str:
    """Conclusions, and whether their notices kept to the five working days (QĐ 45/2018/QĐ-TTg)."""
    if not found.conclusions:
        return "Chưa ghi kết luận nào." if found.meetings else ""
    words = f"Có {vi_number(found.conclusions)} kết luận."
    if found.notices_due:
        words += (
            f" Thông báo kết luận ban hành trong 05 ngày làm việc: {ratio(found.notices_in_time, found.notices_due)}"
            " cuộc đến hạn."
        )
    return words


def tasks_sentence(found: Digest) -> str:
    """The four states of the tasks that the conclusions gave."""
    stand = found.counts
    if not stand.total:
        return "Các kết luận chưa giao nhiệm vụ có hiệu lực nào." if found.conclusions else ""
    parts = [
        f"hoàn thành {ratio(stand.done, stand.dated)} (đúng hạn {vi_number(stand.done_on_time)},"
        f" quá hạn {vi_number(stand.done_late)})",
        f"đang thực hiện {vi_number(stand.open)} (trong hạn {vi_number(stand.open_in_term)},"
        f" quá hạn {vi_number(stand.open_overdue)})",
    ]
    if stand.no_deadline:
        parts.append(f"không thời hạn {vi_number(stand.no_deadline)}")
    return f"Các kết luận đã giao {vi_number(stand.total)} nhiệm vụ: {'; '.join(parts)}."


def requests_sentence(found: Digest) -> str:
    if not found.requests:
        return "Không có kiến nghị nào gửi đến đơn vị trong kỳ."
    every = len(found.requests)
    words = (
        f"Nhận {vi_number(every)} kiến nghị: đã trả lời {ratio(found.answered, every)}, trong đó đơn vị kiến nghị hài"
        f" lòng {vi_number(found.satisfied)}; chưa trả lời {vi_number(every - found.answered)}"
    )
    return f"{words}, quá hạn trả lời {vi_number(found.late)}." if found.late else f"{words}."


def difficulties_sentence(found: Digest) -> str:
    if not found.difficulties:
        return "Không ghi nhận khó khăn, hạn chế nào tại các cuộc họp trong kỳ."
    every = len(found.difficulties)
    return (
        f"Ghi nhận {vi_number(every)} khó khăn, hạn chế; nêu lại từ hai lần trở lên {vi_number(len(found.repeated))};"
        f" đã giải quyết {ratio(found.difficulties_closed, every)}."
    )


def awards_sentence(found: Digest) -> str:
    units, persons = found.awarded
    if not units + persons:
        return "Không có khen thưởng nào trong kỳ."
    kinds = "; ".join(
        f"{name[:1].lower()}{name[1:]} {vi_number(of_units + of_persons)}"
        for name, of_units, of_persons in found.awards
    )
    return f"Khen thưởng {vi_number(units)} lượt tập thể, {vi_number(persons)} lượt cá nhân: {kinds}."


def votes_sentence(found: Digest) -> str:
    if not found.votes:
        return ""
    return f"Biểu quyết {vi_number(found.votes)} nội dung, thông qua {ratio(found.votes_carried, found.votes)}."


def sentences(found: Digest) -> list[str]:
    """All of them, in the order of the paper."""
    said = [
        held_sentence(found),
        attendance_sentence(found),
        conclusions_sentence(found),
        votes_sentence(found),
        tasks_sentence(found),
        requests_sentence(found),
        difficulties_sentence(found),
        awards_sentence(found),
    ]
    return [each for each in said if each]


def ratio(part: int, whole: int) -> str:
    """ "18/24 (75,0%)"."""
    return f"{vi_number(part)}/{vi_number(whole)} ({vi_percent(part, whole, 1)})"
