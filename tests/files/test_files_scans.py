"""Scans: pages of pictures read by Tesseract, what it says put in order, and what is said where it is not there."""

from __future__ import annotations

import io
import os
import struct
import zlib
from difflib import SequenceMatcher

import pytest
from PIL import Image

from giaoban.core.text import fold
from giaoban.files import from_scan, opening, paper
from giaoban.files.opening import Limits
from tests.files.drawn import pdf, scan, stored, typed

HERE = any(opening.reads_vietnamese(path) for path in opening.TESSERACT)
needs_tesseract = pytest.mark.skipif(
    not HERE and os.environ.get("CI") != "true",
    reason="no scans are read here: apt-get install tesseract-ocr tesseract-ocr-vie",
)
LINES = ["THÔNG BÁO", "Kết luận của Chủ tịch Ủy ban nhân dân", "1. Phòng Nội vụ báo cáo trước ngày 15/3/2026."]
SECRET = ["UBND TỈNH LÀO CAI", "Số: 12/KH-UBND"]


@needs_tesseract
def test_a_picture_is_read_with_its_marks() -> None:
    heard: list[tuple[int, int]] = []
    found = opening.opened("a.png", stored(scan(LINES)), progress=lambda done, of: heard.append((done, of)))
    assert (found.kind, found.pages) == ("scan", 1)
    assert len(found.text.splitlines()) == len(LINES) and _alike(found.text, "\n".join(LINES))
    assert "Phòng Nội vụ" in found.text and "15/3/2026" in found.text
    assert opening.FROM_PICTURES in found.notes and heard == [(1, 1)]


@needs_tesseract
def test_a_pdf_of_text_and_pictures_is_read_in_its_order() -> None:
    found = opening.opened("a.pdf", _mixed())
    assert (found.kind, found.pages) == ("pdf", 2)
    assert found.text.index("Kế hoạch năm học") < found.text.index("Phòng Nội vụ")


@needs_tesseract
def test_a_long_scan_waits_for_somebody_patient_after_its_first_page() -> None:
    page = scan(LINES[2:])
    long = stored(page.convert("1"), "TIFF", [page.convert("1")])
    with pytest.raises(opening.LongScan) as refused:
        opening.opened("a.tif", long, opening.QUICK)
    assert refused.value.params["pages"] == 2
    assert opening.opened("a.tif", long, Limits(scanned=2)).text.count("Phòng Nội vụ") == 2


@needs_tesseract
@pytest.mark.parametrize("stamp", ["MẬT", "TUYỆT MẬT"])
def test_a_stamp_of_secrecy_refuses_the_scan_before_the_rest_is_read(stamp: str) -> None:
    picture = scan(SECRET, stamp=stamp)
    with pytest.raises(opening.Marked) as refused:
        opening.opened("a.tif", stored(picture, "TIFF", [picture] * 3), opening.QUICK)
    assert fold(refused.value.params["mark"]) == fold(stamp)


def _alike(one: str, other: str) -> bool:
    """But for a letter here and there, as a scan is read."""
    return SequenceMatcher(None, one, other).ratio() > 0.9


def _mixed() -> bytes:
    import pypdfium2 as pdfium

    kept = io.BytesIO()
    scan(LINES).save(kept, "PDF", resolution=200)
    made = pdfium.PdfDocument.new()
    for content in (
        pdf([typed(["Kế hoạch năm học 2025-2026 của các trường học trên địa bàn toàn tỉnh Lào Cai, gồm ba phần."])]),
        kept.getvalue(),
    ):
        made.import_pages(pdfium.PdfDocument(content))
    found = io.BytesIO()
    made.save(found)
    return found.getvalue()


def test_where_tesseract_is_absent_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "TESSERACT", ("/nowhere/tesseract",))
    for content in (stored(scan(LINES)), _mixed()):
        with pytest.raises(opening.NoScanReader) as refused:
            opening.opened("a.pdf", content)
        assert "tesseract-ocr-vie" in str(refused.value)


# Hostile pictures: refused with or without Tesseract


def _bomb(width: int, height: int) -> bytes:
    """A PNG that says it is very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (_bomb(60_000, 60_000), opening.TooManyDots),
        (_bomb(200, 200), opening.NotOpened),
        (stored(Image.new("L", (40, 40)))[:60], opening.NotOpened),
        (b"\xff\xd8\xff" + b"\0" * 400, opening.Damaged),
        (b"II*\0" + b"\xff" * 400, opening.Damaged),
    ],
)
def test_hostile_pictures_are_refused(monkeypatch: pytest.MonkeyPatch, content: bytes, refusal: type) -> None:
    monkeypatch.setattr(opening, "_tesseract", lambda name: "/bin/true")
    with pytest.raises(refusal):
        opening.opened("a.png", content)


def test_a_tiff_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "_tesseract", lambda name: "/bin/true")
    page = Image.new("1", (20, 20), 1)
    with pytest.raises(opening.TooManyPages):
        opening.opened("a.tif", stored(page, "TIFF", [page] * 6), Limits(pages=5))


# What Tesseract's table says


def _table(lines: list[list[tuple[str, float, float, float, float, float]]]) -> bytes:
    rows = ["level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"]
    for number, line in enumerate(lines):
        rows.append(f"4\t1\t1\t1\t{number}\t0\t0\t0\t0\t0\t-1\t")
        rows += [
            f"5\t1\t1\t1\t{number}\t{n}\t{x}\t{y}\t{w}\t{h}\t{c}\t{t}" for n, (t, x, y, w, h, c) in enumerate(line)
        ]
    return "\n".join(rows).encode()


def _askew(words: str, y: float, slope: float, x: float = 200) -> list[tuple[str, float, float, float, float, float]]:
    line = []
    for word in words.split():
        line.append((word, x, y + slope * x, 30.0 * len(word), 40.0, 95.0))
        x += 30 * len(word) + 20
    return line


@pytest.mark.parametrize("slope", [0.0, 0.02, -0.03])
def test_a_page_that_lies_askew_is_read_line_by_line(slope: float) -> None:
    text = [
        "Phòng Nội vụ chủ trì rà soát đội ngũ giáo viên các trường học",
        "Các trường gửi báo cáo về Sở trước ngày mười lăm tháng ba",
    ]
    table = _table([_askew(line, 300 + 60 * n, slope) for n, line in enumerate(text)])
    words, sure = from_scan.understood(table, 2_400)
    assert sure == pytest.approx(95)
    assert [row.text for row in paper.rows_of(words)] == text


def test_noise_goes_and_an_unsure_word_of_a_sure_line_stays() -> None:
    sure = _askew("Lào Cai, ngày 15 tháng 9", 100, 0)
    sure[1] = (*sure[1][:5], 0.0)
    noise = [("~|", 10, 500, 20, 20, 40.0), ("iV", 40, 500, 20, 20, 3.0)]
    words, _sure = from_scan.understood(_table([sure, noise]), 2_400)
    assert [word.text for word in words] == ["Lào", "Cai,", "ngày", "15", "tháng", "9"]


def test_a_page_on_its_side_is_noticed() -> None:
    upright = [paper.Word("Phòng", 0, 0, 100, 30)] * 5
    assert not from_scan._lies(upright)
    assert from_scan._lies([paper.Word("Phòng", 0, 0, 30, 100)] * 5)
