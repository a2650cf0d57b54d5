"""The pages of quick rounds, as their readers use them; none needs a script."""

from __future__ import annotations

import pytest

from giaoban.indicators.models import Report
from giaoban.quick import queries
from giaoban.quick.models import QuickRound

pytestmark = pytest.mark.django_db


def page(client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_open_from_a_template_look_first_then_open(place, sign_in):
    client = sign_in("officer")
    assert "Số phòng học bị hư hỏng" in page(client, "/hoi-nhanh/mo/?mau=bao-lu")
    data = {
        "opener": place.unit("bac_ha"), "title": "Học sinh hôm nay", "hours": 3, "kinds": ["primary"],
        "text_1": "Học sinh", "unit_1": "học sinh", "kind_1": "so", "element_1": "hoc_sinh",
    }  # fmt: skip
    looked = client.post("/hoi-nhanh/mo/", data | {"action": "look"}).content.decode()
    assert "2 đơn vị sẽ được hỏi" in looked and not QuickRound.objects.exists()
    opened = client.post("/hoi-nhanh/mo/", data | {"action": "open"})
    quick = QuickRound.objects.get()
    assert opened.status_code == 302 and opened["Location"] == f"/hoi-nhanh/{quick.pk}/"
    assert quick.questions.get().element == "hoc_sinh"
    live = page(client, f"/hoi-nhanh/{quick.pk}/")
    assert "0/2" in live and 'hx-trigger="every 5s"' in live and "Trường Tiểu học Na Hối" in live


def test_a_school_answers_on_one_screen_and_sees_that_it_counts(place, sign_in, storm):
    quick = storm()
    mine = Report.objects.get(round=quick.round_id, unit=place.unit("na_hoi"))
    client = sign_in("na_hoi_typist")
    assert f"/hoi-nhanh/tra-loi/{mine.pk}/" in page(client, "/hoi-nhanh/")
    form = page(client, f"/hoi-nhanh/tra-loi/{mine.pk}/")
    assert 'inputmode="numeric"' in form and "Không có (0)" in form
    first, second, third = (one.cell_id for one in quick.questions.all())
    missing = client.post(f"/hoi-nhanh/tra-loi/{mine.pk}/", {f"cell-{first}": "3", f"cell-{third}": "1"})
    assert missing.status_code == 409 and 'value="3"' in missing.content.decode()
    sent = client.post(
        f"/hoi-nhanh/tra-loi/{mine.pk}/", {f"cell-{first}": "3", f"none-{second}": "1", f"cell-{third}": "1"}
    )
    assert "Câu trả lời đã đến" in page(client, sent["Location"])
    assert page(sign_in("ban_pho_typist"), f"/hoi-nhanh/tra-loi/{mine.pk}/", 404)


def test_the_link_page_shows_the_questions_and_nothing_else(place, client, storm, monkeypatch, sign_in):
    quick = storm(by_link=True)
    mine = Report.objects.get(round=quick.round_id, unit=place.unit("na_hoi"))
    address = f"/hoi-nhanh/t/{queries.token(mine)}/"
    shown = page(client, address)
    assert "Trường Tiểu học Na Hối" in shown and "Bản Phố" not in shown
    cells = [one.cell_id for one in quick.questions.all()]
    data = {f"cell-{cell}": "0" for cell in cells}
    assert client.post(address, data).status_code == 409
    assert client.post(address, data | {"name": "Vàng A Páo"}).status_code == 302
    assert "Vàng A Páo" in page(sign_in("officer"), f"/hoi-nhanh/{quick.pk}/")
    assert page(client, "/hoi-nhanh/t/abc/", 404)


def test_remind_export_and_close(place, sign_in, storm):
    quick = storm()
    client = sign_in("officer")
    assert client.post(f"/hoi-nhanh/{quick.pk}/nhac/").status_code == 302
    exported = client.get(f"/hoi-nhanh/{quick.pk}/xuat.csv")
    assert "Chưa trả lời" in b"".join(exported.streaming_content).decode()
    assert client.get(f"/hoi-nhanh/{quick.pk}/xuat.xlsx").content[:2] == b"PK"
    client.post(f"/hoi-nhanh/{quick.pk}/ket-thuc/")
    assert "every 5s" not in page(client, f"/hoi-nhanh/{quick.pk}/")
    assert page(sign_in("sin_chai_officer"), f"/hoi-nhanh/{quick.pk}/", 404)
