"""Web hooks: from the journal to the address of another system, signed, at least once.

The journal itself is the outbox: an event stands in it in the same transaction as what was done. Each hook has a cursor
over it; what lies behind the cursor is a delivery, and moving one and making the other is one transaction. A delivery
is sent until it was answered with 2xx, so whatever is killed in between loses nothing and at worst sends twice, under
the same number. Times here are the machine's: receivers compare them with theirs.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from giaoban.core.refusal import Refused
from giaoban.jobs import actions as jobs
from giaoban.jobs.models import Job, State
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.notices import events, refusals
from giaoban.notices.models import Delivery, DeliveryState, Hook
from giaoban.orgs import queries as orgs

log = logging.getLogger("giaoban.notices")
JOB = "notices.hooks"
TIMEOUT = 10.0  # seconds for each step of a conversation
WHOLE = 20.0  # seconds for all of it
TAKEN = 64 * 1024  # bytes of an answer that are read, and none more
LEASE = timedelta(seconds=60)  # a delivery being sent is left alone for so long; then its sender is taken for dead
PAUSES = tuple(timedelta(seconds=n) for n in (10, 60, 300, 1800, 7200, 21_600, 43_200, 86_400, 86_400))  # three days
BATCH = 200
KEPT = timedelta(days=30)  # for which what was sent can be read


# Secrets and signatures (standardwebhooks.com)


def secret(hook: Hook, salt: str) -> str:
    """Derived from the key of this house: whoever reads the database alone cannot sign."""
    made = salted_hmac("giaoban.notices.hook", f"{hook.pk}:{salt}", algorithm="sha256")
    return "whsec_" + base64.b64encode(made.digest()).decode()


def signature(key: str, number: str, seconds: int, body: str) -> str:
    """`v1,` and the HMAC-SHA256 of "number.seconds.body" in base64."""
    known = base64.b64decode(key.removeprefix("whsec_"))
    made = hmac.new(known, f"{number}.{seconds}.{body}".encode(), hashlib.sha256)
    return "v1," + base64.b64encode(made.digest()).decode()


def headers(hook: Hook, delivery: Delivery, now: datetime) -> dict[str, str]:
    seconds = int(now.timestamp())
    salts = [hook.salt, *([hook.old_salt] if hook.old_until and now < hook.old_until else [])]
    signed = [signature(secret(hook, salt), delivery.key, seconds, delivery.body) for salt in salts]
    return {
        "content-type": "application/json; charset=utf-8",
        "user-agent": "GiaoBan",
        "webhook-id": delivery.key,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signed),
    }


# Where it may go


def check_address(address: str) -> SplitResult:
    """The parts of an address this server may speak to; refuses any other before a name is even looked up."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise refusals.BadAddress(address=address) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username or parts.password:
        raise refusals.BadAddress(address=address)
    if not address.isascii() or any(character <= " " for character in address):
        raise refusals.BadAddress(address=address)
    if parts.scheme == "http" and not settings.HOOK_HTTP:
        raise refusals.NeedsHttps()
    host = parts.hostname.lower()
    if (host if port is None else f"{host}:{port}") not in settings.HOOK_HOSTS:
        raise refusals.HostNotNamed(host=parts.netloc)
    return parts


def looked_up(host: str, port: int) -> tuple[str, int]:
    """The address of a host, one of the open Internet unless the setting says otherwise. It is the one then spoken to,
    so a name that is answered differently the second time changes nothing."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [str(row[4][0]) for row in found]
    if not settings.HOOK_PRIVATE and not all(_is_open(place) for place in places):
        raise OSError(_("%(host)s has an address inside a closed network") % {"host": host})
    return places[0], port


def _is_open(place: str) -> bool:
    address = ipaddress.ip_address(place.partition("%")[0])
    inside = getattr(address, "ipv4_mapped", None) or address
    return inside.is_global and not inside.is_multicast


# From the journal to deliveries


def collect(now: datetime) -> int:
    """Make the deliveries of every hook for what happened since it was last looked at; how many."""
    made = 0
    for pk in _active().values_list("pk", flat=True):
        try:
            while step := _collect_some(pk, now):
                made += step[0]
                if step[1]:
                    break
        except Exception:
            log.exception("hook %s: an event could not be told", pk)  # the cursor stays before it
    return made


def _active() -> QuerySet[Hook]:
    return Hook.objects.filter(closed_at__isnull=True, paused_at__isnull=True).order_by("pk")


@transaction.atomic
def _collect_some(pk: int, now: datetime) -> tuple[int, bool] | None:
    """(deliveries made, whether the end of the journal was reached); None when the hook is no longer active."""
    hook = _active().select_for_update().filter(pk=pk).first()
    if hook is None:
        return None
    end = Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
    rows = Event.objects.filter(seq__gt=hook.cursor, seq__lte=end, verb__in=events.verbs()).order_by("seq")
    found = list(rows[:BATCH])
    units: dict[date, frozenset[int]] = {}
    made = []
    for event in found:
        day = timezone.localdate(event.at)
        if day not in units:
            units[day] = eyes(hook.unit_id, day)
        for place, told in enumerate(events.of(event, units[day], day)):
            if told.name in hook.events:
                made.append(
                    Delivery(
                        hook=hook,
                        key=f"msg_{hook.pk}_{event.seq}_{place}",
                        event=told.name,
                        seq=event.seq,
                        body=events.body(told.name, event.at, {"seq": event.seq, **told.data}),
                        next_at=now,
                        at=event.at,
                    )
                )
    Delivery.objects.bulk_create(made)
    over = len(found) < BATCH
    Hook.objects.filter(pk=pk).update(cursor=end if over else found[-1].seq)
    return len(made), over


def eyes(unit_id: int, on: date) -> frozenset[int]:
    """The unit and those below it on the day: what concerns one of them, the unit may know."""
    return frozenset({unit_id, *orgs.descendants(unit_id, orgs.MANAGEMENT, on)})


# Sending


@dataclass(frozen=True)
class Answer:
    status: int
    words: str = ""

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def due(now: datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        state=DeliveryState.WAITING, next_at__lte=now, hook__closed_at__isnull=True, hook__paused_at__isnull=True
    ).order_by("pk")


def deliver(clock: Callable[[], datetime], told: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Send what is due; how many were taken. A hook that does not answer is left alone until its next turn."""
    sent = 0
    while True:
        silent: set[int] = set()
        waiting = list(due(clock()).values_list("pk", "hook_id")[:BATCH])
        for number, (pk, hook) in enumerate(waiting, start=1):
            if hook not in silent:
                taken = _send(pk, clock)
                sent += taken is True
                silent |= {hook} if taken is False else set()
            told(number, len(waiting))
        if not waiting or silent:
            break
    Delivery.objects.filter(state=DeliveryState.SENT, sent_at__lt=clock() - KEPT).delete()
    return sent


