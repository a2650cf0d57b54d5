"""Pages of the register: what each says and offers, and to whom."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from giaoban.documents import actions
from giaoban.documents.models import Addressee, Document, Relation
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")


def text(response: Any) -> str:
    return response.content.decode()


def form(**changes: Any) -> dict[str, Any]:
    given = {
        "direction": "IN",
        "symbol": "45/KH-UBND",
        "issued_on": "05/01/2026",
        "issuer": "UBND tỉnh Thử Nghiệm",
        "subject": "Kế hoạch phổ cập giáo dục",
        "text": "Nâng cao chất lượng.",
    }
    return {**given, **changes}


def entered(world: World, **changes: Any) -> Document:
    given: dict[str, Any] = {
        "owner_id": world.suoi,
        "direction": "OUT",
        "symbol": "12/KH-UBND",
        "subject": "Kế hoạch của xã",
        "issued_on": date(2026, 1, 8),
    }
    return actions.register(by=world.van_thu, at=at(), **{**given, **changes})


def test_the_clerk_registers_an_incoming_document_and_finds_it(world: World) -> None:
    page = client(world.van_thu)
    response = page.post(reverse("documents:register"), form())
    found = Document.objects.get()
    assert response["Location"] == found.get_absolute_url()
    assert found.issued_on == date(2026, 1, 5)  # day first
    assert found.issuer_unit_id == world.province  # the name is known in the tree
    assert "Kế hoạch phổ cập giáo dục" in text(page.get(reverse("documents:list"), {"q": "pho cap"}))
    assert "Không có văn bản phù hợp" in text(page.get(reverse("documents:list"), {"q": "boi loi"}))
    assert "Số đến 1" in text(page.get(found.get_absolute_url()))


def test_a_second_entry_shows_the_first_and_may_be_insisted_on(world: World) -> None:
    page = client(world.van_thu)
    page.post(reverse("documents:register"), form())
    response = page.post(reverse("documents:register"), form())
    assert response.status_code == 422
    assert Document.objects.get().get_absolute_url() in text(response)
    assert "Vẫn vào sổ" in text(response)
    assert "Nâng cao chất lượng." in text(response)  # nothing typed is lost
    page.post(reverse("documents:register"), form(again="on"))
    assert Document.objects.count() == 2


def test_faults_stand_at_their_fields_in_vietnamese(world: World) -> None:
    page = client(world.van_thu)
    for changes, words in [
        ({"secrecy": "Tối mật"}, "không được lưu trong hệ thống này"),
        ({"symbol": "abc 12"}, "không phải số, ký hiệu văn bản"),
        ({"issuer": ""}, "Ghi cơ quan ban hành văn bản"),
        ({"implements": "99/KH-UBND"}, "không có văn bản số 99/KH-UBND"),
        ({"addressees": "Trường Không Có"}, "Không có đơn vị nào tên"),
    ]:
        response = page.post(reverse("documents:register"), form(**changes))
        assert response.status_code == 422
        assert words in text(response)
    assert not Document.objects.exists()
    assert client(world.hieu_truong).get(reverse("documents:register")).status_code == 403


def test_one_step_registers_sends_and_says_what_it_implements(world: World) -> None:
    page = client(world.van_thu)
    page.post(reverse("documents:register"), form())
    sent = form(
        direction="OUT",
        symbol="12/KH-UBND",
        issuer="",
        issued_on="08/01/2026",
        implements="45/KH-UBND",
        clause="mục II",
        addressees="Các trường học (3)",
        plan_due_on="31/01/2026",
    )
    page.post(reverse("documents:register"), sent)
    relation = Relation.objects.get()
    assert (relation.source.symbol, relation.target.symbol, relation.clause) == ("12/KH-UBND", "45/KH-UBND", "mục II")
    assert Addressee.objects.filter(document=relation.source, must_issue=True).count() == 3
    shown = text(page.get(f"{relation.source.get_absolute_url()}trien-khai/"))
    assert "Chưa có kế hoạch, còn hạn" in shown
    assert "0/3 đơn vị" in shown


def test_an_uploaded_text_is_read_and_the_file_leaves_as_a_download(world: World, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = client(world.van_thu)
    upload = SimpleUploadedFile("kế hoạch.txt", "Các trường báo cáo.".encode())
    page.post(reverse("documents:register"), form(text="", file=upload))
    found = Document.objects.get()
    assert found.text == "Các trường báo cáo."
    response = page.get(reverse("documents:file", args=[found.pk]))
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert client(world.van_thu_doi).get(reverse("documents:file", args=[found.pk])).status_code == 404


def test_a_scan_is_kept_without_text_and_a_secret_inside_a_file_refuses(
    world: World, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = client(world.van_thu)
    page.post(reverse("documents:register"), form(text="", file=SimpleUploadedFile("quet.pdf", b"%PDF-1.7 scan")))
    assert Document.objects.get().text == ""
    secret = SimpleUploadedFile("mat.txt", "UBND TỈNH\nTUYỆT MẬT\nKế hoạch".encode())
    response = page.post(reverse("documents:register"), form(symbol="46/KH-UBND", text="", file=secret))
    assert response.status_code == 422
    assert Document.objects.count() == 1


def test_the_unit_addressed_is_asked_to_receive_it(world: World) -> None:
    found = entered(world, addressee_ids=[world.thcs])
    page = client(world.hieu_truong)
    assert "Gửi đến đơn vị, chưa tiếp nhận" in text(page.get(reverse("documents:list")))
    assert page.post(reverse("documents:receive", args=[found.pk]))["Location"] == found.get_absolute_url()
    assert Addressee.objects.get().received_at is not None
    assert "chưa tiếp nhận" not in text(page.get(reverse("documents:list")))
    assert client(world.hieu_truong_th).post(reverse("documents:receive", args=[found.pk])).status_code == 404


def test_relations_are_entered_and_taken_back_on_the_page(world: World) -> None:
    parent = entered(world)
    child = entered(world, symbol="20/BC-UBND", issued_on=TODAY)
    page = client(world.van_thu)
    address = reverse("documents:link", args=[child.pk])
    page.post(address, {"kind": "reports_on", "symbol": "12/KH-UBND"})
    relation = Relation.objects.get()
    assert (relation.source, relation.target, relation.kind) == (child, parent, "reports_on")
    early = page.post(reverse("documents:link", args=[parent.pk]), {"kind": "cites", "symbol": "20/BC-UBND"})
    assert early.status_code == 422
    assert "có ngày trước" in text(early)
    assert page.post(reverse("documents:unlink", args=[child.pk, relation.pk]), {"reason": ""}).status_code == 422
    page.post(reverse("documents:unlink", args=[child.pk, relation.pk]), {"reason": "Nhầm"})
    assert not Relation.objects.exists()
    assert client(world.hieu_truong).post(address, {"kind": "cites", "symbol": "12/KH-UBND"}).status_code == 404


def test_addresses_go_to_the_one_true_page(world: World) -> None:
    found = entered(world)
    page = client(world.van_thu)
    for address in (
        reverse("documents:short", args=[found.pk]),
        reverse("documents:document", args=[found.pk, "khac"]),
    ):
        assert page.get(address)["Location"] == found.get_absolute_url()
    assert page.get(reverse("documents:short", args=[9999])).status_code == 404
    assert page.get(reverse("documents:list"), {"tu": "99/99/2026", "loai": "x:y"}).status_code == 200


def test_an_entry_is_corrected_on_its_own_page(world: World) -> None:
    found = entered(world)
    page = client(world.van_thu)
    address = reverse("documents:correct", args=[found.pk])
    assert 'value="12/KH-UBND"' in text(page.get(address))
    sent = {"symbol": "12/KH-UBND", "issued_on": "08/01/2026", "issuer_text": "UBND xã Suối Thử", "subject": "Sửa rồi"}
    assert page.post(address, sent).status_code == 422  # no reason
    page.post(address, {**sent, "reason": "Gõ nhầm"})
    found.refresh_from_db()
    assert found.subject == "Sửa rồi"
    assert client(world.chu_tich).get(address).status_code == 403
