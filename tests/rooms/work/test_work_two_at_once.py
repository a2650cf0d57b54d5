"""Two people conclude and edit in the same moment: every conclusion gets its number, every wording is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections

from giaoban.work import actions, refusals
from giaoban.work.models import Conclusion
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
