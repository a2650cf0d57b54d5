"""Two who take a number at once. Apart: its database is emptied, and no world of a module may be open meanwhile."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from giaoban.documents import numbering
from giaoban.journal.actor import SYSTEM
from tests.rooms.work.world import at


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in connection.vendor, reason="SQLite has one writer; two at once are PostgreSQL's matter")
def test_two_at_once_never_get_one_number() -> None:
    from giaoban.orgs.models import Unit

    unit = Unit.objects.create()
    numbering.switch_on(by=SYSTEM, at=at(), unit_id=unit.pk, agency="UBND")
    got: list[int] = []

    def work() -> None:
        try:
            got.extend(numbering.take(by=SYSTEM, at=at(), unit_id=unit.pk, code="TB").number for _ in range(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(got) == list(range(1, 31))
