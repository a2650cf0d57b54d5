"""Many workbooks at once: as jobs with progress, killed anywhere and taken up again, without loss or doubling."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.utils import timezone

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.files import keeping, returned
from giaoban.indicators.models import Draft, Report, Round
from giaoban.jobs import registry
from giaoban.jobs.models import Job
from giaoban.jobs.models import State as JobState
from giaoban.jobs.working import perform
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.workbooks import actions, queries, refusals
from giaoban.workbooks.models import Answer, Outcome, State, Upload
from tests.rooms.indicators.place import DUE, Place, at
from tests.rooms.workbooks.sheets import WHEN, filled, hand_up, workbook, write, zipped

SCHOOLS = ("na_hoi", "ban_pho", "thai_giang")


@pytest.fixture
def round(place: Place, monkeypatch: pytest.MonkeyPatch) -> Round:
    monkeypatch.setattr(registry._Plug, "clock", staticmethod(lambda: at(DUE)))
    monkeypatch.setattr(actions, "BATCH", 1)
    monkeypatch.setattr(actions, "WRITTEN_TOGETHER", 1)
    monkeypatch.setattr(actions, "AT_ONCE", 0)
    monkeypatch.setattr(actions, "PAGES_AT_ONCE", 0)
    return place.open()


def many(place: Place, round: Round) -> bytes:
    """One workbook a school, handed up by the officer of the commune, who enters for its schools."""
    by = place.actors["officer"]
    found = []
    for number, school in enumerate(SCHOOLS):
        report = place.report(round, school)
        values = {place.cells["hoc_sinh"]: 100 + number, place.cells["hoc_sinh_nu"]: 50}
        found.append((f"{school}.xlsx", filled(workbook(by, report), values)))
    return zipped(found)


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is tidied up."""


def killed_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    """The run dies at its nth sign of progress, before or after anything may have been written."""
    from giaoban.jobs import working

    count = 0

    def progress(self: object, done: int, total: int, words: str = "") -> None:
        nonlocal count
        count += 1
        if count == step:
            raise Killed

    monkeypatch.setattr(working.Run, "progress", progress)


