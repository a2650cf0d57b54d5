"""What the worker does every minute: hooks are looked after, and one thing that breaks stops no other."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from giaoban.jobs import registry, working
from giaoban.jobs.management.commands import work
from giaoban.jobs.models import Job
from giaoban.notices import hooking, jobs
from giaoban.notices.models import Delivery
from tests.rooms.notices.receiver import Receiver
from tests.rooms.notices.test_hooks import give, receiver, register
from tests.rooms.people.office import Office

__all__ = ["receiver"]  # a fixture


def test_it_collects_and_sends_what_is_due_in_one_job(office: Office, receiver: Receiver) -> None:
    jobs.look_after_hooks()
    register(office, receiver)
    jobs.look_after_hooks()
    assert not Job.objects.exists(), "nothing to tell: nothing is asked for"
    give(office)
    jobs.look_after_hooks()
    jobs.look_after_hooks()
    job = Job.objects.get(name=hooking.JOB)
    assert working.perform(job.pk).result == {"collected": 0, "sent": 1}
    assert Delivery.objects.get().state == "sent" and len(receiver.requests) == 1
    jobs.look_after_hooks()
    assert Job.objects.count() == 1


def test_both_are_known_to_the_worker() -> None:
    assert {jobs.look_after_hooks, jobs.look_after_mail} <= set(registry.regular())
    assert registry.knows(hooking.JOB)


def test_what_breaks_stops_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def breaks() -> None:
        raise RuntimeError

    def lost() -> None:
        raise DatabaseError

    monkeypatch.setattr(registry, "regular", lambda: [breaks, lambda: called.append("fine")])
    work._do_regular()
    assert called == ["fine"]
    monkeypatch.setattr(registry, "regular", lambda: [lost])
    with pytest.raises(DatabaseError):  # the watcher closes its connections and asks again
        work._do_regular()
