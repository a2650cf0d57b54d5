from datetime import date

import pytest

from giaoban.core.hierarchy import Circle, ClosureRow, Existence, Link, Tree
from giaoban.core.span import FAR

BORN, MOVED, ENDED = date(2000, 1, 1), date(2010, 1, 1), date(2025, 7, 1)
TREE = Tree(
    [Existence(1, BORN), Existence(2, BORN), Existence(3, BORN), Existence(2, ENDED, exists=False)],
    [Link(2, BORN, 1), Link(3, BORN, 2), Link(3, MOVED, 1)],
)


def test_a_link_holds_until_the_next_one():
    assert TREE.ancestors(3, date(2009, 12, 31)) == [2, 1]
    assert TREE.ancestors(3, MOVED) == [1]


def test_what_has_ended_stands_above_nobody():
    tree = Tree(TREE.existences, TREE.links[:2])
    assert tree.parent(3, date(2025, 6, 30)) == 2 and tree.parent(3, ENDED) is None
    assert tree.descendants(1, ENDED) == {1} and tree.descendants(2, ENDED) == set()


def test_closure_tells_the_longest_stretches():
    assert ClosureRow(1, 3, 2, BORN, MOVED) in TREE.closure()
    assert ClosureRow(1, 3, 1, MOVED, FAR) in TREE.closure()
    assert ClosureRow(2, 2, 0, BORN, ENDED) in TREE.closure()


def test_a_link_without_a_parent_leaves_the_hierarchy():
    tree = Tree(TREE.existences, [*TREE.links, Link(3, ENDED, None)])
    assert tree.ancestors(3, ENDED) == [] and tree.exists(3, ENDED)
    assert 3 not in tree.descendants(1, ENDED)


def test_a_circle_is_told():
    with pytest.raises(Circle):
        Tree(TREE.existences, [Link(2, BORN, 3), Link(3, BORN, 2)]).ancestors(2, BORN)
