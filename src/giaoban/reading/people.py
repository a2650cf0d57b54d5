"""People named with a title: "đồng chí Nguyễn Văn A - Trưởng phòng", "Giám đốc Sở Trần Thị B"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from giaoban.reading.marks import Person
from giaoban.reading.view import View
from giaoban.reading.wording import either, word_set

# Family names of the Kinh and of peoples of the mountains; they tell a name from a title in capitals.
_FAMILY = either(
    """
    Nguyễn · Trần · Lê · Phạm · Hoàng · Huỳnh · Phan · Vũ · Võ · Đặng · Bùi · Đỗ · Hồ · Ngô · Dương · Lý · Đinh ·
    Trịnh · Đoàn · Lương · Mai · Đào · Trương · Lâm · Tô · Tạ · Hà · Cao · Châu · Chu · Tống · Quách · Vương ·
    Phùng · Thái · Triệu · Tăng · Kiều · Văn · Mạc · Khổng · Doãn · Nghiêm · Lưu · Từ · Tôn · Thân · Bạch · La ·
    Lã · Đàm · Quan · Khúc · Khưu · Âu · Viên · Diệp · Giang · Hứa · Nông · Hoa · Ma · Lò · Lù · Lường · Cầm ·
    Quàng · Tòng · Vàng · Giàng · Sùng · Thào · Hầu · Cư · Tráng · Lèo · Hạng · Hảng · Mùa · Sình · Chảo · Tẩn ·
    Phàn · Lồ · Lìn · Thền · Ly · Chang · Pờ · Vi · Lô · Lữ · Kha · Hồng · Sầm · Lục · Linh · Bế · Chẩu · Ninh ·
    Vừ · Xồng · Và · Lầu · Lỳ · Cứ · Sa · Bàn · Đèo · Điêu · Thị · Y · A · Rơ · Kpă · Ksor · Siu · Nay · Niê ·
    Mlô · Ayun · Rcom · Kon · Cil · Lơ · Bon · Ya · Ka · Thạch · Sơn · Danh · Kim · Tiền · Trà · Mạnh · Đới · Nhữ ·
    Ung · Uông · Trang · Tưởng · Lại · Đồng · Bồ · Cù · Đậu · Hàn · Hàng · Khương · Lai · Phí · Phó · Phú · Tiêu ·
    Tần · Trầm · Vạn · Yên
    """
)
_COMMON = word_set("Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Đinh Trịnh Lương")
_BODIES = word_set("Sở Ban Phòng Cục Vụ Viện Trường Bộ Tỉnh Huyện Thành Hội Đoàn")
_PLACES = word_set("xã phường huyện quận tỉnh")
_SYLLABLE = r"[A-ZÀ-ỸĐ][a-zà-ỹđ']*"
_NAME = rf"{_FAMILY}(?:\s{_SYLLABLE}){{1,4}}(?![\w&])"
_ALONE = re.compile(rf"{_FAMILY}(?: {_SYLLABLE}){{1,4}}")
_ADDRESS = either(
    r"""
    [Đđ]ồng chí · ĐỒNG CHÍ · [Đđ]/[Cc] · [Ôô]ng · [Bb]à · [Tt]hầy giáo · [Cc]ô giáo · [Tt]hầy · [Cc]ô ·
    [Nn]hà giáo · TS\.? · ThS\.? · PGS\.?\s?,?\s?TS\.? · GS\.? · NGƯT\.? · NGND\.? · BS\.? · Đại tá · Thượng tá ·
    Trung tá · Thiếu tá
    """
)
_OFFICE = either(
    """
    Tổng Bí thư · Chủ tịch nước · Thủ tướng(?: Chính phủ)? · Phó Thủ tướng(?: Chính phủ)? · Bộ trưởng ·
    Thứ trưởng · Chủ tịch · Phó [Cc]hủ tịch · Bí thư · Phó [Bb]í thư · Giám đốc · Phó [Gg]iám đốc · Trưởng phòng ·
    Phó [Tt]rưởng phòng · Hiệu trưởng · Phó [Hh]iệu trưởng · Chánh Văn phòng · Trưởng ban · Cục trưởng ·
    Vụ trưởng · Chánh Thanh tra · Trưởng Ban · Phó Trưởng ban
    """
)
_MEMBER = either(
    """
    Ủy viên · Uỷ viên · Tỉnh ủy viên · Huyện ủy viên · Thành ủy viên · Đảng ủy viên · Quyền · UVBTV · TUV · HUV ·
    UVTV · Thường trực · Trưởng · Phó · Chuyên viên · Tổ trưởng · Cục · Vụ
    """
)
_ADDRESSED = re.compile(
    rf"(?<!\w){_ADDRESS}\s?:?\s(?:{_ADDRESS}\s)*(?P<name>{_SYLLABLE}(?:\s{_SYLLABLE}){{1,4}})(?![\w&])"
)
_TITLED = re.compile(rf"(?P<title>{_OFFICE}\b[^.;:\n()]{{0,60}}?) (?P<name>{_NAME})")
_NAMED = re.compile(rf"(?<![\w&])(?P<name>{_NAME})(?=\s?[-,–(]\s?(?:nguyên |Nguyên )?(?:{_OFFICE}|{_MEMBER}))")
_NO_NAME = re.compile(
    either(
        """
        chủ tịch · phó · giám đốc · trưởng · hiệu trưởng · bí thư · bộ trưởng · thứ trưởng · lãnh đạo · chánh ·
        ban · sở · phòng · ubnd · ủy ban · thường trực · tổng · thủ · các · đại diện · chuyên viên · đảng · hội ·
        việt nam · công · cục · vụ · viện · trung tâm · trường · giáo viên · ủy viên · uv · huyện · tỉnh · thành
        """
    )
    + r"\b"
)


def find(view: View) -> list[Person]:
    """People named with a title or a form of address, in order."""
    found: dict[int, Person] = {}
    for match in _ADDRESSED.finditer(view.text):
        if not _NO_NAME.match(view.low[match.start("name") : match.end("name")]):
            _add(found, view, match, "")
    for match in _TITLED.finditer(view.text):
        _add(found, view, match, match["title"].strip(" -,"))
    for match in _NAMED.finditer(view.text):
        _add(found, view, match, "")
    return [found[start] for start in sorted(found)]


def signers(view: View, lines: Iterable[tuple[int, int]]) -> list[Person]:
    """Names that stand alone on a line of the signature."""
    alone = (_ALONE.fullmatch(view.text, start, end) for start, end in lines)
    return [
        Person(match.start(), match.end(), match[0], "", "tên đứng riêng ở chỗ ký", 0.75)
        for match in alone
        if match is not None
    ]


def _last_capital(text: str, start: int, end: int) -> int:
    """Where a name ends: before a small letter or the end of its line."""
    at = start
    for syllable in re.finditer(r"[^ ]+", text[start:end].partition("\n")[0]):
        if not syllable[0][0].isupper():
            break
        at = start + syllable.end()
    return at


def _own_name(view: View, start: int, end: int) -> int:
    """Where the name begins when a place of the title runs into it: "UBND xã Hòa Phú Đỗ Xuân Tình"."""
    before = view.text[max(0, start - 14) : start].split()
    syllables = list(re.finditer(r"\S+", view.text[start:end]))
    inside = bool(before) and before[-1][0].isupper() and not before[-1].isupper() and before[-1] not in _BODIES
    least = 3 if inside else 5 if before and before[-1].lower() in _PLACES else 99
    after = syllables[1:-1] if len(syllables) >= least else []
    return next((start + syllable.start() for syllable in after if syllable[0] in _COMMON), start)


def _add(found: dict[int, Person], view: View, match: re.Match[str], title: str) -> None:
    start = _own_name(view, match.start("name"), match.end("name"))
    end = _last_capital(view.text, start, match.end("name"))
    if " " not in view.text[start:end] or _NO_NAME.match(view.low[start:end]):
        return
    known = found.get(start)
    if known is None or title:
        why = "tên đứng sau chức vụ" if title else "tên đứng sau cách xưng hô hoặc trước chức vụ"
        found[start] = Person(start, end, view.text[start:end], title, why, 0.9)
