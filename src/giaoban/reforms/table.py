"""The empty table of a decree, to be filled in with a spreadsheet; `orgs.actions.steps_from_table` reads it."""

from __future__ import annotations

import csv
import io

COLUMNS = ["viec", "don_vi", "thanh", "ty_le", "can_cu", "loai", "cap_tren", "he", "ma", "thuoc_tinh", "gia_tri"]
ROWS = [  # one of each work, to write over; docs/guide/sap-xep.md explains the columns
    {"viec": "thành lập", "don_vi": "Xã Minh Sơn", "loai": "xã", "cap_tren": "Tỉnh Mẫu", "ma": "99010"},
    {"viec": "nhập", "don_vi": "Xã Bình Minh", "thanh": "Xã Minh Sơn"},
    {"viec": "nhập", "don_vi": "Xã Cao Sơn", "thanh": "Xã Minh Sơn"},
    {"viec": "chia", "don_vi": "Xã Yên Lập", "thanh": "Xã Yên Đông", "ty_le": "1/2", "can_cu": "chia đều"},
    {"viec": "đổi tên", "don_vi": "Trường THPT Mẫu", "thanh": "Trường THPT Nguyễn Trãi"},
    {"viec": "đổi loại", "don_vi": "Xã Đông", "loai": "phường"},
    {"viec": "chuyển", "don_vi": "Điểm trường Suối Ba", "cap_tren": "Trường Mầm non Hoa Mai"},
    {"viec": "giải thể", "don_vi": "Điểm trường Suối Ba"},
    {"viec": "lập lại", "don_vi": "Điểm trường Suối Ba", "cap_tren": "Trường Tiểu học Ánh Dương"},
    {"viec": "thuộc tính", "don_vi": "Xã Bình Minh", "thuoc_tinh": "Khu vực", "gia_tri": "III"},
]


def sample() -> str:
    """With the mark by which spreadsheets know UTF-8."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS)
    writer.writeheader()
    writer.writerows(ROWS)
    return "\ufeff" + buffer.getvalue()
