"""The pages, walked without a browser: every form works without JavaScript."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from giaoban.orgs import queries as orgs
from giaoban.reforms.forms import ACTS
from giaoban.reforms.models import Reform, State
from tests.rooms.people.office import Office
from tests.rooms.reforms.decrees import ON
from tests.world import TODAY

DAY = f"{ON:%d/%m/%Y}"


def send(office: Office, act: str, **data: object) -> Reform:
    """A draft made on the page by the administrator of the province."""
    answer = office.client("quantri").post(f"/sap-xep/moi/{act}/", {"on": DAY, **data})
    assert answer.status_code == 302, answer.content.decode()
    return Reform.objects.latest("pk")


def test_the_list_says_what_belongs_here_and_offers_the_step(office: Office):
    page = office.client("quantri").get("/sap-xep/").content.decode()
    assert "/sap-xep/moi/" in page


@pytest.mark.parametrize("act", list(ACTS))
def test_every_form_opens(office: Office, act: str):
    assert office.client("quantri").get(f"/sap-xep/moi/{act}/").status_code == 200


def test_from_the_form_by_preview_to_the_applied_reform(office: Office):
    reform = send(office, "nhap", units="Xã Bình Minh\n99003", name="Xã Minh Sơn", body_name="UBND xã Minh Sơn")
    client = office.client("quantri")
    page = client.get(f"/sap-xep/{reform.pk}/").content.decode()
    assert "Xã Minh Sơn" in page and "Giàng Seo Phử" in page
    assert not orgs.search("Xã Minh Sơn", TODAY)
    answer = client.post(f"/sap-xep/{reform.pk}/ap-dung/", {"seen": reform.changed_at.isoformat()})
    assert answer.status_code == 302
    reform.refresh_from_db()
    assert reform.state == State.APPLIED
    assert orgs.search("Xã Minh Sơn", TODAY)
    assert client.get(f"/sap-xep/{reform.pk}/").status_code == 200
    assert "Hoàng Văn Cao" in client.get(f"/sap-xep/{reform.pk}/quyet-dinh/").content.decode()


@pytest.mark.parametrize(
    ("act", "data", "steps"),
    [
        ("doi-ten", {"unit": "xa yen lap", "name": "Xã Yên Bình"}, 1),
        ("doi-loai", {"unit": "99006", "kind": "ward", "name": "Phường Yên Lập"}, 2),
        ("chuyen", {"units": "Trường THCS Cao Sơn", "hierarchy": "both", "parent": "Xã Bình Minh"}, 2),
        ("chia", {"unit": "Xã Bình Minh", "basis": "pupils", "name_1": "Xã Đông", "name_2": "Xã Tây"}, 4),
        ("giai-the", {"units": "diem truong suoi ba"}, 1),
        ("lap-lai", {"unit": "Huyện Thượng", "place": "Tỉnh Mẫu"}, 1),
        ("thanh-lap", {"kind": "school_site", "name": "Điểm trường Suối Tư", "place": "99001002"}, 1),
    ],
)
def test_each_form_makes_a_draft_that_can_be_applied(office: Office, act: str, data: dict[str, str], steps: int):
    reform = send(office, act, **data)
    assert len(reform.steps) == steps
    client = office.client("quantri")
    page = client.get(f"/sap-xep/{reform.pk}/").content.decode()
    assert "Áp dụng" in page and "Chưa áp dụng được" not in page
    assert reform.title
    client.post(f"/sap-xep/{reform.pk}/ap-dung/", {"seen": reform.changed_at.isoformat()})
    reform.refresh_from_db()
    assert reform.state == State.APPLIED


def test_a_division_with_shares_and_named_units_asks_nothing_about_these(office: Office):
    reform = send(
        office,
        "chia",
        unit="Xã Cao Sơn",
        basis="population",
        name_1="Xã Cao Đông",
        share_1="60%",
        below_1="Trường THCS Cao Sơn",
        name_2="Xã Cao Tây",
        share_2="0,4",
    )
    become = [step for step in reform.steps if step["do"] == "become"]
    assert [(step["share"], step["basis"]) for step in become] == [("3/5", "population"), ("2/5", "population")]
    page = office.client("quantri").get(f"/sap-xep/{reform.pk}/").content.decode()
    decisions = page[page.index("Đơn vị này về đâu?") :]
    assert "Trường PTDTBT Tiểu học và THCS Đồng Tâm" in decisions
    assert "Trường THCS Cao Sơn:" not in decisions


@pytest.mark.parametrize(
    ("act", "data", "said"),
    [
        ("doi-ten", {"unit": "Xã Không Có", "name": "Xã Mới"}, "Xã Không Có"),
        ("doi-ten", {"unit": "Phòng Kinh tế", "name": "Phòng Mới"}, "id:"),
        ("nhap", {"units": "Xã Bình Minh", "name": "Xã Mới"}, "ít nhất hai đơn vị"),
        (
            "chia",
            {
                "unit": "Xã Bình Minh",
                "basis": "equal",
                "name_1": "A",
                "share_1": "1/2",
                "name_2": "B",
                "share_2": "1/3",
            },
            "cộng lại bằng một",
        ),
    ],
)
def test_what_cannot_be_understood_is_said_at_its_field_and_nothing_is_lost(
    office: Office, act: str, data: dict[str, str], said: str
):
    answer = office.client("quantri").post(f"/sap-xep/moi/{act}/", {"on": DAY, "number": "77/NQ", **data})
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page and "77/NQ" in page
    assert not Reform.objects.exists()


def test_every_line_that_names_no_unit_is_said_at_once(office: Office):
    typed = {"on": DAY, "name": "Xã Mới", "units": "Xã Bình Minh\nkhong co that\ncung khong"}
    page = office.client("quantri").post("/sap-xep/moi/nhap/", typed).content.decode()
    assert "“khong co that”" in page and "“cung khong”" in page
    assert "Xã Bình Minh\nkhong co that\ncung khong" in page.replace("\r", "")


def test_a_later_part_may_name_what_an_earlier_one_founds(office: Office):
    reform = send(office, "nhap", units="Xã Bình Minh\nXã Cao Sơn", name="Xã Minh Sơn")
    client = office.client("quantri")
    data = {"kind": "school_site", "name": "Điểm Mới", "place": "xa minh son"}
    assert client.post(f"/sap-xep/{reform.pk}/them/thanh-lap/", data).status_code == 302
    reform.refresh_from_db()
    assert reform.steps[-1]["parents"] == {"TERRITORY": "Xã Minh Sơn", "MANAGEMENT": "Xã Minh Sơn"}
    assert "Chưa áp dụng được" not in client.get(f"/sap-xep/{reform.pk}/").content.decode()


def test_parts_are_changed_and_left_out_and_the_heading_too(office: Office):
    reform = send(office, "doi-ten", unit="Xã Yên Lập", name="Xã Yên Bình")
    client = office.client("quantri")
    assert 'value="Xã Yên Bình"' in client.get(f"/sap-xep/{reform.pk}/phan/0/").content.decode()
    client.post(f"/sap-xep/{reform.pk}/phan/0/", {"unit": "Xã Yên Lập", "name": "Xã Yên Ninh"})
    reform.refresh_from_db()
    assert [step["name"] for step in reform.steps] == ["Xã Yên Ninh"]
    client.post(f"/sap-xep/{reform.pk}/sua/", {"on": DAY, "title": "Đổi tên xã", "number": "9/NQ"})
    client.post(f"/sap-xep/{reform.pk}/phan/0/bo/")
    reform.refresh_from_db()
    assert (reform.parts, reform.title, reform.number) == ([], "Đổi tên xã", "9/NQ")
    client.post(f"/sap-xep/{reform.pk}/bo/")
    assert not Reform.objects.exists()


def test_a_whole_decree_comes_from_a_table(office: Office):
    table = (
        "viec,don_vi,thanh,loai,cap_tren\n"
        "thành lập,Xã Minh Sơn,,xã,Tỉnh Mẫu\n"
        "nhập,Xã Bình Minh,Xã Minh Sơn,,\n"
        "nhập,Xã Cao Sơn,Xã Minh Sơn,,\n"
    )
    file = SimpleUploadedFile("nghi-quyet.csv", table.encode())
    reform = send(office, "quyet-dinh", file=file)
    assert len(reform.steps) == 3 and "nghi-quyet.csv" in reform.title
    assert "Xã Minh Sơn" in office.client("quantri").get(f"/sap-xep/{reform.pk}/").content.decode()


def test_every_fault_of_a_table_is_shown_by_row_and_column(office: Office):
    table = "viec,don_vi,thanh\nđổi tên,Xã Không Có,Xã Mới\nbay,Xã Bình Minh,\n"
    file = SimpleUploadedFile("nghi-quyet.csv", table.encode())
    answer = office.client("quantri").post("/sap-xep/moi/quyet-dinh/", {"on": DAY, "file": file})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Dòng 2, cột don_vi" in page and "Dòng 3, cột viec" in page


def test_the_empty_table_has_only_columns_the_reader_knows(office: Office):
    from giaoban.orgs.decree_tables import COLUMNS, VERBS
    from giaoban.orgs.spelling import canon
    from giaoban.reforms import table

    assert set(table.COLUMNS) <= set(COLUMNS)
    assert all(canon(row["viec"]) in VERBS for row in table.ROWS)
    answer = office.client("quantri").get("/sap-xep/mau-quyet-dinh.csv")
    assert answer.content.decode().startswith("\ufeffviec,don_vi")


def test_questions_are_answered_on_the_page(office: Office):
    reform = send(office, "nhap", units="Xã Bình Minh\nXã Cao Sơn", name="Xã Minh Sơn")
    client = office.client("quantri")
    answer = client.post(f"/sap-xep/{reform.pk}/ap-dung/", {"seen": reform.changed_at.isoformat()})
    assert answer.headers["Location"] == f"/sap-xep/{reform.pk}/quyet-dinh/"
    assert "1 việc chờ người quyết định" in client.get("/").content.decode(), "the home page says so"
    question = reform.questions.get()
    value, words = question.choices[0]
    client.post(f"/sap-xep/{reform.pk}/quyet-dinh/{question.pk}/", {"answer": value})
    assert "1 việc chờ người quyết định" not in client.get("/").content.decode()
    page = client.get(f"/sap-xep/{reform.pk}/quyet-dinh/").content.decode()
    assert words in page and "Không còn việc cần quyết định" in page


def test_undoing_asks_for_a_reason_and_then_offers_to_prepare_it_again(office: Office):
    reform = send(office, "giai-the", units="Điểm trường Suối Ba")
    client = office.client("quantri")
    client.post(f"/sap-xep/{reform.pk}/ap-dung/", {"seen": reform.changed_at.isoformat()})
    assert client.post(f"/sap-xep/{reform.pk}/hoan-tac/", {"why": ""}).status_code == 200
    client.post(f"/sap-xep/{reform.pk}/hoan-tac/", {"why": "Quyết định bị thu hồi"})
    reform.refresh_from_db()
    assert reform.state == State.UNDONE
    assert "Quyết định bị thu hồi" in client.get(f"/sap-xep/{reform.pk}/").content.decode()
    client.post(f"/sap-xep/{reform.pk}/lap-lai/")
    assert Reform.objects.filter(state=State.DRAFT).count() == 1


def test_the_room_is_for_who_manages_units(office: Office):
    for address in ("/sap-xep/", "/sap-xep/moi/", "/sap-xep/moi/nhap/", "/sap-xep/mau-quyet-dinh.csv"):
        assert office.client("ct.binhminh").get(address).status_code == 403
        assert office.client("quantri.xa").get(address).status_code == 200


def test_what_is_beyond_ones_units_is_named_by_its_step(office: Office):
    client = office.client("quantri.xa")
    client.post("/sap-xep/moi/doi-ten/", {"on": DAY, "unit": "Xã Yên Lập", "name": "Xã Mới"})
    reform = Reform.objects.get()
    page = client.get(f"/sap-xep/{reform.pk}/").content.decode()
    assert "Chưa áp dụng được" in page and "Bạn không quản lý “Xã Yên Lập”" in page
    assert office.client("quantri").get(f"/sap-xep/{reform.pk}/").status_code == 200, "the province sees it"
