"""Whatever the text: no crash, marks lie where they say, and how the text was typed makes no difference."""

import textwrap
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.reading import LARGEST, TooLarge, marks, read, reading

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.txt"))
TEXTS = [path.read_text(encoding="utf-8") for path in SAMPLES]
LINES = sorted({line for text in TEXTS for line in text.splitlines()})
SCRAPS = [
    "Giao Sở Nội vụ", "phối hợp với", "trước ngày 31/4/2025", "68/73 trường (93,1%)",
    "Nghị quyết số 29-NQ/TW, ngày ", "**", "- ",
    "1. ", "\n\n", "\n", "; ", "...", "“", "”", "(", ")", ":",
    "/", "%", "từ ngày 5 - 2/9", "năm học 2025-2026", "\u0301",
    "đồng chí", "chủ trì hội nghị", "\u200b", "0/0 trường đạt 5%", "Điều 13 Luật", "quy định như sau:",
    "|", "\t", "\r\n", "İ", "STT\tNội dung\tĐơn vị chủ trì\tThời hạn\n", "1- ", "Trên đây là ", "(1) ", "điểm %",
]  # fmt: skip

documents = st.one_of(
    st.text(max_size=400),
    st.lists(st.sampled_from(SCRAPS) | st.text(max_size=12), max_size=40).map("".join),
    st.lists(st.sampled_from(LINES), max_size=30).map("\n".join),
    st.lists(st.sampled_from(LINES) | st.sampled_from(SCRAPS), max_size=40).map(" ".join),
)
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def without_places(value):
    if isinstance(value, dict):
        return {key: without_places(inner) for key, inner in value.items() if key not in ("text", "start", "end")}
    return [without_places(inner) for inner in value] if isinstance(value, list) else value


@calm
@given(documents)
def test_any_text_is_read_and_every_mark_lies_where_it_says(text):
    found = read(text)
    for kind in ("citations", "figures", "tasks", "flags", "people"):
        for mark in found[kind]:
            assert 0 <= mark["start"] < mark["end"] <= len(text)
            assert text[mark["start"] : mark["end"]] == mark["text"]
            assert mark["why"] and 0 < mark["confidence"] <= 1
            for part in mark.get("parts", ()):
                assert mark["start"] <= part["start"] < part["end"] <= mark["end"]
                assert text[part["start"] : part["end"]] == part["text"]
    for mark in marks(text):
        assert 0 <= mark.start <= mark.end <= len(text)
    assert found == read(text)


@calm
@given(documents)
def test_composition_of_letters_makes_no_difference(text):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)
    assert without_places(read(composed)) == without_places(read(decomposed))


@calm
@given(st.sampled_from(TEXTS), st.integers(60, 110))
def test_line_wrapping_makes_no_difference(text, width):
    """Paragraphs with blank lines between them, as mail programs and text editors leave them."""
    paragraphs = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    flat = "\n\n".join(paragraphs)
    wrapped = "\n\n".join(
        textwrap.fill(line, width, break_long_words=False, break_on_hyphens=False) for line in paragraphs
    )
    assert without_places(read(flat)) == without_places(read(wrapped))


@calm
@given(st.sampled_from(TEXTS), st.sampled_from("‐‑–—−"), st.sampled_from([" ", "\u00a0", "  ", "\u2009"]))
def test_dashes_and_spaces_make_no_difference(text, dash, space):
    typed = "\n".join(line[:2] + line[2:].replace(" - ", f" {dash} ").replace(" ", space) for line in text.split("\n"))
    assert without_places(read(typed)) == without_places(read(text))


def test_marks_come_in_the_order_of_the_page():
    found = marks(TEXTS[0])
    assert found
    assert [(mark.start, -mark.end) for mark in found] == sorted((mark.start, -mark.end) for mark in found)
    assert {mark.kind for mark in found} <= {"meeting", "citation", "figure", "task", "flag"}
    assert all(mark.data.why for mark in found)


def test_dataclasses_say_the_same_as_the_object():
    text = TEXTS[0]
    assert [task.assignees for task in reading(text).tasks] == [
        tuple(task["assignees"]) for task in read(text)["tasks"]
    ]


HOSTILE = {
    "no_break": "yêu cầu các trường rà soát, " * 3000,
    "commas": "Sở, " * 20_000,
    "brackets": "(" * 50_000,
    "numbers": "1/2 3,4% 5 trường " * 5_000,
    "dates": "ngày 1/1/2020, " * 6_000,
    "dots": "...;" * 25_000,
    "spaces": "a" + " " * 100_000 + "b",
    "stars": "**" * 50_000,
    "marks": "e" + "\u0301" * 50_000,
    "colons": "nhiệm vụ sau: " * 8_000,
    "names": "đồng chí Nguyễn Văn An chủ trì, " * 3_000,
    "bullets": "- Giao Sở Nội vụ:\n" * 5_000,
    "numbers_of_documents": "số 29-NQ/TW ngày 04/11/2013 " * 4_000,
    "one_word": "x" * 100_000,
    "deadlines": "- Các trường báo cáo trước ngày 15/3; lập danh sách trước 20/4.\n" * 1_500,
    "rows": "STT\tNội dung\tĐơn vị chủ trì\tThời hạn\n" + "1\tRà soát cơ sở vật chất\tPhòng Nội vụ\t15/3\n" * 1_500,
    "bars": "| " * 40_000,
    "members": "- Đồng chí A: đề nghị bổ sung máy chiếu.\n" * 2_000,
}


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_hostile_text_takes_no_more_than_its_length(name):
    """Twice the text takes about twice the time: no pattern may run away."""
    text = HOSTILE[name]
    times = []
    for part in (text[: len(text) // 2], text):
        begin = time.process_time()
        read(part)
        times.append(time.process_time() - begin)
    assert times[1] < 4 * times[0] + 0.5, times


def test_longer_than_any_document_is_refused():
    with pytest.raises(TooLarge, match=r"chỉ đọc đến 2\.000\.000 ký tự"):
        read("a" * (LARGEST + 1))


def test_nothing_is_found_in_nothing():
    assert read("") == {"meeting": None, "citations": [], "figures": [], "tasks": [], "flags": [], "people": []}
