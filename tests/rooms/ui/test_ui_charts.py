"""Charts: exact words and values, a zero base for bars, gaps for what is missing, a table behind each."""

import re
from decimal import Decimal

import pytest

from giaoban.ui.charts import Bar, Bars, Break, Matrix, Multiples, Point, Trend, draw

YEARS = ("2023-2024", "2024-2025", "2025-2026")


def trend(*values, **more) -> str:
    points = [Point(year, value) for year, value in zip(YEARS, values, strict=True)]
    return str(draw(Trend("Tỷ lệ chuyên cần", unit="%", points=points, **more)))


def broad(html: str) -> str:
    return re.search(r'<svg class="broad".*?</svg>', html, re.S)[0]


def test_a_missing_value_leaves_a_gap_and_a_dash() -> None:
    html = trend(90, None, Decimal("92.5"))
    assert broad(html).count('class="line"') == 0  # two lone points cannot be joined
    assert broad(html).count("<circle") == 2
    assert '<th scope="row">2024-2025</th><td class="n">—</td>' in html


def test_points_that_follow_one_another_are_joined() -> None:
    assert broad(trend(90, 91, 92)).count('class="line"') == 1


def test_it_is_said_in_words_for_those_who_do_not_see_it() -> None:
    assert 'aria-label="Tỷ lệ chuyên cần: từ 90% (2023-2024) đến 92,5% (2025-2026)"' in trend(90, 91, Decimal("92.5"))


def test_the_break_is_drawn_and_named() -> None:
    html = broad(trend(90, 91, 92, breaks=[Break("2025-2026", "1/7/2025")]))
    assert 'class="break"' in html and ">1/7/2025</text>" in html


def test_the_plan_is_named_where_it_is_drawn() -> None:
    html = trend(90, 91, 92, plan=[Point("2025-2026", 95)])
    assert ">kế hoạch 95%</text>" in html
    assert "<th" in html and "Kế hoạch" in html


def test_without_any_value_it_says_so() -> None:
    html = trend(None, None, None)
    assert "Các kỳ này chưa có số liệu." in html and "<svg" not in html


def test_labels_stay_inside_the_drawing() -> None:
    """Also where a plan lies far above the only value."""
    html = broad(trend(None, None, Decimal("0.9"), plan=[Point("2025-2026", 100)]))
    heights = [float(y) for y in re.findall(r'<text[^>]* y="([\d.-]+)"', html)]
    assert all(0 <= y <= 250 for y in heights)


def bars(html_of: Bars) -> list[float]:
    return [float(width) for width in re.findall(r'class="bar[^"]*" width="([\d.]+)"', str(draw(html_of)))]


def test_bars_start_at_zero_and_are_ranked() -> None:
    found = bars(Bars("Học sinh", bars=[Bar("Bản Liền", 50), Bar("Bắc Hà", 200), Bar("Cốc Lầu", None)]))
    assert found == [100.0, 25.0]


def test_a_bar_without_a_value_stays_in_the_list() -> None:
    html = str(draw(Bars("Học sinh", bars=[Bar("Bản Liền", 50), Bar("Cốc Lầu", None)])))
    assert html.index("Bản Liền") < html.index("Cốc Lầu") and "—" in html


def test_the_bound_is_drawn_at_its_place() -> None:
    html = str(draw(Bars("Chuyên cần", unit="%", bars=[Bar("Bắc Hà", 96)], bound=92, bound_label="Kế hoạch")))
    assert 'd="M92.00 0V10"' in html and "Kế hoạch 92%" in html


def test_names_are_escaped() -> None:
    html = str(draw(Bars("<b>", bars=[Bar("<script>alert(1)</script>", 1)])))
    assert "<script>" not in html and "<figcaption><b>" not in html


def test_a_matrix_says_each_state_in_words() -> None:
    html = str(draw(Matrix("Nộp", columns=["T1", "T2"], rows=[("Bắc Hà", ["on_time", "late"])])))
    assert html.count("Quá hạn") == 3  # title, words for screen readers, key
    assert html.count("<td><span") == 2


def test_multiples_share_one_scale() -> None:
    low = Trend("A", points=[Point("1", 10), Point("2", 20)])
    high = Trend("B", points=[Point("1", 80), Point("2", 100)])
    html = str(draw(Multiples("Xã", panels=[low, high])))
    first, second = re.findall(r'class="line" d="M([^"]+)"', html)
    assert float(first.split("L")[0].split()[1]) > float(second.split("L")[0].split()[1])  # lower values lie lower


def test_what_is_no_chart_is_refused() -> None:
    with pytest.raises(TypeError):
        draw("không phải biểu đồ")
