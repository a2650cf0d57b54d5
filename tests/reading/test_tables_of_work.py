"""Tables of assignments in plain text: cells between tabs or bars, or one to a line with empty cells gone."""

from giaoban.reading import read

WORK = [
    ("Xây dựng kho học liệu dùng chung", ["Phòng Giáo dục Trung học"], ["Văn phòng Sở"], "2024-05-31"),
    ("Cập nhật cơ sở dữ liệu đội ngũ nhà giáo", ["Văn phòng Sở"], [], "2024-06-30"),
    ("Kiểm tra việc công khai của các đơn vị", ["Thanh tra Sở"], [], None),
]
NAMES = ["STT", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời gian hoàn thành"]
ROWS = [
    ["1", "Xây dựng kho học liệu dùng chung", "Phòng Giáo dục Trung học", "Văn phòng Sở", "Tháng 5/2024"],
    ["2", "Cập nhật cơ sở dữ liệu đội ngũ nhà giáo", "Văn phòng Sở", "", "Quý II/2024"],
    ["3", "Kiểm tra việc công khai của các đơn vị", "Thanh tra Sở", "", "Thường xuyên"],
]
HEAD = "Phụ lục\nBẢNG PHÂN CÔNG NHIỆM VỤ NĂM 2024\n"


def tasks(text):
    return [(task["text"], task["assignees"], task["coordinators"], task["due"]) for task in read(text)["tasks"]]


def test_cells_between_tabs():
    assert tasks(HEAD + "\n".join("\t".join(row) for row in [NAMES, *ROWS])) == WORK


def test_cells_between_bars():
    lines = [NAMES, ["---"] * 5, *ROWS]
    assert tasks(HEAD + "\n".join(f"| {' | '.join(row)} |" for row in lines)) == WORK


def test_one_cell_to_a_line_where_empty_cells_leave_no_trace():
    assert tasks(HEAD + "\n".join(cell for row in [NAMES, *ROWS] for cell in row if cell)) == WORK


def test_numbers_of_rows_are_no_figures():
    assert read(HEAD + "\n".join("\t".join(row) for row in [NAMES, *ROWS]))["figures"] == []


def test_an_annex_that_repeats_the_text_is_marked_where_it_stands_first():
    text = f"III. NHIỆM VỤ\n1. Văn phòng Sở\n- {ROWS[1][1]} trong quý II/2024.\n\n{HEAD}"
    found = read(text + "\n".join("\t".join(row) for row in [NAMES, ROWS[1]]))["tasks"]
    assert [task["text"] for task in found] == ["Cập nhật cơ sở dữ liệu đội ngũ nhà giáo trong quý II/2024"]


def test_a_table_of_figures_is_no_table_of_work():
    text = "STT\tTrường\tSố lớp\tHọc sinh\n1\tTrường Tiểu học Hoa Đào\t12\t398\n2\tTrường THCS Ánh Dương\t9\t301"
    assert tasks(text) == []
