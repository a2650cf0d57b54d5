"""What is adopted of a reading: all or nothing, the item named; and what a second reading no longer proposes."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.desk import actions, proposals
from giaoban.desk.actions import (
    ConfirmedName,
    ItemRefused,
    NewDocument,
    RelationFromCitation,
    TargetFromSentence,
    TaskFromSentence,
)
from giaoban.documents import actions as documents
from giaoban.documents import queries as document_queries
from giaoban.documents.models import Document, Relation
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.orgs.models import Alias
from giaoban.work import actions as work
from giaoban.work import queries as work_queries
from giaoban.work.actions import NewTask
from giaoban.work.models import Partner, Task
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import HK1, at

TEXT = """ỦY BAN NHÂN DÂN XÃ BẮC HÀ
Số: 15/KH-UBND
Bắc Hà, ngày 20 tháng 01 năm 2026
KẾ HOẠCH
Thực hiện nhiệm vụ học kỳ II năm học 2025-2026

Thực hiện mục II.2 Kế hoạch số 12/KH-UBND ngày 05/01/2026 của UBND tỉnh, Ủy ban nhân dân xã giao nhiệm vụ như sau:
1. Trường Tiểu học Na Hối
- Chủ trì, phối hợp với Trường Tiểu học Bản Phố rà soát quy hoạch mạng lưới trường, lớp học trước ngày 15/3/2026.
2. Trường Tiểu học Bản Phố
- Phối hợp với Trường Tiểu học Na Hối rà soát quy hoạch mạng lưới trường, lớp học.
3. Trường THCS Thải Giàng
- Báo cáo số học sinh bỏ học trước ngày 30/4/2026.
4. Các trường
- Tổ chức hội thi giáo viên giỏi cấp trường trong tháng 5/2026.
"""


def registered(place, text: str = TEXT, symbol: str = "15/KH-UBND", **more) -> Document:
    new = NewDocument("OUT", symbol, "Thử", date(2026, 1, 20), text, issuer_id=place.unit("bac_ha"))
    return adopt(place, new, **more).document


def adopt(place, document, who: str = "officer", **chosen) -> actions.Adopted:
    return actions.adopt(by=place.actors[who], at=at(TODAY), unit_id=place.unit("bac_ha"), document=document, **chosen)


def read(place, text: str = TEXT, document: Document | None = None, who: str = "officer") -> proposals.Reading:
    return proposals.of(text, place.actors[who], TODAY, document)


def taken(one: proposals.TaskProposal, **changes) -> TaskFromSentence:
    units = one.leads[0].units
    task = NewTask(
        text=one.text,
        due=one.due_text or "30/4/2026",
        lead_id=units[0] if len(units) == 1 else None,
        part_ids=units if len(units) > 1 else (),
        group=", ".join(one.assignees) if len(units) > 1 else "",
        partner_ids=tuple(unit for choice in one.partners for unit in choice.units),
        leader=one.leader,
        **changes,
    )
    return TaskFromSentence(task, passages=one.spans, code=one.mark.code)


# Passages


def test_merged_items_are_one_task_that_opens_each_of_its_sentences(place) -> None:
    reading = read(place)
    first, second, *_rest = reading.tasks
    assert second.same_as == first.mark.no
    made = adopt(place, registered(place), tasks=[taken(reading.merged(first, second))]).tasks[0]
    spans = [TEXT[start:end] for _document, start, end in work_queries.passages(made)]
    assert spans == [first.text, second.text]
    assert (made.lead_id, Partner.objects.get(task=made).unit_id) == (place.unit("na_hoi"), place.unit("ban_pho"))


def test_the_pages_of_task_and_text_show_every_passage(place, browser) -> None:
    reading = read(place)
    one = reading.merged(*reading.tasks[:2])
    document = registered(place)
    adopt(place, document, tasks=[taken(one)])
    client = browser("officer")
    task = Task.objects.get(parent=None)
    page = client.get(task.get_absolute_url()).content.decode()
    assert page.count("<mark>") == 2
    text = client.get(reverse("work:marked-text", args=[document.pk])).content.decode()
    assert text.count(task.get_absolute_url()) >= 2


def test_a_passage_outside_the_text_is_refused(place) -> None:
    document = registered(place)
    one = TaskFromSentence(
        NewTask(text="Thử", due="30/4/2026", lead_id=place.unit("na_hoi")), 0, 5, ((5, 9_999),), "V7"
    )
    with pytest.raises(ItemRefused) as refused:
        adopt(place, document, tasks=[one])
    assert refused.value.code == "V7" and not Task.objects.exists()


# All or nothing


def test_everything_chosen_stands_together(place) -> None:
    plan = documents.register(
        by=place.actors["officer"], at=at(TODAY), owner_id=place.unit("bac_ha"), direction="IN",
        symbol="12/KH-UBND", subject="Kế hoạch tỉnh", issued_on=date(2026, 1, 5), issuer_text="UBND tỉnh Lào Cai",
    )  # fmt: skip
    reading = read(place)
    (cited,) = reading.citations
    assert (cited.known, cited.kind, cited.clause, cited.new) == (plan, "implements", "mục II.2", True)
    made = adopt(
        place,
        NewDocument("OUT", "15/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_id=place.unit("bac_ha")),
        tasks=[taken(one) for one in reading.tasks],
        relations=[RelationFromCitation(cited.known, cited.kind, cited.basis, cited.clause, cited.mark.code)],
        targets=[TargetFromSentence("ty_le_bo_hoc", place.unit("bac_ha"), HK1, Fraction(1, 200), "tỷ lệ bỏ học 0,5%")],
        aliases=[ConfirmedName("trường điểm", (place.unit("na_hoi"),)), ("trường bản", place.unit("ban_pho"))],
    )
    relation = Relation.objects.get(source=made.document)
    assert (relation.target, relation.kind, relation.clause) == (plan, "implements", "mục II.2")
    assert relation.basis.endswith(cited.text) and len(made.tasks) == 4 and made.relations == 1 and made.names == 2
    assert set(Alias.objects.filter(near=place.unit("bac_ha")).values_list("text", "since")) == {
        ("trường điểm", date(2026, 1, 20)), ("trường bản", date(2026, 1, 20)),
    }  # fmt: skip
    event = Event.objects.get(verb="reading.adopt")
    assert (event.data["relations"], event.data["names"]) == (1, ["trường điểm", "trường bản"])


def test_one_bad_item_leaves_nothing_and_is_named(place) -> None:
    good, bad, *_rest = read(place).tasks
    with pytest.raises(ItemRefused) as refused:
        adopt(
            place,
            NewDocument("OUT", "15/KH-UBND", "Thử", date(2026, 1, 20), TEXT, issuer_id=place.unit("bac_ha")),
            tasks=[taken(good), TaskFromSentence(NewTask(text=bad.text, due="chẳng bao lâu", lead_id=1), code="V2")],
            aliases=[("trường điểm", place.unit("na_hoi"))],
        )
    assert refused.value.code == "V2" and "V2: " in str(refused.value)
    assert not (Document.objects.exists() or Task.objects.exists() or Alias.objects.filter(near__isnull=False).exists())


def test_who_may_not_is_told_so_plainly(place) -> None:
    document = registered(place)
    with pytest.raises(NotAllowed):
        adopt(place, document, who="sin_chai_officer", tasks=[taken(read(place).tasks[0])])


def test_a_relation_that_stands_is_passed_over(place) -> None:
    document, other = registered(place), registered(place, symbol="14/KH-UBND")
    link = [RelationFromCitation(other, "implements", "Thực hiện …")]
    assert adopt(place, document, relations=link).relations == 1
    assert adopt(place, document, relations=link).relations == 0


def test_a_confirmed_name_is_used_the_next_time(place) -> None:
    text = TEXT.replace("3. Trường THCS Thải Giàng", "3. Trường điểm")
    asked = read(place, text).tasks[2]
    assert asked.asks and asked.ask_name == "Trường điểm"
    adopt(
        place,
        registered(place),
        tasks=[taken(read(place).tasks[0])],
        aliases=[ConfirmedName(asked.ask_name, (place.unit("thai_giang"),))],
    )
    again = read(place, text.replace("15/KH-UBND", "16/KH-UBND")).tasks[2]
    assert again.leads[0].units == (place.unit("thai_giang"),) and not again.asks and again.sure


# What is new


def test_a_second_reading_proposes_only_what_is_new(place) -> None:
    first, second, third, fourth = read(place).tasks
    document = registered(place, tasks=[taken(first), taken(third)])
    again = read(place, document.text, document).tasks
    assert [one.new for one in again] == [False, True, False, True]
    assert again[0].task_id == Task.objects.get(lead=place.unit("na_hoi")).pk
    assert not any(one.sure for one in again if not one.new)
    assert first.new and second.new and third.new and fourth.new


def test_the_same_document_in_another_register_is_the_same(place) -> None:
    """What came in from the commune has other line breaks in the copy of the department."""
    adopt(place, registered(place), tasks=[taken(read(place).tasks[2])])
    copy = TEXT.replace("Báo cáo số học sinh", "Báo cáo\nsố  học sinh")
    other = documents.register(
        by=place.actors["so_officer"], at=at(TODAY), owner_id=place.unit("so"), direction="IN", symbol="15/KH-UBND",
        subject="Thử", issued_on=date(2026, 1, 20), issuer_id=place.unit("bac_ha"), text=copy,
    )  # fmt: skip
    again = proposals.of(copy, SYSTEM, TODAY, other)
    assert [one.new for one in again.tasks] == [True, True, False, True]
    pasted = read(place, copy)  # known by its number and day
    assert [one.new for one in pasted.tasks] == [True, True, False, True]


def test_a_corrected_text_with_other_offsets_is_the_same(place) -> None:
    adopt(place, registered(place), tasks=[taken(read(place).tasks[0])])
    corrected = TEXT.replace("KẾ HOẠCH\n", "KẾ HOẠCH\n(bản đính chính)\n").replace("số học sinh", "danh sách học sinh")
    new = documents.register(
        by=place.actors["officer"], at=at(TODAY), owner_id=place.unit("bac_ha"), direction="OUT", symbol="15/KH-UBND",
        subject="Thử", issued_on=date(2026, 1, 20), issuer_id=place.unit("bac_ha"), text=corrected, again=True,
    )  # fmt: skip
    assert [one.new for one in read(place, corrected, new).tasks] == [False, True, True, True]


def test_a_text_without_a_number_is_known_by_its_sentences(place) -> None:
    news = TEXT.replace("Số: 15/KH-UBND\n", "").replace("Bắc Hà, ngày 20 tháng 01 năm 2026\n", "")
    reading = read(place, news)
    assert (reading.heading.symbol, reading.heading.issued_on) == ("", None)
    registered(place, news, tasks=[taken(reading.tasks[0])])
    assert [one.new for one in read(place, news + "Đăng lại.\n").tasks] == [False, True, True, True]
    other = news.replace("mạng lưới trường", "phòng học bộ môn").replace("hội thi", "ngày hội").replace("bỏ học", "mới")
    assert all(one.new for one in read(place, other).tasks)


def test_another_year_s_plan_with_the_same_sentence_is_new(place) -> None:
    registered(place, tasks=[taken(read(place).tasks[0])])
    other = TEXT.replace("tháng 01 năm 2026", "tháng 02 năm 2026")
    assert all(one.new for one in proposals.of(other, place.actors["officer"], date(2026, 2, 21)).tasks)


def test_a_task_that_was_called_off_is_proposed_again(place) -> None:
    document = registered(place, tasks=[taken(read(place).tasks[0])])
    (task,) = Task.objects.filter(parent=None)
    work.call_off(by=place.actors["leader"], at=at(TODAY) + timedelta(hours=1), task=task, reason="Giao nhầm")
    assert read(place, document.text, document).tasks[0].new


def test_parts_that_were_given_leave_nothing_new_in_the_whole(place) -> None:
    text = TEXT.replace(
        "- Báo cáo số học sinh bỏ học trước ngày 30/4/2026.",
        "- Rà soát số học sinh bỏ học trước ngày 15/3/2026; báo cáo kết quả vận động ra lớp trước ngày 30/4/2026.",
    )
    reading = read(place, text)
    whole = reading.tasks[2]
    parts = [reading.part(whole, part.start, part.end) for part in whole.split]
    assert len(parts) == 2
    document = registered(place, text, tasks=[taken(parts[0])])
    half = read(place, text, document)
    assert half.tasks[2].new  # the other half is
    assert [half.part(half.tasks[2], one.mark.start, one.mark.end).new for one in parts] == [False, True]
    adopt(place, document, tasks=[taken(parts[1])])
    assert not read(place, text, document).tasks[2].new


def test_relations_and_targets_that_stand_are_not_new(place) -> None:
    text = TEXT.replace("1. Trường", "Mục tiêu hết học kỳ I: tỷ lệ bỏ học 0,5%.\n1. Trường", 1)
    plan = registered(place, symbol="12/KH-UBND")
    Document.objects.filter(pk=plan.pk).update(
        issued_on=date(2026, 1, 5), key=document_queries.key_of("12/KH-UBND", date(2026, 1, 5))
    )
    document = registered(place, text)
    reading = read(place, text, document)
    (target,) = reading.targets
    (cited,) = reading.citations
    assert target.new and cited.new and cited.known is not None
    adopt(
        place,
        document,
        targets=[TargetFromSentence("ty_le_bo_hoc", place.unit("bac_ha"), HK1, target.target, target.sentence)],
        relations=[RelationFromCitation(cited.known, cited.kind, cited.basis, cited.clause)],
    )
    again = read(place, text, document)
    assert not again.targets[0].new and not again.citations[0].new and again.unregistered == []


def test_what_is_in_no_register_is_listed(place) -> None:
    assert [one.number for one in read(place).unregistered] == ["12/KH-UBND"]


# In few questions


def test_forty_tasks_do_not_cost_hundreds_of_questions(place) -> None:
    schools = (
        "Trường Tiểu học Na Hối",
        "Trường Tiểu học Bản Phố",
        "Trường THCS Thải Giàng",
        "Các trường",
        "Công an xã",
    )
    head, _, _tasks = TEXT.partition("1. Trường")
    body = "".join(
        f"{no}. {schools[no % 5]}\n"
        f"- Rà soát nội dung {words} của đơn vị, phối hợp với {schools[(no + 1) % 5]} trước ngày 15/3/2026.\n"
        for no, words in enumerate(_words(40), start=1)
    )
    document = registered(place, head + body)

    def questions(text: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            reading = proposals.of(text, place.actors["officer"], TODAY, document)
            assert reading.tasks and isinstance([*reading.citations, *reading.figures], list)
        return len(asked)

    few = questions(head + "1. Trường Tiểu học Na Hối\n- Rà soát nội dung thi đua của đơn vị trước ngày 15/3/2026.\n")
    reading = proposals.of(head + body, place.actors["officer"], TODAY, document)
    assert len(reading.tasks) == 40
    assert questions(head + body) <= few + 25 < 80


def _words(number: int) -> list[str]:
    return [f"thi đua số {'abcdefghij'[no % 10]}{'klmnopqrst'[no // 10]}" for no in range(number)]
