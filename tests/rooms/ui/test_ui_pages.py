"""Pages as a browser gets them: the gallery and the error pages."""

import pytest
from django.test import RequestFactory
from django.utils.translation import override

from giaoban.ui import views
from tests.rooms.ui.markup import check


@pytest.mark.django_db
def test_the_gallery_shows_every_component(client) -> None:
    response = client.get("/giao-dien/")
    assert response.status_code == 200
    html = response.content.decode()
    check(html)
    for word in ("Quá hạn", "Đạt", "Chưa đủ số liệu", "Trả lại", "Kế hoạch 92%", "1/7/2025", "Chưa có kỳ báo cáo nào"):
        assert word in html


@pytest.mark.django_db
def test_the_policy_forbids_everything_inline(client) -> None:
    policy = client.get("/giao-dien/").headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy


@pytest.mark.django_db
def test_an_unknown_address_says_what_to_do(client) -> None:
    response = client.get("/khong-co-trang-nay/")
    assert response.status_code == 404
    html = response.content.decode()
    check(html)
    assert "Không có trang ở địa chỉ này" in html


@pytest.mark.parametrize(
    ("view", "status"), [(views.bad_request, 400), (views.forbidden, 403), (views.not_found, 404), (views.broken, 500)]
)
def test_error_pages_need_no_frame(view, status: int) -> None:
    """They also show when the database is away: no session, no actor, no query."""
    with override("vi"):
        response = view(RequestFactory().get("/"))
    assert response.status_code == status
    check(response.content.decode())
