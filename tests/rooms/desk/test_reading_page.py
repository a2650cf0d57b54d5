"""The page "Đọc văn bản": every decision is kept at once; what was accepted becomes tasks after a look at the sum."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from giaoban.documents.models import Document, KeptReading, ReadingDecision, Relation
from giaoban.files import opening
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import MANAGEMENT, Alias
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from giaoban.work.models import Task
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import at
from tests.rooms.ui.markup import check

TEXT = """ỦY BAN NHÂN DÂN XÃ BẮC HÀ
Số: 15/KH-UBND
Bắc Hà, ngày 20 tháng 01 năm 2026
KẾ HOẠCH
Thực hiện nhiệm vụ học kỳ II năm học 2025-2026

Thực hiện Nghị quyết số 29-NQ/TW ngày 04/11/2013, Ủy ban nhân dân xã ban hành kế hoạch như sau:
Có 68/73 lớp học đạt chuẩn về cơ sở vật chất (đạt tỉ lệ 93,1%).
1. Trường Tiểu học Na Hối
- Rà soát đội ngũ giáo viên tiếng Anh, báo cáo UBND xã trước ngày 15/3/2026.
2. Trường THCS Thải Giàng
- Báo cáo số học sinh bỏ học.
3. Tổ công nghệ số cộng đồng
- Hướng dẫn phụ huynh sử dụng học bạ số trước ngày 30/4/2026.
"""
FIRST = "Rà soát đội ngũ giáo viên tiếng Anh, báo cáo UBND xã trước ngày 15/3/2026"


def paste(client: Client, text: str = TEXT) -> str:
    response = client.post("/doc/", {"text": text})
    assert response.status_code == 302, response.content.decode()
    return response.headers["Location"]


def sheet(client: Client, address: str) -> Any:
    return client.get(address).context["sheet"]


def key(client: Client, address: str, code: str, kind: str = "tasks") -> str:
    found = sheet(client, address).find(kind, code)
    assert found is not None, code
    return found.key


def decide(client: Client, address: str, do: str, **more: Any) -> Any:
    """Press a button; a code such as V1 stands for its key."""
    kind = {"S": "figures", "D": "citations"}.get((re.search(r":([VSD])\d", do) or "  ")[1], "tasks")
    do = re.sub(r"\b([VSD]\d+[a-z]?)\b(?![-\d])", lambda match: key(client, address, match[1], kind), do)
    slug = {"figures": "so-lieu", "citations": "dan-chieu"}.get(kind, "viec")
    return client.post(f"{address}quyet-dinh/", {"do": do, "muc": slug, **more})


def summary(client: Client, address: str, **more: Any) -> dict[str, Any]:
    """What the browser would send of the last page, with some fields changed."""
    found = client.get(f"{address}giao-viec/").context["summary"]
    data: dict[str, Any] = {}
    for form in found.forms:
        for bound in form:
            value = bound.value()
            data[bound.html_name] = value.strftime("%d/%m/%Y") if hasattr(value, "strftime") else value or ""
    return data | more


def adopt(client: Client, address: str, **more: Any) -> Any:
    return client.post(f"{address}giao-viec/", summary(client, address, **more))


def states(client: Client, address: str) -> dict[str, str]:
    return {item.code: item.state for item in sheet(client, address).tasks}


# The page


@pytest.mark.parametrize("slug", ["viec", "so-lieu", "dan-chieu", "mau-thuan"])
def test_each_kind_has_its_tab_and_every_mark_leads_to_its_proposal(place, browser, slug) -> None:
    client = browser("officer")
    html = client.get(f"{paste(client)}?muc={slug}").content.decode()
    page = check(html)
    assert {"o-V1", "o-V2", "o-V3", "o-S1", "o-D1", "o-M1"} <= set(page.ids)
    letter = {"viec": "V", "so-lieu": "S", "dan-chieu": "D", "mau-thuan": "M"}[slug]
    assert f"{letter}1" in page.ids


def test_the_page_shows_who_leads_until_when_and_the_sentence_in_place(place, browser) -> None:
    client = browser("officer")
    html = client.get(paste(client)).content.decode()
    assert "Trường Tiểu học Na Hối" in html and "15/03/2026" in html
    assert f"<mark>{FIRST}</mark>" in html  # for a phone, where the text does not stand beside it


def test_forms_to_change_and_places_to_cut_open_without_a_script(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    html = client.get(f"{address}?muc=viec&sua=V1").content.decode()
    check(html)
    assert 'name="v1-lead"' in html and "Lưu và nhận" in html
    html = client.get(f"{address}?muc=viec&tach=V1").content.decode()
    check(html)
    assert "Tách ở đây" in html


def test_a_long_page_asks_no_more_of_the_database_than_a_short_one(
    place, browser, django_assert_max_num_queries
) -> None:
    client = browser("officer")
    more = "".join(f"- Báo cáo nội dung thứ {no} về Trường Tiểu học Na Hối trước ngày 1/4/2026.\n" for no in range(40))
    short, long = paste(client), paste(client, TEXT + more)
    assert len(sheet(client, long).tasks) > 35
    with django_assert_max_num_queries(75):
        client.get(long)
    assert sheet(client, short)


# Decisions


def test_a_decision_is_kept_at_once_and_seen_on_another_device(place, browser) -> None:
    address = paste(browser("officer"))
    assert decide(browser("officer"), address, "accept:V1").status_code == 302
    assert states(browser("officer"), address) == {"V1": "accepted", "V2": "open", "V3": "open"}


def test_after_a_decision_the_next_one_that_waits_is_shown(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    assert decide(client, address, "accept:V1").headers["Location"].endswith("?muc=viec#V2")
    decide(client, address, "reject:V2")
    assert decide(client, address, "reopen:V1").headers["Location"].endswith("#V1")
    assert states(client, address) == {"V1": "open", "V2": "rejected", "V3": "open"}


def test_with_a_script_only_the_changed_parts_come_back(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    do = f"accept:{key(client, address, 'V1')}"
    answer = client.post(f"{address}quyet-dinh/", {"do": do, "muc": "viec"}, HTTP_HX_REQUEST="true").json()
    assert answer["version"] == 1 and answer["focus"] == "V2" and answer["states"]["V1"] == "accepted"
    assert "text" not in answer and "Đã nhận" in answer["list"]


def test_all_sure_ones_are_accepted_in_one_move_and_undone_in_one(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    decide(client, address, "sure")
    assert states(client, address) == {"V1": "accepted", "V2": "accepted", "V3": "open"}
    decide(client, address, "undo")
    assert set(states(client, address).values()) == {"open"}
    assert ReadingDecision.objects.filter(undone_at__isnull=False).count() == 2


def test_undo_takes_back_ones_own_move_and_nobody_elses(place, browser) -> None:
    address = paste(browser("officer"))
    decide(browser("officer"), address, "accept:V1")
    decide(browser("leader"), address, "accept:V2")
    decide(browser("officer"), address, "undo")
    assert states(browser("leader"), address) == {"V1": "open", "V2": "accepted", "V3": "open"}


def test_two_people_do_not_overrule_each_other_unseen(place, browser) -> None:
    """Both loaded version 0; the leader rejects V1, the officer then accepts V1 and V2."""
    address = paste(browser("officer"))
    decide(browser("leader"), address, "reject:V1", seen=0)
    decide(browser("officer"), address, "accept:V1", seen=0)
    decide(browser("officer"), address, "accept:V2", seen=0)
    client = browser("officer")
    html = client.get(address).content.decode()
    assert states(client, address) == {"V1": "rejected", "V2": "accepted", "V3": "open"}
    assert "cùng Phó Chủ tịch leader" in html
    decide(client, address, "reopen:V1", seen=2)  # having seen it, they may differ
    assert states(client, address)["V1"] == "open"


def test_another_unit_finds_no_such_reading(place, browser) -> None:
    address = paste(browser("officer"))
    stranger = browser("sin_chai_officer")
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}quyet-dinh/", {"do": "sure"}).status_code == 404
    assert stranger.get(f"{address}giao-viec/").status_code == 404
    assert stranger.post(f"{address}bo/").status_code == 404


def test_a_button_of_a_proposal_that_is_gone_says_so(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    response = client.post(f"{address}quyet-dinh/", {"do": "accept:V:1-2", "muc": "viec"}, follow=True)
    assert "Đề xuất này không còn" in response.content.decode()


# Who leads


def test_where_nobody_is_known_the_page_asks_before_it_accepts(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    response = decide(client, address, "accept:V3")
    assert response.headers["Location"].endswith("?muc=viec#V3")
    html = client.get(response.headers["Location"]).content.decode()
    assert "Trước hết cho biết đơn vị nào chủ trì V3" in html
    assert states(client, address)["V3"] == "open"


def test_the_answer_may_be_written_without_accents_and_is_remembered(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    data = {"v3-lead": "truong tieu hoc ban pho", "v3-remember": "on"}
    assert decide(client, address, "answer:V3", **data).status_code == 302
    assert states(client, address)["V3"] == "accepted"
    assert adopt(client, address).status_code == 302
    assert Task.objects.get().lead_id == place.unit("ban_pho")
    alias = Alias.objects.get(unit_id=place.unit("ban_pho"))
    assert alias.text == "Tổ công nghệ số cộng đồng"


def test_a_name_nobody_has_is_named_back(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    response = decide(client, address, "answer:V3", **{"v3-lead": "Trường Hogwarts"})
    assert "Trường Hogwarts" in client.get(response.headers["Location"]).content.decode()
    assert states(client, address)["V3"] == "open"


# Putting right, splitting, merging


def test_what_was_put_right_is_what_is_given(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    data = {
        "v1-text": "Rà soát đội ngũ giáo viên tiếng Anh và Tin học",
        "v1-lead": "truong tieu hoc ban pho",
        "v1-partners": "Trường Tiểu học Na Hối",
        "v1-due": "trước ngày 20/3/2026",
        "v1-deliverable": "Báo cáo",
    }
    assert decide(client, address, "take:V1", **data).headers["Location"].endswith("#V2")
    adopt(client, address)
    task = Task.objects.get()
    assert (task.lead_id, task.due_on, task.deliverable) == (place.unit("ban_pho"), date(2026, 3, 20), "Báo cáo")
    assert task.text == "Rà soát đội ngũ giáo viên tiếng Anh và Tin học"
    assert list(task.partners.values_list("unit_id", flat=True)) == [place.unit("na_hoi")]
    assert TEXT[task.start : task.end] == FIRST  # whatever was changed, it opens its sentence


def test_a_faulty_form_comes_back_filled_in_and_keeps_nothing(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    data = {"v1-text": "Rà soát lại", "v1-lead": "Trường Tiểu học Na Hối", "v1-due": "chẳng bao lâu"}
    html = decide(client, address, "take:V1", **data).content.decode()
    check(html)
    assert "Rà soát lại" in html and 'value="chẳng bao lâu"' in html
    assert not ReadingDecision.objects.exists()


TWO_WORKS = TEXT.replace(
    "- Báo cáo số học sinh bỏ học.",
    "- Lập danh sách học sinh bỏ học trước ngày 10/02/2026; "
    "tổ chức vận động học sinh trở lại trường trước ngày 5/3/2026.",
)


def test_two_works_are_offered_as_two_and_each_keeps_its_own_day(place, browser) -> None:
    client = browser("officer")
    address = paste(client, TWO_WORKS)
    assert decide(client, address, "split:V2").headers["Location"].endswith("#V2a")
    assert list(states(client, address)) == ["V1", "V2a", "V2b", "V3"]
    for code in ("V2a", "V2b"):
        decide(client, address, f"accept:{code}")
    adopt(client, address)
    first, second = Task.objects.order_by("start")
    assert (first.due_on, second.due_on) == (date(2026, 2, 10), date(2026, 3, 5))
    assert TWO_WORKS[second.start : second.end].startswith("tổ chức vận động")


def test_a_free_cut_goes_between_any_two_clauses(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    place_of_cut = TEXT.index("báo cáo UBND xã trước")
    decide(client, address, f"cut:V1:{place_of_cut}")
    assert list(states(client, address)) == ["V1a", "V1b", "V2", "V3"]
    assert sheet(client, address).find("tasks", "V1b").text.startswith("báo cáo UBND xã")
    decide(client, address, "undo")
    assert list(states(client, address)) == ["V1", "V2", "V3"]


def test_merging_makes_one_task_that_opens_both_sentences(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    assert decide(client, address, "merge:V2").headers["Location"].endswith("#V1")
    assert list(states(client, address)) == ["V1", "V3"]
    html = client.get(address).content.decode()
    assert 'id="o-V1-1"' in html  # the second passage bears the same code
    decide(client, address, "accept:V1")
    adopt(client, address)
    task = Task.objects.get()
    assert "Báo cáo số học sinh bỏ học" in task.text
    assert list(task.partners.values_list("unit_id", flat=True)) == [place.unit("thai_giang")]
    second = task.passages.get()  # the first passage is the task's own
    assert TEXT[second.start : second.end] == "Báo cáo số học sinh bỏ học"


# The sum, and what follows


def test_the_sum_says_how_many_for_how_many_and_the_earliest_day(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    decide(client, address, "sure")
    html = client.get(f"{address}giao-viec/").content.decode()
    check(html)
    assert "2 nhiệm vụ" in html and "cho 2 đơn vị" in html and "15/03/2026" in html
    assert "1 đề xuất chưa xem" in html
    assert not Task.objects.exists() and not Document.objects.exists()


def test_a_common_due_time_is_asked_once_for_those_that_name_none(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    decide(client, address, "sure")
    html = adopt(client, address).content.decode()
    check(html)
    assert "Ghi hạn hoàn thành" in html and not Document.objects.exists()
    assert adopt(client, address, **{"chung-due": "30/4/2026"}).status_code == 302
    assert [task.due_on for task in Task.objects.order_by("start")] == [date(2026, 3, 15), date(2026, 4, 30)]


def test_accepted_proposals_become_a_document_and_tasks_in_one_step(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    decide(client, address, "accept:V1")
    response = adopt(client, address)
    document = Document.objects.get()
    assert response.headers["Location"] == document.get_absolute_url()
    assert (document.symbol, document.issued_on, document.text) == ("15/KH-UBND", date(2026, 1, 20), TEXT)
    task = Task.objects.get()
    assert TEXT[task.start : task.end] == FIRST and task.lead_id == place.unit("na_hoi")
    assert Event.objects.filter(verb="reading.adopt", data__tasks=[task.pk]).exists()
    kept = KeptReading.objects.get()
    assert kept.document == document and kept.done_at is not None
    assert client.get(address).headers["Location"] == document.get_absolute_url()


def test_what_is_missing_in_the_register_is_said_and_what_was_typed_stays(place, browser) -> None:
    client = browser("officer")
    address = paste(client, "Đề nghị Trường Tiểu học Na Hối báo cáo trước ngày 15/3/2026.")
    html = adopt(client, address, **{"so-subject": "", "so-symbol": "77/UBND"}).content.decode()
    check(html)
    assert not Document.objects.exists()
    assert "77/UBND" in client.get(f"{address}giao-viec/").content.decode()


def test_reading_again_proposes_only_what_is_new(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    decide(client, address, "accept:V1")
    decide(client, address, "reject:V2")
    adopt(client, address)
    events = Event.objects.count()
    again = client.get(f"/doc/van-ban/{Document.objects.get().pk}/").headers["Location"]
    assert Event.objects.count() == events  # looking is no event of the journal
    assert states(client, again) == {"V1": "stands", "V2": "rejected", "V3": "open"}
    assert "Đã giao" in client.get(again).content.decode()
    decide(client, again, "reopen:V2")
    decide(client, again, "accept:V2")
    assert adopt(client, again, **{"chung-due": "30/4/2026"}).status_code == 302
    assert Task.objects.count() == 2 and Document.objects.count() == 1


def test_a_document_in_the_register_is_recognised(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    adopt(client, address)
    html = client.get(paste(client, TEXT + "\n")).content.decode()
    assert "Văn bản này đã có trong sổ" in html


def test_a_named_document_is_linked_by_what_the_words_around_it_say(place, browser) -> None:
    from giaoban.documents import actions as documents

    above = documents.register(
        by=place.actors["officer"], at=at(TODAY), owner_id=place.unit("bac_ha"), direction="IN", symbol="29-NQ/TW",
        subject="Đổi mới giáo dục", issued_on=date(2013, 11, 4), issuer_text="Ban Chấp hành Trung ương",
    )  # fmt: skip
    client = browser("officer")
    address = paste(client)
    decide(client, address, "accept:D1", relation="implements")
    adopt(client, address)
    relation = Relation.objects.get()
    assert (relation.target, relation.kind) == (above, "implements")


def test_the_switch_checks_ones_own_text_on_the_same_page(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    html = client.get(f"{address}?muc=kiem-tra").content.decode()
    page = check(html)
    assert "o-K1" in page.ids and "93,2%" in html
    assert not ReadingDecision.objects.exists()


# Half-done readings


def test_half_done_readings_wait_on_the_first_page_for_the_whole_unit(place, browser) -> None:
    address = paste(browser("officer"))
    decide(browser("officer"), address, "accept:V1")
    html = browser("leader").get("/doc/").content.decode()
    check(html)
    assert address in html and "Thực hiện nhiệm vụ học kỳ II năm học 2025-2026" in html and "1 quyết định" in html
    assert address not in browser("sin_chai_officer").get("/doc/").content.decode()


def test_pasting_the_same_text_goes_on_with_it(place, browser) -> None:
    address = paste(browser("officer"))
    decide(browser("officer"), address, "accept:V1")
    assert paste(browser("leader")) == address
    assert states(browser("leader"), address)["V1"] == "accepted"


def test_a_half_done_reading_can_be_thrown_away(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    html = client.post(f"{address}bo/", follow=True).content.decode()
    assert "Đã bỏ" in html and not KeptReading.objects.exists()
    assert Event.objects.filter(verb="reading.discard").exists()
    assert client.get(address).status_code == 404


# What may not be read


def test_a_document_marked_secret_is_refused_before_it_is_kept(place, browser, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    client = browser("officer")
    response = client.post("/doc/", {"text": "MẬT\n" + TEXT})
    assert response.status_code == 200 and "dấu" in response.content.decode()
    file = tmp_path / "mat.txt"
    file.write_text("MẬT\n" + TEXT, encoding="utf-8")
    with file.open("rb") as opened:
        assert client.post("/doc/", {"file": opened}).status_code == 200
    assert not KeptReading.objects.exists()
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["mat.txt"]


def test_the_file_is_kept_with_its_hash_and_registered(place, browser, settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    file = tmp_path / "ke-hoach.txt"
    file.write_text(TEXT, encoding="utf-8")
    client = browser("officer")
    with file.open("rb") as opened:
        address = client.post("/doc/", {"file": opened}).headers["Location"]
    adopt(client, address)
    document = Document.objects.get()
    kept = settings.MEDIA_ROOT / document.file_hash[:2] / document.file_hash
    assert document.file_name == "ke-hoach.txt" and kept.read_bytes() == file.read_bytes()


def test_a_file_that_cannot_be_read_is_named_with_its_reason(place, browser, tmp_path: Path) -> None:
    file = tmp_path / "la.exe"
    file.write_bytes(b"MZ\x00\x01")
    with file.open("rb") as opened:
        html = browser("officer").post("/doc/", {"file": opened}).content.decode()
    check(html)
    assert "la.exe" in html and not KeptReading.objects.exists()


def test_a_long_scan_is_read_by_the_worker_and_its_page_says_how_far(place, browser, monkeypatch, tmp_path, settings):
    from giaoban.jobs.models import Job
    from giaoban.jobs.working import perform

    settings.MEDIA_ROOT = tmp_path / "media"

    def opened(name: str, content: bytes, limits: Any = None, progress: Any = None) -> Any:
        if limits is None:
            long = opening.LongScan(name=name, pages=9, most=3)
            long.first = "Trang một"
            raise long
        progress(9, 9)
        return opening.Opened(TEXT, "scan", 9)

    monkeypatch.setattr(opening, "opened", opened)
    file = tmp_path / "quet.pdf"
    file.write_bytes(b"%PDF-1.4 scan")
    client = browser("officer")
    with file.open("rb") as upload:
        address = client.post("/doc/", {"file": upload}).headers["Location"]
    job = Job.objects.get()
    assert client.get(address).headers["Location"] == f"/chay-nen/{job.pk}/"
    assert "đang đọc các trang" in client.get("/doc/").content.decode()
    assert perform(job.pk).state == "done", job
    assert set(states(client, address)) == {"V1", "V2", "V3"}


def test_neither_text_nor_file_is_asked_for(place, browser) -> None:
    html = browser("officer").post("/doc/", {"text": "  "}).content.decode()
    check(html)
    assert "Dán văn bản hoặc chọn một tệp" in html


# Rights


def test_a_records_clerk_registers_and_sees_what_was_found_but_assigns_nothing(place, browser) -> None:
    people.grant(
        by=SYSTEM, at=at(TODAY), position=Position.objects.get(pk=place.actors["viewer"].position_id),
        role=Role.CLERK, unit=place.unit("bac_ha"), hierarchy=MANAGEMENT, on=date(2026, 1, 1),
    )  # fmt: skip
    client = browser("viewer")
    address = paste(client)
    html = client.get(address).content.decode()
    check(html)
    assert "Rà soát đội ngũ giáo viên tiếng Anh" in html and "accept:V" not in html
    assert decide(client, address, "accept:V1").status_code == 403
    assert adopt(client, address).status_code == 302
    assert Document.objects.count() == 1 and not Task.objects.exists()


def test_who_may_not_read_is_turned_away(place, browser) -> None:
    assert browser("viewer").get("/doc/").status_code == 403


def test_parts_come_as_json_that_holds_no_more_than_the_page(place, browser) -> None:
    client = browser("officer")
    address = paste(client)
    answer = client.get(f"{address}?muc=viec&sua=V1", HTTP_HX_REQUEST="true")
    assert set(json.loads(answer.content)) == {"version", "focus", "said", "list", "bar", "states"}
