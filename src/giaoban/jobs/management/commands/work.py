"""giaoban work: do the work that pages asked for, until told to end.

Three layers, each of which may be killed: this process watches; below it, in a process group of its own, django-q2
keeps as many workers as GIAOBAN_WORKERS says. A worker that dies is replaced by django-q2, a django-q2 that dies or
gets stuck by this process, and a job that lost its worker is taken up again by the sweep, wherever it lay.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management import BaseCommand
from django.db import DatabaseError, connections
from django.utils import timezone

from giaoban.jobs import registry, working
from giaoban.jobs.models import Worker

FORK = multiprocessing.get_context("fork")
SWEEP = 60.0  # seconds
BEAT = 10.0
PATIENCE = 20.0  # seconds a job has to come to its next sign of progress when the worker is asked to end


class Command(BaseCommand):
    help = "Làm các việc chạy nền (đọc tệp lớn, nạp bảng, gửi thư) cho đến khi được bảo dừng."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--with-parent", type=int, default=0, help="dừng khi tiến trình mẹ này (số) không còn")

    def handle(self, *args: Any, **options: Any) -> None:
        told: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: told.append(number))
        parent = options["with_parent"]
        me = _Sign()
        running = _start()
        due = 0.0
        try:
            while not told and not (parent and os.getppid() != parent):
                me.beat()
                if time.monotonic() >= due:
                    first = not due
                    due = time.monotonic() + SWEEP
                    if _sweep().neglected and not first:  # a worker killed while it took from the queue blocks it
                        _end(running, patience=0)
                if not running.is_alive():
                    _end(running, patience=0)
                    running = _start()
                time.sleep(0.5)
        finally:
            _end(running, PATIENCE)
            me.gone()


class _Sign:
    """This process's own sign of life, for the page that says whether anybody works."""

    def __init__(self) -> None:
        self.name = {"host": socket.gethostname()[:120], "pid": os.getpid()}
        self.due = 0.0

    def beat(self) -> None:
        if time.monotonic() < self.due:
            return
        self.due = time.monotonic() + BEAT
        now = timezone.now()
        with suppress(DatabaseError):
            Worker.objects.update_or_create(
                **self.name, defaults={"beat_at": now}, create_defaults={"beat_at": now, "started_at": now}
            )

    def gone(self) -> None:
        with suppress(DatabaseError):
            Worker.objects.filter(**self.name).delete()


def _sweep() -> working.Swept:
    """Take up lost jobs. A database out of reach is asked again later."""
    try:
        Worker.objects.filter(beat_at__lt=timezone.now() - 60 * working.SILENT).delete()
        found = working.sweep()
        _do_regular()
        return found
    except DatabaseError:
        working.log.exception("could not look for lost jobs")
        connections.close_all()
        return working.Swept()


def _do_regular() -> None:
    """What the rooms above want done every minute; one that breaks stops no other."""
    for function in registry.regular():
        try:
            function()
        except DatabaseError:
            raise
        except Exception:
            working.log.exception("%s broke", function.__qualname__)


def _start() -> multiprocessing.process.BaseProcess:
    connections.close_all()  # a connection may not be shared with the process that is made here
    made = FORK.Process(target=_cluster, args=(os.getpid(),))
    made.start()
    return made


def _end(running: multiprocessing.process.BaseProcess, patience: float) -> None:
    """Ask it to end, then end the whole group: whatever it leaves undone is taken up again."""
    assert running.pid is not None
    if running.is_alive():
        running.terminate()
        running.join(patience)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(running.pid, signal.SIGKILL)
    running.join()


def _cluster(parent: int) -> None:
    """django-q2 with its workers, until told to end or until the process above is gone."""
    os.setsid()
    from django_q.cluster import Cluster

    told: list[int] = []
    working.closing = FORK.Event()  # type: ignore[assignment]  # the workers made below see it being set
    made = Cluster()
    signal.signal(signal.SIGTERM, lambda number, frame: told.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    made.start()
    while not told and made.sentinel.is_alive():
        if os.getppid() != parent:
            break
        time.sleep(0.3)
    working.closing.set()
    if not told and os.getppid() != parent:
        os.killpg(0, signal.SIGKILL)
    made.stop()
