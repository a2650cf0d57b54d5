"""Figures handed in and the signed copy of them are two states; the code on the paper is that of the figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.db import DatabaseError, transaction

from giaoban.core.refusal import NotAllowed
from giaoban.documents import keeping
from giaoban.indicators import actions, queries, refusals
from giaoban.indicators.models import Edition, Remark, Report, Revision, Round, SignedCopy, Submission
from giaoban.indicators.queries import copies
from tests.rooms.indicators.place import CHECK, Place, at

PDF = b"%PDF-1.7\n1 0 obj << /Type /Sig /ByteRange [0 10 20 30] >> endobj\n%%EOF"


@pytest.fixture(autouse=True)
def kept_here(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def round(place: Place) -> Round:
    return place.open(signed_copy="either")


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.hand_in(round, "na_hoi")


def newest(report: Report) -> Submission:
    return report.submissions.order_by("-no").first()


def receive(place: Place, report: Report, who: str = "officer", form: str = "paper", **changes: object) -> SignedCopy:
    given = {
        "by": place.actors[who], "at": at(CHECK), "on": CHECK, "report_id": report.pk, "form": form,
        "code": copies.check_code(newest(report)), "file": ("bieu.pdf", PDF) if form == "digital" else None,
    }  # fmt: skip
    return actions.receive_copy(**(given | changes))


# The code


def test_the_code_is_computed_from_the_figures_and_finds_them_again(report: Report) -> None:
    code = copies.check_code(newest(report))
    assert copies.check_code(newest(report)) == code
    assert copies.submission_of(code) == newest(report)
    assert copies.submission_of(code.lower().replace("-", " ")) == newest(report)
    assert copies.submission_of(code.replace("0", "O").replace("1", "l")) == newest(report)


def test_another_letter_is_another_code(report: Report) -> None:
    code = copies.check_code(newest(report))
    for place_of, letter in enumerate(code):
        if letter != "-":
            other = code[:place_of] + ("2" if letter != "2" else "3") + code[place_of + 1 :]
            assert copies.submission_of(other) is None
    for nonsense in ("", "xin chào", "A" * 400, "0" * 13, "U" * 14):
        assert copies.submission_of(nonsense) is None


def test_another_figure_is_another_code(place: Place, report: Report) -> None:
    first = newest(report)
    place.type(report, {"hoc_sinh": "501"}, on=CHECK)
    place.submit(report, on=CHECK)
    assert copies.check_code(newest(report)) != copies.check_code(first)
    assert "hoc_sinh=501|" in copies.content_of(newest(report)) and "hoc_sinh=500|" in copies.content_of(first)
    assert len(copies.content_of(first).splitlines()) == 4 + Revision.objects.filter(submission=first).count()


def test_the_same_figures_of_another_unit_have_another_code(place: Place, report: Report) -> None:
    other = place.hand_in(report.round, "ban_pho")
    assert copies.check_code(newest(other)).split("-")[1:] != copies.check_code(newest(report)).split("-")[1:]


# The state


def test_figures_and_copy_are_two_states(place: Place, report: Report) -> None:
    assert copies.state_of(report).state == "missing" and report.state == "submitted"
    receive(place, report)
    assert copies.state_of(report).state == "received"
    assert place.report(report.round, "na_hoi").state == "submitted", "a copy accepts nothing"
    row = next(row for row in queries.review(place.actors["officer"], report.round_id, CHECK) if row.copy != "missing")
    assert row.report.pk == report.pk and row.copy == "received"


def test_a_correction_makes_the_copy_out_of_date(place: Place, report: Report) -> None:
    old = copies.check_code(newest(report))
    receive(place, report)
    place.type(report, {"hoc_sinh": "501"}, on=CHECK)
    place.submit(report, on=CHECK)
    assert copies.state_of(report).state == "outdated"
    assert copies.states_of(report.round, [report]) == {report.pk: "outdated"}
    with pytest.raises(refusals.WrongCheckCode):
        receive(place, report, code=old)
    assert not copies.is_newest(copies.submission_of(old))
    receive(place, report)
    assert copies.state_of(report).state == "received"


def test_a_round_that_asks_for_none_has_no_state(place: Place) -> None:
    report = place.hand_in(place.open(), "na_hoi")
    assert copies.state_of(report).state == "" and copies.states_of(report.round, [report]) == {}
    with pytest.raises(refusals.NoCopyNeeded):
        receive(place, report)


# Who hands it over


def test_paper_is_noted_by_who_checks(place: Place, report: Report) -> None:
    for who in ("na_hoi_head", "sin_chai_officer", "viewer"):
        with pytest.raises(NotAllowed):
            receive(place, report, who)
    assert receive(place, report, "leader").form == "paper"


def test_a_signed_file_comes_from_the_head_and_is_kept_by_its_hash(place: Place, report: Report) -> None:
    made = receive(place, report, "na_hoi_head", "digital")
    assert keeping.content(made.file_name, made.file_hash) == PDF
    with pytest.raises(NotAllowed):
        receive(place, report, "na_hoi_typist", "digital")


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"%PDF-1.7 nothing signed"])
def test_a_file_without_a_signature_is_refused(place: Place, report: Report, content: bytes) -> None:
    with pytest.raises(refusals.NotASignedFile):
        receive(place, report, "na_hoi_head", "digital", file=("bieu.pdf", content))


def test_the_form_must_be_one_the_round_asks_for(place: Place) -> None:
    report = place.hand_in(place.open(signed_copy="paper"), "na_hoi")
    with pytest.raises(refusals.NotThisForm):
        receive(place, report, "na_hoi_head", "digital")
    other = place.report(report.round, "ban_pho")
    with pytest.raises(refusals.NothingToSign):
        actions.receive_copy(
            by=place.actors["officer"], at=at(CHECK), on=CHECK, report_id=other.pk, form="paper", code="0"
        )


def test_what_came_stays_in_the_book(place: Place, report: Report) -> None:
    made = receive(place, report)
    for change in (lambda: SignedCopy.objects.filter(pk=made.pk).delete(),
                   lambda: SignedCopy.objects.filter(pk=made.pk).update(check_code="X")):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_remarks_and_editions_stay_but_for_who_answered(place: Place, report: Report) -> None:
    common = {"report": report, "cell_id": place.cells["hoc_sinh"], "at": at(CHECK), "actor_name": "Ai đó"}
    asked = Remark.objects.create(**common, text="Vì sao?", asks=True)
    Remark.objects.filter(pk=asked.pk).update(answered_by=Remark.objects.create(**common, text="Đã đếm lại"))
    for change in (
        lambda: Remark.objects.filter(pk=asked.pk).update(text="Khác"),
        lambda: Remark.objects.filter(pk=asked.pk).delete(),
        lambda: Edition.objects.filter(pk=Edition.objects.first().pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
