"""The whole country, loaded once: totals on both sides of 1 July 2025, codes, lineage, search, names."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from django.db.models import Count

from giaoban.core.span import Span
from giaoban.journal import queries as journal
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions, queries
from giaoban.orgs.derived import joined
from giaoban.orgs.models import (
    COUNTRY_ID,
    MANAGEMENT,
    TERRITORY,
    Closure,
    Decision,
    Existence,
    Kind,
    Lineage,
    Link,
    Name,
    Snapshot,
    Unit,
)
from tests.world import EVE, NOW, REFORM, TODAY

pytestmark = pytest.mark.usefixtures("country")
CATALOGUE_DAY = date(2026, 10, 10)


def levels(on):
    areas = queries.living(on).filter(kind__family="area")
    return dict(areas.values_list("kind__level").annotate(n=Count("unit")))


def kinds(on, level):
    areas = queries.living(on).filter(kind__family="area", kind__level=level)
    return dict(areas.values_list("kind").annotate(n=Count("unit")))


def of(name, on):
    return queries.living(on).get(name=name).unit_id


@pytest.mark.parametrize(
    ("on", "provinces"),
    [
        (date(2003, 12, 31), 61),
        (date(2004, 1, 1), 64),
        (date(2008, 7, 31), 64),
        (date(2008, 8, 1), 63),
        (EVE, 63),
        (REFORM, 34),
    ],
)
def test_provinces_through_the_years(on, provinces):
    assert levels(on)["province"] == provinces


def test_the_eve_of_the_reform():
    assert levels(EVE) == {"country": 1, "province": 63, "district": 696, "commune": 10_035}
    assert kinds(EVE, "commune") == {"commune": 7692, "ward": 1726, "township": 617}


def test_the_day_of_the_reform():
    assert levels(REFORM) == {"country": 1, "province": 34, "commune": 3321}
    assert kinds(REFORM, "commune") == {"commune": 2621, "ward": 687, "special_zone": 13}
    assert kinds(REFORM, "province") == {"city": 6, "province": 28}


def test_after_the_changes_of_2026():
    assert kinds(CATALOGUE_DAY, "commune") == {"commune": 2599, "ward": 709, "special_zone": 13}
    assert kinds(CATALOGUE_DAY, "province") == {"city": 9, "province": 25}
    dong_nai = queries.by_code("75", CATALOGUE_DAY)
    assert queries.name(dong_nai.pk, date(2026, 4, 29)) == "Tỉnh Đồng Nai"
    assert queries.name(dong_nai.pk, date(2026, 4, 30)) == "Thành phố Đồng Nai"
    assert queries.descendants(dong_nai.pk, TERRITORY, date(2026, 4, 30), kinds=["ward"]).count() == 33


def test_the_school_year_2024_2025_stands():
    for on in (date(2024, 9, 30), date(2025, 5, 31)):
        assert levels(on)["commune"] == 10_035


def test_districts_end_with_their_links():
    district = of("Huyện Si Ma Cai", EVE)
    assert not queries.exists(district, REFORM)
    assert queries.snapshot(district, REFORM) is None
    assert not Closure.objects.filter(ancestor=district, end__gt=REFORM).exists()
    assert not Closure.objects.filter(descendant=district, end__gt=REFORM).exists()
    last = Link.objects.filter(unit=district, hierarchy=TERRITORY).latest("start")
    assert (last.start, last.parent) == (REFORM, None)


@pytest.mark.parametrize("on", [date(1996, 1, 1), date(2005, 1, 1), EVE, REFORM, TODAY, CATALOGUE_DAY])
def test_no_two_units_share_a_code_on_a_day(on):
    twice = queries.living(on).exclude(code="").values("code").annotate(n=Count("unit")).filter(n__gt=1)
    assert not list(twice)


def test_code_15_was_yen_bai_and_is_lao_cai():
    before, after = queries.by_code("15", EVE), queries.by_code("15", REFORM)
    assert (queries.name(before.pk, EVE), queries.name(after.pk, REFORM)) == ("Tỉnh Yên Bái", "Tỉnh Lào Cai")
    assert before.pk != after.pk
    old = [queries.name(row.predecessor_id, EVE) for row in queries.predecessors(after.pk)]
    assert sorted(old) == ["Tỉnh Lào Cai", "Tỉnh Yên Bái"]
    assert of("Tỉnh Lào Cai", EVE) != after.pk  # the merged unit bears a predecessor's name and is not it


def test_shares_of_every_predecessor_sum_to_one():
    whole: Counter = Counter()
    for old, numerator, denominator in Lineage.objects.values_list("predecessor_id", "numerator", "denominator"):
        whole[old] += Fraction(numerator, denominator)
    assert set(whole.values()) == {1}


def test_successors_lie_in_the_province_that_took_the_predecessor():
    """A figure of a divided unit must come out whole in the new province, on any map."""
    provinces_today = queries.living(REFORM).filter(kind__level="province", kind__family="area").values("unit")
    homes = dict(
        Closure.objects.filter(
            hierarchy=TERRITORY, start__lte=REFORM, end__gt=REFORM, ancestor__in=provinces_today
        ).values_list("descendant_id", "ancestor_id")
    )
    provinces: dict[int, set[int]] = {}
    for old, new in Lineage.objects.filter(on=REFORM).values_list("predecessor_id", "successor_id"):
        provinces.setdefault(old, set()).add(homes[new])
    assert {len(found) for found in provinces.values()} == {1}


def test_a_kept_commune_only_gets_new_rows():
    unit = queries.by_code("20695", TODAY).pk  # thị trấn Thạnh Mỹ, Nam Giang: nobody else was involved
    assert Existence.objects.filter(unit=unit).count() == 1
    assert (queries.name(unit, EVE), queries.name(unit, REFORM)) == ("Thị trấn Thạnh Mỹ", "Xã Thạnh Mỹ")
    assert queries.path_text(unit, EVE) == "Huyện Nam Giang, Tỉnh Quảng Nam"
    assert queries.path_text(unit, REFORM) == "Thành phố Đà Nẵng"
    assert not queries.successors(unit).exists()


def test_lai_chau_was_divided_and_ha_tay_merged():
    old = queries.by_code("12", date(2003, 12, 31)).pk
    shares = {queries.name(row.successor_id, TODAY): row.estimated for row in queries.successors(old)}
    assert shares == {"Tỉnh Lai Châu": True, "Tỉnh Điện Biên": True}
    hanoi = queries.by_code("01", TODAY).pk
    assert {queries.name(row.predecessor_id, date(2008, 7, 31)) for row in queries.predecessors(hanoi)} == {
        "Thành phố Hà Nội",
        "Tỉnh Hà Tây",
    }


def test_hue_was_renamed_and_stayed_itself():
    hue = queries.by_code("46", TODAY).pk
    assert queries.name(hue, date(2024, 12, 31)) == "Tỉnh Thừa Thiên Huế"
    assert queries.body_name(hue, date(2025, 1, 1)) == "UBND thành phố Huế"


def test_snapshots_and_closure_follow_from_the_rows():
    """Rebuilding some units one by one gives what the whole rebuild gave."""
    some = [of("Tỉnh Lào Cai", TODAY), of("Huyện Bảo Thắng", EVE), of("Xã Bản Cầm", EVE)]
    stretches = Snapshot.objects.filter(unit__in=some).values_list("unit", "start", "end", "name", "kind", "code")
    pairs = Closure.objects.filter(descendant__in=some).values_list(
        "hierarchy", "ancestor", "descendant", "depth", "start", "end"
    )
    before = set(stretches), set(pairs)
    actions.rebuild_snapshots(some)
    actions.rebuild_closure(some)
    assert before == (set(stretches.all()), set(pairs.all()))


def test_loading_again_changes_nothing():
    tables = (Unit, Existence, Name, Link, Lineage, Snapshot, Closure, Decision, Kind)
    before = [table.objects.count() for table in tables]
    events = journal.events(verb="unit.load").count()
    assert actions.load_administrative_units(by=SYSTEM, at=NOW) == 0
    assert [table.objects.count() for table in tables] == before
    assert journal.events(verb="unit.load").count() == events == 1


def test_dated_rows_name_their_decision():
    unit = of("Xã Gia Phú", REFORM)
    row = Name.objects.get(unit=unit, start=REFORM)
    assert (row.decision.number, row.decision.date) == ("1673/NQ-UBTVQH15", date(2025, 6, 16))
    assert not Existence.objects.filter(start=REFORM, decision=None).exists()


def test_a_subtree_on_a_day():
    new, old = of("Tỉnh Lào Cai", TODAY), of("Tỉnh Lào Cai", EVE)
    assert queries.descendants(new, TERRITORY, TODAY).count() == 99
    assert queries.descendants(old, TERRITORY, EVE, kinds=["district", "town", "provincial_city"]).count() == 9
    assert queries.is_under(of("Xã Bảo Thắng", TODAY), new, MANAGEMENT, TODAY)
    assert not queries.is_under(of("Huyện Bảo Thắng", EVE), new, TERRITORY, EVE)
    assert [row.name for row in queries.path(of("Xã Bản Cầm", EVE), TERRITORY, EVE)] == [
        "Việt Nam",
        "Tỉnh Lào Cai",
        "Huyện Bảo Thắng",
        "Xã Bản Cầm",
    ]
    assert [row.unit_id for row in queries.roots(TERRITORY, TODAY)] == [COUNTRY_ID]


# Search


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("lao cai", "Tỉnh Lào Cai"),
        ("LÀO CAI", "Tỉnh Lào Cai"),
        ("Lào Cai", "Tỉnh Lào Cai"),  # decomposed, as a Mac writes it
        ("dong nai", "Tỉnh Đồng Nai"),
        ("15", "Tỉnh Lào Cai"),
        ("ubnd xã bắc hà", "Xã Bắc Hà"),
        ("uy ban nhan dan tinh lao cai", "Tỉnh Lào Cai"),
        ("phuong lao cai", "Phường Lào Cai"),
        ("ca nuoc", "Việt Nam"),
    ],
)
def test_search_finds_without_accents(text, first):
    assert queries.search(text, TODAY)[0].name == first


def test_search_shows_the_path_and_knows_the_day():
    assert queries.search("bao thang", TODAY)[0].path == "Tỉnh Lào Cai"
    before = [(hit.name, hit.path) for hit in queries.search("bao thang", EVE)]
    assert before[0] == ("Huyện Bảo Thắng", "Tỉnh Lào Cai")
    assert "Huyện Bảo Thắng" not in [hit.name for hit in queries.search("bao thang", TODAY)]


def test_search_orders_exact_then_prefix_then_word():
    ranks = [hit.rank for hit in queries.search("dong", TODAY, limit=100)]
    assert ranks == sorted(ranks)
    hits = queries.search("hoa binh", TODAY, limit=50)
    exact = [hit for hit in hits if hit.rank == 1]
    assert exact and hits[: len(exact)] == exact
    assert all(hit.name.endswith("Hòa Bình") for hit in exact)


def test_search_within_kinds_and_territory():
    lao_cai = of("Tỉnh Lào Cai", TODAY)
    assert {hit.path for hit in queries.search("xa", TODAY, under=lao_cai, limit=200)} == {"Tỉnh Lào Cai"}
    assert {hit.kind for hit in queries.search("lao", TODAY, kinds=["ward"], limit=50)} == {"ward"}
    assert queries.search("  ", TODAY) == []


# Names as documents write them


def meant(text, on, near=None):
    found = queries.resolve_name(text, on, near)
    return found[0] if found else None


def test_names_with_their_province():
    match = meant("UBND xã Hòa Bình, tỉnh Vĩnh Long", TODAY)
    assert queries.path_text(match.unit_id, TODAY) == "Tỉnh Vĩnh Long"
    assert len(queries.resolve_name("UBND xã Hòa Bình", TODAY)) == 2  # nobody can tell: both are offered


def test_namesakes_near_the_writer_come_first():
    ca_mau = of("Tỉnh Cà Mau", TODAY)
    match = meant("xã Hòa Bình", TODAY, ca_mau)
    assert queries.path_text(match.unit_id, TODAY) == "Tỉnh Cà Mau"
    assert "gần nơi ban hành" in match.why


def test_former_names_follow_to_what_became_of_them():
    assert meant("tỉnh Yên Bái", TODAY).unit_id == of("Tỉnh Lào Cai", TODAY)
    district = meant("UBND huyện Bảo Thắng", TODAY)
    names = {queries.name(unit, TODAY) for unit in district.unit_ids}
    assert names == {"Phường Lào Cai", "Xã Bảo Thắng", "Xã Gia Phú", "Xã Phong Hải", "Xã Tằng Loỏng", "Xã Xuân Quang"}
    assert "01/07/2025" in district.why
    commune = of("Xã Gia Phú", TODAY)
    assert meant("huyện Bảo Thắng", TODAY, commune).unit_id == commune  # the writer is one of the heirs


def test_an_office_the_tree_lacks_is_read_by_its_area():
    match = meant("Phòng GD&ĐT huyện Si Ma Cai", EVE)
    assert (match.unit_id, match.score) == (of("Huyện Si Ma Cai", EVE), 60)


def test_no_life_has_a_hole():
    """A unit of the catalogue lives once: its stretches touch one another."""
    several = Snapshot.objects.values("unit").annotate(n=Count("pk")).filter(n__gt=1).values("unit")
    spans: dict[int, list[Span]] = {}
    for unit, start, end in Snapshot.objects.filter(unit__in=several).values_list("unit_id", "start", "end"):
        spans.setdefault(unit, []).append(Span(start, end))
    assert spans
    assert {len(joined(found)) for found in spans.values()} == {1}
