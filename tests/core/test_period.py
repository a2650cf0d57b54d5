from datetime import timedelta

import pytest

from giaoban.core import period
from giaoban.core.period import Kind

DAY = timedelta(days=1)
TILING = [Kind.MONTH, Kind.QUARTER, Kind.HALF_YEAR, Kind.YEAR, Kind.CALENDAR_YEAR]


@pytest.mark.parametrize("kind", TILING)
def test_windows_of_a_kind_follow_without_gap_or_overlap(kind):
    found = period.make(kind, 2019)
    for _ in range(30):
        following = found.next()
        assert following.start == found.end
        assert following.previous() == found
        found = following


def test_the_two_rounds_of_a_school_year_follow_each_other():
    opening, closing = period.parse("2025-2026.DN"), period.parse("2025-2026.CN")
    assert opening.end == closing.start and closing.end == period.parse("2026-2027.DN").start


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.ONE_OFF])
def test_every_period_ends_with_its_data_day_and_is_found_by_its_days(kind):
    found = period.make(kind, 2025)
    assert found.end == found.data_day + DAY and found.cutoff == found.data_day
    assert period.on_day(kind, found.start) == period.on_day(kind, found.last_day) == found
    assert period.parse(found.code) == found and found.kind is kind
    assert found.same_last_year().label != found.label


def test_the_quarters_of_a_year_are_its_halves_and_the_year():
    year = period.parse("2026-BC")
    halves = [period.parse(f"2026-H{n}") for n in (1, 2)]
    quarters = [period.parse(f"2026-Q{n}") for n in (1, 2, 3, 4)]
    for parts in (halves, quarters):
        assert parts[0].start == year.start and parts[-1].end == year.end


def test_vietnamese_d_is_read_and_case_does_not_matter():
    assert period.parse(" 2025-2026.ĐN ") == period.parse("2025-2026.dn") == period.parse("2025-2026.DN")


def test_a_stretch_is_of_one_kind_and_runs_forward():
    for text in ("2025:2026-03", "2026:2025", "2026-03-15..2026-03-20:2026-04-15..2026-04-20"):
        with pytest.raises(period.BadPeriod, match="not a reporting period"):
            period.parse_many(text)
    with pytest.raises(period.BadPeriod) as refusal:
        period.parse("học kỳ")
    assert refusal.value.field == "period" and refusal.value.params == {"text": "học kỳ"}


def test_periods_sort_by_their_days():
    codes = ["2026-Q2", "2025-2026.HK1", "2026", "2025-2026.DN"]
    assert [p.code for p in sorted(map(period.parse, codes))] == ["2025-2026.DN", "2025-2026.HK1", "2026", "2026-Q2"]
