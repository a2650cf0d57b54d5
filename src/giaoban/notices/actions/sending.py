"""Sending and reading messages. Sending checks no right of its own: the verb that sends has checked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.core.refusal import NotAllowed
from giaoban.jobs import actions as jobs
from giaoban.jobs.models import Job, State
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.notices import mail, queries, refusals
from giaoban.notices.models import Mail, MailState, Message
from giaoban.people.models import Account, Position
from giaoban.people.queries import positions_with


def send(
    *,
    by: Actor,
    at: datetime,
    subject: str,
    body: str = "",
    link: str = "",
    text_to_paste: str = "",
    groups: Sequence[dict[str, Any]] = (),
    to_unit: int | None = None,
    to_units: Iterable[int] = (),
    verb_of_receiver: str = "",
    to_position: Position | int | None = None,
    to_account: Account | int | None = None,
) -> list[Message]:
    """Tell those whose turn it is; one message for each receiving position, in one event.

    A unit is told through the positions that hold `verb_of_receiver` over it on the day; where none does, the message
    waits at the unit for whoever gets the verb.
    """
    units = [*to_units, *([to_unit] if to_unit is not None else [])]
    if units and not verb_of_receiver:
        raise ValueError("a unit is told through a verb: name verb_of_receiver")
    sender = f"{by.name}, {by.title}" if by.title else by.name
    common: dict[str, Any] = {"subject": subject[:300], "body": body, "link": link, "text_to_paste": text_to_paste}
    common["groups"] = list(groups)
    common |= {"sender": sender, "at": at, "verb": verb_of_receiver}
    messages = _to_units(units, verb_of_receiver, at, common)
    if to_position is not None:
        position_id = to_position.pk if isinstance(to_position, Position) else to_position
        messages.append(Message(position_id=position_id, **common))
    if to_account is not None:
        account_id = to_account.pk if isinstance(to_account, Account) else to_account
        messages.append(Message(account_id=account_id, **common))
    if not messages:
        raise ValueError("a message needs a receiver")
    with writing(by=by, at=at, verb="notice.send", unit_id=units[0] if len(units) == 1 else None) as entry:
        entry.data |= {"subject": subject, "units": units, "messages": len(messages)}
        made = Message.objects.bulk_create(messages)
        if mail.queue(made, at):
            _wake_mail(at)
        return made


def recall(*, by: Actor, at: datetime, messages: Iterable[int]) -> int:
    """Take back messages of something that was undone, unless they were read or went out by mail; how many."""
    with writing(by=by, at=at, verb="notice.recall") as entry:
        told = Message.objects.filter(pk__in=list(messages), read_at__isnull=True)
        found = sorted(told.exclude(mails__state=MailState.SENT).values_list("pk", flat=True))
        Message.objects.filter(pk__in=found).delete()
        entry.data["messages"] = len(found)
        entry.skip = not found
    return len(found)


def send_waiting_mail(*, by: Actor, at: datetime) -> int:
    """Let mail that could not be handed over be tried again; how much waits."""
    waiting = Mail.objects.filter(state=MailState.WAITING).count() if mail.is_on() else 0
    if waiting:
        _wake_mail(at)
    return waiting


def _wake_mail(at: datetime) -> None:
    """Unless a job waits already, which takes whatever is there; what comes too late for it the worker sees soon."""
    if Job.objects.filter(name=mail.JOB, state=State.WAITING).exists():
        return
    jobs.enqueue(by=SYSTEM, at=at, name=mail.JOB, title=_("Hand mail over to the mail server"), arguments={})


def choose_mail(*, by: Actor, at: datetime, rhythm: str) -> None:
    """A person says for themselves how often they take mail: at_once, daily, weekly or none."""
    if by.account_id is None:
        raise ValueError("only a person chooses")
    if rhythm not in mail.CHOICES:
        raise refusals.UnknownRhythm()
    with writing(by=by, at=at, verb="notice.mail") as entry:
        mail.choose(by.account_id, rhythm, at)
        entry.data["rhythm"] = rhythm
    send_waiting_mail(by=by, at=at)


def release_mail(*, by: Actor, at: datetime) -> int:
    """Once a day: mail of those who take it daily or weekly goes; how many letters."""
    if not by.is_system:
        raise NotAllowed()
    with writing(by=by, at=at, verb="notice.mail") as entry:
        made = mail.release(timezone.localdate(at))
        entry.skip = not made
        entry.data["letters"] = made
    return made


def mark_read(*, by: Actor, at: datetime, message: Message) -> None:
    """Opening a message marks it read for the position. Nothing is decided by it, so the journal keeps no event."""
    with writing(by=by, at=at, verb="notice.read") as entry:
        entry.skip = True
        _unread(by, at).filter(pk=message.pk).update(read_at=at, read_by=by.account_id)


def mark_all_read(*, by: Actor, at: datetime) -> int:
    with writing(by=by, at=at, verb="notice.read") as entry:
        entry.skip = True
        return _unread(by, at).update(read_at=at, read_by=by.account_id)


def _unread(by: Actor, at: datetime) -> QuerySet[Message]:
    return queries.inbox(by, timezone.localdate(at)).filter(read_at__isnull=True)


def _to_units(units: list[int], verb: str, at: datetime, common: dict[str, Any]) -> list[Message]:
    found = positions_with(units, verb, timezone.localdate(at)) if units else {}
    messages = []
    for unit in units:
        for position in found[unit] or [None]:
            messages.append(Message(unit_id=unit, position_id=position, **common))
    return messages
