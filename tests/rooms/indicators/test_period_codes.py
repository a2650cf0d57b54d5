"""Which periods have figures, found along the index."""

from giaoban.indicators import queries
from giaoban.indicators.models import Effect


def test_every_period_of_the_ledger_once_and_of_its_series_only(place):
    round = place.open()
    place.accept(place.hand_in(round, "na_hoi"))
    before = place.open(period_code="2024-2025.HK1")
    place.accept(place.hand_in(before, "na_hoi"))
    known = set(Effect.objects.filter(series="report").values_list("period_code", flat=True))
    assert sorted(known) == queries.period_codes("report") == ["2024-2025.HK1", "2025-2026.HK1"]
    assert queries.period_codes("nobody") == []