def take_up(job: int) -> Job:
    """As the worker does with a job whose worker died."""
    Job.objects.filter(pk=job, state=JobState.RUNNING).update(state=JobState.WAITING, beat_at=timezone.now())
    return perform(job)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_reading_goes_on_after_a_kill(place: Place, round: Round, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    upload = hand_up(place.actors["officer"], many(place, round), "truong.zip")
    assert upload.state == State.READING and upload.read_job
    with monkeypatch.context() as patch:
        killed_at(patch, step)
        with pytest.raises(Killed):
            perform(upload.read_job)
    assert upload.workbooks.count() == step
    read: list[int] = []
    original = returned.read

    def counted(path: object, wanted: object, *more: object) -> object:
        read.append(len(wanted))  # type: ignore[arg-type]
        return original(path, wanted, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(returned, "read", counted)
    assert take_up(upload.read_job).state == JobState.DONE
    assert sum(read) == len(SCHOOLS) - step, "what was read is not read again"
    upload.refresh_from_db()
    assert upload.state == State.READ and queries.counts(upload).changed == 2 * len(SCHOOLS)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_writing_goes_on_after_a_kill(place: Place, round: Round, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    by = place.actors["officer"]
    upload = hand_up(by, many(place, round), "truong.zip")
    perform(upload.read_job)
    upload = write(by, upload, source="Các trường gửi tệp")
    assert upload.state == State.TAKING and upload.take_job
    with monkeypatch.context() as patch:
        killed_at(patch, step)
        with pytest.raises(Killed):
            perform(upload.take_job)
    assert Answer.objects.filter(workbook__upload=upload, outcome=Outcome.TAKEN).count() == step
    assert take_up(upload.take_job).state == JobState.DONE
    assert Answer.objects.filter(workbook__upload=upload, outcome=Outcome.TAKEN).count() == len(SCHOOLS)
    assert Event.objects.filter(verb="report.behalf").count() == len(SCHOOLS), "each report is written once"
    upload.refresh_from_db()
    assert upload.state == State.TAKEN and queries.counts(upload).written == 2 * len(SCHOOLS)


def test_a_kill_between_the_report_and_the_note_of_it_leaves_neither(
    place: Place, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    typist = place.actors["na_hoi_typist"]
    report = place.report(round, "na_hoi")
    upload = hand_up(typist, filled(workbook(typist, report), {place.cells["hoc_sinh"]: 5}))
    perform(upload.read_job)
    upload = write(typist, upload)

    def dies(self: Answer, *_more: object, **_most: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Answer, "save", dies)
        with pytest.raises(Killed):
            perform(upload.take_job)
    assert not Draft.objects.filter(report=report).exists()
    take_up(upload.take_job)
    assert Draft.objects.get(report=report).value == 5


def many_drafts(place: Place, round: Round, monkeypatch: pytest.MonkeyPatch) -> tuple[Upload, list[Report]]:
    """Handed up by who may type for all three: drafts, written in one transaction."""
    for name, number in (("AT_ONCE", 5), ("PAGES_AT_ONCE", 40), ("WRITTEN_TOGETHER", 20)):
        monkeypatch.setattr(actions, name, number)
    wanted = [place.report(round, school) for school in SCHOOLS]
    files = [(f"{one.pk}.xlsx", filled(workbook(SYSTEM, one), {place.cells["hoc_sinh"]: 7})) for one in wanted]
    return hand_up(SYSTEM, zipped(files), "ba.zip"), wanted


def test_of_reports_written_together_one_refuses_alone(
    place: Place, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, wanted = many_drafts(place, round, monkeypatch)
    place.type(wanted[1], {"hoc_sinh": "8"})
    write(SYSTEM, upload)
    answers = Answer.objects.filter(workbook__upload=upload).order_by("report")
    assert [one.outcome for one in answers] == [Outcome.TAKEN, Outcome.REFUSED, Outcome.TAKEN] and answers[1].refusal
    assert list(Draft.objects.order_by("report").values_list("value", flat=True)) == [7, 8, 7]
    typed = Event.objects.filter(verb="report.type", actor_name=SYSTEM.name)
    assert sorted(typed.values_list("data__report", flat=True)) == [wanted[0].pk, wanted[2].pk]
    assert not Event.objects.filter(verb="workbook.write").exists(), "each report has its own line"


def test_a_kill_among_reports_written_together_undoes_them_all(
    place: Place, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, _wanted = many_drafts(place, round, monkeypatch)
    saves = 0
    original = Answer.save

    def dies(self: Answer, **more: Any) -> None:
        nonlocal saves
        saves += 1
        if saves == 3:
            raise Killed
        original(self, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Answer, "save", dies)
        with pytest.raises(Killed):
            write(SYSTEM, upload)
    assert not Draft.objects.exists() and not Event.objects.filter(verb="report.type").exists()
    actions.take_in(by=SYSTEM, **WHEN, upload_id=upload.pk)
    assert Draft.objects.count() == 3 and Event.objects.filter(verb="report.type").count() == 3


def test_what_breaks_the_reading_process_costs_only_itself(
    place: Place, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    by = place.actors["officer"]
    content = many(place, round)
    asked = returned._ask

    def dies(order: dict[str, object], limits: object) -> object:
        for answer in asked(order, limits):  # type: ignore[arg-type]
            if order["do"] == "read" and answer["no"] == 1:
                return
            yield answer

    monkeypatch.setattr(returned, "_ask", dies)
    monkeypatch.setattr(actions, "BATCH", 40)
    upload = hand_up(by, content, "truong.zip")
    perform(upload.read_job)
    said = [[row["kind"] for row in one.faults] for one in upload.workbooks.all()]
    assert said == [[], ["TooSlow"], []]


def test_stopped_by_a_person_it_goes_on_when_asked(place: Place, round: Round) -> None:
    from giaoban.jobs import actions as jobs

    by = place.actors["officer"]
    upload = hand_up(by, many(place, round), "truong.zip")
    jobs.stop(by=by, at=at(DUE), job_id=upload.read_job)
    assert perform(upload.read_job).state == JobState.STOPPED and upload.workbooks.count() == 0
    jobs.again(by=by, at=at(DUE), job_id=upload.read_job)
    perform(upload.read_job)
    assert Upload.objects.get(pk=upload.pk).state == State.READ


# Taking along


def test_workbooks_of_a_round_as_one_file_and_as_a_zip(place: Place, round: Round) -> None:
    by = place.actors["officer"]
    for together, kind in ((True, "xlsx"), (False, "zip")):
        made = actions.ask_to_make(by=by, **WHEN, round=round, together=together)
        assert not made.kept and perform(made.job).state == JobState.DONE
        made.refresh_from_db()
        assert made.name.endswith(kind)
    names = zipfile.ZipFile(io.BytesIO(_content(made))).namelist()
    assert len(names) == 3 and all(name.endswith(".xlsx") for name in names)
    upload = hand_up(by, _content(made), "tat-ca.zip")
    perform(upload.read_job)
    assert queries.counts(upload).nothing == 3, "as downloaded, so handed up: nothing new"


def _content(package: object) -> bytes:
    return keeping.content(queries.root(), package.kept)  # type: ignore[attr-defined]


def test_marked_copies_of_a_zip(place: Place, round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MARKED_AT_ONCE", 0)
    by = place.actors["officer"]
    report = place.report(round, "na_hoi")
    bad = filled(workbook(by, report), {place.cells["hoc_sinh"]: "x"})
    good = filled(workbook(by, place.report(round, "ban_pho")), {place.cells["hoc_sinh"]: 5})
    upload = hand_up(by, zipped([("a/xau.xlsx", bad), ("tot.xlsx", good), ("khac.pdf", b"%PDF-")]), "hai.zip")
    perform(upload.read_job)
    made = actions.ask_for_marked(by=by, **WHEN, upload_id=upload.pk)
    assert perform(made.job).state == JobState.DONE
    made.refresh_from_db()
    assert zipfile.ZipFile(io.BytesIO(_content(made))).namelist() == ["0001-xau.xlsx"]


def test_a_round_that_asks_nothing_of_one_gives_no_workbooks(place: Place, round: Round) -> None:
    with pytest.raises(Refused):
        actions.ask_to_make(by=place.actors["sin_chai_officer"], **WHEN, round=round, together=True)


def test_the_commune_sees_only_its_own_schools(place: Place, round: Round) -> None:
    found = queries.fillable(place.actors["officer"], round.pk, DUE)
    assert {one.unit_id for one in found} == set(
        Report.objects.filter(round=round).values_list("unit_id", flat=True)
    ) & {place.unit(name) for name in SCHOOLS}
    assert [one.unit_id for one in queries.fillable(place.actors["na_hoi_typist"], round.pk, DUE)] == [
        place.unit("na_hoi")
    ]


# Removing


def test_old_files_go_when_nothing_needs_them(place: Place, round: Round, settings: LazySettings) -> None:
    by, later = place.actors["na_hoi_typist"], at(DUE) + timedelta(days=100)
    report = place.report(round, "na_hoi")
    book = workbook(by, report)
    written, waiting, refused = (
        hand_up(by, content, name)
        for content, name in (
            (filled(book, {place.cells["hoc_sinh"]: 5}), "da-ghi.xlsx"),
            (filled(book, {place.cells["hoc_sinh_nu"]: 6}), "chua-ghi.xlsx"),
            (b"khong phai", "hong.xlsx"),
        )
    )
    perform(written.read_job)
    perform(waiting.read_job)
    perform(write(by, written).take_job)
    document = keeping.keep(settings.MEDIA_ROOT, b"van ban")
    for path in settings.MEDIA_ROOT.rglob("*"):
        os.utime(path, (at(DUE).timestamp(), at(DUE).timestamp()))
    assert actions.remove_uploads(by=SYSTEM, at=later, days=101) == 0, "not old enough"
    assert actions.remove_uploads(by=SYSTEM, at=later, days=90) == 2
    kept = {path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()}
    assert kept == {waiting.kept, document}, "what waits to be written stays, and so do the files of other rooms"
    assert refused.kept not in kept and Draft.objects.get(report=report).value == 5
    assert Event.objects.filter(verb="workbook.remove").count() == 1
    with pytest.raises(refusals.FileGone):
        actions.marked(written, written.workbooks.get())


def test_a_person_removes_no_files(place: Place, round: Round) -> None:
    with pytest.raises(NotAllowed):
        actions.remove_uploads(by=place.actors["officer"], at=at(DUE), days=90)


def test_files_of_the_first_edition_are_still_found(place: Place, round: Round, settings: LazySettings) -> None:
    by = place.actors["na_hoi_typist"]
    report = place.report(round, "na_hoi")
    upload = hand_up(by, filled(workbook(by, report), {place.cells["hoc_sinh"]: 5}))
    there = queries.path_of(upload.kept)
    among = keeping.path_of(settings.MEDIA_ROOT, upload.kept)
    among.parent.mkdir()
    there.rename(among)
    assert perform(upload.read_job).state == JobState.DONE and queries.counts(upload).changed == 1
