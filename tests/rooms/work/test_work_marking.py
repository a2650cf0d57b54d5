"""A document's text with its tasks marked: nothing added, nothing lost, offsets exact."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from giaoban.work.marking import Span, excerpt, paragraphs

TEXT = "KẾT LUẬN\n\n1. Phòng Nội vụ\n- Chủ trì rà soát; báo cáo.\n  a) Việc khác.\n"


def test_paragraphs_leave_out_bullets_and_empty_lines() -> None:
    found = [TEXT[each.start : each.end] for each in paragraphs(TEXT)]
    assert found == ["KẾT LUẬN", "Phòng Nội vụ", "Chủ trì rà soát; báo cáo.", "Việc khác."]


def test_a_passage_is_cut_out_exactly() -> None:
    start = TEXT.index("Chủ trì")
    end = TEXT.index("; báo")
    line = paragraphs(TEXT, [Span(start, end, 7)])[2]
    assert [(piece.text, piece.task_ids) for piece in line.pieces] == [
        ("- ", ()),
        ("Chủ trì rà soát", (7,)),
        ("; báo cáo.", ()),
    ]


spans = st.lists(st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.integers(1, 5)), max_size=6)


@given(spans)
def test_pieces_always_make_up_the_lines_again(drawn: list[tuple[int, int, int]]) -> None:
    marked = [Span(min(a, b), max(a, b), task) for a, b, task in drawn if a != b]
    for paragraph in paragraphs(TEXT, marked):
        first = paragraph.pieces[0].start
        joined = "".join(piece.text for piece in paragraph.pieces)
        assert TEXT[first : first + len(joined)] == joined
        for piece in paragraph.pieces:
            inside = {
                each.task_id
                for each in marked
                if each.start <= piece.start and piece.start + len(piece.text) <= each.end
            }
            assert set(piece.task_ids) == inside


@given(st.text(alphabet="ab \n", min_size=1, max_size=900), st.data())
def test_an_excerpt_holds_the_passage_word_for_word(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    found = excerpt(text, start, end, around=40)
    assert found.passage == text[start:end]
    assert text.startswith(text[:start])
    assert found.cut_before or not text[:start].strip() or found.before.strip()
