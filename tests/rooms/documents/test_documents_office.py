"""The office: own numbers, how a document was studied, a register out of a file."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import Workbook

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions, importing, numbering, queries, studying
from giaoban.documents.models import Addressee, Document, GivenNumber
from giaoban.documents.studying import Heads
from giaoban.journal.actor import SYSTEM
from tests.rooms.work.world import TODAY, World, at, client


def issue(world: World, symbol: str, day: date = TODAY, **changes: Any) -> Document:
    given = {"owner_id": world.suoi, "direction": "OUT", "symbol": symbol, "subject": "Kế hoạch", "issued_on": day}
    return actions.register(by=SYSTEM, at=at(), **{**given, **changes})


# Numbers


@pytest.fixture
def counter(world: World) -> World:
    numbering.switch_on(
        by=world.van_thu,
        at=at(),
        unit_id=world.suoi,
        agency="UBND",
        party_agency="ĐU",
        term_start=date(2025, 7, 1),
    )
    return world


def taken(world: World, code: str = "TB", system: str = "state", on: date = TODAY) -> str:
    given = numbering.take(by=world.van_thu, at=at(on), unit_id=world.suoi, code=code, system=system, on=on)
    return given.symbol


def test_only_a_unit_without_a_system_has_numbers_of_its_own(world: World) -> None:
    with pytest.raises(numbering.NoCounter):
        taken(world)
    with pytest.raises(NotAllowed):
        numbering.switch_on(by=world.van_thu_doi, at=at(), unit_id=world.suoi, agency="UBND")
    with pytest.raises(numbering.NoLetters):
        numbering.switch_on(by=world.van_thu, at=at(), unit_id=world.suoi, agency=" ")


def test_numbers_run_by_year_and_type_and_those_of_the_party_through_the_term(counter: World) -> None:
    assert [taken(counter), taken(counter), taken(counter, "KH")] == ["01/TB-UBND", "02/TB-UBND", "01/KH-UBND"]
    assert taken(counter, on=date(2027, 1, 5)) == "01/TB-UBND"
    assert taken(counter, "NQ", "party") == "01-NQ/ĐU"
    assert taken(counter, "NQ", "party", on=date(2027, 1, 5)) == "02-NQ/ĐU"


def test_a_series_goes_on_where_the_register_stands(counter: World) -> None:
    GivenNumber.objects.all().delete()
    issue(counter, "07/TB-UBND")
    assert taken(counter) == "08/TB-UBND"


def test_gaps_kept_and_void_numbers_are_seen(counter: World) -> None:
    issue(counter, "01/TB-UBND")
    issue(counter, "04/TB-UBND")
    (kept,) = numbering.reserve(by=counter.van_thu, at=at(), unit_id=counter.suoi, code="TB", count=1, reason="Chờ ký")
    (series,) = numbering.series_of(counter.van_thu, counter.suoi, TODAY)
    assert (series.highest, series.gaps, [each.symbol for each in series.reserved]) == (5, (2, 3), ["05/TB-UBND"])
    numbering.give_up(by=counter.van_thu, at=at(), given=kept, reason="Không ban hành")
    with pytest.raises(numbering.NotReserved):
        numbering.give_up(by=counter.van_thu, at=at(), given=kept, reason="Lần nữa")
    assert taken(counter) == "06/TB-UBND"  # a void number is not given again
    (kept,) = numbering.reserve(by=counter.van_thu, at=at(), unit_id=counter.suoi, code="TB", count=1, reason="Chờ")
    used = issue(counter, kept.symbol)
    kept.refresh_from_db()
    assert (kept.state, kept.document) == (GivenNumber.State.USED, used)


def test_registering_without_a_number_takes_the_next(counter: World, today: None) -> None:
    page = client(counter.van_thu)
    sent = {"direction": "OUT", "issued_on": "12/01/2026", "subject": "Thông báo", "type": "state:TB"}
    assert page.post(reverse("documents:register"), {**sent, "type": ""}).status_code == 422
    assert page.post(reverse("documents:register"), {**sent, "direction": "IN", "issuer": "Sở"}).status_code == 422
    assert page.post(reverse("documents:register"), {**sent, "implements": "99/KH-UBND"}).status_code == 422
    assert not GivenNumber.objects.exists()  # a refused entry uses no number up
    page.post(reverse("documents:register"), sent)
    page.post(reverse("documents:register"), sent)
    assert [each.symbol for each in Document.objects.order_by("number")] == ["01/TB-UBND", "02/TB-UBND"]
    assert [given.document.symbol for given in GivenNumber.objects.all()] == ["01/TB-UBND", "02/TB-UBND"]


# Dissemination


def studied(world: World, document: Document, unit: int, heads: dict[str, Heads], **more: Any) -> None:
    given: dict[str, Any] = {"classes": 1, "finished_on": TODAY}
    studying.record_study(by=SYSTEM, at=at(), document=document, unit_id=unit, heads=heads, **{**given, **more})


def test_the_figures_of_duc_linh_add_up(world: World) -> None:
    found = issue(world, "12/KH-UBND", date(2026, 1, 5), addressee_ids=[world.thcs, world.tieu_hoc, world.mam_non])
    studied(world, found, world.thcs, {"key": Heads(223, 0, 223), "member": Heads(2000, 0, 1909)}, classes=22)
    more = {"member": Heads(1050, 6, 1000), "other": Heads(283, 0, 283)}
    studied(world, found, world.tieu_hoc, more, classes=1, plan_symbol="03/KH-TH")
    told = studying.dissemination(SYSTEM, found, TODAY)
    members, total = told.sheet.of("member"), told.sheet.total
    assert (members.attended, members.due, members.rate) == (2909, 3044, "95,57%")
    assert (total.attended, total.due) == (3192, 3327)  # key cadres are not counted twice
    assert (told.sheet.classes, told.studied, told.units, told.planned) == (23, 2, 3, 1)
    assert told.missing == ["Trường Mầm non Suối Thử"]


def test_parts_that_do_not_add_up_are_refused(world: World) -> None:
    found = issue(world, "12/KH-UBND", date(2026, 1, 5), addressee_ids=[world.thcs])
    with pytest.raises(studying.TooManyAttended):
        studied(world, found, world.thcs, {"member": Heads(100, 10, 91)})
    with pytest.raises(studying.KeyMoreThanAll):
        studied(world, found, world.thcs, {"key": Heads(5, 0, 5), "member": Heads(4, 0, 4)})
    with pytest.raises(studying.PartsDiffer):
        studied(world, found, world.thcs, {"member": Heads(100, 0, 99)}, total=(98, 100))
    with pytest.raises(studying.NoClass):
        studied(world, found, world.thcs, {"member": Heads(100, 0, 99)}, classes=0)
    with pytest.raises(studying.StudiedBefore):
        studied(world, found, world.thcs, {"member": Heads(100, 0, 99)}, finished_on=date(2026, 1, 1))
    studied(world, found, world.thcs, {"member": Heads(1000, 0, 995)})
    assert studying.dissemination(SYSTEM, found, TODAY).sheet.total.rate == "99,50%"


def test_a_unit_says_it_itself_on_the_page_with_its_a_of_b(world: World, today: None) -> None:
    found = issue(world, "12/KH-UBND", date(2026, 1, 5), addressee_ids=[world.thcs])
    address = f"{found.get_absolute_url()}quan-triet/"
    sent = {"form": "in_person", "classes": "1", "finished_on": "10/01/2026", "member_expected": "40"}
    sent |= {"member_exempt": "2", "member_attended": "37"}
    assert client(world.hieu_truong).post(address, {**sent, "member_attended": "39"}).status_code == 422
    assert client(world.hieu_truong).post(address, sent).status_code == 302
    shown = client(world.hieu_truong).get(address).content.decode()
    assert "37/38" in shown
    assert "97,37" in shown
    assert client(world.hieu_truong_th).get(address).status_code == 404


# A register out of a file


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.append(["SỔ VĂN BẢN ĐẾN NĂM 2026"])
    heads = ["STT", "Số đến", "Ngày đến", "Số, ký hiệu", "Ngày văn bản", "Cơ quan ban hành", "Trích yếu nội dung"]
    sheet.append([*heads, "Người ký", "Hạn xử lý", "Độ mật"])
    for row in rows:
        sheet.append(row)
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


ROWS = [
    [1, 15, "06/01/2026", "45/KH-UBND", "05/01/2026", "UBND tỉnh", "Kế hoạch phổ cập", "Phạm Thị Tỉnh", "", "Thường"],
    [2, 16, "07/01/2026", "46/KH-UBND", date(2026, 1, 6), "UBND tỉnh", "Kế hoạch thi", "", "31/01/2026", ""],
    [3, 17, "07/01/2026", "không số", "32/01/2026", "UBND tỉnh", "Sai ngày", "", "", ""],
]


def import_(world: World, content: bytes, **more: Any) -> importing.Taken:
    given = {"unit_id": world.suoi, "direction": "IN", "name": "so.xlsx", "content": content}
    return importing.take_in(by=world.van_thu, at=at(), **{**given, **more})


def test_a_register_is_tried_then_taken_in_and_a_second_time_changes_nothing(world: World) -> None:
    content = workbook(*ROWS)
    tried = import_(world, content, trial=True)
    assert (tried.entered, tried.known, [fault.row for fault in tried.faults]) == (2, 0, [5])
    assert not Document.objects.exists()
    import_(world, content)
    first, second = Document.objects.order_by("symbol")
    assert (first.arrival_number, first.received_on, first.issued_on) == (15, date(2026, 1, 6), date(2026, 1, 5))
    assert (second.issued_on, second.reply_due_on) == (date(2026, 1, 6), date(2026, 1, 31))
    again = import_(world, content)
    assert (again.entered, again.known, Document.objects.count()) == (0, 2, 2)
    assert queries.found(world.van_thu, TODAY, queries.Wanted(text="phổ cập")).documents == [first]


def test_a_file_with_a_secret_or_without_columns_is_refused_whole(world: World) -> None:
    secret = [9, 18, "07/01/2026", "47/KH-UBND", "06/01/2026", "UBND tỉnh", "Kế hoạch", "", "", "Tối mật"]
    with pytest.raises(actions.Secret):
        import_(world, workbook(ROWS[0], secret))
    assert not Document.objects.exists()
    with pytest.raises(importing.NoColumns):
        import_(world, b"a,b\n1,2\n", name="so.csv")
    with pytest.raises(NotAllowed):
        importing.take_in(
            by=world.hieu_truong,
            at=at(),
            unit_id=world.suoi,
            direction="IN",
            name="so.xlsx",
            content=workbook(*ROWS),
        )


def test_the_pages_of_the_office_open(world: World, today: None, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    page = client(world.van_thu)
    shown = page.post(reverse("documents:numbers"), {"switch": "1", "agency": "UBND"})
    assert shown.status_code == 302
    page.post(reverse("documents:numbers"), {"reserve": "1", "type": "state:TB", "count": "2", "reason": "Chờ ký"})
    shown = page.get(reverse("documents:numbers")).content.decode()
    assert "02/TB-UBND" in shown
    given = GivenNumber.objects.first()
    assert client(world.van_thu_doi).post(reverse("documents:give-up", args=[given.pk])).status_code == 404
    page.post(reverse("documents:give-up", args=[given.pk]), {"reason": "Thôi"})
    given.refresh_from_db()
    assert given.state == GivenNumber.State.VOID
    upload = BytesIO(workbook(*ROWS))
    upload.name = "so.xlsx"
    tried = page.post(reverse("documents:import"), {"direction": "IN", "file": upload})
    assert not Document.objects.exists()
    token = tried.context["token"]
    assert page.post(reverse("documents:import"), {"token": token}).status_code == 302
    assert Document.objects.count() == 2
    assert page.post(reverse("documents:import"), {"token": token + "x"}).status_code == 422
    assert client(world.hieu_truong).get(reverse("documents:numbers")).status_code == 403
    assert Addressee.objects.count() == 0
