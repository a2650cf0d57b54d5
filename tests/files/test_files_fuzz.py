"""Whatever bytes are handed up: text or a named refusal within the bounds of time, never a crash or hang of the caller.

Some mutations of every kind of file here; some thousands in the long campaign (`make soak`).
"""

from __future__ import annotations

import io
import os
import random
import time
import zipfile
from collections.abc import Callable

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from giaoban.core.refusal import Refused
from giaoban.files import annexes, from_page, from_scan, lettering, opening, paper, secrecy
from giaoban.files.annexes import Cell
from giaoban.files.laying import Text
from giaoban.files.opening import Limits
from tests.files.drawn import pdf, ruled, scan, stored, typed
from tests.files.test_files_annexes import HEAD, WORK, workbook

BOUNDS = Limits(seconds=5, page_seconds=10, scanned=1, unpacked=20 * 2**20, memory=512 * 2**20)
LIKELY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def _word() -> bytes:
    file = docx.Document()
    file.add_paragraph("Kính gửi: Các trường", style="List Number")
    table = file.add_table(rows=2, cols=4)
    for column, words in enumerate(HEAD[:4]):
        table.cell(0, column).text = words
        table.cell(1, column).text = WORK[column]
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def _pdf() -> bytes:
    texts, strokes = ruled([HEAD[:4], ["1", *WORK[:3]]], (40, 80, 260, 400, 540), 300)
    return pdf([typed(["1. Phòng Nội vụ báo cáo", "kết quả trước ngày 15/3/2026."]), texts], lines=strokes)


SEEDS: dict[str, Callable[[], bytes]] = {
    "a.docx": _word,
    "a.xlsx": lambda: workbook([HEAD, [1, *WORK]], [(1, 2, 2, 2)]),
    "a.pdf": _pdf,
    "a.html": lambda: f"<html><body><table><tr><td>{'<td>'.join(HEAD)}</table><ul><li>Việc</ul></body></html>".encode(),
    "a.txt": lambda: "Giao Phòng Nội vụ báo cáo trước ngày 15/3/2026.\n".encode() * 9,
    "a.png": lambda: stored(scan(["Phòng"], size=20, width=300)),
    "a.jpg": lambda: stored(scan(["Phòng"], size=20, width=300), "JPEG"),
    "a.tif": lambda: stored(scan(["Phòng"], size=20, width=300).convert("1"), "TIFF"),
}
NASTY = [
    b"\xff" * 8,
    b"\0" * 16,
    b"-1",
    b"9" * 20,
    b"<" * 40,
    b"/Kids[1 0 R]",
    b"%%EOF",
    b"&a;" * 5,
    b"\x7f\xff\xff\xff",
]


def mutated(content: bytes, random: random.Random) -> bytes:
    """Bytes flipped, cut out, doubled or replaced; of a package mostly inside a part, so that it still unpacks."""
    if content.startswith(b"PK") and random.random() < 0.7:
        return _inside(content, random)
    data = bytearray(content)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(data) or 1)
        act = random.randrange(5)
        if act == 0 and data:
            data[at] ^= 1 << random.randrange(8)
        elif act == 1:
            del data[at : at + random.randint(1, 60)]
        elif act == 2:
            data[at:at] = data[at : at + random.randint(1, 200)]
        elif act == 3:
            data[at : at + 4] = random.choice(NASTY)
        else:
            data = data[: random.randint(1, len(data) or 1)]
    return bytes(data)


def _inside(content: bytes, random: random.Random) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        names = source.namelist()
        chosen = random.choice([name for name in names if name.endswith(".xml")])
        for name in names:
            part = source.read(name)
            target.writestr(name, mutated(part, random) if name == chosen else part)
    return kept.getvalue()


def survives(name: str, content: bytes) -> str:
    """Opens a file as a door does: what came of it, in one word."""
    began = time.monotonic()
    try:
        found = opening.opened(name, content, BOUNDS)
    except Refused as refused:
        assert isinstance(refused, opening.NotOpened) and str(refused)
        said = type(refused).__name__
    else:
        assert found.text.strip()
        for row in found.rows or ():
            assert found.text[row.work_start : row.work_end] == row.work or not row.work
            assert 0 <= row.start <= row.work_start and row.work_end <= len(found.text)
        said = "text"
    assert time.monotonic() - began < 120
    return said


