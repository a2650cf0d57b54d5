"""The register: what is entered, refused, sent and received, and who sees it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from giaoban.core.refusal import NotAllowed
from giaoban.documents import actions, keeping, queries
from giaoban.documents.models import Addressee, Document
from giaoban.journal.actor import SYSTEM
from giaoban.journal.queries import history
from giaoban.notices.models import Message
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people.models import Position
from giaoban.people.roles import Role
from tests.rooms.work.world import START, TODAY, World, at


def enter(world: World, **changes: Any) -> Document:
    """Văn thư of the commune enters the province's plan."""
    given: dict[str, Any] = {
        "by": world.van_thu,
        "at": at(),
        "owner_id": world.suoi,
        "direction": "IN",
        "symbol": "45/KH-UBND",
        "subject": "Kế hoạch phổ cập giáo dục năm 2026",
        "issued_on": date(2026, 1, 5),
        "issuer_id": world.province,
    }
    return actions.register(**{**given, **changes})


def test_an_incoming_document_has_its_number_read_and_its_arrival_number(world: World) -> None:
    first = enter(world)
    assert (first.type, first.number, first.system) == ("KH", 45, "state")
    assert first.key == "state|KH|45||UBND|2026-01-05"
    assert first.issuer_text == "UBND tỉnh Thử Nghiệm"
    assert first.received_on == TODAY
    assert first.arrival_number == 1
    assert enter(world, symbol="46/KH-UBND").arrival_number == 2
    assert history(first).get().verb == "document.register"


def test_arrival_numbers_start_at_one_each_year(world: World) -> None:
    enter(world)
    later = enter(world, symbol="01/KH-UBND", issued_on=date(2027, 1, 4), at=at(date(2027, 1, 5)))
    assert later.arrival_number == 1


def test_the_same_document_twice_in_a_register_is_refused_and_named(world: World) -> None:
    enter(world)
    with pytest.raises(actions.Duplicate) as refused:
        enter(world, symbol="45 / KH - UBND")
    assert "45 / KH - UBND" not in str(refused.value)
    assert "45/KH-UBND" in str(refused.value)
    assert "Kế hoạch phổ cập" in str(refused.value)
    assert enter(world, again=True).pk


def test_the_same_number_of_another_body_is_another_document(world: World) -> None:
    """Every commune has a 45/KH-UBND."""
    enter(world)
    assert enter(world, issuer_id=world.doi).key == Document.objects.first().key


def test_two_registers_may_keep_the_same_document(world: World) -> None:
    one = enter(world)
    other = enter(world, by=world.van_thu_doi, owner_id=world.doi)
    assert set(queries.by_key(one.key)) == {one, other}


@pytest.mark.parametrize(
    "marked",
    [{"secrecy": "Mật"}, {"text": "UBND TỈNH\nTUYỆT MẬT\nKế hoạch"}, {"text": "MẬT\n"}, {"subject": "TỐI MẬT"}],
)
def test_a_secrecy_mark_refuses(world: World, marked: dict[str, str]) -> None:
    with pytest.raises(actions.Secret):
        enter(world, **marked)
    assert not Document.objects.exists()


@pytest.mark.parametrize("text", ["Bảo vệ bí mật nhà nước", "mật độ dân số", "Thông tin bảo mật", "Độ mật: không"])
def test_words_that_only_speak_of_secrets_do_not_refuse(world: World, text: str) -> None:
    assert enter(world, text=text).text == text


def test_bad_entries_name_their_field(world: World) -> None:
    for changes, refusal, field in [
        ({"symbol": "abc 12"}, actions.UnknownSymbol, "symbol"),
        ({"type": "XX"}, actions.UnknownType, "type"),
        ({"issuer_id": None}, actions.NoIssuer, "issuer_text"),
        ({"subject": " "}, actions.Required, "subject"),
        ({"received_on": date(2026, 1, 4)}, actions.IssuedLater, "received_on"),
    ]:
        with pytest.raises(refusal) as refused:
            enter(world, **changes)
        assert refused.value.field == field
    assert not Document.objects.exists()


def test_a_type_that_ended_with_decree_30_is_refused_for_a_newer_document(world: World) -> None:
    with pytest.raises(actions.UnknownType):
        enter(world, symbol="12/CK-UBND")
    assert enter(world, symbol="12/CK-UBND", issued_on=date(2019, 5, 6)).type_name == "Bản cam kết"


def test_a_party_decision_may_be_a_regulation_by_choice(world: World) -> None:
    assert enter(world, symbol="66-QĐ/TW", issuer_id=None, issuer_text="Ban Bí thư").type_name == "Quyết định"
    chosen = enter(world, symbol="67-QĐ/TW", type="QyĐ", issuer_id=None, issuer_text="Ban Bí thư")
    assert chosen.type_name == "Quy định"
    assert chosen.label == "Quy định số 67-QĐ/TW, ngày 05/1/2026"


