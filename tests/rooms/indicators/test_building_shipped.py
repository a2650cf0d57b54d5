"""The whole shipped catalogue goes out as one file and comes back the same into an empty database."""

from __future__ import annotations

from giaoban import catalogue
from giaoban.indicators import loading, texts
from giaoban.indicators.queries import texts as published
from giaoban.journal.actor import SYSTEM
from tests.rooms.indicators.test_building_texts import ACT, empty, take
from tests.world import NOW, World

SHIPPED = [path for path in (catalogue.HERE / "indicators").rglob("*.toml") if path.name != "sources.toml"]


def test_the_shipped_catalogue_survives_the_way_through_a_file(world: World) -> None:
    loading.load_catalogue(by=SYSTEM, at=NOW)
    before = published.whole()
    text = texts.toml(before)
    empty()
    taken = take(text)
    assert taken.faults == () and published.whole() == before and texts.toml(published.whole()) == text
    again = texts.together(texts.read(path.read_bytes(), path.name) for path in SHIPPED)
    taken = texts.take(**ACT, found=again)
    assert taken.faults == () and {one.state for one in taken.outcomes} == {"same"}, "the short form says the same"
