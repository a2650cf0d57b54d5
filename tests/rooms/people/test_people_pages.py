"""The pages of people: signing in, choosing a position, administration, the journal."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from giaoban.journal.actor import SYSTEM
from giaoban.people import actions, guards, queries
from giaoban.people.lockout import remaining_wait
from giaoban.people.models import Account, Holding, Manner
from giaoban.people.roles import Role
from tests.rooms.people.office import PASSWORD
from tests.world import NOW, TODAY

SYSTEMS = {"by": SYSTEM, "at": NOW}
DAY = timedelta(days=1)


def sign_in(client: Client, username: str, password: str, **more: str):
    return client.post("/vao/", {"username": username, "password": password} | more)


@pytest.fixture
def with_password(office):
    account = office.account["ht.tieuhoc"]
    actions.set_password(**SYSTEMS, account=account, password=PASSWORD)
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    return account


def test_sign_in_leads_on_to_the_page_asked_for_and_never_elsewhere(with_password):
    client = Client()
    assert client.get("/thong-bao/").headers["Location"] == "/vao/?next=/thong-bao/"
    assert sign_in(client, "HT.TieuHoc", PASSWORD, next="/thong-bao/").headers["Location"] == "/thong-bao/"
    assert client.get("/thong-bao/").status_code == 200
    client.post("/ra/")
    assert sign_in(client, "ht.tieuhoc", PASSWORD, next="https://evil.example/").headers["Location"] == "/"


def test_signing_out_is_a_post(with_password):
    client = Client()
    sign_in(client, "ht.tieuhoc", PASSWORD)
    assert client.get("/ra/").status_code == 405
    assert "no-store" in client.get("/thong-bao/").headers["Cache-Control"], "nothing to see by going back"
    assert client.post("/ra/").status_code == 302
    assert client.get("/thong-bao/").status_code == 302


def test_after_five_wrong_passwords_the_name_is_locked_and_the_wait_is_named(with_password):
    client = Client()
    for _ in range(4):
        assert sign_in(client, "ht.tieuhoc", "sai").status_code == 200
    locked = sign_in(client, "HT.tieuhoc", "sai")
    assert locked.status_code == 429
    assert "Hãy thử lại sau 15 phút" in locked.content.decode()
    assert sign_in(Client(), "ht.tieuhoc", PASSWORD).status_code == 429, "the right password does not help now"
    assert sign_in(Client(), "khong.co.ai", PASSWORD).status_code == 200

    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=11, seconds=30))
    assert remaining_wait("ht.tieuhoc", timezone.now()) == "4 phút"
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(Client(), "ht.tieuhoc", PASSWORD).status_code == 302


def test_an_administrator_unlocks(office, with_password):
    for _ in range(5):
        sign_in(Client(), "ht.tieuhoc", "sai")
    page = reverse("people:account", args=[with_password.pk])
    assert "Đăng nhập đang bị khóa" in office.client("quantri.xa").get(page).content.decode()
    office.client("quantri.xa").post(reverse("people:unlock", args=[with_password.pk]))
    assert "Đăng nhập đang bị khóa" not in office.client("quantri.xa").get(page).content.decode()
    assert sign_in(Client(), "ht.tieuhoc", PASSWORD).status_code == 302


def test_a_success_forgets_earlier_failures(with_password):
    for _ in range(2):
        for _ in range(4):
            sign_in(Client(), "ht.tieuhoc", "sai")
        assert sign_in(Client(), "ht.tieuhoc", PASSWORD).status_code == 302


def test_a_temporary_password_is_changed_before_anything_else(office):
    account = office.account["ht.tieuhoc"]
    actions.set_password(**SYSTEMS, account=account, password=PASSWORD)
    client = Client()
    sign_in(client, "ht.tieuhoc", PASSWORD)
    assert client.get("/thong-bao/").headers["Location"] == "/toi/mat-khau/?next=/thong-bao/"
    wrong = client.post("/toi/mat-khau/", {"old": PASSWORD, "new": "ngắn", "again": "ngắn"})
    assert "Mật khẩu này không dùng được" in wrong.content.decode()
    new = "Một câu khác dài hơn"
    client.post("/toi/mat-khau/", {"old": PASSWORD, "new": new, "again": new})
    assert client.get("/thong-bao/").status_code == 200, "still signed in, now with the new password"


def test_suspension_ends_the_session_at_once(office):
    client = office.client("ct.binhminh")
    assert client.get("/thong-bao/").status_code == 200
    actions.deactivate(**SYSTEMS, account=office.account["ct.binhminh"], reason="x")
    assert client.get("/thong-bao/").headers["Location"].startswith("/vao/")


def test_with_several_positions_one_chooses_and_may_change(office):
    person = office.account["ht.tieuhoc"]
    second = actions.create_position(**SYSTEMS, unit=office.unit("mam_non"), title="Phụ trách trường")
    actions.act_for(**SYSTEMS, position=second, account=person, until=TODAY + 9 * DAY, manner=Manner.IN_CHARGE)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/thong-bao/").headers["Location"] == "/toi/?next=/thong-bao/"
    page = client.get("/toi/?next=/thong-bao/").content.decode()
    assert "Trường Tiểu học Ánh Dương" in page and "Trường Mầm non Hoa Mai" in page
    assert "Phụ trách trường (được giao phụ trách)" in page and "đến trước ngày 07/02/2026" in page
    chosen = client.post("/toi/", {"position": second.pk, "next": "/thong-bao/"})
    assert chosen.headers["Location"] == "/thong-bao/"
    assert client.get("/thong-bao/").wsgi_request.actor.position_id == second.pk
    assert client.post("/toi/", {"position": office.seat["ct.binhminh"].pk}).status_code == 200, "not theirs"
    assert client.session[guards.SESSION_POSITION] == second.pk
    assert client.post("/toi/", {"position": second.pk, "next": "//evil.example"}).headers["Location"] == "/"


def test_a_position_that_ended_is_not_acted_in_any_longer(office):
    client = office.client("ht.tieuhoc")
    assert client.get("/thong-bao/").status_code == 200
    held = Holding.objects.get(account=office.account["ht.tieuhoc"])
    actions.dismiss(**SYSTEMS, holding=held, on=TODAY)
    assert client.get("/thong-bao/").headers["Location"].startswith("/toi/")
    assert "Hôm nay bạn không giữ vị trí nào" in client.get("/toi/").content.decode()


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in(db):
    answer = Client().get("/thong-bao/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/vao/")


def test_the_day_of_the_demonstration_is_fixed(office, settings, tmp_path, monkeypatch):
    from giaoban.people import middleware

    monkeypatch.undo()
    settings.HOME = tmp_path
    (tmp_path / "demo_day").write_text("2026-01-29\n")
    settings.DEMO = False
    assert middleware.demo_day() is None and middleware.now().date() == timezone.localdate()
    settings.DEMO = True
    assert middleware.now().date().isoformat() == "2026-01-29"
    assert middleware.now().tzinfo is not None
    (tmp_path / "demo_day").unlink()
    assert middleware.now().date() == timezone.localdate()


# Administration


@pytest.mark.parametrize("name", ["people:accounts", "people:positions", "people:new", "people:load", "people:journal"])
def test_only_administrators_see_administration(office, name):
    assert office.client("quantri.xa").get(reverse(name)).status_code == 200
    assert office.client("ht.tieuhoc").get(reverse(name)).status_code == 403


def test_the_list_shows_accounts_under_me_with_their_positions(office):
    page = office.client("quantri.xa").get("/nguoi-dung/").content.decode()
    assert "Vàng A Páo" in page and "Hiệu trưởng" in page
    assert "Hoàng Văn Cao" not in page
    found = office.client("quantri").get("/nguoi-dung/?q=HOANG van").content.decode()
    assert "Hoàng Văn Cao" in found and "Vàng A Páo" not in found
    one = office.client("quantri").get(f"/nguoi-dung/?don-vi={office.unit('cao_son')}").content.decode()
    assert "Hoàng Văn Cao" in one and "Vàng A Páo" not in one
    assert office.client("quantri.xa").get(f"/nguoi-dung/?don-vi={office.unit('cao_son')}").status_code == 403
    assert office.client("quantri.xa").get("/nguoi-dung/?don-vi=x' OR 1=1").status_code == 403


def test_taking_somebody_on_shows_the_temporary_password_once(office):
    client, unit = office.client("quantri.xa"), office.unit("mam_non")
    assert f"don-vi={unit}" in client.get("/nguoi-dung/them/?q=hoa mai").content.decode()
    page = f"/nguoi-dung/them/?don-vi={unit}"
    sent = {"full_name": "Hà Thị Mơ", "username": "ht.hoamai", "on": "2026-01-29"}
    assert "cần ít nhất một vai trò" in client.post(page, sent | {"title": "Hiệu trưởng"}).content.decode()
    made = client.post(page, sent | {"title": "Hiệu trưởng", "leads": "on", "roles": ["head", "typist"]})
    password = re.search(r"<code>([^<]+)</code>", made.content.decode()).group(1)
    assert "no-store" in made.headers["Cache-Control"]
    fresh = Client()
    assert sign_in(fresh, "ht.hoamai", password).status_code == 302
    again = client.post(page, sent | {"title": "Hiệu trưởng", "roles": ["head"]})
    assert "đã có người dùng" in again.content.decode()


def test_somebody_new_takes_a_vacant_position_with_the_roles_it_has(office):
    client, unit = office.client("quantri.xa"), office.unit("tieu_hoc")
    vacant = actions.create_position(**SYSTEMS, unit=unit, title="Kế toán")
    actions.grant(**SYSTEMS, position=vacant, role=Role.TYPIST)
    sent = {"full_name": "Kế", "username": "ke.toan", "on": "2026-01-29", "position": vacant.pk}
    assert client.post(f"/nguoi-dung/them/?don-vi={unit}", sent).status_code == 200
    assert Holding.objects.get(account__username="ke.toan").position == vacant


def test_a_table_with_faults_stores_nothing_and_says_where(office):
    client = office.client("quantri.xa")
    assert client.get("/nguoi-dung/nap/mau.csv").content.decode().startswith("\ufeffma_don_vi,")
    content = (
        "ma_don_vi,chuc_danh,ho_ten,ten_dang_nhap,vai_tro\n"
        "99001001,Hiệu trưởng,Hà Thị Mơ,ht.hoamai,head\n"
        "99001003,Hiệu trưởng,Ai Đó,ai.do,head\n"
    )
    sent = BytesIO(content.encode())
    sent.name = "tai-khoan.csv"
    answer = client.post("/nguoi-dung/nap/", {"file": sent})
    assert answer.status_code == 409 and "Dòng 3, cột ma_don_vi" in answer.content.decode()
    assert not Account.objects.filter(username="ht.hoamai").exists()
    good = BytesIO(content.rsplit("99001003", 1)[0].encode())
    good.name = "tai-khoan.csv"
    assert "ht.hoamai" in client.post("/nguoi-dung/nap/", {"file": good}).content.decode()


def test_every_verb_page_says_what_will_happen_and_does_it(office):
    client = office.client("quantri.xa")
    head, deputy = office.account["ht.tieuhoc"], office.account["pht.tieuhoc"]
    seat = office.seat["ht.tieuhoc"]
    day = f"{TODAY}"

    page = reverse("people:act-for", args=[seat.pk])
    assert "Nhật ký ghi cả hai" in client.get(page).content.decode()
    sent = {"account": "pht.tieuhoc", "manner": "signs_for", "on": day, "until": "2026-02-09", "basis": "PC 03"}
    assert client.post(page, sent).status_code == 302
    assert "ký thay Vàng A Páo" in client.get(reverse("people:position", args=[seat.pk])).content.decode()

    page = reverse("people:appoint", args=[seat.pk])
    refused = client.post(page, {"account": "pht.tieuhoc", "on": day})
    assert "Vàng A Páo giữ vị trí này từ ngày 01/07/2025" in refused.content.decode()
    assert "Không có ai mang tên đăng nhập này" in client.post(page, {"account": "ma", "on": day}).content.decode()

    page = reverse("people:hand-over", args=[seat.pk])
    assert "Vàng A Páo thôi giữ vị trí" in client.get(page).content.decode()
    assert client.post(page, {"account": "pht.tieuhoc", "on": day, "reason": "QĐ 12"}).status_code == 302
    assert queries.head(office.unit("tieu_hoc"), TODAY).account == deputy

    page = reverse("people:grant", args=[seat.pk])
    given = {"role": "typist", "unit": office.unit("tieu_hoc"), "hierarchy": "MANAGEMENT", "on": day}
    assert client.post(page, given).status_code == 302
    assert Role.TYPIST in queries.roles_held(seat.pk, TODAY)
    over = client.post(page, given | {"role": "leader", "unit": office.unit("province")})
    assert over.status_code == 200 and Role.LEADER not in queries.roles_held(seat.pk, TODAY), "not offered"

    one = seat.grants.get(role="typist")
    assert client.post(reverse("people:revoke", args=[one.pk]), {"on": day, "reason": "nhầm"}).status_code == 302
    held = Holding.objects.get(position=seat, account=deputy, manner=Manner.HOLDS)
    assert client.post(reverse("people:dismiss", args=[held.pk]), {"on": day, "reason": "x"}).status_code == 302
    assert not queries.holders(office.unit("tieu_hoc"), Role.HEAD, TODAY)

    page = reverse("people:change", args=[head.pk])
    assert client.post(page, {"full_name": "Vàng A Pao", "phone": "0912"}).status_code == 302
    page = reverse("people:reset-password", args=[head.pk])
    made = client.post(page)
    password = re.search(r"<code>([^<]+)</code>", made.content.decode()).group(1)
    head.refresh_from_db()
    assert head.full_name == "Vàng A Pao" and head.check_password(password)
    page = reverse("people:suspend", args=[head.pk])
    assert client.post(page, {}).status_code == 200, "a reason is needed"
    assert client.post(page, {"reason": "nghỉ"}).status_code == 302
    assert "Bỏ đình chỉ" in client.get(page).content.decode()
    assert client.post(page, {"reason": "về"}).status_code == 302

    new = client.post(
        f"{reverse('people:new-position')}?don-vi={office.unit('tieu_hoc')}", {"title": "Tổ trưởng", "rank": 5}
    )
    assert new.status_code == 302
    shown = client.get(reverse("people:account", args=[head.pk])).content.decode()
    for words in ("Bỏ đình chỉ tài khoản", "Cấp mật khẩu tạm", "Sửa tài khoản", "Lò Thị Quản"):
        assert words in shown


def test_ones_own_position_and_account_offer_nothing_to_press(office):
    client = office.client("quantri.xa")
    page = client.get(reverse("people:position", args=[office.seat["quantri.xa"].pk])).content.decode()
    assert "Đây là vị trí của chính bạn" in page and "/ban-giao/" not in page
    page = client.get(reverse("people:account", args=[office.account["quantri.xa"].pk])).content.decode()
    assert "/dinh-chi/" not in page


def test_lists_do_not_ask_per_row(office, django_assert_max_num_queries):
    client = office.client("quantri")
    for address, most in (("/nguoi-dung/", 16), ("/nguoi-dung/chuc-vu/", 16), ("/nhat-ky/", 16)):
        client.get(address)
        with django_assert_max_num_queries(most):
            client.get(address)


# The journal


def test_the_journal_shows_who_for_whom_what_when_and_why(office):
    actions.act_for(
        **SYSTEMS, position=office.seat["quantri.xa"], account=office.account["ct.caoson"], until=TODAY + DAY
    )
    by = queries.actor(office.account["ct.caoson"], office.seat["quantri.xa"].pk, TODAY)
    actions.deactivate(by=by, at=NOW, account=office.account["ht.tieuhoc"], reason="nghỉ ốm dài ngày")
    page = office.client("ct.binhminh").get("/nhat-ky/").content.decode()
    for words in ("Hoàng Văn Cao, Quản trị xã (ký thay) · thay Lò Thị Quản", "Đình chỉ tài khoản", "nghỉ ốm dài ngày"):
        assert words in page


def test_the_journal_keeps_to_the_units_whose_journal_one_may_read(office):
    actions.create_position(**SYSTEMS, unit=office.unit("cao_son"), title="Riêng của Cao Sơn")
    actions.create_position(**SYSTEMS, unit=office.unit("tieu_hoc"), title="Riêng của trường")
    mine = office.client("ct.binhminh").get("/nhat-ky/").content.decode()
    assert "Riêng của trường" in mine and "Riêng của Cao Sơn" not in mine
    all_of_it = office.client("quantri").get("/nhat-ky/").content.decode()
    assert "Riêng của Cao Sơn" in all_of_it


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("viec=account.deactivate", "nghỉ hưu sớm", "Kế toán mới"),
        ("nguoi=LO thi quan", "nghỉ hưu sớm", "Kế toán mới"),
        ("don_vi=mam non", "Kế toán mới", "nghỉ hưu sớm"),
        ("tu=2026-01-30", "Không có dòng phù hợp", "nghỉ hưu sớm"),
        ("tu=2026-01-29&den=2026-01-29", "nghỉ hưu sớm", "Không có dòng phù hợp"),
        ("den=2026-01-28", "Không có dòng phù hợp", "nghỉ hưu sớm"),
        ("tu=hôm qua", "nghỉ hưu sớm", "Không có dòng phù hợp"),
    ],
)
def test_the_journal_is_filtered(office, query, there, absent):
    actions.deactivate(
        by=office.actor("quantri.xa"), at=NOW, account=office.account["ht.tieuhoc"], reason="nghỉ hưu sớm"
    )
    actions.create_position(**SYSTEMS, unit=office.unit("mam_non"), title="Kế toán mới")
    page = office.client("quantri").get(f"/nhat-ky/?{query}").content.decode()
    assert there in page and absent not in page


def test_the_journal_page_checks_the_chain(office):
    page = office.client("quantri").get("/nhat-ky/?kiem_tra=1").content.decode()
    assert "Chuỗi nguyên vẹn" in page


# What everybody meets


def test_a_refusal_becomes_a_page_that_says_the_sentence(office):
    page = office.client("ht.tieuhoc").get(reverse("people:account", args=[office.account["ct.caoson"].pk]))
    assert page.status_code == 403 and "Bạn không có quyền làm việc này ở đây." in page.content.decode()
