"""Votes of one person at once. Apart from the others: its database is emptied, no world of a module may be open."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, connections

from giaoban.work import refusals_awards
from tests.rooms.work.test_votes import council, put, vote
from tests.rooms.work.world import build


@pytest.mark.django_db(transaction=True)
def test_the_same_phone_pressed_twice_counts_once() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("threads share one writer on SQLite; run by scripts/postgres.sh")
    world = build()
    motion = put(world, council(world), way="SECRET")
    gate, refused = threading.Barrier(4), []

    def press(actor: object) -> None:
        try:
            gate.wait(30)
            vote(actor, motion)
        except refusals_awards.VotedAlready as fault:
            refused.append(fault)
        finally:
            connections.close_all()

    voters = [world.hieu_truong, world.hieu_truong, world.hieu_truong, world.hieu_truong_th]
    threads = [threading.Thread(target=press, args=[each]) for each in voters]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    motion.refresh_from_db()
    assert (motion.in_favour, len(refused)) == (2, 2)
