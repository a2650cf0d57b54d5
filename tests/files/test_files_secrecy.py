"""The mark of secrecy in every kind of file, and words that are none; old letterings; the bounds of the process."""

from __future__ import annotations

import io
import socket
import subprocess
import sys

import docx
import pytest

from giaoban.files import lettering, opening, secrecy
from tests.files.drawn import pdf
from tests.files.test_files_annexes import HEAD, WORK, workbook

PROSE = """UBND TỈNH LÀO CAI
KẾ HOẠCH
TĂNG CƯỜNG CÔNG TÁC BẢO VỆ BÍ
MẬT NHÀ NƯỚC NĂM 2026 VÀ CÔNG TÁC BẢO
MẬT
Độ mật: Thường
1. Phòng Nội vụ bảo mật thông tin, giữ bí mật nhà nước; không soạn văn bản tối mật, tuyệt mật trên máy có mạng.
2. Mật khẩu đổi hằng quý. Tài liệu đóng dấu “Mật” để ở tủ riêng.
"""


def test_words_about_secrets_are_no_mark() -> None:
    assert secrecy.mark(PROSE) == ""


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("UBND TỈNH\nMẬT\nKế hoạch", "MẬT"),
        ("UBND TỈNH\n   TỐI   MẬT  \nKế hoạch", "TỐI MẬT"),
        ("Số: 12/KH-UBND\n[TUYỆT MẬT]", "TUYỆT MẬT"),
        ("M Ậ T\nUBND", "MẬT"),
        ("UBND XÃ\tCỘNG HÒA\nMẬT\tLào Cai, ngày 5", "MẬT"),
        ("MẬT      CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "MẬT"),
        ("Số: 12/KH-UBND TỐI MẬT", "TỐI MẬT"),
        ("Độ mật: Tối mật", "TỐI MẬT"),
        ("ĐỘ MẬT : MẬT", "MẬT"),
        ("UBND\nMật\nKế hoạch", "MẬT"),
        ("UBND\nMÂ\u0323T\nKế hoạch", "MẬT"),
    ],
)
def test_a_stamp_is_a_mark(text: str, mark: str) -> None:
    assert secrecy.mark(text) == mark


def test_a_stamp_counts_only_at_the_head_and_small_letters_only_in_the_letterhead() -> None:
    assert secrecy.mark("Một dòng chữ dài của văn bản thường.\n" * 200 + "MẬT") == ""
    assert secrecy.mark("dòng\n" * 30 + "Mật\n") == ""
    assert secrecy.mark("dòng\n" * 30 + "MẬT\n") == "MẬT"


def test_a_misread_stamp_counts_in_a_scan_alone() -> None:
    assert secrecy.mark("UBND\nMẠT", scanned=True) == "MẬT" and secrecy.mark("UBND\nMẠT") == ""


def _word(place: str) -> bytes:
    file = docx.Document()
    if place == "cell":
        table = file.add_table(rows=1, cols=2)
        table.cell(0, 0).text = "UBND TỈNH\nSố: 12/KH-UBND"
        table.cell(0, 0).add_paragraph("MẬT")
        table.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    elif place == "header":
        file.sections[0].header.paragraphs[0].text = "TỐI MẬT"
    elif place == "body":
        file.add_paragraph("MẬT")
    file.add_paragraph("Kế hoạch công tác")
    kept = io.BytesIO()
    file.save(kept)
    return kept.getvalue()


FILES = {
    "a.txt": "UBND TỈNH\nMẬT\nKế hoạch".encode(),
    "b.txt": "UBND TỈNH\nMẬT\nKế hoạch".encode("utf-16"),
    "a.html": "<html><body><p>UBND</p><div><b>MẬT</b></div><p>Kế hoạch</p></body></html>".encode(),
    "cell.docx": _word("cell"),
    "header.docx": _word("header"),
    "body.docx": _word("body"),
    "a.xlsx": workbook([["UBND TỈNH", "", "CỘNG HÒA"], ["MẬT"], HEAD, [1, *WORK]]),
    "a.pdf": pdf(
        [[(60, 60, "UBND TỈNH"), (300, 60, "CỘNG HÒA XÃ HỘI"), (80, 100, "MẬT"), (300, 100, "Lào Cai, ngày 5")]]
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_with_a_stamp_is_refused(name: str) -> None:
    with pytest.raises(opening.Marked) as refused:
        opening.opened(name, FILES[name])
    assert refused.value.params["mark"] in ("MẬT", "TỐI MẬT")


# Old letterings

TCVN3 = "Céng hßa x· héi chñ nghÜa ViÖt Nam\n§éc lËp - Tù do - H¹nh phóc\nCéNG HßA X· HéI CHñ NGHÜA VIÖT NAM"
VNI = "COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM\nÑoäc laäp - Töï do - Haïnh phuùc"
RIGHT = "Cộng hòa xã hội chủ nghĩa Việt Nam\nĐộc lập - Tự do - Hạnh phúc\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"


def test_old_letterings_are_put_right() -> None:
    assert lettering.put_right(TCVN3) == (RIGHT, "TCVN3")
    assert lettering.put_right(VNI) == ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc", "VNI")
    taken = RIGHT.splitlines()[0].encode().decode("cp1252")
    assert lettering.put_right(taken) == (RIGHT.splitlines()[0], "UTF-8")


@pytest.mark.parametrize("text", [RIGHT, PROSE, "Le président a été élu à Genève en février.", "", "12/2025 …"])
def test_what_is_unicode_stays(text: str) -> None:
    assert lettering.put_right(text) == (text, "")


def test_unicode_lines_among_old_ones_stay() -> None:
    assert lettering.put_right(TCVN3 + "\nPhòng Nội vụ đã báo cáo")[0].endswith("\nPhòng Nội vụ đã báo cáo")


def test_old_lettering_in_a_text_file_and_a_word_file() -> None:
    file = docx.Document()
    file.add_paragraph(TCVN3)
    kept = io.BytesIO()
    file.save(kept)
    for name, content in (("a.docx", kept.getvalue()), ("a.txt", TCVN3.encode())):
        found = opening.opened(name, content)
        assert found.text == RIGHT and len(found.notes) == 1


def test_letters_of_a_font_without_key_are_noticed() -> None:
    assert lettering.broken("\ue001\ue002\ue003 \ue004\ue005" * 20)
    assert not lettering.broken(RIGHT) and not lettering.broken("")
    assert lettering.unmarked("so giao duc va dao tao thong bao ket luan " * 10) and not lettering.unmarked(PROSE)


# The process


def test_the_process_that_opens_files_has_no_network() -> None:
    said = (
        "from giaoban.files.fence import bound\nimport socket\nbound(2**30, 5)\n"
        "try:\n    socket.socket()\nexcept OSError:\n    print('closed')\n"
        "try:\n    open('/dev/shm/giaoban-fence', 'wb', 0).write(b'x')\nexcept OSError:\n    print('no file')\n"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=False)
    if sys.platform == "linux":
        assert "closed" in done.stdout
        assert "no file" in done.stdout
    socket.socket().close()  # the caller keeps its own
