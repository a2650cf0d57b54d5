"""Template tags: figures in Vietnamese, states in word and shape, sorting by link, faults told at their field."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django import forms
from django.template import engines
from django.test import RequestFactory

from giaoban.ui.looks import LOOKS, TONES
from giaoban.ui.widgets import DayInput


def render(source: str, path: str = "/", **context: Any) -> str:
    request = RequestFactory().get(path)
    return engines["django"].from_string(source).template.render(_context(context | {"request": request}))


def _context(values: dict[str, Any]) -> Any:
    from django.template import Context

    return Context(values)


@pytest.mark.parametrize(
    ("source", "value", "shown"),
    [
        ("{{ v|number }}", 1234567, "1.234.567"),
        ("{{ v|number:1 }}", Decimal("0.25"), "0,3"),
        ("{{ v|number }}", None, "—"),
        ("{{ v|number }}", 0, "0"),
        ("{{ v|percent }}", Fraction(68, 73), "93,15%"),
        ("{{ v|percent:1 }}", Fraction(68, 73), "93,2%"),
        ("{{ v|percent }}", None, "—"),
        ("{{ v|points }}", Decimal("6.11"), "+6,11 điểm %"),
        ("{{ v|points }}", Decimal("-2.5"), "−2,5 điểm %"),
        ("{{ v|day }}", date(2025, 9, 5), "05/09/2025"),
        ("{{ v|day }}", datetime(2025, 9, 4, 18, 0, tzinfo=UTC), "05/09/2025"),
        ("{{ v|long_day }}", date(2026, 2, 5), "ngày 05 tháng 02 năm 2026"),
        ("{{ v|long_day }}", date(2026, 9, 15), "ngày 15 tháng 9 năm 2026"),
        ("{{ v|moment }}", datetime(2026, 1, 29, 7, 5, tzinfo=UTC), "14:05 29/01/2026"),
    ],
)
def test_figures_and_days(source: str, value: object, shown: str) -> None:
    assert render(source, v=value) == shown


@pytest.mark.parametrize(
    ("due", "words"),
    [(date(2026, 2, 1), "còn 3 ngày"), (date(2026, 1, 29), "hôm nay"), (date(2026, 1, 27), "quá 2 ngày"), (None, "—")],
)
def test_how_far_a_due_day_is(due: date | None, words: str) -> None:
    assert render("{{ due|until:today }}", due=due, today=date(2026, 1, 29)) == words


def test_a_rate_shows_the_counts_it_comes_from() -> None:
    html = render("{% ratio 68 73 1 %}")
    assert "93,2%" in html and "68/73" in html
    assert "—" in render("{% ratio 68 0 %}")


@pytest.mark.parametrize("code", LOOKS)
def test_every_state_has_word_shape_and_tone(code: str) -> None:
    look = LOOKS[code]
    html = render("{% state code %}", code=code)
    assert str(look.word) in html and "<svg" in html and look.tone in TONES


def test_red_is_only_for_late_and_wrong() -> None:
    assert {code for code, look in LOOKS.items() if look.tone == "bad"} == {"late", "doing_late", "not_met"}


def test_an_unknown_state_is_shown_by_its_name() -> None:
    assert "lạ" in render('{% state "lạ" %}')


def test_a_column_sorts_by_link_and_keeps_the_other_filters() -> None:
    head = '{% th "Học sinh" sort="hs" number=True unit="em" %}'
    assert 'href="?ky=2025&amp;xep=hs"' in render(head, "/?ky=2025&trang=3")
    up = render(head, "/?xep=hs")
    assert 'aria-sort="ascending"' in up and "xep=-hs" in up
    assert 'aria-sort="descending"' in render(head, "/?xep=-hs")


def test_a_missing_cell_tells_its_reason() -> None:
    html = render('{% td v "percent" reason="trường chưa nộp" %}', v=None)
    assert "—" in html and "trường chưa nộp" in html


def test_text_from_people_is_escaped_everywhere() -> None:
    bad = "<script>x</script>"
    for source in (
        "{% badge v %}",
        "{% state 'late' v %}",
        "{% crumb v %}",
        "{% missing v %}",
        "{% tile v v v %}",
        "{% empty v v %}",
        "{% card title=v %}{{ v }}{% endcard %}",
        "{% alert 'bad' v %}{{ v }}{% endalert %}",
        "{% table v %}<tr><td>{{ v }}</td></tr>{% endtable %}",
        "{% th v %}",
        "{% facts pairs %}",
        "{% dialog 'd' v %}{{ v }}{% enddialog %}",
    ):
        assert bad not in render(source, v=bad, pairs={bad: bad}), source


class Form(forms.Form):
    name = forms.CharField(label="Tên", help_text="Như trong quyết định")
    day = forms.DateField(label="Hạn", widget=DayInput())


def test_a_fault_stands_at_its_field_and_in_the_summary_that_links_to_it() -> None:
    html = render("{% fields form %}", form=Form({"day": "31/02/2026"}))
    assert '<a href="#id_name">Tên: Chưa điền mục này.</a>' in html
    assert 'aria-invalid="true"' in html and 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_error"' in html and 'id="id_name_helptext"' in html
    assert 'value="31/02/2026"' in html  # what was typed is not lost


def test_days_are_read_day_first() -> None:
    form = Form({"name": "x", "day": "05/09/2026"})
    assert form.is_valid() and form.cleaned_data["day"] == date(2026, 9, 5)
    assert 'value="05/09/2026"' in str(form["day"]) and 'type="text"' in str(form["day"])
