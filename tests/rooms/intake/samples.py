"""Tables as they come: a statistics office's matrix, a school software's lists, a province's own table."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter

Merge = tuple[int, int, int, int]


def xlsx(rows: Sequence[Sequence[Any]], merges: Sequence[Merge] = (), sheet: str = "Biểu") -> bytes:
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    page = book.add_worksheet(sheet)
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            if cell not in ("", None):
                page.write(row, column, cell)
    for top, left, bottom, right in merges:
        text = rows[top][left]
        page.merge_range(top, left, bottom, right, text)
    book.close()
    return out.getvalue()


def text(rows: Sequence[Sequence[Any]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


# A matrix of the statistics office: two languages, thousands, a preliminary year, regions, missing and nil, notes

YEARBOOK = [
    ["290. Số học sinh tiểu học phân theo địa phương"],
    ["Number of primary pupils by province"],
    ["", "", "", "Nghìn học sinh - Thous. pupils"],
    ["", "2014", "2015", "Sơ bộ\nPrel. 2016"],
    [],
    ["CẢ NƯỚC - WHOLE COUNTRY", 160.6, 163.0, 166.1],
    ["Trung du và miền núi phía Bắc\nNorthern midlands and mountain areas", 160.6, 163.0, 165.9],
    ["Lào Cai", 76.1, 77.5, 79.0],
    ["Yen Bai", 84.5, "85,5", 86.9],
    ["Hà Giang", "..", "…", "-"],
    ['Nguồn: Tổng cục Thống kê. ".." là chưa có số liệu.'],
]

# Two heads one above the other, bilingual and merged

TWO_HEADS = [
    ["Trường học và lớp học mẫu giáo - Kindergarten schools and classes"],
    ["Địa phương\nProvince", "Trường mẫu giáo - Schools", "", "Lớp mẫu giáo - Classes", ""],
    ["", 2015, 2016, 2015, 2016],
    ["Lao Cai", 190, 195, 1500, 1520],
    ["Yên Bái", 180, 181, 1300, 1310],
]
TWO_HEADS_MERGED = [(0, 0, 0, 4), (1, 0, 2, 0), (1, 1, 1, 2), (1, 3, 1, 4)]

# What school software exports: a row per school, serial numbers, a total below, signatures

SCHOOLS = [
    ["SỞ GIÁO DỤC VÀ ĐÀO TẠO TỈNH MẪU", "", "", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    ["THỐNG KÊ ĐẦU NĂM HỌC 2025-2026"],
    [],
    ["STT", "Mã trường", "Tên trường", "Xã/phường", "Số lớp", "Số học sinh", "Trong đó nữ"],
    ["A", "B", "C", "D", "1", "2", "3"],
    [1, "99001002", "TH Ánh Dương", "Xã Bình Minh", 10, "1.250", 600],
    [2, "99002002", "Trường Tiểu học Hạ", "Phường Hạ", 12, "1.310", 655],
    [3, "99001003", "THCS Cao Sơn", "Xã Cao Sơn", 8, 410, 202],
    ["", "", "Tổng cộng", "", 30, "2.970", 1457],
    ["Người lập biểu", "", "", "Thủ trưởng đơn vị"],
]

# A row per class

CLASSES = [
    ["Mã trường", "Tên trường", "Khối", "Tên lớp", "Sĩ số", "Nữ"],
    ["99001002", "Trường Tiểu học Ánh Dương", "Khối 1", "1A", 30, 15],
    ["99001002", "Trường Tiểu học Ánh Dương", "Khối 1", "1B", 31, 16],
    ["99001002", "Trường Tiểu học Ánh Dương", "Khối 2", "2A", 28, 14],
    ["99002002", "Trường Tiểu học Hạ", "Khối 1", "1A", 25, 11],
]

# A long table: a line a figure

LONG = [
    ["province", "year", "indicator", "value", "status"],
    ["Lao Cai", "2015", "Primary pupils", "77500", ""],
    ["Yen Bai", "2015", "Primary pupils", "85500", ""],
    ["Lao Cai", "2016", "Primary pupils", "79000", "prel"],
    ["Whole country", "2015", "Primary pupils", "163000", ""],
]

# A province's own yearbook: lines are what is counted, columns are years, everything of one unit

ONE_PROVINCE = [
    ["Giáo dục mẫu giáo tỉnh Lào Cai"],
    ["", "2014", "2015", "2016"],
    ["Trường mẫu giáo", 188, 190, 195],
    ["Lớp mẫu giáo", "1.480", "1.500", "1.520"],
    ["Giáo viên mẫu giáo", "2.300", "2.410", ".."],
]

# As the statistics office's web tables come: period and element in one head, a title line, missing as two dots

WEB = [
    ["Số trường học và lớp học mẫu giáo phân theo Tỉnh, thành phố, Năm và Chỉ tiêu"],
    [],
    ["Tỉnh, thành phố", "2015 Trường mẫu giáo", "2015 Lớp mẫu giáo", "Sơ bộ 2016 Trường mẫu giáo", "2016 Lớp mẫu giáo"],
    ["CẢ NƯỚC", "370", "2800", "376", "2830"],
    ["Lào Cai", "190", "1500", "195", "1520"],
    ["Yên Bái", "180", "1300", "181", ".."],
]