def _send(pk: int, clock: Callable[[], datetime]) -> bool | None:
    """One attempt, by whoever claims it first (None: somebody else). Marked sent only after it was taken."""
    now = clock()
    claimed = due(now).filter(pk=pk).order_by()
    if not Delivery.objects.filter(pk__in=claimed.values("pk")).update(next_at=now + LEASE, attempts=F("attempts") + 1):
        return None
    delivery = Delivery.objects.select_related("hook").get(pk=pk)
    try:
        answer = post(delivery.hook.address, delivery.body, headers(delivery.hook, delivery, now))
    except Refused as refused:
        answer = Answer(0, str(refused))
    except (OSError, http.client.HTTPException, ValueError) as problem:
        answer = Answer(0, f"{type(problem).__name__}: {problem}")
    _note(delivery, answer, clock())
    return answer.taken


def _note(delivery: Delivery, answer: Answer, now: datetime) -> None:
    mine = Delivery.objects.filter(pk=delivery.pk)
    said = {"status": answer.status or None, "words": answer.words[:300]}
    if answer.taken:
        mine.update(state=DeliveryState.SENT, sent_at=now, **said)
        return
    if delivery.attempts > len(PAUSES):
        mine.update(state=DeliveryState.FAILED, **said)
    else:
        mine.update(next_at=now + PAUSES[delivery.attempts - 1], **said)
    if answer.status == http.client.GONE:  # by the standard: the receiver wants no more
        Hook.objects.filter(pk=delivery.hook_id, paused_at__isnull=True).update(
            paused_at=now, pause_reason=_("The receiver answered that it is gone (410).")
        )


def post(address: str, body: str, said: dict[str, str]) -> Answer:
    """One request to one address: no redirects, no proxies, a limit on time and on what is read of the answer."""
    parts = check_address(address)
    host = parts.hostname or ""
    place = looked_up(host, parts.port or (443 if parts.scheme == "https" else 80))
    reached = socket.create_connection(place, timeout=TIMEOUT)
    watch = threading.Timer(WHOLE, _hang_up, [reached])
    watch.daemon = True
    watch.start()
    try:
        if parts.scheme == "https":
            reached = ssl.create_default_context().wrap_socket(reached, server_hostname=host)
        connection = http.client.HTTPConnection(host, parts.port, timeout=TIMEOUT)
        connection.sock = reached
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body=body.encode(), headers={**said, "host": parts.netloc})
        response = connection.getresponse()
        words = response.read(TAKEN).decode("utf-8", "replace")
        return Answer(response.status, " ".join(words.replace("\0", "").split()))
    finally:
        watch.cancel()
        with suppress(OSError):
            reached.close()


def _hang_up(reached: socket.socket) -> None:
    with suppress(OSError):
        reached.shutdown(socket.SHUT_RDWR)


# In the background


def wake(at: datetime) -> None:
    """Let the worker send, unless it is about to."""
    if not Job.objects.filter(name=JOB, state=State.WAITING).exists():
        jobs.enqueue(by=SYSTEM, at=at, name=JOB, title=_("Tell other systems of events"), arguments={})


def look(at: datetime) -> None:
    """What the worker does every minute: collect, and send where something is due."""
    now = timezone.now()
    if not _active().exists():
        return
    collect(now)
    if due(now).exists() and not Job.objects.filter(Q(name=JOB), state__in=[State.WAITING, State.RUNNING]).exists():
        wake(at)


def behind() -> int | None:
    """How many events of the journal lie before the hook that has seen the fewest; None without hooks."""
    least = _active().aggregate(least=Min("cursor"))["least"]
    return None if least is None else Event.objects.filter(seq__gt=least).count()
