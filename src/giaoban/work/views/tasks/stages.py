"""The stages of a draft as a line of four steps, each with what has been reached in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from giaoban.ui.templatetags.ui import day
from giaoban.work.models import DraftComment, Drafting


@dataclass(frozen=True)
class StageLine:
    label: str
    said: str
    reached: bool
    current: bool


def stages(found: Drafting, comments: Sequence[DraftComment] | None = None) -> list[StageLine]:
    """Draft, comments, submitted, issued; a stage that was passed over stays unmarked."""
    every = list(found.comments.all()) if comments is None else list(comments)
    versions = found.versions.count()
    answered = sum(each.answered_at is not None for each in every)
    said = {
        Drafting.Stage.DRAFT: _("%(n)s versions") % {"n": versions} if versions else "",
        Drafting.Stage.COMMENTS: _("%(a)s/%(b)s answered") % {"a": answered, "b": len(every)} if every else "",
        Drafting.Stage.SUBMITTED: day(found.submitted_at) if found.submitted_at else "",
        Drafting.Stage.ISSUED: f"{found.document.symbol}, {day(found.document.issued_on)}" if found.document else "",
    }
    now = found.stage
    return [StageLine(str(stage.label), said[stage], bool(said[stage]), stage == now) for stage in Drafting.Stage]