def test_rights_clerks_and_officers_register_leaders_only_issue(world: World) -> None:
    assert enter(world, by=world.chuyen_vien).pk
    with pytest.raises(NotAllowed):
        enter(world, by=world.chu_tich, symbol="50/KH-UBND")
    with pytest.raises(NotAllowed):
        enter(world, by=world.van_thu_doi, symbol="51/KH-UBND")
    with pytest.raises(NotAllowed):
        enter(world, by=world.giao_vien, symbol="52/KH-UBND")
    assert (
        enter(world, by=world.chu_tich, direction="OUT", symbol="53/KH-UBND", issuer_id=None).issuer_unit_id
        == world.suoi
    )


def test_fetching_is_authorising(world: World) -> None:
    found = enter(world)
    assert queries.document(world.chu_tich, found.pk, TODAY) == found
    assert queries.document(world.chu_tich_tinh, found.pk, TODAY) == found  # it leads all below
    for stranger in (world.van_thu_doi, world.hieu_truong, world.hieu_truong_doi):
        with pytest.raises(Document.DoesNotExist):
            queries.document(stranger, found.pk, TODAY)


def test_units_addressed_see_it_are_told_and_receive_it_once(world: World) -> None:
    sent = enter(world, direction="OUT", issuer_id=None, addressee_ids=[world.thcs, world.tieu_hoc])
    assert queries.document(world.hieu_truong, sent.pk, TODAY) == sent
    with pytest.raises(Document.DoesNotExist):
        queries.document(world.hieu_truong_doi, sent.pk, TODAY)
    assert Message.objects.filter(subject__startswith="Văn bản đến: 45/KH-UBND").count() == 2
    with pytest.raises(NotAllowed):
        actions.receive(by=world.van_thu_doi, at=at(), document=sent, unit_id=world.thcs)
    assert [each.document for each in queries.unreceived(world.hieu_truong, TODAY)] == [sent]
    assert not queries.unreceived(
        world.van_thu, TODAY
    ).exists()  # the commune's own clerk is asked for the commune only
    first = actions.receive(by=world.hieu_truong, at=at(), document=sent, unit_id=world.thcs)
    again = actions.receive(by=world.van_thu, at=at(hour=9), document=sent, unit_id=world.thcs)
    assert first.arrival_number == again.arrival_number == 1
    assert Addressee.objects.get(pk=first.pk).received_at == at()
    with pytest.raises(actions.NotAddressed):
        actions.receive(by=world.van_thu_doi, at=at(), document=sent, unit_id=world.doi)


def test_an_office_receives_for_its_commune_and_never_for_the_schools_below(world: World) -> None:
    position = Position.objects.get(pk=world.truong_phong.position_id)
    commune = {"unit": world.suoi, "hierarchy": MANAGEMENT, "on": START}
    people.grant(by=SYSTEM, at=at(START), position=position, role=Role.OFFICER, **commune)
    units = [world.suoi, world.thcs]
    sent = enter(world, direction="OUT", issuer_id=None, by=world.van_thu_doi, owner_id=world.doi, addressee_ids=units)
    waiting = queries.unreceived(world.truong_phong, TODAY)
    assert [each.unit_id for each in waiting] == [world.suoi]
    assert queries.addressee(world.truong_phong, sent, TODAY).unit_id == world.suoi
    actions.receive(by=world.truong_phong, at=at(), document=sent, unit_id=world.suoi)
    assert not waiting.all().exists()


def test_a_unit_not_in_force_on_the_day_of_issue_gets_no_duty(world: World) -> None:
    with pytest.raises(actions.NotInForce):
        enter(world, direction="OUT", issuer_id=None, issued_on=date(2025, 6, 30), addressee_ids=[world.thcs])
    assert not Document.objects.exists()


def test_search_needs_no_accents_and_looks_into_the_text(world: World) -> None:
    found = enter(world, text="Nâng cao tỷ lệ chuyên cần của học sinh", signer="Phạm Thị Tỉnh")
    for words in ("pho cap", "PHỔ CẬP", "chuyen can", "45/kh", "pham thi tinh", "phổ cập chuyên cần"):
        assert queries.search(world.chu_tich, words, TODAY) == [found]
    assert queries.search(world.chu_tich, "phổ cập bơi", TODAY) == []
    assert queries.search(world.chu_tich, " ", TODAY) == []
    assert queries.search(world.hieu_truong, "pho cap", TODAY) == []


def test_register_filters(world: World) -> None:
    come = enter(world)
    gone = enter(
        world,
        direction="OUT",
        issuer_id=None,
        symbol="07/BC-UBND",
        issued_on=date(2026, 1, 9),
        addressee_ids=[world.thcs],
    )

    def listed(**filters: Any) -> list[Document]:
        return queries.found(world.chu_tich, TODAY, queries.Wanted(**filters)).documents

    assert listed() == [gone, come]
    assert listed(direction="IN") == [come]
    assert listed(type="state:BC") == [gone]
    assert listed(since=date(2026, 1, 8)) == [gone]
    assert listed(until=date(2026, 1, 8)) == [come]
    assert listed(unit_id=world.thcs) == [gone]
    assert listed(unit_id=world.thcs, direction="IN") == [gone]  # what was sent to it stands in its incoming register
    assert listed(unit_id=world.thcs, direction="OUT") == []


