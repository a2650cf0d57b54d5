"""The pages of units: guarded, as of a day, linked, and right without JavaScript."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from giaoban.orgs import rights
from tests.world import TODAY

ADDRESSES = ["/don-vi/", "/don-vi/tim/?q=cao", "/don-vi/1/", "/don-vi/1-viet-nam/", "/don-vi/nhanh/1/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nobody_sees_a_page_without_signing_in(world, client: Client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("people:sign-in"))


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_only_show(signed_in: Client, address):
    assert signed_in.post(address).status_code == 405


def test_without_people_nobody_is_let_in(world, rf, monkeypatch):
    from giaoban.core.refusal import NotAllowed
    from giaoban.orgs import views

    monkeypatch.setattr(rights._Plug, "guard", None)
    with pytest.raises(NotAllowed):
        views.tree(rf.get("/don-vi/"))


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_tree_opens_where_one_works(signed_in: Client, world):
    page = signed_in.get(f"/don-vi/?ngay={TODAY}").content.decode()
    assert f'id="u{world["thcs"]}"' not in page  # in another commune: that branch is closed
    assert f'id="u{world["mam_non"]}"' in page
    assert "ngay=2026-01-29" in page  # links keep the day


def test_the_tree_of_another_day_and_hierarchy(signed_in: Client, world):
    page = signed_in.get(f"/don-vi/?ngay=30/06/2025&mo={world['huyen_thuong']}")
    assert "Đơn vị vào ngày 30/06/2025" in text_of(page)
    assert "Xã Ánh Dương" in text_of(page)
    page = text_of(signed_in.get(f"/don-vi/?ngay=2026-01-29&he=PARTY&mo={world['dang_uy']}"))
    assert "Chi bộ Trường Mầm non Hoa Mai" in page


def test_a_branch_is_fetched_alone(signed_in: Client, world):
    page = signed_in.get(f"/don-vi/nhanh/{world['cao_son']}/?ngay=2026-01-29").content.decode()
    assert page.lstrip().startswith("<li")
    assert "Trường THCS Cao Sơn" in page


def test_a_bad_day_is_said_at_the_field_and_today_is_shown(signed_in: Client, world):
    for bad in ("32/13/2025", "hôm qua", "0001-01-01"):
        page = signed_in.get("/don-vi/", {"ngay": bad})
        assert page.status_code == 200
        assert "fault" in page.content.decode()
    assert signed_in.get("/don-vi/", {"he": "FAMILY"}).status_code == 200
    assert signed_in.get("/don-vi/", {"mo": "9" * 40}).status_code == 200


def test_search_page_and_typing_lines(signed_in: Client, world):
    page = text_of(signed_in.get("/don-vi/tim/?q=cao+son&ngay=2026-01-29"))
    assert "Xã Cao Sơn" in page and "Tỉnh Mẫu" in page
    lines = signed_in.get("/don-vi/tim/?q=cao+son&ngay=2026-01-29", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in lines and f"/don-vi/{world['cao_son']}-xa-cao-son/?ngay=2026-01-29" in lines
    nothing = text_of(signed_in.get("/don-vi/tim/?q=khongcodonvinay"))
    assert "Không có đơn vị nào tên như vậy vào ngày này" in nothing


def test_search_text_is_escaped(signed_in: Client, world):
    page = signed_in.get("/don-vi/tim/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_a_units_page_as_of_a_day(signed_in: Client, world):
    page = text_of(signed_in.get(f"/don-vi/{world['phuong_ha']}-phuong-ha/?ngay=2026-01-29"))
    assert "Phường Hạ" in page and "UBND phường Hạ" in page and "99005" in page
    assert "theo 1/NQ-MẪU" in page
    assert "Trường THPT Mẫu" in page
    before = text_of(signed_in.get(f"/don-vi/{world['phuong_ha']}-thi-tran-ha/?ngay=2025-06-30"))
    assert "Thị trấn Hạ" in before and "Huyện Hạ" in before


def test_shares_are_marked_as_estimates(signed_in: Client, world):
    page = text_of(signed_in.get(f"/don-vi/{world['cao_son']}-xa-cao-son/"))
    assert re.search(r"Xã Cao Sơn 1/2 .{0,40}ước tính: chia đều", page)
    old = text_of(signed_in.get(f"/don-vi/{world['cao_son_cu']}-xa-cao-son/?ngay=2025-06-30"))
    assert "Nay là" in old and "Xã Bình Minh" in old


def test_a_unit_that_has_ended_says_so(signed_in: Client, world):
    page = text_of(signed_in.get(f"/don-vi/{world['huyen_ha']}-huyen-ha/?ngay=2026-01-29"))
    assert "Ngày hoạt động cuối cùng là 30/06/2025" in page
    early = text_of(signed_in.get(f"/don-vi/{world['huyen_ha']}-huyen-ha/?ngay=2019-01-01"))
    assert "Đơn vị được ghi nhận từ ngày 01/01/2020" in early


def test_an_address_leads_to_the_name(signed_in: Client, world):
    answer = signed_in.get(f"/don-vi/{world['cao_son']}/?ngay=2026-01-29")
    assert (answer.status_code, answer["Location"]) == (302, f"/don-vi/{world['cao_son']}-xa-cao-son/?ngay=2026-01-29")
    assert signed_in.get("/don-vi/999999/").status_code == 404


def test_pages_take_few_queries(signed_in: Client, world, django_assert_max_num_queries):
    with django_assert_max_num_queries(45):
        signed_in.get("/don-vi/?ngay=2026-01-29")
    with django_assert_max_num_queries(70):
        signed_in.get(f"/don-vi/{world['cao_son']}-xa-cao-son/?ngay=2026-01-29")
