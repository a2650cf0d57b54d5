"""The leader that a text names beside who leads goes onto the task that is adopted from it."""

from __future__ import annotations

from types import SimpleNamespace

from giaoban.desk.views.adopting import Summary


def test_the_leader_named_in_the_text_stands_on_the_task() -> None:
    proposal = SimpleNamespace(due_text="30/4/2026", due_on=None, leader="Phó Chủ tịch Lê Thị A")
    item = SimpleNamespace(
        due="30/4/2026", due_on=None, leads=(7,), values={}, proposal=proposal, text="Rà soát", lead_words="Phòng X",
        partners=(), deliverable="Báo cáo", passages=((0, 7),), code="V1",
    )  # fmt: skip
    assert Summary._task(SimpleNamespace(), item).task.leader == "Phó Chủ tịch Lê Thị A"  # type: ignore[arg-type]