def test_files_are_kept_by_hash_and_never_served_changed(world: World, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    found = enter(world, file=("ke_hoach.pdf", b"%PDF-1.7 x"))
    assert queries.file_content(found) == b"%PDF-1.7 x"
    kept = tmp_path / found.file_hash[:2] / found.file_hash
    kept.write_bytes(b"changed")
    with pytest.raises(keeping.FileChanged):
        queries.file_content(found)
    with pytest.raises(keeping.FileTooLarge):
        enter(world, symbol="99/KH-UBND", file=("lon.pdf", b"x" * (keeping.LARGEST + 1)))


def test_next_number_runs_by_year_and_by_type(world: World) -> None:
    assert queries.next_symbol(world.suoi, "TB", TODAY) == "01/TB-UBND"
    for symbol in ("01/TB-UBND", "07/TB-UBND", "03/BC-UBND"):
        enter(world, direction="OUT", issuer_id=None, symbol=symbol)
    assert queries.next_symbol(world.suoi, "TB", TODAY) == "08/TB-UBND"
    assert queries.next_symbol(world.suoi, "BC", TODAY) == "04/BC-UBND"
    assert queries.next_symbol(world.suoi, "TB", date(2027, 1, 4)) == "01/TB-UBND"


def test_a_party_number_runs_on_through_the_term(world: World) -> None:
    enter(world, direction="OUT", issuer_id=None, symbol="05-NQ/ĐU", issued_on=date(2025, 9, 5))
    assert queries.next_number(world.suoi, "party", "NQ", TODAY) == 6
    assert queries.next_symbol(world.suoi, "NQ", TODAY, "party") == "06-NQ/ĐU"


def test_a_wrong_entry_is_put_right_with_a_reason(world: World) -> None:
    found = enter(world, subject="Kế hoạch phổ cập giao dục")
    with pytest.raises(actions.Required):
        actions.correct(by=world.van_thu, at=at(), document=found, reason=" ", subject="x")
    right = actions.correct(
        by=world.van_thu,
        at=at(),
        document=found,
        reason="Gõ nhầm",
        subject="Kế hoạch phổ cập giáo dục",
        symbol="46/KH-UBND",
    )
    assert (right.key, right.number) == ("state|KH|46||UBND|2026-01-05", 46)
    assert queries.search(world.chu_tich, "46/kh", TODAY) == [right]
    event = history(right).first()
    assert (event.verb, event.reason) == ("document.correct", "Gõ nhầm")
    assert event.data["before"] == {"subject": "Kế hoạch phổ cập giao dục", "symbol": "45/KH-UBND"}
    with pytest.raises(NotAllowed):
        actions.correct(by=world.hieu_truong, at=at(), document=found, reason="x", subject="x")


def test_a_correction_may_not_break_what_held(world: World) -> None:
    parent = enter(world)
    child = enter(world, direction="OUT", issuer_id=None, symbol="07/KH-UBND", issued_on=date(2026, 1, 9))
    actions.link(by=world.van_thu, at=at(), source=child, target=parent, kind="implements")
    wrong = {"by": world.van_thu, "at": at(), "reason": "x"}
    with pytest.raises(actions.ParentLater):
        actions.correct(**wrong, document=child, issued_on=date(2026, 1, 4))
    with pytest.raises(actions.ParentLater):
        actions.correct(**wrong, document=parent, issued_on=date(2026, 1, 10))
    with pytest.raises(actions.IssuedLater):
        actions.correct(**wrong, document=enter(world, symbol="9/KH-UBND"), issued_on=date(2026, 2, 1))
    with pytest.raises(actions.Duplicate):
        actions.correct(**wrong, document=enter(world, symbol="8/KH-UBND"), symbol="45/KH-UBND")
    with pytest.raises(TypeError):
        actions.correct(**wrong, document=parent, owner_unit_id=world.doi)


def test_text_may_be_added_once_and_never_changed(world: World) -> None:
    """Tasks point into it by offsets."""
    found = enter(world)
    told = {"by": world.van_thu, "at": at(), "reason": "Bổ sung toàn văn"}
    found = actions.correct(**told, document=found, text="Các trường báo cáo.")
    assert queries.search(world.chu_tich, "cac truong bao cao", TODAY) == [found]
    with pytest.raises(actions.TextKept):
        actions.correct(**told, document=found, text="Khác")
    with pytest.raises(actions.Secret):
        actions.correct(**told, document=enter(world, symbol="3/KH-UBND"), text="TUYỆT MẬT")


def test_a_party_regulation_stays_one_when_another_field_is_corrected(world: World) -> None:
    found = enter(world, symbol="67-QĐ/TW", type="QyĐ", issuer_id=None, issuer_text="Ban Bí thư")
    assert actions.correct(by=world.van_thu, at=at(), document=found, reason="x", signer="A").type_name == "Quy định"
    other = actions.correct(by=world.van_thu, at=at(), document=found, reason="x", symbol="67-HD/TW")
    assert other.type_name == "Hướng dẫn"
