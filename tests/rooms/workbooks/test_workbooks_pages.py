"""The pages: download, hand up, dry run, decide, write, marked copy, in the hands of each role."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from giaoban.indicators.models import Draft, Report, Round
from giaoban.people import middleware
from giaoban.workbooks.models import State, Upload
from tests.rooms.indicators.place import DUE, Place
from tests.rooms.workbooks.sheets import cells, filled, pages

Enter = Callable[[str], Client]


@pytest.fixture
def enter(place: Place, monkeypatch: pytest.MonkeyPatch) -> Enter:
    moment = datetime(DUE.year, DUE.month, DUE.day, 15, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    monkeypatch.setattr(middleware, "now", lambda: moment)

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
    return place.report(round, "na_hoi")


def page(name: str, *args: object) -> str:
    return reverse(f"workbooks:{name}", args=args)


def sent(client: Client, content: bytes, name: str = "so.xlsx") -> object:
    return client.post(page("receive"), {"file": SimpleUploadedFile(name, content)})


def test_from_the_download_to_the_drafts(place: Place, report: Report, enter: Enter) -> None:
    client = enter("na_hoi_typist")
    download = client.get(page("report", report.pk))
    assert download.status_code == 200 and "truong-tieu-hoc-na-hoi" in download["Content-Disposition"]
    pupils, girls = cells(place, "hoc_sinh", "hoc_sinh_nu")
    answer = sent(client, filled(download.content, {pupils: 500, girls: 240}))
    upload = Upload.objects.get()
    assert answer.status_code == 302 and answer["Location"] == page("upload", upload.pk)
    shown = client.get(page("upload", upload.pk)).content.decode()
    assert "500" in shown and "Ghi vào báo cáo" in shown and not Draft.objects.filter(report=report).exists()
    client.post(page("take", upload.pk))
    assert Draft.objects.filter(report=report).count() == 2
    assert "Đã ghi" in client.get(page("upload", upload.pk)).content.decode()
    assert upload.name in client.get(page("home")).content.decode()


def test_faults_stand_on_the_page_with_their_cells_and_in_the_marked_copy(
    place: Place, report: Report, enter: Enter
) -> None:
    client = enter("na_hoi_typist")
    book = client.get(page("report", report.pk)).content
    sent(client, filled(book, {place.cells["hoc_sinh"]: "năm trăm", place.cells["hoc_sinh_nu"]: -1}))
    upload = Upload.objects.get()
    shown = client.get(page("upload", upload.pk)).content.decode()
    assert "E9" in shown and "năm trăm" in shown and "E10" in shown
    copy = openpyxl.load_workbook(io.BytesIO(client.get(page("marked", upload.pk)).content))
    assert copy.active.title == "Lỗi cần sửa"
    assert "không phải số" in pages(copy)[0]["E9"].comment.text
    table = openpyxl.load_workbook(io.BytesIO(client.get(page("faults", upload.pk)).content))
    assert [row[3].value for row in table.active.iter_rows(min_row=3)] == ["E9", "E10"]
    client.post(page("take", upload.pk))
    assert Upload.objects.get().state == State.READ, "nothing to write without the choice"


def test_a_conflict_is_decided_on_the_page(place: Place, report: Report, enter: Enter) -> None:
    client = enter("na_hoi_typist")
    pupils = place.cells["hoc_sinh"]
    book = client.get(page("report", report.pk)).content
    place.type(report, {"hoc_sinh": "510"})
    sent(client, filled(book, {pupils: 520}))
    upload = Upload.objects.get()
    answer = upload.workbooks.get().answers.get()
    shown = client.get(page("upload", upload.pk)).content.decode()
    assert f'name="chon-{answer.pk}-{pupils}"' in shown and "510" in shown and "520" in shown
    client.post(page("take", upload.pk), {f"chon-{answer.pk}-{pupils}": "cua-toi"})
    assert Draft.objects.get(report=report).value == 520


def test_no_file_and_no_workbook_are_said(place: Place, report: Report, enter: Enter) -> None:
    client = enter("na_hoi_typist")
    assert client.post(page("receive")).status_code == 422
    sent(client, b"khong phai excel", "thu.txt")
    upload = Upload.objects.get()
    assert "không phải sổ tính" in client.get(page("upload", upload.pk)).content.decode()


def test_the_commune_takes_one_workbook_for_all_its_schools(place: Place, round: Round, enter: Enter) -> None:
    client = enter("officer")
    assert "3 đơn vị" in client.get(page("round", round.pk)).content.decode()
    answer = client.post(page("make", round.pk), {"kieu": "mot-tep"}, follow=True)
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert len(pages(book)) == 3 and book.sheetnames[:2] == ["Các đơn vị", "Cộng toàn bộ"]
    assert client.post(page("make", round.pk), {"kieu": "zip"}, follow=True).content[:2] == b"PK"


@pytest.mark.parametrize("who", ["ban_pho_typist", "sin_chai_officer"])
def test_reports_of_others_are_not_there(place: Place, report: Report, enter: Enter, who: str) -> None:
    assert enter(who).get(page("report", report.pk)).status_code == 404


def test_uploads_of_others_are_not_there(place: Place, report: Report, enter: Enter) -> None:
    sent(enter("na_hoi_typist"), b"x")
    upload = Upload.objects.get()
    other = enter("ban_pho_typist")
    for name in ("upload", "marked", "faults"):
        assert other.get(page(name, upload.pk)).status_code == 404
    assert other.post(page("take", upload.pk)).status_code == 404


def test_who_types_nowhere_gets_no_form(place: Place, enter: Enter) -> None:
    client = enter("viewer")
    assert "<form" not in client.get(page("home")).content.decode().split("<main")[1].split("</main")[0]
    assert sent(client, b"x").status_code == 403  # type: ignore[attr-defined]
