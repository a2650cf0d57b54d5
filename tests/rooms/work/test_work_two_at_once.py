"""Two people conclude and edit in the same moment: every conclusion gets its number, every wording is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from giaoban.work import actions, refusals
from giaoban.work.actions.minutes import correct_contribution
from giaoban.work.models import Conclusion, MinutesCopy
from tests.rooms.work.test_work_conclusions import session
from tests.rooms.work.world import TODAY, at, build

ROUNDS = 4


def together(*jobs: Callable[[], object]) -> list[BaseException]:
    """Start all at once; what they raised."""
    gate, raised = threading.Barrier(len(jobs)), []

    def run(job: Callable[[], object]) -> None:
        try:
            gate.wait(30)
            job()
        except BaseException as fault:
            raised.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[job]) for job in jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join(120)
    return raised


@pytest.mark.django_db(transaction=True)
def test_two_people_conclude_and_edit_at_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share one writer on SQLite; run by scripts/postgres.sh")
    world = build()
    meeting = session(world)

    def concluding(by: object, name: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(ROUNDS):
                actions.conclude(by=by, at=at(TODAY, 9), meeting=meeting, text=f"{name} {number}")  # type: ignore[arg-type]

        return run

    assert together(concluding(world.chu_tich, "Chủ trì"), concluding(world.chuyen_vien, "Thư ký")) == []
    made = list(Conclusion.objects.order_by("no"))
    assert [each.no for each in made] == list(range(1, 2 * ROUNDS + 1))

    def rewording(by: object, text: str) -> Callable[[], None]:
        mine = Conclusion.objects.get(pk=made[0].pk)
        return lambda: actions.amend_conclusion(  # type: ignore[return-value]
            by=by,
            at=at(TODAY, 10),
            conclusion=mine,
            text=text,
            version=1,  # type: ignore[arg-type]
        )

    (refused,) = together(rewording(world.chu_tich, "Lời một"), rewording(world.chuyen_vien, "Lời hai"))
    assert isinstance(refused, refusals.ChangedMeanwhile)
    kept = [each.text for each in made[0].wordings.all()]
    assert len(kept) == 2
    assert kept[1] in ("Lời một", "Lời hai")


@pytest.mark.django_db(transaction=True)
def test_minutes_written_by_two_at_once_lose_nothing() -> None:
    """Two note down, both correct the same entry: every entry stands, every wording of the corrected one is kept."""
    if connection.vendor != "postgresql":
        pytest.skip("threads share one writer on SQLite; run by scripts/postgres.sh")
    world = build()
    meeting = session(world)

    def noting(by: object, name: str) -> Callable[[], None]:
        def run() -> None:
            for number in range(ROUNDS):
                actions.add_contribution(by=by, at=at(TODAY, 9), meeting=meeting, text=f"{name} {number}")  # type: ignore[arg-type]

        return run

    assert together(noting(world.chu_tich, "Chủ trì"), noting(world.chuyen_vien, "Thư ký")) == []
    assert meeting.contributions.count() == 2 * ROUNDS
    entry = meeting.contributions.first()

    def correcting(by: object, text: str) -> Callable[[], object]:
        return lambda: correct_contribution(by=by, at=at(TODAY, 10), contribution=entry, text=text)  # type: ignore[arg-type]

    assert together(correcting(world.chu_tich, "Lời một"), correcting(world.chuyen_vien, "Lời hai")) == []
    entry.refresh_from_db()
    first, second = entry.corrections.order_by("pk")
    assert (second.before, entry.text) == (first.after, second.after)
    assert {first.after, second.after} == {"Lời một", "Lời hai"}


@pytest.mark.django_db(transaction=True)
def test_the_meeting_closed_while_somebody_concludes_keeps_both_in_the_minutes() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share one writer on SQLite; run by scripts/postgres.sh")
    world = build()
    meeting = session(world)
    assert (
        together(
            lambda: actions.close_meeting(by=world.chuyen_vien, at=at(TODAY, 11), meeting=meeting),
            lambda: actions.conclude(by=world.chu_tich, at=at(TODAY, 11), meeting=meeting, text="Kết luận cuối giờ"),
        )
        == []
    )
    copies = list(MinutesCopy.objects.filter(meeting=meeting).order_by("no"))
    assert [each.no for each in copies] == list(range(1, len(copies) + 1))
    assert "Kết luận cuối giờ" in str(copies[-1].content)
