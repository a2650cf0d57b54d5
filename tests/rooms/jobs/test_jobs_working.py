"""One job: asked for, done, refused, broken, stopped, done again; and what the wake-up carries."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ
from django_q.signing import SignedPackage

from giaoban.core.refusal import NotAllowed
from giaoban.jobs import actions, queries, refusals, working
from giaoban.jobs.models import Job, State, Worker
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.journal.models import Event
from tests.rooms.jobs import handlers  # noqa: F401 - registers what these tests ask for
from tests.rooms.people.office import Office, seat_somebody
from tests.world import NOW

pytestmark = pytest.mark.django_db


def ask(name: str, by: Actor = SYSTEM, **arguments: object) -> Job:
    return actions.enqueue(by=by, at=NOW, name=name, title="Việc thử", arguments=arguments)


def test_a_job_is_done_and_says_how_far_it_is(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=5)
    assert job.state == State.WAITING and not job.is_over
    done = working.perform(job.pk)
    assert (done.state, done.done, done.total, done.percent) == (State.DONE, 5, 5, 100)
    assert done.result["counted"] == 5 and done.memory == {"done": 5} and done.words == "số 5"
    assert Event.objects.filter(verb="job.ask", subject_id=job.pk).exists()


def test_a_wake_up_that_comes_twice_does_nothing_twice(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    working.perform(job.pk)
    Job.objects.filter(pk=job.pk).update(memory={})
    assert working.perform(job.pk).attempts == 1
    assert (tmp_path / "out").read_text().split() == ["0", "1", "2"]


def test_work_without_a_name_is_refused():
    with pytest.raises(refusals.UnknownWork):
        ask("tests.nobody")


def test_what_is_refused_is_said_and_what_breaks_gets_a_reference(caplog):
    failed = working.perform(ask("tests.refused", faults=7).pk)
    assert failed.state == State.FAILED and failed.words.startswith("There is no column “c0”.")
    assert "2" in failed.words.split("“c4”.")[1]
    broken = working.perform(ask("tests.broken").pk)
    assert broken.state == State.FAILED and "secret" not in broken.words
    reference = broken.words.split()[-1].rstrip(".")
    assert reference.startswith(f"VN-{broken.pk}-") and reference in caplog.text


def test_a_waiting_job_stops_at_once_and_goes_on_when_asked_again(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=4)
    assert actions.stop(by=SYSTEM, at=NOW, job_id=job.pk).state == State.STOPPED
    with pytest.raises(refusals.AlreadyOver):
        actions.stop(by=SYSTEM, at=NOW, job_id=job.pk)
    assert actions.again(by=SYSTEM, at=NOW, job_id=job.pk).state == State.WAITING
    with pytest.raises(refusals.StillGoing):
        actions.again(by=SYSTEM, at=NOW, job_id=job.pk)
    assert working.perform(job.pk).state == State.DONE


def test_a_running_job_stops_at_its_next_sign_of_progress(tmp_path, monkeypatch):
    monkeypatch.setattr(working, "LEAST", 0)
    job = ask("tests.count", file=str(tmp_path / "out"), to=9)
    real = working.Run.remember

    def and_stop(run: working.Run, **values: object) -> None:
        real(run, **values)
        if run.memory["done"] == 4:
            actions.stop(by=SYSTEM, at=NOW, job_id=job.pk)

    monkeypatch.setattr(working.Run, "remember", and_stop)
    stopped = working.perform(job.pk)
    assert stopped.state == State.STOPPED and stopped.done == 4
    actions.again(by=SYSTEM, at=NOW, job_id=job.pk)
    monkeypatch.setattr(working.Run, "remember", real)
    assert working.perform(job.pk).result["counted"] == 9
    assert (tmp_path / "out").read_text().split() == [str(n) for n in range(9)]


def test_a_worker_that_ends_leaves_its_job_waiting_for_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(working, "LEAST", 0)
    job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    working.closing.set()
    try:
        assert working.perform(job.pk).state == State.WAITING
    finally:
        working.closing.clear()
    assert working.perform(job.pk).state == State.DONE


def test_a_run_that_lost_its_job_can_write_nothing(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    slow = working.Run(working._claim(job.pk), SYSTEM)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
    assert working.sweep().lost == [job.pk]
    working._claim(job.pk)
    with pytest.raises(working.Lost):
        slow.remember(done=3)
    working._end(slow.job, State.DONE)
    assert Job.objects.get(pk=job.pk).state == State.RUNNING


def test_a_job_is_not_taken_up_for_ever(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    for _ in range(working.ATTEMPTS):
        working._claim(job.pk)
        Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
        working.sweep()
    job.refresh_from_db()
    assert job.state == State.FAILED and str(working.ATTEMPTS) in job.words


def test_a_job_asked_to_stop_whose_worker_died_is_stopped(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    working._claim(job.pk)
    actions.stop(by=SYSTEM, at=NOW, job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
    working.sweep()
    assert Job.objects.get(pk=job.pk).state == State.STOPPED


def test_a_job_nobody_came_for_is_woken_again_when_workers_are_idle(tmp_path):
    job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    assert working.sweep().called == [job.pk] and OrmQ.objects.count() == 1
    assert working.sweep() == working.Swept(), "it was called just now"
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=5))
    assert working.sweep().neglected == [job.pk], "called, and nobody came"
    assert OrmQ.objects.count() == 1, "while a wake-up waits to be fetched no second one is sent"


def test_the_wake_up_carries_the_number_and_nothing_else(tmp_path, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = ask("tests.count", file=str(tmp_path / "out"), to=3)
    carried = SignedPackage.loads(OrmQ.objects.get().payload)
    assert (carried["func"], carried["args"], carried["kwargs"]) == ("giaoban.jobs.working.wake", (job.pk,), {})
    assert not {"hook", "chain", "group"} & carried.keys()
    assert settings.SECRET_KEY != Conf.SECRET_KEY and len(Conf.SECRET_KEY) >= 40


def test_jobs_are_seen_by_whoever_asked_and_whoever_sits_there(world):
    office = Office(world)
    for name in ("mot", "hai"):
        seat_somebody(office, name, f"Người {name}", world["binh_minh"])
    job = ask("tests.who", by=office.actor("mot"))
    assert queries.job_for(office.actor("mot"), job.pk) == job
    with pytest.raises(Job.DoesNotExist):
        queries.job_for(office.actor("hai"), job.pk)
    done = working.perform(job.pk)
    assert done.result["name"] == "Người mot"


def test_a_job_of_somebody_who_left_is_refused(world):
    from giaoban.people import actions as people

    office = Office(world)
    seat_somebody(office, "mot", "Người mot", world["binh_minh"])
    job = ask("tests.who", by=office.actor("mot"))
    people.deactivate(by=SYSTEM, at=NOW, account=office.account["mot"], reason="Chuyển công tác")
    failed = working.perform(job.pk)
    assert failed.state == State.FAILED
    assert failed.words == "Bạn không có quyền làm việc này ở đây." or NotAllowed.sentence in failed.words


def test_a_worker_lives_by_its_signs():
    now = timezone.now()
    assert not queries.worker_lives(now)
    Worker.objects.create(host="may-chu", pid=1, started_at=now, beat_at=now)
    assert queries.worker_lives(now)
    assert not queries.worker_lives(now + timedelta(minutes=2))
