"""Measured quantities of a page, one for each number: percentages with a/b and change, counts, sums of money."""

from __future__ import annotations

from giaoban.reading import counts, layout
from giaoban.reading.layout import Page
from giaoban.reading.marks import Figure
from giaoban.reading.percentages import Percentages
from giaoban.reading.spans import Span, Spans

_INERT = (layout.CHROME, layout.QUESTION, layout.LETTERHEAD, layout.RECIPIENTS, layout.SIGNATURE)


def find(page: Page, taken: list[Span]) -> list[Figure]:
    """The figures of a page, in order; `taken` are dates, citations and quoted law, where nothing is measured."""
    inert = [(block.start, block.end) for block in page.blocks if block.kind in _INERT]
    percentages = Percentages(page.view, Spans([*taken, *inert]))
    found = percentages.figures()
    for match in percentages.alone():
        figure = counts.of_ratio(page.view, match)
        if figure is not None:
            found.append(figure)
    numbers = [(match.start(), match.end()) for match in [*percentages.percents, *percentages.ratios]]
    found.extend(counts.find(page.view, Spans([*taken, *inert, *numbers])))
    return sorted(found, key=lambda figure: (figure.start, figure.end))
