"""Verbs on saved views: keep one, share it with one's unit, begin with it, drop it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from giaoban.core.refusal import NotAllowed
from giaoban.core.text import nfc
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.people import queries as people
from giaoban.work import refusals, refusals_boards
from giaoban.work.models import FirstView, SavedView
from giaoban.work.queries import saved


def keep_view(
    *, by: Actor, at: datetime, name: str, page: str, asked: Mapping[str, str], shared: bool = False
) -> SavedView:
    """Keep filters under a name. `asked` are filters that were read and checked, never an address as it came."""
    with writing(by=by, at=at, verb="task.view_keep", unit_id=by.unit_id) as entry:
        _require_seat(by, at)
        words = nfc(name).strip()[:80]
        if not words:
            raise refusals.Required(field="name")
        if SavedView.objects.filter(account_id=by.account_id, unit_id=by.unit_id, name=words).exists():
            raise refusals_boards.NameTaken(name=words)
        made = SavedView.objects.create(
            account_id=by.account_id,
            unit_id=by.unit_id,
            shared=shared,
            name=words,
            page=SavedView.Page(page).value,
            asked=dict(asked),
            made_at=at,
        )
        entry.subject = made
        entry.data.update(name=words)
    return made


def share_view(*, by: Actor, at: datetime, view: SavedView, shared: bool) -> SavedView:
    """Let everybody of the unit see one's view, or nobody else any more; who began with it then begins as before."""
    with writing(by=by, at=at, verb="task.view_share", subject=view, unit_id=view.unit_id):
        _require_own(by, at, view)
        view.shared = shared
        view.save(update_fields=["shared"])
        if not shared:
            view.firsts.exclude(account_id=view.account_id).delete()
    return view


def begin_with(*, by: Actor, at: datetime, view: SavedView | None) -> None:
    """With which view the person begins in the position they act in; None = as everybody does."""
    with writing(by=by, at=at, verb="task.view_first", subject=view, unit_id=by.unit_id) as entry:
        _require_seat(by, at)
        if view is not None and not saved.views_of(by).filter(pk=view.pk).exists():
            raise NotAllowed()
        mine = FirstView.objects.filter(account_id=by.account_id, position_id=by.position_id)
        entry.skip = view is None and not mine.exists()
        mine.delete()
        if view is not None:
            FirstView.objects.create(account_id=by.account_id, position_id=by.position_id, view=view)


def drop_view(*, by: Actor, at: datetime, view: SavedView) -> None:
    """One's own view goes; the journal keeps that it was there."""
    with writing(by=by, at=at, verb="task.view_drop", unit_id=view.unit_id) as entry:
        _require_own(by, at, view)
        entry.data.update(name=view.name)
        view.delete()


def _require_seat(by: Actor, at: datetime) -> None:
    if by.account_id is None or by.position_id is None or not people.sits(by, timezone.localdate(at)):
        raise NotAllowed()


def _require_own(by: Actor, at: datetime, view: SavedView) -> None:
    _require_seat(by, at)
    if view.account_id != by.account_id:
        raise NotAllowed()
