"""Names of organisations and offices, as they are written, and where they end."""

import pytest

from giaoban.reading import clauses, units
from giaoban.reading.view import View


def names(text):
    view = View(text)
    words = clauses.words(view.text, view.low, 0, len(view.text) - 1)
    found = units.names(words, 0, across=True)
    return [] if found is None else [view.text[start:end] for start, end in found.spans(words)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Phòng Giáo dục và Đào tạo chọn nhiệm vụ", ["Phòng Giáo dục và Đào tạo"]),
        (
            "Các Phòng Giáo dục và Đào tạo, Phòng chuyên môn, nghiệp vụ thuộc Sở và các cơ sở giáo dục chủ động",
            ["Các Phòng Giáo dục và Đào tạo", "Phòng chuyên môn, nghiệp vụ thuộc Sở", "các cơ sở giáo dục"],
        ),
        ("Ủy ban nhân dân phường, xã, đặc khu tăng cường", ["Ủy ban nhân dân phường, xã, đặc khu"]),
        ("UBND các huyện, thị xã, thành phố rà soát", ["UBND các huyện, thị xã, thành phố"]),
        ("các cơ quan, đơn vị phổ biến", ["các cơ quan", "đơn vị"]),
        ("các sở, ban, ngành, địa phương tổ chức thực hiện", ["các sở", "ban", "ngành", "địa phương"]),
        ("Hiệu trưởng, Phó Hiệu trưởng phải là người", ["Hiệu trưởng", "Phó Hiệu trưởng"]),
        ("các trường tiểu học, trung học cơ sở tổ chức", ["các trường tiểu học, trung học cơ sở"]),
        ("phòng Tài chính - Kế hoạch hàng năm đánh giá", ["phòng Tài chính - Kế hoạch"]),
        ("Phòng Văn hóa - Xã hội tham mưu", ["Phòng Văn hóa - Xã hội"]),
        ("Phòng Tổ chức - Hành chính tham mưu", ["Phòng Tổ chức - Hành chính"]),
        ("Sở Kế hoạch và Đầu tư cân đối", ["Sở Kế hoạch và Đầu tư"]),
        ("Phòng Quản lý chất lượng - Công nghệ thông tin kiểm tra", ["Phòng Quản lý chất lượng - Công nghệ thông tin"]),
        ("Trung tâm hỗ trợ phát triển giáo dục hòa nhập tỉnh xây dựng",
         ["Trung tâm hỗ trợ phát triển giáo dục hòa nhập tỉnh"]),
        ("Ban quản lý dự án đầu tư xây dựng huyện đôn đốc", ["Ban quản lý dự án đầu tư xây dựng huyện"]),
        ("Ban đại diện cha mẹ học sinh quản lý, sử dụng", ["Ban đại diện cha mẹ học sinh"]),
        ("các đơn vị thi công đẩy nhanh", ["các đơn vị thi công"]),
        ("đơn vị liên quan tổ chức tập huấn", ["đơn vị liên quan"]),
        ("Chánh Văn phòng HĐND và UBND xã, Hiệu trưởng các trường chịu trách nhiệm",
         ["Chánh Văn phòng HĐND và UBND xã", "Hiệu trưởng các trường"]),
        ("Sở Giáo dục và Đào tạo (GDĐT), Sở Lao động - Thương binh và Xã hội cần",
         ["Sở Giáo dục và Đào tạo", "Sở Lao động - Thương binh và Xã hội"]),
        ("Cục Nhà giáo và Cán bộ quản lý giáo dục chủ trì", ["Cục Nhà giáo và Cán bộ quản lý giáo dục"]),
        ("Chủ tịch UBND các tỉnh, thành phố trực thuộc Trung ương chỉ đạo",
         ["Chủ tịch UBND các tỉnh, thành phố trực thuộc Trung ương"]),
        ("Đoàn TNCS Hồ Chí Minh trường tổ chức", ["Đoàn TNCS Hồ Chí Minh trường"]),
        ("các tổ chức, cá nhân có liên quan chịu trách nhiệm", ["các tổ chức", "cá nhân có liên quan"]),
        ("toàn thể cán bộ, giáo viên, nhân viên nghiêm túc thực hiện", ["toàn thể cán bộ", "giáo viên", "nhân viên"]),
        ("Giám đốc các sở; Chủ tịch UBND các xã chịu trách nhiệm", ["Giám đốc các sở", "Chủ tịch UBND các xã"]),
        ("Uỷ ban Mặt trận Tổ quốc Việt Nam xã vận động", ["Uỷ ban Mặt trận Tổ quốc Việt Nam xã"]),
    ],
)  # fmt: skip
def test_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    ["ban hành kế hoạch", "tổ chức thực hiện", "phòng, chống dịch", "hội nghị diễn ra", "bộ máy tinh gọn", "báo cáo"],
)
def test_words_that_only_look_like_names(text):
    assert names(text) == []
