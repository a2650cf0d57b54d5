"""The answer to a request (đề nghị): a unit that may not be ordered says whether it takes the work on."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.work import refusals_tasks
from giaoban.work.actions.tasks.rules import open_task, require_lead, required
from giaoban.work.actions.tasks.telling import name_of, tell_assigner, write_down
from giaoban.work.models import Progress, Relation, Task, TaskReply


def reply_to_request(*, by: Actor, at: datetime, task: Task, accepted: bool, text: str = "") -> TaskReply:
    """The asked unit takes it on, or declines with a reason; whoever asked is told."""
    with writing(by=by, at=at, verb="task.reply", subject=task, unit_id=task.lead_id) as entry:
        task = open_task(task)
        require_lead(by, task, timezone.localdate(at))
        if task.relation != Relation.ASK:
            raise refusals_tasks.NotARequest()
        earlier = TaskReply.objects.filter(task=task).first()
        if earlier is not None:
            raise refusals_tasks.RequestAnsweredAlready(day=timezone.localdate(earlier.at).strftime("%d/%m/%Y"))
        words = text.strip() if accepted else required(text, "text")
        made = TaskReply.objects.create(task=task, accepted=accepted, text=words, at=at, by=name_of(by))
        if accepted:
            task.taken_up_at = task.taken_up_at or at
            task.save(update_fields=["taken_up_at"])
        word = "Nhận thực hiện đề nghị" if accepted else "Chưa nhận được đề nghị"
        write_down(by, at, task, Progress.Kind.REPLIED, f"{word}. {words}".strip())
        tell_assigner(by, at, task, word, "task.assign", body=words)
        entry.data["accepted"] = accepted
    return made
