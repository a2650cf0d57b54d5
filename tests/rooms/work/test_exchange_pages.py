"""The pages of tables in and out, and the command: each step as a person takes it."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.orgs.models import Alias
from giaoban.work import actions
from giaoban.work.models import TableLayout, Task
from tests.rooms.work.annexes import OFFICES, book, paper
from tests.rooms.work.world import TODAY, World, at, client

pytestmark = pytest.mark.usefixtures("today")
ROW = [1, "Rà soát học sinh", "Trường THCS Suối Thử", "", "30/01/2026", "Báo cáo"]
WRONG = [2, "Việc lỗi", "Phòng Kinh tế", "", "bao giờ"]


@pytest.fixture
def plan(world: World) -> Document:
    return documents.register(
        by=world.van_thu, at=at(), owner_id=world.suoi, direction="OUT", symbol="12/KH-UBND",
        issued_on=date(2026, 1, 5), subject="Kế hoạch năm học",
    )  # fmt: skip


def up(browser: Client, content: bytes, name: str = "phu-luc.xlsx", to: str = "take-in", **more: Any) -> Any:
    return browser.post(reverse(f"work:{to}"), {"file": SimpleUploadedFile(name, content), **more})


def token(page: Any) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page.content.decode())
    assert found, page.content.decode()[:2000]
    return found[1]


def step(browser: Client, page: Any, to: str = "take-in", **more: Any) -> Any:
    return browser.post(reverse(f"work:{to}"), {"token": token(page), **more})


def test_tried_then_assigned(world: World, plan: Document) -> None:
    browser = client(world.chuyen_vien)
    page = up(
        browser, book(("T", [OFFICES, ROW, [2, "Việc lỗi", "Phòng Kinh tế", "", "bao giờ"]])), document="12/KH-UBND"
    )
    said = page.content.decode()
    assert page.status_code == 200 and "E3" in said and "12/KH-UBND" in said and not Task.objects.exists()
    copy = step(browser, page, step="copy")
    assert "attachment" in copy.headers["Content-Disposition"]
    assert openpyxl.load_workbook(io.BytesIO(copy.content))["T"]["E3"].comment
    done = step(browser, page, step="take", row="0.1")
    assert done.url == f"{reverse('work:tasks')}?xem=giao&van-ban={plan.pk}"
    assert Task.objects.get().document == plan
    again = step(browser, page, step="take", row="0.1")
    assert again.status_code == 422 and Task.objects.count() == 1, "a second press gives nothing twice"


def test_a_name_is_asked_once(world: World) -> None:
    browser = client(world.chuyen_vien)
    page = up(browser, book(("T", [OFFICES, [1, "Báo cáo", "Tổ một cửa", "", "30/01/2026"]])))
    assert "Tổ một cửa" in page.content.decode() and "C2" in page.content.decode()
    wrong = step(browser, page, **{"step": "names", "name": "Tổ một cửa", "typed-0": "Phòng Không Có"})
    assert wrong.status_code == 422 and not Alias.objects.filter(near=world.suoi).exists()
    known = step(browser, page, **{"step": "names", "name": "Tổ một cửa", "typed-0": "Phòng Kinh tế xã Suối Thử"})
    assert 'name="row" value="0.1"' in known.content.decode()
    step(browser, page, step="take", row="0.1")
    assert Task.objects.get().lead_id == world.kinhte


def test_columns_are_pointed_at(world: World) -> None:
    browser = client(world.chuyen_vien)
    odd = [["Mã", "Đầu việc", "Bên nhận", "Mốc"], ["V1", "Sửa cổng", "Phòng Kinh tế", "30/01/2026"]]
    page = up(browser, book(("T", odd)))
    assert "column-1" in page.content.decode() and "Đầu việc" in page.content.decode()
    little = step(browser, page, **{"step": "point", "table": "0", "head": "1", "column-1": "work"})
    assert little.status_code == 422 and not TableLayout.objects.exists()
    columns = {"column-0": "no", "column-1": "work", "column-2": "lead", "column-3": "due"}
    shown = step(browser, page, **{"step": "point", "table": "0", "head": "1", **columns})
    assert 'name="row" value="0.1"' in shown.content.decode()
    for bad in ({"table": "9", "head": "1"}, {"table": "0", "head": "0"}, {"table": "x", "head": "-1"}, {}):
        assert step(browser, page, step="point", **bad, **columns).status_code in (200, 422)


def test_a_table_becomes_the_tasks_of_a_conclusion(world: World) -> None:
    meeting = actions.plan_and_invite(
        by=world.chuyen_vien, at=at(), unit_id=world.suoi, kind="giao_ban", title="Giao ban", starts_at=at(TODAY, 7),
        chair_name="A", chair_title="Chủ tịch", unit_ids=[world.thcs],
    )  # fmt: skip
    actions.send_invitations(by=world.chuyen_vien, at=at(), meeting=meeting)
    meeting = actions.open_meeting(by=world.chuyen_vien, at=at(), meeting=meeting)
    conclusion = actions.conclude(by=world.chuyen_vien, at=at(), meeting=meeting, text="Thực hiện phụ lục", tasks=[])
    browser = client(world.chuyen_vien)
    address = f"{reverse('work:take-in')}?hop={meeting.pk}"
    assert "Thực hiện phụ lục" in browser.get(address).content.decode()
    file = SimpleUploadedFile("a.docx", paper([OFFICES, [str(one) for one in ROW] + [""]]))
    page = browser.post(address, {"file": file, "conclusion": conclusion.pk})
    step(browser, page, step="take", row="0.1")
    task = Task.objects.get()
    assert (task.conclusion, task.binds_on) == (conclusion, None), "planned until the notice"
    assert client(world.chu_tich_doi).get(address).status_code == 404


def test_whoever_may_not_assign_and_whoever_did_not_hand_up(world: World, plan: Document) -> None:
    for name in ("take-in", "tracking"):
        assert client(world.hieu_truong).get(reverse(f"work:{name}")).status_code == 403
    page = up(client(world.chuyen_vien), book(("T", [OFFICES, ROW])), document="12/KH-UBND")
    stranger = client(world.chu_tich_doi)
    assert step(stranger, page, step="take", row="0.1").status_code in (403, 404)
    assert not Task.objects.exists()
    forged = client(world.chuyen_vien).post(reverse("work:take-in"), {"token": "x:y:z", "step": "take"})
    assert forged.status_code == 422 or "file" in forged.content.decode()
    missing = up(client(world.chuyen_vien), book(("T", [OFFICES, ROW])), document="99/KH-UBND")
    assert missing.status_code == 422 and "99/KH-UBND" in missing.content.decode()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nothing", b"%PDF-1.4", book(("T", [["MẬT"], OFFICES, ROW]))])
@pytest.mark.parametrize("to", ["take-in", "tracking"])
def test_bad_files_are_answered_on_the_page(world: World, content: bytes, to: str) -> None:
    assert up(client(world.chuyen_vien), content, to=to).status_code == 422


def test_the_export_gives_exactly_the_rows_of_the_table(world: World, plan: Document) -> None:
    new = {"by": world.chu_tich, "at": at(), "unit_id": world.suoi}
    actions.assign(
        **new, task=actions.NewTask(text="Của kế hoạch", due="30/01/2026", lead_id=world.thcs), document=plan
    )
    actions.assign(**new, task=actions.NewTask(text="Việc khác", due="31/01/2026", lead_id=world.kinhte))
    browser = client(world.chuyen_vien)
    address = f"{reverse('work:export-annex')}?xem=tat-ca&van-ban={plan.pk}"
    assert "Cơ quan chủ trì" in browser.get(address).content.decode()
    sheet = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address}&dang=xlsx").content)).active
    texts = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "Của kế hoạch" in texts and "Việc khác" not in texts
    assert browser.get(f"{address}&dang=docx&mau=don-vi").content.startswith(b"PK")
    others = browser.get(f"{reverse('work:export-annex')}?xem=tat-ca&q=khong-co").content.decode()
    assert 'value="xlsx"' not in others, "nothing to export says so"
    stranger = client(world.chu_tich_doi).get(f"{address}&dang=xlsx")
    assert "Của kế hoạch" not in str(list(openpyxl.load_workbook(io.BytesIO(stranger.content)).active.values))


def test_a_tracking_sheet_is_taken_over_and_goes_back(world: World) -> None:
    head = [
        "TT",
        "Số, ngày văn bản giao",
        "Trích yếu",
        "Nội dung nhiệm vụ",
        "Đơn vị thực hiện",
        "Thời hạn",
        "Tình trạng",
    ]
    row = [
        1,
        "215/UBND-VX ngày 06/01/2026",
        "V/v x",
        "Báo cáo bỏ học",
        "UBND xã Suối Thử",
        "25/01/2026",
        "Đang thực hiện",
    ]
    browser = client(world.chuyen_vien)
    page = up(browser, book(("T", [head, row])), to="tracking")
    assert page.status_code == 200 and "215/UBND-VX" in page.content.decode()
    assert step(browser, page, "tracking", step="take").status_code == 422, "nothing was ticked"
    assert step(browser, page, "tracking", step="take", new="0.1").status_code == 302
    assert Task.objects.get().assigned_by_id == world.province
    copy = step(browser, page, "tracking", step="copy")
    assert openpyxl.load_workbook(io.BytesIO(copy.content))["T"]["G2"].value == "Đang thực hiện, trong hạn"


def test_the_command_says_and_does_the_same(
    world: World, plan: Document, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "phu-luc.xlsx"
    file.write_bytes(book(("T", [OFFICES, ROW, [2, "Việc lỗi", "Phòng Kinh tế", "", "bao giờ"]])))
    given = {"by": "chuyen.vien", "document": "12/KH-UBND", "on": TODAY}
    call_command("import_tasks", str(file), **given, dry_run=True)
    assert not Task.objects.exists() and "T E3" in capsys.readouterr().err
    call_command("import_tasks", str(file), **given)
    task = Task.objects.get()
    assert (task.document, task.assigned_by_id) == (plan, world.suoi)
    call_command("import_tasks", str(file), **given)
    assert Task.objects.count() == 1
    for wrong in ({"by": "hieu.truong"}, {"by": "ai.do"}, {"document": "77/KH-UBND"}, {"unit": "UBND xã Đồi Thử"}):
        with pytest.raises(CommandError):
            call_command("import_tasks", str(file), **{**given, **wrong})
    with pytest.raises(CommandError):
        call_command("import_tasks", str(tmp_path / "khong-co.xlsx"), **given)


def test_the_api_says_and_does_the_same(world: World, plan: Document) -> None:
    content = book(("T", [OFFICES, ROW, WRONG]))

    def send(actor: Any, **more: Any) -> tuple[int, Any]:
        file = SimpleUploadedFile("phu-luc.xlsx", content)
        answer = client(actor).post("/api/v1/tasks/annex/", {"file": file, "document": "12/KH-UBND", **more})
        return answer.status_code, answer.json()

    status, told = send(world.chuyen_vien)
    assert (status, told["new"], told["assigned"]) == (200, 1, []) and not Task.objects.exists()
    assert [(fault["sheet"], fault["cell"]) for fault in told["faults"]] == [("T", "E3")]
    status, told = send(world.chuyen_vien, dry_run="false")
    assert told["assigned"] == [Task.objects.get().pk]
    assert send(world.chuyen_vien, dry_run="false")[1]["known"] == 1
    assert send(world.hieu_truong)[0] == 403
    assert send(world.chuyen_vien, unit=world.doi)[0] == 403
    assert send(world.chuyen_vien, document="99/KH-UBND")[0] == 400
