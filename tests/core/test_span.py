from datetime import date

import pytest

from giaoban.core.span import FAR, Span

JULY = date(2025, 7, 1)


def test_neighbours_touch_without_overlapping():
    before, after = Span(date(2000, 1, 1), JULY), Span(JULY)
    assert not before.overlaps(after) and before.intersect(after) is None
    assert JULY not in before and JULY in after and after.is_open


def test_intersection_is_what_both_contain():
    assert Span(date(2000, 1, 1), JULY).intersect(Span(date(2020, 1, 1))) == Span(date(2020, 1, 1), JULY)


@pytest.mark.parametrize("end", [JULY, date(2024, 1, 1)])
def test_an_empty_span_cannot_be_built(end):
    with pytest.raises(ValueError, match="ends after it starts"):
        Span(JULY, end)


def test_open_means_the_far_end():
    assert Span(JULY).end == FAR
