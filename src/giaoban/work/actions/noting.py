"""The leader's note on a document (NĐ 30/2020 Điều 23): one step decides who leads, who helps, by when, and gives the
task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from giaoban.documents import actions as documents
from giaoban.documents.models import Document, Handling
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.work.actions.tasks import NewTask, assign


def note(
    *,
    by: Actor,
    at: datetime,
    document: Document,
    unit_id: int,
    opinion: str,
    lead_id: int | None = None,
    partner_ids: Sequence[int] = (),
    due: str = "",
    leader: str = "",
) -> Handling:
    """Note it, and give the task with the same breath; without a lead the document is only filed. All or nothing."""
    with writing(by=by, at=at, verb="document.note", unit_id=unit_id) as entry:
        entry.skip = True  # the verbs inside write their own events
        task = None
        partners = tuple(each for each in dict.fromkeys(partner_ids) if each != lead_id)
        if lead_id is not None:
            words = opinion.strip() or f"Xử lý văn bản {document.symbol}: {document.subject}"
            new = NewTask(text=words, due=due, lead_id=lead_id, partner_ids=partners, leader=leader)
            task = assign(by=by, at=at, unit_id=unit_id, task=new, document=document)
        return documents.note(
            by=by,
            at=at,
            document=document,
            unit_id=unit_id,
            opinion=opinion,
            lead_id=lead_id,
            partner_ids=partners,
            due_text=due,
            task_id=task.pk if task else None,
        )
