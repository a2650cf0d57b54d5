"""What stands after the play, in a few lines for the terminal."""

from __future__ import annotations

from giaoban.core.numbers import vi_number
from giaoban.demo.play import STORY
from giaoban.documents.models import Document
from giaoban.indicators.models import Effect, Indicator, Submission
from giaoban.journal.models import Event
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import Unit
from giaoban.people.models import Account
from giaoban.work.models import Meeting, Task


def lines() -> list[tuple[str, str]]:
    """(what, how many) pairs, counted from the record."""
    living = orgs.living(STORY.today).count()
    counted = [
        ("Đơn vị qua các thời kỳ", Unit.objects.count(), f"{vi_number(living)} đang tồn tại"),
        ("Chỉ tiêu trong danh mục", Indicator.objects.count(), ""),
        ("Số liệu trong sổ biến động", Effect.objects.count(), "báo cáo của trường và niên giám thống kê"),
        ("Lần nộp báo cáo", Submission.objects.count(), ""),
        ("Văn bản, cuộc họp", Document.objects.count() + Meeting.objects.count(), ""),
        ("Việc được giao", Task.objects.filter(has_parts=False).count(), ""),
        ("Người, vị trí", Account.objects.count(), ""),
        ("Dòng nhật ký", Event.objects.count(), "xâu chuỗi bằng mã băm"),
    ]
    return [(name, vi_number(count) + (f" ({note})" if note else "")) for name, count, note in counted]
