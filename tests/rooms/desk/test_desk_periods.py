"""Which period a page about figures opens on."""

from giaoban.desk import overview
from giaoban.indicators import queries as indicators


def test_a_quick_rounds_day_does_not_hide_what_is_reported_every_semester(monkeypatch):
    codes = ["2026-01-29..2026-01-29", "2024-2025.HK1", "2025-2026.HK1"]
    monkeypatch.setattr(indicators, "period_codes", lambda series: codes)
    found = [one.code for one in overview.periods_with_figures("report")]
    assert found == ["2025-2026.HK1", "2024-2025.HK1", "2026-01-29..2026-01-29"]
