"""The pages, in each role: what is shown, what can be reached, what is refused, and that stale forms are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from giaoban.documents import queries as documents
from giaoban.documents.models import Document
from giaoban.indicators import actions, queries
from giaoban.indicators.models import Draft, Report, Round, SignOff
from giaoban.people import middleware
from tests.rooms.indicators.place import CHECK, DUE, GOOD, OPENED, Place, at

Enter = Callable[[str], Client]
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[date], None]:
    def set_day(day: date) -> None:
        monkeypatch.setattr(middleware, "now", lambda: datetime(day.year, day.month, day.day, 15, 0, tzinfo=HANOI))

    set_day(CHECK)
    return set_day


@pytest.fixture
def enter(place: Place, today: object) -> Enter:
    def sign_in(who: str) -> Client:
        client = Client()
        account = place.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["position"] = place.actors[who].position_id
        session.save()
        return client

    return sign_in


@pytest.fixture
def round(place: Place) -> Round:
    return place.open()


@pytest.fixture
def report(place: Place, round: Round) -> Report:
    return place.hand_in(round, "na_hoi")


def page(name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=args)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


# Doors


@pytest.mark.parametrize(
    ("who", "door"),
    [("na_hoi_typist", "mine"), ("na_hoi_head", "mine"), ("officer", "rounds"), ("leader", "rounds"),
     ("so_officer", "rounds"), ("viewer", "catalogue"), ("admin", "catalogue")],
)  # fmt: skip
def test_each_role_comes_where_its_work_is(place: Place, enter: Enter, round: Round, who: str, door: str) -> None:
    response = enter(who).get(page("home"))
    assert response.status_code == 302 and response["Location"] == page(door)
    assert enter(who).get(page(door)).status_code == 200


def test_nobody_signed_in_sees_nothing(round: Round, today: object) -> None:
    for name, args in (("home", ()), ("round", (round.pk,)), ("catalogue", ())):
        assert Client().get(page(name, *args)).status_code == 302


@pytest.mark.parametrize(
    "who", ["ban_pho_head", "ban_pho_typist", "sin_chai_officer", "sin_chai_leader", "viewer", "admin"]
)
def test_a_foreign_report_is_not_there(place: Place, enter: Enter, report: Report, who: str) -> None:
    client = enter(who)
    assert client.get(page("report", report.pk)).status_code == 404
    assert client.get(page("cell", report.pk, place.cells["hoc_sinh"])).status_code == 404
    for name in ("autosave", "submit", "judge", "withdraw", "reopen"):
        assert client.post(page(name, report.pk), {"reason": "x", "action": "accept"}).status_code == 404
    assert client.post(page("entry", report.pk), {}).status_code == 404


@pytest.mark.parametrize("who", ["sin_chai_officer", "viewer", "admin"])
def test_a_foreign_round_is_not_there(place: Place, enter: Enter, round: Round, who: str) -> None:
    client = enter(who)
    assert client.get(page("round", round.pk)).status_code == 404
    for name in ("judge-many", "remind", "sign-off", "lock", "cancel"):
        assert client.post(page(name, round.pk), {"reason": "x", "chon": "1-1-1"}).status_code == 404


def test_reading_does_not_write(place: Place, enter: Enter, round: Round, report: Report) -> None:
    client = enter("officer")
    for name in ("judge", "withdraw", "reopen", "autosave", "submit"):
        assert client.get(page(name, report.pk)).status_code == 405
    for name in ("judge-many", "sign-off", "lock", "cancel"):
        assert client.get(page(name, round.pk)).status_code == 405


# Typing


def test_my_reports(place: Place, enter: Enter, round: Round) -> None:
    shown = text(enter("na_hoi_typist").get(page("mine")))
    assert "Báo cáo học kỳ" in shown and page("entry", place.report(round, "na_hoi").pk) in shown
    empty = text(enter("sin_chai_th_typist").get(page("mine")))
    assert "Không có báo cáo nào phải nộp" in empty


def form(place: Place, report: Report, values: dict[str, str], **more: str) -> dict[str, str]:
    fields = {"seen": str(Report.objects.get(pk=report.pk).draft_version), "action": "save"} | more
    for key, value in values.items():
        fields |= {f"cell-{place.cells[key]}": value, f"was-{place.cells[key]}": ""}
    return fields


def test_plain_save_and_hand_in(place: Place, enter: Enter, round: Round) -> None:
    report = place.report(round, "na_hoi")
    client = enter("na_hoi_typist")
    assert client.post(page("entry", report.pk), form(place, report, GOOD)).status_code == 302
    assert Draft.objects.filter(report=report).count() == 5
    shown = text(client.get(page("entry", report.pk)))
    assert 'value="500"' in shown and "5/5 ô" in shown
    head = enter("na_hoi_head")
    seen = Report.objects.get(pk=report.pk).draft_version
    assert head.post(page("submit", report.pk), {"seen": seen, "note": "Kính gửi"}).status_code == 302
    assert Report.objects.get(pk=report.pk).state == "submitted"


def test_a_bad_number_comes_back_at_its_cell_with_what_was_typed(place: Place, enter: Enter, round: Round) -> None:
    report = place.report(round, "na_hoi")
    response = enter("na_hoi_typist").post(
        page("entry", report.pk), form(place, report, {"hoc_sinh": "năm trăm", "hoc_sinh_nu": "240"})
    )
    shown = text(response)
    assert response.status_code == 409 and "“năm trăm” không phải số" in shown
    assert 'value="năm trăm"' in shown and 'value="240"' in shown
    assert not Draft.objects.exists()


def test_the_head_does_not_sign_what_they_have_not_seen(place: Place, enter: Enter, round: Round) -> None:
    report = place.report(round, "na_hoi")
    place.type(report, GOOD)
    head = enter("na_hoi_head")
    response = head.post(page("submit", report.pk), {"seen": "0"}, follow=True)
    assert "đã thay đổi từ khi bạn mở trang này" in text(response)
    assert Report.objects.get(pk=report.pk).state == "draft"


def test_others_are_sent_from_the_grid_to_the_report(place: Place, enter: Enter, report: Report) -> None:
    response = enter("officer").get(page("entry", report.pk))
    assert response.status_code == 302 and response["Location"] == page("report", report.pk)


# Review


def test_the_review_table(place: Place, enter: Enter, round: Round, report: Report) -> None:
    place.hand_in(round, "thai_giang", **{"bo_hoc[lop=6]": "100"})
    shown = text(enter("officer").get(page("round", round.pk)))
    assert shown.index("Trường THCS Thải Giàng") < shown.index("Trường Tiểu học Na Hối")
    assert "Học sinh bỏ học quá một phần mười." in shown
    assert "Duyệt tất cả 1 báo cáo không có cảnh báo" in shown
    assert "1 đơn vị chậm nộp." in shown and "Trường Tiểu học Bản Phố" in shown
    late = text(enter("officer").get(page("round", round.pk) + "?xem=cham"))
    assert "Bản Phố" in late and "Trường Tiểu học Na Hối" not in late
    found = text(enter("officer").get(page("round", round.pk) + "?q=thai giang"))
    assert page("report", place.report(round, "thai_giang").pk) in found and page("report", report.pk) not in found


def test_a_returned_report_is_not_called_late(
    place: Place, enter: Enter, round: Round, report: Report, today: Callable[[date], None]
) -> None:
    place.give_back(report, due_on=date(2026, 1, 27))
    today(date(2026, 1, 28))
    client = enter("officer")
    shown = text(client.get(page("round", round.pk)))
    assert "2 đơn vị chậm nộp." in shown and "1 đơn vị chưa nộp lại." in shown
    assert "chưa nộp lại, quá 1 ngày" in shown
    late = text(client.get(page("round", round.pk) + "?xem=cham"))
    assert page("report", report.pk) not in late
    again = text(client.get(page("round", round.pk) + "?xem=chua-nop-lai"))
    assert page("report", report.pk) in again and page("report", place.report(round, "ban_pho").pk) not in again


def test_a_round_names_its_document_by_number(place: Place, enter: Enter, round: Round) -> None:
    kept = {"symbol": "412/KH-UBND", "type": "KH", "issued_on": date(2025, 9, 19)}
    unit = {"owner_unit_id": place.unit("bac_ha"), "issuer_unit_id": place.unit("bac_ha"), "issuer_text": "UBND xã"}
    document = Document.objects.create(**kept, **unit, subject="Kế hoạch dài", direction="OUT", registered_at=at(DUE))
    Round.objects.filter(pk=round.pk).update(document=document)
    shown = text(enter("leader").get(page("round", round.pk)))
    assert (
        f">{document.label}</" in shown
        and "412/KH-UBND ngày 19/9/2025" in shown
        and "412/KH-UBND Kế hoạch dài" not in shown
    )
    reads = documents.for_actor(place.actors["leader"], CHECK).filter(pk=document.pk).exists()
    assert (f'href="{document.get_absolute_url()}"' in shown) == reads  # a link only where it opens


def pick(report: Report, step: int = 1) -> str:
    return f"{report.pk}-{Report.objects.get(pk=report.pk).version}-{step}"


def test_accept_the_ticked(place: Place, enter: Enter, round: Round, report: Report) -> None:
    client = enter("officer")
    nothing = client.post(page("judge-many", round.pk), {"action": "accept"}, follow=True)
    assert "Hãy chọn ít nhất một báo cáo" in text(nothing)
    done = client.post(page("judge-many", round.pk), {"action": "accept", "chon": [pick(report)]}, follow=True)
    assert "Đã duyệt 1 báo cáo" in text(done)
    assert Report.objects.get(pk=report.pk).step == 1
    assert len(queries.figures(unit_ids=[report.unit_id])) == 5


def test_a_stale_table_accepts_nothing(place: Place, enter: Enter, round: Round, report: Report) -> None:
    shown = pick(report)
    place.type(report, {"hoc_sinh": "9.000"})
    place.submit(report)
    response = enter("officer").post(page("judge-many", round.pk), {"action": "accept", "chon": [shown]}, follow=True)
    assert "đã thay đổi từ khi bạn mở trang này" in text(response)
    assert Report.objects.get(pk=report.pk).state == "submitted"


@pytest.mark.parametrize("picked", ["", "a-b-c", "1-2", "9" * 30 + "-1-1", "1-1-1; DROP TABLE"])
def test_strange_ticks_are_left_out(place: Place, enter: Enter, round: Round, picked: str) -> None:
    response = enter("officer").post(page("judge-many", round.pk), {"action": "accept", "chon": [picked]}, follow=True)
    assert "Hãy chọn ít nhất một báo cáo" in text(response)


def test_return_the_ticked_with_a_reason(place: Place, enter: Enter, round: Round, report: Report) -> None:
    client = enter("officer")
    where = page("judge-many", round.pk)
    assert "Đề nghị ghi lý do" in text(client.post(where, {"action": "return", "chon": [pick(report)]}, follow=True))
    given = {"action": "return", "chon": [pick(report)], "reason": "Sai mẫu", "day": "27/01/2026"}
    assert "Đã trả lại 1 báo cáo" in text(client.post(where, given, follow=True))
    fresh = Report.objects.get(pk=report.pk)
    assert fresh.state == "returned" and fresh.due_on == date(2026, 1, 27)
    mine = text(enter("na_hoi_typist").get(page("mine")))
    assert "Sai mẫu" in mine and "Sửa lại" in mine


def test_one_report_page(place: Place, enter: Enter, round: Round, report: Report) -> None:
    client = enter("officer")
    shown = text(client.get(page("report", report.pk)))
    assert "Duyệt báo cáo" in shown and "Trả lại" in shown and page("cell", report.pk, place.cells["hoc_sinh"]) in shown
    seen = Report.objects.get(pk=report.pk).version
    cell = place.cells["bo_hoc[lop=6]"]
    given = {"action": "return", "cell": [cell], "reason": "Số lạ", "seen": seen}
    assert client.post(page("judge", report.pk), {**given, "cell": []}, follow=True).status_code == 200
    assert Report.objects.get(pk=report.pk).state == "submitted"
    client.post(page("judge", report.pk), given)
    assert Report.objects.get(pk=report.pk).state == "returned"
    grid = text(enter("na_hoi_typist").get(page("entry", report.pk)))
    assert "Số lạ" in grid and "Bị trả lại" in grid
    accept = {"action": "accept", "step": 1, "seen": Report.objects.get(pk=report.pk).version}
    client.post(page("judge", report.pk), accept)
    assert len(queries.figures(unit_ids=[report.unit_id])) == 4
    history = text(client.get(page("cell", report.pk, place.cells["hoc_sinh"])))
    assert "Đã nộp: 500" in history and "Đã duyệt" in history


def test_the_leader_closes_the_step_with_those_missing(
    place: Place, enter: Enter, round: Round, report: Report
) -> None:
    place.accept(report)
    client = enter("leader")
    shown = text(client.get(page("round", round.pk)))
    assert "Chốt bước này" in shown and "2 đơn vị còn thiếu" in shown
    given = {"step": 2, "unit": place.unit("bac_ha"), "chon": [pick(report, 2)]}
    assert "Còn thiếu 2 đơn vị" in text(client.post(page("sign-off", round.pk), given, follow=True))
    client.post(page("sign-off", round.pk), {**given, "reason": "Hai trường mất điện"})
    assert SignOff.objects.get().reason == "Hai trường mất điện"
    assert "Hai trường mất điện" in text(client.get(page("round", round.pk)))


def test_remind(place: Place, enter: Enter, round: Round, report: Report) -> None:
    client = enter("officer")
    shown = text(client.get(page("remind", round.pk)))
    assert "1. Trường THCS Thải Giàng\n2. Trường Tiểu học Bản Phố" in shown and "Gửi thông báo cho 2 đơn vị" in shown
    sent = text(client.post(page("remind", round.pk)))
    assert "2 đơn vị đã nhận thông báo" in sent
    assert "2 đơn vị hôm nay đã được nhắc" in text(client.post(page("remind", round.pk)))
    assert "đã nhắc" in text(client.get(page("round", round.pk)))


def test_lock_reopen_withdraw(place: Place, enter: Enter, round: Round, report: Report) -> None:
    place.accept(report)
    place.accept(report, 2, by="leader")
    officer, leader = enter("officer"), enter("leader")
    officer.post(page("lock", round.pk), {"reason": "Hết hạn"})
    assert Round.objects.get(pk=round.pk).locked_at is not None
    shown = text(officer.get(page("report", report.pk)))
    assert "Mở lại cho đơn vị này" in shown and "Duyệt báo cáo" not in shown
    officer.post(page("reopen", report.pk), {"reason": "Sai số", "day": "30/01/2026"})
    assert Report.objects.get(pk=report.pk).reopened_until == date(2026, 1, 30)
    assert "mở để sửa đến hết 30/01/2026" in text(enter("na_hoi_typist").get(page("entry", report.pk)))
    assert "Rút toàn bộ số liệu" in text(leader.get(page("report", report.pk)))
    leader.post(page("withdraw", report.pk), {"reason": "Nhầm trường"})
    assert not queries.figures(unit_ids=[report.unit_id])


def test_take_a_round_back(place: Place, enter: Enter, round: Round) -> None:
    client = enter("officer")
    assert "Thu hồi đợt báo cáo" in text(client.get(page("round", round.pk)))
    client.post(page("cancel", round.pk), {"reason": "Nhầm kỳ"})
    assert not Round.objects.exists()


# Opening a round


def test_open_a_round_in_two_pages(place: Place, enter: Enter, today: Callable[[date], None]) -> None:
    today(OPENED)
    client = enter("officer")
    first = text(client.get(page("round-new")))
    assert "Báo cáo học kỳ" in first and "Học kỳ I năm học 2025-2026" in first
    chosen = {"sheet": "hoc_ky", "period": "2025-2026.HK1", "opener": place.unit("bac_ha"), "hierarchy": "MANAGEMENT",
              "line": "xa-so"}  # fmt: skip
    moved = client.get(page("round-new"), chosen)
    assert moved.status_code == 302
    second = text(client.get(moved["Location"]))
    assert "3 đơn vị sẽ nhận yêu cầu" in second and "Trường THCS Thải Giàng" in second
    given = {"due_on": "20/01/2026", "note": "Đề nghị nộp đúng hạn", "document": ""}
    for n, (name, day) in enumerate(
        [("Kiểm tra", "22/01/2026"), ("Duyệt", "22/01/2026"), ("Sở nhận", "23/01/2026")], start=1
    ):
        given |= {f"step_{n}_name": name, f"step_{n}_due": day}
    early = client.post(moved["Location"], {**given, "due_on": "15/01/2026"})
    assert early.status_code == 409 and "hạn nộp từ 16/01/2026 trở đi" in text(early)
    assert client.post(moved["Location"], {**given, "due_on": "ngày kia"}).status_code == 200
    assert client.post(moved["Location"], given).status_code == 302
    made = Round.objects.get()
    assert made.reports.count() == 3 and [step.name for step in made.steps.all()] == ["Kiểm tra", "Duyệt", "Sở nhận"]


def test_proposed_days_keep_the_law(place: Place, enter: Enter, today: Callable[[date], None]) -> None:
    today(OPENED)
    client = enter("officer")
    for line in ("xa", "xa-so", "so", "mo"):
        Round.objects.all()
        chosen = {"sheet": "hoc_ky", "period": "2025-2026.HK1", "opener": place.unit("bac_ha"),
                  "hierarchy": "MANAGEMENT", "line": line}  # fmt: skip
        where = client.get(page("round-new"), chosen)["Location"]
        form = client.get(where).context["form"]
        given = {name: form[name].value() for name in form.fields}
        given = {name: f"{value:%d/%m/%Y}" if isinstance(value, date) else value or "" for name, value in given.items()}
        response = client.post(where, given)
        assert response.status_code == 302, (line, text(response))
        actions.cancel_round(
            by=place.actors["officer"], at=at(OPENED), on=OPENED, round_id=Round.objects.get().pk, reason="thử"
        )


@pytest.mark.parametrize("who", ["leader", "na_hoi_head", "viewer", "admin"])
def test_others_cannot_open(place: Place, enter: Enter, who: str) -> None:
    client = enter(who)
    assert "Bạn không có quyền mở đợt báo cáo" in text(client.get(page("round-new")))
    chosen = {"sheet": "hoc_ky", "period": "2025-2026.HK1", "opener": place.unit("bac_ha"), "hierarchy": "MANAGEMENT",
              "line": "xa"}  # fmt: skip
    assert client.post(page("round-open") + "?" + "&".join(f"{k}={v}" for k, v in chosen.items())).status_code == 302
    assert not Round.objects.exists()


# Catalogue


def test_catalogue_pages(place: Place, enter: Enter) -> None:
    actions.set_target(by=place.actors["officer"], at=at(DUE), indicator="ty_le_bo_hoc", unit_id=place.unit("na_hoi"),
                       period_code="2025-2026", value=0, sentence="Không để học sinh bỏ học")  # fmt: skip
    client = enter("officer")
    assert "Tỷ lệ bỏ học" in text(client.get(page("catalogue")))
    assert "Tỷ lệ bỏ học" in text(client.get(page("catalogue") + "?q=ty le bo"))
    assert "Không tìm thấy" in text(client.get(page("catalogue") + "?q=khongcogi"))
    shown = text(client.get(page("indicator", "ty_le_bo_hoc")))
    assert "Học sinh bỏ học ÷ Học sinh" in shown and "Không để học sinh bỏ học" in shown
    assert "Không để học sinh bỏ học" not in text(enter("sin_chai_officer").get(page("indicator", "ty_le_bo_hoc")))
    assert "Lớp 6" in text(client.get(page("element", "bo_hoc"))) and client.get(page("elements")).status_code == 200
    assert "Học sinh nữ không được nhiều hơn" in text(client.get(page("sheet", "hoc_ky")))
    assert "Báo cáo học kỳ" in text(client.get(page("sheets")))
    assert client.get(page("indicator", "khong_co")).status_code == 404


def test_pages_ask_a_bounded_number_of_questions(
    place: Place, enter: Enter, round: Round, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for school in ("na_hoi", "ban_pho", "thai_giang"):
        place.hand_in(round, school)
    client = enter("officer")
    client.get(page("round", round.pk))
    with django_assert_max_num_queries(75):
        client.get(page("round", round.pk))
    with django_assert_max_num_queries(75):
        client.get(page("report", place.report(round, "na_hoi").pk))
