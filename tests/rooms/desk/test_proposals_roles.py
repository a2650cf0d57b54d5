"""Roles are settled when a proposal becomes a task: who leads, who takes part, who directs, and what is asked."""

from __future__ import annotations

from giaoban.desk import proposals
from giaoban.desk.proposals import roles
from tests.rooms.desk.conftest import TODAY

HEAD = """ỦY BAN NHÂN DÂN XÃ BẮC HÀ
Số: 15/KH-UBND
Bắc Hà, ngày 20 tháng 01 năm 2026
KẾ HOẠCH
Thực hiện nhiệm vụ học kỳ II năm học 2025-2026

Ủy ban nhân dân xã ban hành kế hoạch, giao nhiệm vụ cụ thể như sau:
"""


def tasks(place, body: str, **more):
    return proposals.of(HEAD + body, place.actors["officer"], TODAY, **more).tasks


def units(choice) -> tuple[int, ...]:
    return choice.units


def test_who_leads_and_works_together_with_others_leads(place) -> None:
    (one,) = tasks(
        place,
        "1. Trường Tiểu học Na Hối\n"
        "- Chủ trì, phối hợp với Trường Tiểu học Bản Phố rà soát đội ngũ giáo viên trước ngày 15/3/2026.\n",
    )
    assert units(one.leads[0]) == (place.unit("na_hoi"),)
    assert [choice.units for choice in one.partners] == [(place.unit("ban_pho"),)]
    assert one.sure and not one.open and one.asks == ""


def test_a_bare_working_together_offers_the_named_one_as_lead_and_the_heading_as_partner(place) -> None:
    (one,) = tasks(
        place,
        "1. Trường Tiểu học Na Hối\n"
        "- Phối hợp với Trường Tiểu học Bản Phố rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026.\n",
    )
    first, second = one.roles
    assert (first.lead.units, [choice.units for choice in first.partners]) == (
        (place.unit("ban_pho"),),
        [(place.unit("na_hoi"),)],
    )
    assert (second.lead.units, [choice.units for choice in second.partners]) == (
        (place.unit("na_hoi"),),
        [(place.unit("ban_pho"),)],
    )
    assert [choice.units for choice in one.leads[:2]] == [(place.unit("ban_pho"),), (place.unit("na_hoi"),)]
    assert one.open and not one.sure  # a person chooses between the two


def test_work_of_ones_own_with_others_is_led_by_the_heading(place) -> None:
    (one,) = tasks(
        place,
        "1. Trường Tiểu học Na Hối\n"
        "- Rà soát đội ngũ giáo viên, phối hợp với Trường Tiểu học Bản Phố trước ngày 15/3/2026.\n",
    )
    assert units(one.leads[0]) == (place.unit("na_hoi"),) and not one.open


def test_where_nobody_leads_the_page_asks(place) -> None:
    (one,) = tasks(place, "- Tổ chức rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026.\n")
    assert one.asks == "lead" and not one.sure and not one.leads
    assert one.questions[0].words


def test_an_unknown_name_becomes_a_question(place) -> None:
    (one,) = tasks(place, "1. Trường Tiểu học Hogwarts\n- Rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026.\n")
    assert one.asks == "lead" and one.ask_name == "Trường Tiểu học Hogwarts" and not one.sure


def test_which_of_a_group_are_meant_is_asked(place) -> None:
    (one,) = tasks(place, "1. Các trường vùng cao\n- Rà soát đội ngũ giáo viên tiếng Anh trước ngày 15/3/2026.\n")
    assert one.asks == "group" and one.ask_name == "Các trường vùng cao" and not one.sure
    schools = {place.unit(name) for name in ("na_hoi", "ban_pho", "thai_giang")}
    assert schools <= set(one.leads[0].units)  # all schools of the commune are offered


def test_a_leader_who_directs_is_no_unit_that_leads() -> None:
    named = roles.placed(
        "Giao đồng chí Nguyễn Văn An, Phó Chủ tịch UBND xã trực tiếp chỉ đạo Trường Tiểu học Na Hối rà soát đội ngũ",
        ("Trường Tiểu học Na Hối",),
        (),
    )
    assert named.leader == "Nguyễn Văn An, Phó Chủ tịch UBND xã"
    assert named.assignees == ("Trường Tiểu học Na Hối",)


def test_steering_boards_and_words_like_leaders_direct_nothing() -> None:
    for text in (
        "Tăng cường công tác tham mưu với Ban chỉ đạo công tác giáo dục xã",
        "Phòng Giáo dục và Đào tạo tăng cường chỉ đạo các trường",
        "Đồng chí Trưởng Ban chỉ đạo xã báo cáo kết quả",
    ):
        assert roles.placed(text, (), ()).leader == "", text


