"""Doing jobs: one at a time in a worker, with progress, a memory, and signs of life.

A run holds a lease; whoever takes a silent job up again gives it a new one, so that a run thought dead that was only
slow can write nothing any more. Times of signs of life are the machine's; times people read are the clock's of the
house (`registry.clock`), which stands still in a demonstration.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from giaoban.core.refusal import Invalid, Refused
from giaoban.jobs import registry
from giaoban.jobs.models import Job, State
from giaoban.jobs.waking import on_the_way, wake_up
from giaoban.journal.actor import Actor

log = logging.getLogger("giaoban.jobs")

SILENT = timedelta(seconds=60)  # a running job without a sign of life for so long has lost its worker
BEAT = 10.0  # seconds between signs of life
LEAST = 0.25  # seconds between two savings of progress
ATTEMPTS = 5  # starts without anything remembered between them, before a job counts as failed
SAID = 5  # sentences of a refusal that are kept

closing = threading.Event()  # set when this worker is asked to end; a process event in `giaoban work`


class Stopped(Exception):
    """A person asked for the job to stop."""


class Paused(Exception):
    """The worker ends; the job waits for the next one."""


class Lost(Exception):
    """Another run has taken the job up; this one may write nothing more."""


class Run:
    """One job being done: what its handler may ask and tell."""

    def __init__(self, job: Job, by: Actor) -> None:
        self.job = job
        self.by = by
        self.arguments: dict[str, Any] = job.arguments
        self.memory: dict[str, Any] = dict(job.memory)
        self._begun = (monotonic(), job.done)
        self._told = 0.0

    def at(self) -> datetime:
        """Now, as the house has it."""
        return registry.clock()

    def remember(self, **values: Any) -> None:
        """Keep where to go on from, at once; inside a transaction it holds with what else was written there."""
        self.memory |= values
        self._write(memory=self.memory, attempts=1)

    def progress(self, done: int, total: int, words: str = "") -> None:
        """Say how far it is (kept four times a second at most), and end here when asked to stop.

        Call it between transactions: inside one, others see it only at the end.
        """
        now = monotonic()
        if now - self._told < LEAST and done < total:
            return
        self._told = now
        self._write(done=done, total=total, words=words[:300], ends_about=self._ends_about(done, total))
        if closing.is_set():
            raise Paused
        if Job.objects.filter(pk=self.job.pk, stop_asked=True).exists():
            raise Stopped

    def _ends_about(self, done: int, total: int) -> datetime | None:
        began, had = self._begun
        if done <= had or total <= done:
            return None
        return self.at() + timedelta(seconds=(monotonic() - began) / (done - had) * (total - done))

    def _write(self, **values: Any) -> None:
        mine = Job.objects.filter(pk=self.job.pk, lease=self.job.lease, state=State.RUNNING)
        if not mine.update(beat_at=timezone.now(), **values):
            raise Lost


# Doing one job


def wake(job_id: int) -> None:
    """What django-q2 calls in a worker."""
    perform(job_id, beating=True)


def perform(job_id: int, *, beating: bool = False) -> Job:
    """Do a waiting job here and now. A job that does not wait is left alone: a wake-up may come twice."""
    job = _claim(job_id)
    if job is not None:
        with _signs_of_life(job) if beating else _quiet():
            _do(job)
    return Job.objects.get(pk=job_id)


def _claim(job_id: int) -> Job | None:
    lease = uuid.uuid4().hex
    taken = Job.objects.filter(pk=job_id, state=State.WAITING).update(
        state=State.RUNNING,
        lease=lease,
        beat_at=timezone.now(),
        attempts=F("attempts") + 1,
        stop_asked=False,
        words="",
        ends_about=None,
    )
    if not taken:
        return None
    Job.objects.filter(pk=job_id, started_at=None).update(started_at=registry.clock())
    return Job.objects.get(pk=job_id)


def _do(job: Job) -> None:
    if not registry.knows(job.name):
        _end(job, State.FAILED, words=gettext("Nobody answers to the background work “%(name)s”.") % {"name": job.name})
        return
    try:
        run = Run(job, registry.actor(job.account_id, job.position_id, timezone.localdate(registry.clock())))
        result = registry.handler(job.name)(run)
    except Stopped:
        _end(job, State.STOPPED)
    except Paused:
        _end(job, State.WAITING, attempts=0)
    except Lost:
        log.warning("job %s was taken up by another run", job.pk)
    except Refused as refused:
        _end(job, State.FAILED, words=_said(refused))
    except Exception:
        reference = f"VN-{job.pk}-{uuid.uuid4().hex[:6]}"
        log.exception("job %s (%s) broke, reference %s", job.pk, job.name, reference)
        _end(
            job,
            State.FAILED,
            words=gettext("Broken. Reference in the server's log: %(reference)s.") % {"reference": reference},
        )
    else:
        _end(job, State.DONE, result=result or {}, done=F("total"))


def _end(job: Job, state: State, **values: Any) -> None:
    over = {} if state == State.WAITING else {"ended_at": registry.clock()}
    held = Job.objects.filter(pk=job.pk, lease=job.lease, state=State.RUNNING)
    held.update(state=state, beat_at=None, ends_about=None, **over, **values)


def _said(refused: Refused) -> str:
    """What was refused, in the language of the house; of very many faults the first, and how many more."""
    faults = list(_faults(refused))
    lines = [gettext(one.sentence) % one.params if one.params else gettext(one.sentence) for one in faults[:SAID]]
    more = len(faults) - len(lines)
    if more > 0:
        lines.append(ngettext("and %(n)s more fault", "and %(n)s more faults", more) % {"n": more})
    return " ".join(lines)[:300]


def _faults(refused: Refused) -> Iterator[Refused]:
    if isinstance(refused, Invalid) and refused.faults:
        for one in refused.faults:
            yield from _faults(one)
    else:
        yield refused


@contextmanager
def _quiet() -> Iterator[None]:
    yield


@contextmanager
def _signs_of_life(job: Job) -> Iterator[None]:
    """A thread that says this process lives, however long one step of the handler takes."""
    over = threading.Event()

    def beat() -> None:
        held = Job.objects.filter(pk=job.pk, lease=job.lease, state=State.RUNNING)
        while not over.wait(BEAT):
            try:
                held.update(beat_at=timezone.now())
            except DatabaseError:
                log.debug("no sign of life of job %s: the database is busy", job.pk)
        connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# Taking up what was lost


@dataclass(frozen=True)
class Swept:
    """What a sweep found, by numbers of jobs."""

    lost: list[int] = field(default_factory=list)  # their worker died; they wait again
    called: list[int] = field(default_factory=list)  # waited though nobody works: called once more
    neglected: list[int] = field(default_factory=list)  # were called before, and nobody came: the workers hang


def sweep() -> Swept:
    """Take up jobs whose worker gave no sign of life, and call again for jobs nobody came for.

    A job is lost with its worker at most `ATTEMPTS` times without getting any further.
    """
    now = timezone.now()
    silent = Q(beat_at__lt=now - SILENT) | Q(beat_at__gt=now + SILENT) | Q(beat_at=None)
    lost = [job.pk for job in Job.objects.filter(silent, state=State.RUNNING) if _give_back(job, silent)]
    called, neglected = [], []
    if not Job.objects.filter(state=State.RUNNING).exists():
        waiting = Job.objects.filter(silent, state=State.WAITING).exclude(pk__in=lost).order_by("pk")
        for pk, beat in waiting.values_list("pk", "beat_at"):
            (called if beat is None else neglected).append(pk)
    coming = on_the_way()
    for pk in [*lost, *called, *neglected]:
        Job.objects.filter(pk=pk, state=State.WAITING).update(beat_at=now)
        if pk in lost or not coming:
            wake_up(pk)
    return Swept(lost, called, neglected)


def _give_back(job: Job, silent: Q) -> bool:
    """Whether the job waits again. The lease it had counts no longer."""
    held = Job.objects.filter(silent, pk=job.pk, lease=job.lease, state=State.RUNNING)
    with transaction.atomic():
        if job.stop_asked:
            held.update(state=State.STOPPED, lease="", beat_at=None, ends_about=None, ended_at=registry.clock())
            return False
        if job.attempts >= ATTEMPTS:
            held.update(
                state=State.FAILED,
                lease="",
                beat_at=None,
                ends_about=None,
                ended_at=registry.clock(),
                words=gettext("Interrupted %(n)s times at the same place; look at the server's log.")
                % {"n": job.attempts},
            )
            return False
        return bool(held.update(state=State.WAITING, lease="", ends_about=None))
