"""Loading part of the country, loading again, and a load that was killed."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import CommandError, call_command

from giaoban.journal import queries as journal
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, loading, queries, refusals
from giaoban.orgs.models import Closure, Link, Name, Snapshot, Unit
from tests.world import EVE, NOW, REFORM, TODAY

DO = {"by": SYSTEM, "at": NOW}
TABLES = (Unit, Name, Link, Snapshot, Closure)


def counts():
    return [table.objects.count() for table in TABLES]


def test_one_province_comes_with_its_predecessors(db):
    fresh = actions.load_administrative_units(**DO, provinces={"15"})
    assert fresh == Unit.objects.count() - 1 == 431  # and Việt Nam
    assert queries.living(EVE).filter(kind__level="province").count() == 2
    assert queries.living(EVE).filter(kind__level="district").count() == 18
    assert queries.living(TODAY).filter(kind__level="commune").count() == 99


def test_loading_more_adds_only_what_is_missing(db):
    actions.load_administrative_units(**DO, provinces={"96"})
    before = counts()
    assert actions.load_administrative_units(**DO, provinces={"96"}) == 0
    assert counts() == before
    ids = set(Unit.objects.values_list("pk", flat=True))
    assert actions.load_administrative_units(**DO, provinces={"96", "01"}) > 0
    assert ids < set(Unit.objects.values_list("pk", flat=True))
    twice = queries.living(TODAY).values("code").exclude(code="")
    assert twice.count() == twice.distinct().count()
    assert [event.data["provinces"] for event in journal.events(verb="unit.load")] == [["01", "96"], ["96"]]


def test_what_people_changed_is_left_alone(db):
    actions.load_administrative_units(**DO, provinces={"96"})
    unit = queries.by_code("96", TODAY)
    actions.rename(**DO, on=TODAY, unit=unit, name="Tỉnh Cà Mau mới")
    actions.load_administrative_units(**DO, provinces={"96", "01"})
    assert queries.name(unit.pk, TODAY) == "Tỉnh Cà Mau mới"


def test_a_killed_load_leaves_nothing_and_can_be_run_again(db, monkeypatch):
    class Killed(BaseException):
        pass

    def kill(what, done, of):
        if what == "link":
            raise Killed

    with pytest.raises(Killed):
        actions.load_administrative_units(**DO, provinces={"96"}, progress=kill)
    assert counts() == [0, 0, 0, 0, 0]
    steps = []
    actions.load_administrative_units(**DO, provinces={"96"}, progress=lambda what, done, of: steps.append(what))
    assert steps[0] == "existence" and steps[-1] == "done"


def test_a_newer_catalogue_brings_its_changes(db, monkeypatch):
    """A name of 2026 that an older catalogue lacked is added to the unit that is already here."""
    with monkeypatch.context() as older:
        older.setattr(loading.Plan, "_changes", lambda self: None)
        actions.load_administrative_units(**DO, provinces={"46"})
    hue = queries.by_code("46", TODAY).pk
    assert queries.name(hue, TODAY) == "Tỉnh Thừa Thiên Huế"
    assert actions.load_administrative_units(**DO, provinces={"46"}) == 0
    assert queries.name(hue, TODAY) == "Thành phố Huế"


def test_totals_that_differ_from_the_decrees_are_refused(db):
    actions.load_administrative_units(**DO, provinces={"96"})
    with pytest.raises(refusals.CatalogueFault, match=r"2003-12-31: provinces 2 ≠ 61"):
        loading.check_totals()


def test_an_unknown_province_is_refused(db):
    with pytest.raises(refusals.UnknownCode, match="10"):
        actions.load_administrative_units(**DO, provinces={"10"})  # old Lào Cai: not a code of today
    assert Unit.objects.count() == 0


def test_the_command_loads_and_refuses_in_words(db, capsys):
    call_command("load_units", "--provinces", "96")
    assert "Đã nạp" in capsys.readouterr().out
    assert queries.by_code("96", REFORM)
    with pytest.raises(CommandError, match="Không có đơn vị nào mang mã 10"):
        call_command("load_units", "--provinces", "10")


def test_viet_nam_is_unit_one_and_the_next_unit_is_not(db):
    actions.load_kinds(**DO)
    assert queries.name(1, date(1950, 1, 1)) == "Việt Nam"
    unit = actions.establish(**DO, on=TODAY, kind="ministry", name="Bộ Giáo dục và Đào tạo", parents={"MANAGEMENT": 1})
    assert unit.pk > 1
    assert journal.events(verb="unit.load_kinds").count() == 1
    actions.load_kinds(**DO)
    assert journal.events(verb="unit.load_kinds").count() == 1
