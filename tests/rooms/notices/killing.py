"""`python -m tests.rooms.notices.killing ADDRESS SEED EVENTS KILLS`: senders of web hooks that are killed, one after
another, at random moments, while another process writes events; the last one may end. Prints what was committed."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
from datetime import timedelta

import django


def main(address: str, seed: int, wanted: int, kills: int) -> None:
    django.setup()
    from django.apps import apps
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.utils import timezone

    from giaoban.journal.actor import SYSTEM
    from giaoban.journal.models import Event
    from giaoban.notices import events, hooking
    from giaoban.notices.models import Delivery, Hook
    from giaoban.orgs import actions as orgs
    from giaoban.orgs.models import COUNTRY_ID

    settings.MIGRATION_MODULES = {each.label: None for each in apps.get_app_configs()}
    call_command("migrate", run_syncdb=True, verbosity=0)  # the tables as they are now: quicker than their history
    hooking.LEASE, hooking.PAUSES = timedelta(seconds=1), (timedelta(milliseconds=100),) * 1000
    events.teller("tests.ring")(rung)
    orgs.load_kinds(by=SYSTEM, at=timezone.now())
    Hook.objects.create(
        unit_id=COUNTRY_ID, name="Thử", address=address, events=["task.assigned"], salt="muối", cursor=0,
        made_at=timezone.now(), made_by="Thử",
    )  # fmt: skip
    chance = random.Random(seed)  # when to kill, not a secret
    connections.close_all()
    writer = forked(lambda: write(wanted))
    for _ in range(kills):
        sender = forked(send)
        time.sleep(chance.uniform(0.02, 0.5))
        os.kill(sender, signal.SIGKILL)
        os.waitpid(sender, 0)
    assert os.waitpid(writer, 0)[1] == 0
    sender = forked(send)
    end = time.monotonic() + 120
    while time.monotonic() < end:
        time.sleep(0.2)
        if hooking.behind() == 0 and not Delivery.objects.exclude(state="sent").exists():
            break
    os.kill(sender, signal.SIGKILL)
    os.waitpid(sender, 0)
    committed = [data["n"] for data in Event.objects.filter(verb="tests.ring").values_list("data", flat=True)]
    states = list(Delivery.objects.order_by().values_list("state", flat=True).distinct())
    json.dump({"committed": committed, "states": states, "deliveries": Delivery.objects.count()}, sys.stdout)


def rung(event, units, on):
    from giaoban.notices.events import Told

    return [Told("task.assigned", {"n": event.data["n"]})]


def forked(work) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException as problem:
        print(repr(problem), file=sys.stderr)
        os._exit(1)
    os._exit(0)


def write(wanted: int) -> None:
    """Every seventh transaction fails after its event was noted, and is nobody's."""
    from django.utils import timezone

    from giaoban.journal.actions import writing
    from giaoban.journal.actor import SYSTEM

    for n in range(wanted):
        try:
            with writing(by=SYSTEM, at=timezone.now(), verb="tests.ring", data={"n": n}) as entry:
                if n % 7 == 3:
                    entry.under_lock(broken)
        except ZeroDivisionError:
            pass
        time.sleep(0.01)


def broken() -> None:
    raise ZeroDivisionError


def send() -> None:
    from django.db import OperationalError
    from django.utils import timezone

    from giaoban.notices import hooking

    while True:
        try:
            hooking.collect(timezone.now())
            hooking.deliver(timezone.now)
        except OperationalError:  # the file is locked by another writer: again
            pass
        time.sleep(0.02)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