@pytest.fixture(autouse=True)
def _without_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures are taken apart, not read: what Tesseract does in its process is not what is tried here."""
    monkeypatch.setattr(opening, "_tesseract", lambda name: "/bin/true")


@pytest.mark.parametrize("name", SEEDS)
def test_mutated_files_are_read_or_refused(name: str) -> None:
    luck = random.Random(name)
    seed = SEEDS[name]()
    picture = name.endswith((".png", ".jpg", ".tif"))
    if not picture:
        assert survives(name, seed) == "text"
    for _ in range(3 if picture else 8):
        survives(name, mutated(seed, luck))


@pytest.mark.soak
@pytest.mark.parametrize("name", SEEDS)
def test_thousands_of_mutated_files(name: str) -> None:
    rounds = int(os.environ.get("GIAOBAN_SOAK_FILES", "400"))
    luck = random.Random(f"long {name}")
    seed = SEEDS[name]()
    counts: dict[str, int] = {}
    for _ in range(rounds):
        said = survives(name, mutated(seed, luck))
        counts[said] = counts.get(said, 0) + 1
    print(name, counts)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["a.txt", "a.html", "a.docx", "a.pdf", "a.xlsx", "a.bin", "a.png"]),
    st.binary(min_size=0, max_size=300),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\x89PNG\r\n\x1a\n", b"II*\0"]),
)
def test_any_bytes_are_read_or_refused(name: str, tail: bytes, head: bytes) -> None:
    survives(name, head + tail)


HOSTILE = {
    "deep.html": b"<html>" + b"<div>" * 200_000 + b"x",
    "wide.html": b"<html><table><tr><td colspan=100 rowspan=100>x" + b"<td colspan=100 rowspan=100>x" * 5_000,
    "deep.docx": None,
    "many.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9999999>>endobj\n"
    b"trailer<</Root 1 0 R>>",
    "open.pdf": b"%PDF-1.4\n" + b"[" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_deep_nests_and_endless_circles_end(name: str) -> None:
    content = HOSTILE[name] or _deep()
    survives(name, content)


def _deep() -> bytes:
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = f"<w:document {space}><w:body>{'<w:sdt>' * 30_000}{'</w:sdt>' * 30_000}</w:body></w:document>"
    with zipfile.ZipFile(io.BytesIO(_word())) as source:
        parts = {name: source.read(name) for name in source.namelist()} | {"word/document.xml": body.encode()}
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as target:
        for name, part in parts.items():
            target.writestr(name, part)
    return kept.getvalue()


# The parts, without a process


words = st.builds(
    lambda text, x, y, w, h: paper.Word(text, x, y, x + w, y + h),
    st.text(min_size=1, max_size=8).filter(str.strip),
    st.floats(-50, 700), st.floats(-50, 900), st.floats(0, 200), st.floats(0, 60),
)  # fmt: skip


@LIKELY
@given(st.lists(st.lists(words, max_size=30), max_size=4))
def test_any_words_on_any_pages_become_a_text_that_holds_each_or_drops_a_margin(pages: list[list[paper.Word]]) -> None:
    found = paper.text_of([paper.Page(595, 842, page) for page in pages], 10**6)
    assert isinstance(found["text"], str) and found["pages"] == len(pages)


WORDS = ["", "1", "nt", "TT", "Nội dung", "Chủ trì", "Thời hạn", "I", "Việc", "Phòng Nội vụ"]
cells = st.builds(Cell, st.sampled_from(WORDS), st.booleans(), st.booleans())


@LIKELY
@given(st.lists(st.lists(cells, max_size=6), max_size=8))
def test_any_grid_is_laid_down_and_its_rows_stand_where_they_say(grid: list[list[Cell]]) -> None:
    text = Text()
    text.table(grid)
    found = text.found(10**6)
    for row in found["rows"] or ():
        assert found["text"][row["work_start"] : row["work_end"]] in (row["work"], "")
        assert 0 <= row["start"] <= row["end"] <= len(found["text"])


@LIKELY
@given(st.text(max_size=400))
def test_any_text_has_a_mark_or_none_and_keeps_its_unicode(text: str) -> None:
    assert secrecy.mark(text) in ("", "MẬT", "TỐI MẬT", "TUYỆT MẬT")
    right, name = lettering.put_right(text)
    assert name or right == text
    assert len(lettering.from_vni(text)) <= len(text) + 1


@LIKELY
@given(st.text(max_size=400))
def test_any_markup_is_a_page(text: str) -> None:
    try:
        found = from_page.opened(("<html>" + text).encode("utf-8", "replace"), vars(Limits()))
    except opening.NotOpened:  # signs that no text has
        return
    assert isinstance(found["text"], str)


@LIKELY
@given(st.binary(max_size=300))
def test_any_table_of_tesseract_is_understood_or_refused(table: bytes) -> None:
    head = b"level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n"
    try:
        words, sure = from_scan.understood(head + table, 1_000)
    except (ValueError, TypeError, KeyError):
        return
    assert isinstance(words, list) and sure == sure
    assert annexes.is_annex([]) is False
