"""Runs every row of every page."""

import pytest

from tests.spec import Table, text
from tests.spec.pages import PAGES

CASES = [
    pytest.param(table, given, wanted, id=f"{page.file}:{table.title}:{','.join(map(str, given))}"[:110])
    for page in PAGES
    for table in page.tables
    for given, wanted in table.cases()
]


@pytest.mark.parametrize(("table", "given", "wanted"), CASES)
def test_row(table: Table, given, wanted):
    assert table.run(given) == tuple(text(part) for part in wanted)


def test_pages_have_names_of_their_own():
    assert len({page.file for page in PAGES}) == len(PAGES)
