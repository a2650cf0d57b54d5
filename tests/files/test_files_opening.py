"""Uploaded files: what is read, what is refused, and that a hostile one hurts nobody."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import docx
import pytest

from giaoban.files import opening
from giaoban.files.opening import Limits

VIETNAMESE = "Phòng Giáo dục và Đào tạo phối hợp với phòng Nội vụ.\r\nHạn: 30/4/2021\n"


def word(fill: object = None) -> bytes:
    file = docx.Document()
    file.add_paragraph("Kính gửi: Các trường")
    if callable(fill):
        fill(file)
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


def package(**entries: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return kept.getvalue()


def repacked(content: bytes, changes: dict[str, bytes]) -> bytes:
    """The same package with entries added or replaced."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        entries = {name: source.read(name) for name in source.namelist()}
    return package(**(entries | changes))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_plain_text_comes_back_letter_for_letter(encoding: str) -> None:
    assert opening.text("a.txt", VIETNAMESE.encode(encoding)) == VIETNAMESE


def test_text_of_the_vietnamese_windows_page() -> None:
    import unicodedata

    content = "Th\u00f4ng b\u00e1o".encode("cp1258") + " Hà Nội".encode("cp1258", "ignore")
    assert unicodedata.normalize("NFC", opening.text("a.txt", content)).startswith("Thông báo H")


def test_a_page_without_its_chrome() -> None:
    page = (
        "<!doctype html><html><head><title>Trang</title><style>p{}</style></head><body><script>alert(1)</script>"
        "<h1>Thông  báo</h1><p>Căn cứ &quot;Kế hoạch&quot;<br>số 12</p><ul><li>Phòng Nội vụ</li></ul>"
        "<table><tr><td>Trường</td><td>30</td></tr></table></body></html>"
    )
    text = opening.text("a.html", page.encode())
    assert text.splitlines()[0] == "Thông báo"
    assert 'Căn cứ "Kế hoạch"\nsố 12' in text
    assert "- Phòng Nội vụ" in text and "Trường 30" in text
    assert "alert" not in text and "Trang" not in text


def test_a_page_says_its_own_letters() -> None:
    page = '<html><head><meta charset="windows-1258"></head><body><p>Thông báo</p></body></html>'
    assert opening.text("a.htm", page.encode("cp1258")) == "Thông báo"


def test_word_paragraphs_tables_and_list_marks() -> None:
    def fill(file: docx.document.Document) -> None:
        for text in ("Rà soát cơ sở vật chất", "Báo cáo kết quả"):
            file.add_paragraph(text, style="List Number")
        table = file.add_table(rows=1, cols=2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Trường", "30"

    text = opening.text("a.docx", word(fill))
    assert text.splitlines()[:3] == ["Kính gửi: Các trường", "1. Rà soát cơ sở vật chất", "2. Báo cáo kết quả"]
    assert "Trường\t30" in text


def test_numbers_that_word_counts_by_itself_stand_in_the_text() -> None:
    numbering = """<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">
      <w:abstractNum w:abstractNumId="7"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/>
      <w:lvlText w:val="%1."/></w:lvl><w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
      </w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""
    paragraph = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="{}"/><w:numId w:val="3"/></w:numPr></w:pPr><w:r><w:t>{}</w:t></w:r></w:p>'
    )
    lines = [(0, "Kết quả"), (1, "Trường"), (1, "Lớp"), (0, "Nhiệm vụ"), (1, "Phòng Nội vụ")]
    body = "".join(paragraph.format(*line) for line in lines)
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>"
    )
    file = repacked(word(), {"word/document.xml": document.encode(), "word/numbering.xml": numbering.encode()})
    assert opening.text("a.docx", file).splitlines() == [
        "I. Kết quả",
        "a) Trường",
        "b) Lớp",
        "II. Nhiệm vụ",
        "a) Phòng Nội vụ",
    ]


REFUSED = [
    ("rong.txt", b"  \n", opening.Empty),
    ("a.pdf", b"%PDF-1.7 ...", opening.Damaged),
    ("a.txt", b"%PDF-1.7 ...", opening.Damaged),
    ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, opening.OldOffice),
    ("a.docm", b"PK\x03\x04", opening.Macros),
    ("a.docx", b"not a package", opening.Damaged),
    ("a.docx", b"PK\x03\x04 and nothing", opening.Damaged),
    ("a.docx", package(**{"ppt/presentation.xml": b"<a/>", "[Content_Types].xml": b"<a/>"}), opening.NotADocument),
    ("a.gif", b"GIF89a" + bytes(range(256)) * 4, opening.NotOpened),
    ("a.docx", word()[:2000], opening.Damaged),
]


@pytest.mark.parametrize(("name", "content", "refusal"), REFUSED)
def test_what_cannot_be_read_is_refused_by_name(name: str, content: bytes, refusal: type[opening.NotOpened]) -> None:
    with pytest.raises(refusal) as refused:
        opening.text(name, content)
    assert name in str(refused.value) or refusal is opening.Empty


def test_macros_are_found_whatever_the_file_is_called() -> None:
    with pytest.raises(opening.Macros):
        opening.text("a.docx", repacked(word(), {"word/vbaProject.bin": b"\0"}))
    types = b'<Types><Default ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
    with pytest.raises(opening.Macros):
        opening.text("a.docx", repacked(word(), {"[Content_Types].xml": types}))


def test_a_file_that_unpacks_to_very_much_is_refused_before_it_does() -> None:
    bomb = repacked(word(), {"word/media/a.bin": b"\0" * 30_000_000})
    assert len(bomb) < 100_000
    with pytest.raises(opening.UnpacksTooLarge):
        opening.text("a.docx", bomb)
    many = repacked(word(), {f"word/{number}.xml": b"<a/>" for number in range(2_100)})
    with pytest.raises(opening.UnpacksTooLarge):
        opening.text("a.docx", many)


def test_entities_that_grow_are_refused() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]><w:document>&c;</w:document>'
    with pytest.raises(opening.Damaged):
        opening.text("a.docx", repacked(word(), {"word/document.xml": bomb}))
    outside = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
    with pytest.raises(opening.Damaged):
        opening.text("a.docx", repacked(word(), {"word/document.xml": outside}))


def test_a_large_file_and_a_slow_one_are_given_up() -> None:
    with pytest.raises(opening.TooLarge):
        opening.text("a.txt", b"a" * 2_000_001, replace(Limits(), bytes=2_000_000))
    slow = ("<div>" * 200_000 + "a" * 10).encode()
    with pytest.raises(opening.NotOpened):
        opening.text("a.html", b"<html>" + slow, replace(Limits(), seconds=0))


def test_a_scan_without_text_says_so() -> None:
    with pytest.raises(opening.NoText):
        opening.text("a.html", b"<html><body><img src=a.png></body></html>")
