"""The one way to write: a transaction whose last statements are the ledger and the journal.

    with writing(by=actor, at=now, verb="round.open", subject=round, unit_id=unit.id) as entry:
        ...                                   # change rows
        entry.data["sheet"] = sheet.code      # what the journal keeps
        entry.under_lock(append_effects)      # what must follow commit order (the ledger)
        entry.after_commit(send)              # the outside world

A verb that calls verbs joins the transaction it finds; all events are written together at the outermost end, under
one lock, so that sequence numbers follow commit order (decision "Journal": last statement of the transaction).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django.db import connection, models, transaction

from giaoban.journal.actor import Actor
from giaoban.journal.models import Event

LOCK = 7_204_001  # any number, the same in every process: the advisory lock of the sequence


@dataclass
class Entry:
    """What one verb tells the journal; filled in while the verb works."""

    by: Actor
    at: datetime
    verb: str
    subject: models.Model | None = None
    unit_id: int | None = None
    reason: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    skip: bool = False
    _transaction: _Transaction | None = None

    def under_lock(self, job: Callable[[], None]) -> None:
        """Run `job` at the end of the transaction, under the lock that orders the ledger."""
        assert self._transaction is not None
        self._transaction.jobs.append(job)

    def after_commit(self, job: Callable[[], None]) -> None:
        transaction.on_commit(job)


@dataclass
class _Transaction:
    entries: list[Entry] = field(default_factory=list)
    jobs: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[_Transaction | None] = ContextVar("journal_transaction", default=None)


@contextmanager
def writing(
    *,
    by: Actor,
    at: datetime,
    verb: str,
    subject: models.Model | None = None,
    unit_id: int | None = None,
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Iterator[Entry]:
    """One verb: one transaction, one event. `subject` may be set on the entry while the verb works."""
    if not isinstance(by, Actor):
        raise TypeError("every write needs an actor; system work passes SYSTEM")
    entry = Entry(by=by, at=at, verb=verb, subject=subject, unit_id=unit_id, reason=reason, data=dict(data or {}))
    outer = _current.get()
    if outer is not None:
        entry._transaction = outer
        jobs, entries = len(outer.jobs), len(outer.entries)
        try:
            with transaction.atomic():
                yield entry
        except BaseException:  # whoever called it may go on: nothing of it is told or done
            del outer.jobs[jobs:], outer.entries[entries:]
            raise
        outer.entries.append(entry)
        return
    mine = _Transaction()
    entry._transaction = mine
    token = _current.set(mine)
    try:
        with transaction.atomic():
            yield entry
            mine.entries.append(entry)
            lock()
            for job in mine.jobs:
                job()
            _append([kept for kept in mine.entries if not kept.skip])
    finally:
        _current.reset(token)


def lock() -> None:
    """Take the sequence lock to the end of the transaction (SQLite: its one writer already holds it)."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _append(entries: list[Entry]) -> None:
    if not entries:
        return
    previous = Event.objects.order_by("-seq").values_list("hash", flat=True).first() or ""
    events = []
    for entry in entries:
        subject = entry.subject
        event = Event(
            at=entry.at,
            account_id=entry.by.account_id,
            position_id=entry.by.position_id,
            actor_name=entry.by.name,
            actor_title=entry.by.title,
            acting_for=entry.by.acting_for,
            verb=entry.verb,
            subject_type=subject._meta.label_lower if subject is not None else "",
            subject_id=subject.pk if subject is not None else None,
            subject_name=str(subject)[:300] if subject is not None else "",
            unit_id=entry.unit_id,
            reason=entry.reason,
            data=json.loads(json.dumps(entry.data, default=_plain)),
            previous_hash=previous,
        )
        event.hash = previous = digest(event)
        events.append(event)
    Event.objects.bulk_create(events)


def digest(event: Event) -> str:
    """SHA-256 of the event's content and the hash before it: a changed or missing line breaks the chain."""
    content = [
        event.previous_hash,
        event.at.astimezone(UTC).isoformat(),
        event.account_id,
        event.position_id,
        event.actor_name,
        event.actor_title,
        event.acting_for,
        event.verb,
        event.subject_type,
        event.subject_id,
        event.subject_name,
        event.unit_id,
        event.reason,
        event.data,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value)