def test_people_of_a_school_are_no_unit_to_ask_about_where_the_school_is_known(place) -> None:
    (one,) = tasks(
        place,
        "1. Trường Tiểu học Na Hối\n"
        "- Hiệu trưởng, Phó Hiệu trưởng phải là người đi đầu trong đổi mới trước ngày 15/3/2026.\n",
    )
    assert one.leads[0].units == (place.unit("na_hoi"),) and one.asks == "" and one.sure


def test_partners_that_are_not_certain_are_asked_about_and_not_ticked(place) -> None:
    (one,) = tasks(
        place,
        "1. Trường Tiểu học Na Hối\n"
        "- Rà soát đội ngũ giáo viên, phối hợp với các trường liên quan và cha mẹ học sinh trước ngày 15/3/2026.\n",
    )
    assert one.partners == () and one.asks in ("group", "") and one.sure


def test_a_deputy_named_where_a_unit_is_expected_directs() -> None:
    named = roles.placed("Phó Chủ tịch UBND xã chỉ đạo các trường rà soát", ("Phó Chủ tịch UBND xã",), ())
    assert (named.leader, named.assignees) == ("Phó Chủ tịch UBND xã", ())


def test_a_deputy_alone_offers_their_own_body_and_still_asks(place) -> None:
    reading = proposals.of(HEAD, place.actors["officer"], TODAY)
    named = roles.placed("Phó Chủ tịch UBND xã chỉ đạo rà soát", ("Phó Chủ tịch UBND xã",), ())
    names = proposals.Names(named.directors, TODAY, TODAY, reading.near, None)
    settled = roles.settle(named, names)
    assert settled.questions[0].kind == "lead" and settled.leader == "Phó Chủ tịch UBND xã"


def test_the_head_of_a_unit_stands_for_it(place) -> None:
    (one,) = tasks(place, "1. Hiệu trưởng Trường Tiểu học Na Hối\n- Rà soát đội ngũ giáo viên trước ngày 15/3/2026.\n")
    assert units(one.leads[0]) == (place.unit("na_hoi"),) and one.leader == ""


def test_whom_the_sentence_calls_partner_is_none_of_the_leads() -> None:
    named = roles.placed(
        "Giao Phòng Nội vụ chủ trì; Phòng Kinh tế phối hợp rà soát biên chế", ("Phòng Nội vụ", "Phòng Kinh tế"), ()
    )
    assert (named.assignees, named.coordinators) == (("Phòng Nội vụ",), ("Phòng Kinh tế",))


def test_several_leads_each_do_their_part_or_the_first_leads_the_others(place) -> None:
    (one,) = tasks(
        place,
        "1. Trường Tiểu học Na Hối, Trường Tiểu học Bản Phố\n- Rà soát đội ngũ giáo viên trước ngày 15/3/2026.\n",
    )
    both = (place.unit("na_hoi"), place.unit("ban_pho"))
    assert set(one.roles[0].lead.units) == set(both)
    assert one.roles[1].lead.units == both[:1] and one.roles[1].partners[0].units == both[1:]


def test_a_group_is_everyone_of_it_on_the_documents_day(place) -> None:
    (one,) = tasks(place, "1. Các trường tiểu học\n- Rà soát đội ngũ giáo viên trước ngày 15/3/2026.\n")
    assert set(one.leads[0].units) == {place.unit("na_hoi"), place.unit("ban_pho")} and one.sure


def test_items_of_the_same_work_under_other_headings_are_offered_as_one(place) -> None:
    first, second, third = tasks(
        place,
        "1. Trường Tiểu học Na Hối\n"
        "- Chủ trì, phối hợp với Trường Tiểu học Bản Phố rà soát quy hoạch mạng lưới trường, lớp học "
        "trước ngày 15/3/2026.\n"
        "2. Trường Tiểu học Bản Phố\n"
        "- Phối hợp với Trường Tiểu học Na Hối rà soát quy hoạch mạng lưới trường lớp.\n"
        "- Rà soát đội ngũ giáo viên Tin học báo cáo kết quả về xã trước ngày 15/3/2026.\n",
    )
    assert (first.same_as, second.same_as, third.same_as) == (None, first.mark.no, None)
    assert not second.sure


def test_merged_items_have_one_lead_all_partners_and_both_passages(place) -> None:
    reading = proposals.of(
        HEAD + "1. Trường Tiểu học Na Hối\n"
        "- Chủ trì rà soát quy hoạch mạng lưới trường, lớp học trên địa bàn trước ngày 15/3/2026.\n"
        "2. Trường Tiểu học Bản Phố\n"
        "- Phối hợp với Trường Tiểu học Na Hối rà soát quy hoạch mạng lưới trường lớp trên địa bàn.\n",
        place.actors["officer"],
        TODAY,
    )
    first, second = reading.tasks
    one = reading.merged(first, second)
    assert one.leads[0].units == (place.unit("na_hoi"),)
    assert [choice.units for choice in one.partners] == [(place.unit("ban_pho"),)]
    assert one.spans == (first.mark.span, second.mark.span)
    assert "15/3/2026" in one.due_text and one.same_as is None
