"""Web hooks of a unit: who manages its settings registers, pauses and ends them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import get_random_string

from giaoban.journal.actions import lock, writing
from giaoban.journal.actor import Actor
from giaoban.journal.models import Event
from giaoban.notices import events, hooking, refusals
from giaoban.notices.models import Delivery, DeliveryState, Hook
from giaoban.notices.queries import web_hooks as queries
from giaoban.people.queries import require

RIGHT = queries.RIGHT
OVERLAP = timedelta(hours=24)  # for which the secret before goes on signing


def make_hook(
    *, by: Actor, at: datetime, unit_id: int, name: str, address: str, chosen: Iterable[str]
) -> tuple[Hook, str]:
    """The hook and its secret, shown once. It is told what happens from now on."""
    require(by, RIGHT, unit_id, timezone.localdate(at))
    kept = _checked(name, address, chosen)
    with writing(by=by, at=at, verb="hook.make", unit_id=unit_id) as entry:
        lock()  # what is written while this waits lies before the cursor, what comes after lies behind it
        made = Hook.objects.create(
            unit_id=unit_id,
            salt=get_random_string(32),
            cursor=_newest(),
            made_at=at,
            made_by=f"{by.name}, {by.title}" if by.title else by.name,
            **kept,
        )
        entry.subject = made
        entry.data.update(address=made.address, events=made.events)
    return made, hooking.secret(made, made.salt)


def change_hook(*, by: Actor, at: datetime, hook_id: int, name: str, address: str, chosen: Iterable[str]) -> Hook:
    found = _mine(by, at, hook_id)
    kept = _checked(name, address, chosen)
    with writing(by=by, at=at, verb="hook.change", subject=found, unit_id=found.unit_id) as entry:
        Hook.objects.filter(pk=found.pk).update(**kept)
        entry.data.update(address=kept["address"], events=kept["events"])
    found.refresh_from_db()
    return found


def rotate_secret(*, by: Actor, at: datetime, hook_id: int) -> tuple[Hook, str]:
    """A new secret, shown once; for a day the one before signs too, so that the receiver can change over."""
    found = _mine(by, at, hook_id)
    with writing(by=by, at=at, verb="hook.rotate", subject=found, unit_id=found.unit_id):
        found = Hook.objects.select_for_update().get(pk=found.pk)
        found.old_salt, found.old_until = found.salt, timezone.now() + OVERLAP
        found.salt = get_random_string(32)
        found.save(update_fields=["salt", "old_salt", "old_until"])
    return found, hooking.secret(found, found.salt)


def pause_hook(*, by: Actor, at: datetime, hook_id: int, reason: str = "") -> Hook:
    """Nothing is sent; what happens meanwhile waits."""
    found = _mine(by, at, hook_id)
    with writing(by=by, at=at, verb="hook.pause", subject=found, unit_id=found.unit_id, reason=reason.strip()):
        found.paused_at, found.pause_reason = at, reason.strip()[:300]
        found.save(update_fields=["paused_at", "pause_reason"])
    return found


def resume_hook(*, by: Actor, at: datetime, hook_id: int) -> Hook:
    found = _mine(by, at, hook_id)
    hooking.check_address(found.address)
    with writing(by=by, at=at, verb="hook.resume", subject=found, unit_id=found.unit_id):
        found.paused_at, found.pause_reason = None, ""
        found.save(update_fields=["paused_at", "pause_reason"])
    return found


def close_hook(*, by: Actor, at: datetime, hook_id: int) -> Hook:
    """It ends for good; what it was told stays to be read."""
    found = _mine(by, at, hook_id)
    with writing(by=by, at=at, verb="hook.close", subject=found, unit_id=found.unit_id):
        found.closed_at = at
        found.save(update_fields=["closed_at"])
    return found


def try_hook(*, by: Actor, at: datetime, hook_id: int) -> Delivery:
    """One delivery that only says it is a trial."""
    found = _mine(by, at, hook_id)
    with writing(by=by, at=at, verb="hook.try", subject=found, unit_id=found.unit_id) as entry:
        made = Delivery.objects.create(
            hook=found,
            key=f"msg_{found.pk}_trial_{get_random_string(12)}",
            event=events.TRIAL,
            body=events.body(events.TRIAL, at, {"unit": found.unit_id}),
            next_at=timezone.now(),
            at=at,
        )
        entry.after_commit(lambda: hooking.wake(at))
    return made


def resend(*, by: Actor, at: datetime, hook_id: int, delivery_id: int) -> Delivery:
    """Send once more what was sent or given up, under the same number."""
    found = _mine(by, at, hook_id)
    with writing(by=by, at=at, verb="hook.resend", subject=found, unit_id=found.unit_id) as entry:
        delivery = Delivery.objects.select_for_update().filter(pk=delivery_id, hook=found).first()
        if delivery is None:
            raise refusals.UnknownHook()
        if delivery.state == DeliveryState.WAITING and delivery.attempts == 0:
            raise refusals.NotResendable()
        delivery.state, delivery.attempts, delivery.next_at = DeliveryState.WAITING, 0, timezone.now()
        delivery.save(update_fields=["state", "attempts", "next_at"])
        entry.data["delivery"] = delivery.key
        entry.after_commit(lambda: hooking.wake(at))
    return delivery


def _mine(by: Actor, at: datetime, hook_id: int) -> Hook:
    found = queries.hook_for(by, hook_id, timezone.localdate(at))
    if found.closed_at is not None:
        raise refusals.HookClosed()
    return found


def _checked(name: str, address: str, chosen: Iterable[str]) -> dict[str, object]:
    name, address = name.strip()[:100], address.strip()
    if not name:
        raise refusals.HookNeedsName()
    hooking.check_address(address)
    asked = set(chosen)
    wanted = [each for each in events.NAMES if each in asked]
    if not wanted:
        raise refusals.HookNeedsEvents()
    return {"name": name, "address": address, "events": wanted}


def _newest() -> int:
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
