"""Accounts: opened by administrators, one by one or from a table; nothing half-stored."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from giaoban.core.refusal import Invalid, NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.people import actions, queries
from giaoban.people.actions import intake
from giaoban.people.models import Account, Holding, Position
from giaoban.people.refusals import sentences
from giaoban.people.roles import Role
from tests.rooms.people.office import PASSWORD
from tests.world import NOW, TODAY

SYSTEMS = {"by": SYSTEM, "at": NOW}
HEADS = "ma_don_vi,chuc_danh,dung_dau,ho_ten,ten_dang_nhap,vai_tro,tu_ngay,thu_dien_tu,dien_thoai\n"


def table(*rows: str) -> bytes:
    return (HEADS + "\n".join(rows)).encode()


def test_a_user_name_is_kept_in_small_letters_and_belongs_to_one(office):
    made = actions.create_account(**SYSTEMS, unit=office.unit("thcs"), username=" NguyenHoa ", full_name="Nguyễn  Hoa")
    assert (made.username, made.full_name, made.fold) == ("nguyenhoa", "Nguyễn Hoa", "nguyen hoa")
    assert Account.objects.get_by_natural_key("NguyenHoa") == made
    with pytest.raises(actions.UsernameTaken):
        actions.create_account(**SYSTEMS, unit=office.unit("thcs"), username="NGUYENHOA", full_name="x")
    with pytest.raises(actions.BadUsername):
        actions.create_account(**SYSTEMS, unit=office.unit("thcs"), username="nguyễn hoa", full_name="x")
    with pytest.raises(actions.NoName):
        actions.create_account(**SYSTEMS, unit=office.unit("thcs"), username="abc", full_name=" ")


def test_without_a_password_nobody_signs_in_and_weak_ones_are_refused(office):
    made = actions.create_account(**SYSTEMS, unit=office.unit("thcs"), username="abc", full_name="Lê Văn Bé")
    assert not made.has_usable_password() and made.must_change_password
    with pytest.raises(actions.WeakPassword):
        actions.set_password(**SYSTEMS, account=made, password="12345")
    actions.set_password(**SYSTEMS, account=made, password=PASSWORD)
    assert made.check_password(PASSWORD)


def test_passwords_are_hashed_with_argon2(db, world):
    made = actions.create_account(
        **SYSTEMS, unit=world["thcs"], username="abc", full_name="Lê Văn Bé", password=PASSWORD
    )
    assert made.password.startswith("argon2")


def test_ones_own_password_needs_the_old_one(office):
    head = office.account["ht.tieuhoc"]
    actions.set_password(**SYSTEMS, account=head, password=PASSWORD)
    mine = {"by": office.actor("ht.tieuhoc"), "at": NOW, "account": head}
    with pytest.raises(actions.WrongPassword):
        actions.change_own_password(**mine, old="x", new="Một câu khác dài hơn")
    actions.change_own_password(**mine, old=PASSWORD, new="Một câu khác dài hơn")
    assert head.check_password("Một câu khác dài hơn") and not head.must_change_password
    with pytest.raises(NotAllowed):
        actions.change_own_password(
            by=office.actor("ct.binhminh"), at=NOW, account=head, old="Một câu khác dài hơn", new=PASSWORD
        )
    assert not Event.objects.filter(data__icontains="Một câu"), "no password in the journal"


def test_only_an_administrator_of_every_place_changes_an_account(office):
    """A commune's administrator must not take over an account that also works for the province."""
    head, small, big = office.account["ht.tieuhoc"], office.actor("quantri.xa"), office.actor("quantri")
    actions.set_password(by=small, at=NOW, account=head, password=PASSWORD)
    second = actions.create_position(**SYSTEMS, unit=office.unit("so"), title="Giám đốc Sở")
    actions.appoint(**SYSTEMS, position=second, account=head)
    for attempt in (
        lambda: actions.set_password(by=small, at=NOW, account=head, password=PASSWORD),
        lambda: actions.deactivate(by=small, at=NOW, account=head, reason="x"),
        lambda: actions.change_account(by=small, at=NOW, account=head, full_name="x"),
        lambda: actions.unlock(by=small, at=NOW, account=head),
        lambda: actions.deactivate(by=small, at=NOW, account=office.account["quantri.xa"], reason="oneself"),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    actions.change_account(by=big, at=NOW, account=head, full_name="Vàng A Páo", phone="0912000111")
    assert Account.objects.get(pk=head.pk).phone == "0912000111"
    event = Event.objects.latest("seq")
    assert event.verb == "account.change" and event.data["before"] != event.data["after"]


def test_an_account_without_a_position_is_managed_where_it_was_opened(office):
    made = actions.create_account(
        by=office.actor("quantri.xa"), at=NOW, unit=office.unit("tieu_hoc"), username="moi", full_name="Người Mới"
    )
    assert queries.administers(office.actor("quantri.xa"), made, TODAY)
    assert not queries.accounts_under(office.actor("quantri.xa"), TODAY).filter(username="ct.caoson")
    assert [one.username for one in queries.search_accounts(office.actor("quantri.xa"), "nguoi MOI", TODAY)] == ["moi"]


def test_take_on_makes_account_position_roles_and_appointment_or_nothing(office):
    admin = {"by": office.actor("quantri.xa"), "at": NOW}
    made = actions.take_on(
        **admin,
        unit=office.unit("mam_non"),
        username="ht.hoamai",
        full_name="Hà Thị Mơ",
        title="Hiệu trưởng",
        leads=True,
        roles=[Role.HEAD, Role.TYPIST],
        on=TODAY,
    )
    assert made.account.check_password(made.password) and made.account.must_change_password
    by = queries.actor(made.account, made.holding.position_id, TODAY)
    assert queries.may(by, "figure.submit", office.unit("mam_non"), TODAY)
    before = (Account.objects.count(), Position.objects.count(), Event.objects.count())
    with pytest.raises(actions.UsernameTaken):
        actions.take_on(
            **admin, unit=office.unit("mam_non"), username="ht.hoamai", full_name="x", title="y", roles=[Role.HEAD]
        )
    with pytest.raises(actions.RolesApart):
        actions.take_on(
            **admin,
            unit=office.unit("mam_non"),
            username="khac",
            full_name="x",
            title="y",
            roles=["administrator", "head"],
        )
    assert (Account.objects.count(), Position.objects.count(), Event.objects.count()) == before


# From a table


def test_a_table_is_taken_on_with_excels_habits(office):
    """A byte-order mark, semicolons, headings with accents, roles by their Vietnamese names, empty rows."""
    content = (
        "\ufeffMã đơn vị;Chức danh;Họ tên;Tên đăng nhập;Vai trò;Từ ngày;Đứng đầu\r\n"
        "99001001;Hiệu trưởng;Hà Thị Mơ;ht.hoamai;Thủ trưởng đơn vị báo cáo, typist;01/09/2025;x\r\n"
        ";;;;;;\r\n"
        "99001002;Kế toán;Lò Văn Kế;kt.anhduong;TYPIST;;\r\n"
    ).encode()
    with translation.override("vi"):
        made = actions.load_accounts(by=office.actor("quantri.xa"), at=NOW, content=content)
    assert [(one.row, one.account.username) for one in made] == [(2, "ht.hoamai"), (4, "kt.anhduong")]
    first, second = made
    assert first.holding.start.isoformat() == "2025-09-01" and second.holding.start == TODAY
    assert first.holding.position.leads and not second.holding.position.leads
    assert queries.roles_held(first.holding.position_id, TODAY) == [Role.HEAD, Role.TYPIST]
    assert len({one.password for one in made}) == 2


def test_every_fault_names_its_row_and_column_and_nothing_is_stored(office):
    before = (Account.objects.count(), Position.objects.count(), Event.objects.count())
    content = table(
        "99001001,Hiệu trưởng,x,Hà Thị Mơ,ht.hoamai,head,,,",
        "99999999,Hiệu trưởng,x,Ai Đó,ai.do,head,,,",
        "99001003,Hiệu trưởng,x,Xã Bên,xa.ben,head,,,",
        "99001002,,x,Không Chức,khong.chuc,head,,,",
        "99001002,Kế toán,,Sai Vai,sai.vai,đầu bếp,,,",
        "99001002,Kế toán,,Sai Ngày,sai.ngay,head,31/02/2026,,",
        "99001002,Kế toán,,Trùng Tên,ht.hoamai,head,,,",
        "99001002,Kế toán,,Tên Xấu,tên xấu,head,,,",
    )
    with translation.override("vi"), pytest.raises(Invalid) as caught:
        actions.load_accounts(by=office.actor("quantri.xa"), at=NOW, content=content)
    with translation.override("vi"):
        said = sentences(caught.value)
    assert [line.split(":")[0] for line in said] == [
        "Dòng 3, cột ma_don_vi",
        "Dòng 4, cột ma_don_vi",
        "Dòng 5, cột chuc_danh",
        "Dòng 6, cột vai_tro",
        "Dòng 7, cột tu_ngay",
        "Dòng 8, cột ten_dang_nhap",
        "Dòng 9, cột ten_dang_nhap",
    ]
    assert "31/02/2026" in said[4] and "ht.hoamai" in said[5]
    assert (Account.objects.count(), Position.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\xff\xfe\x00garbage", intake.NotText),
        (b"", intake.NoColumn),
        (b"ho_ten,chuc_danh\nA,B\n", intake.NoColumn),
        (HEADS.encode(), intake.NoRows),
        (table(*["99001001,Giáo viên,,A,b,head,,,"] * 501), intake.TooManyRows),
        (b'ma_don_vi,chuc_danh,ho_ten,ten_dang_nhap,vai_tro\n"99', intake.NotText),
    ],
)
def test_a_file_that_is_no_table_is_refused(office, content, refusal):
    with pytest.raises(refusal):
        actions.load_accounts(by=office.actor("quantri.xa"), at=NOW, content=content)


def test_temporary_passwords_pass_the_rules_and_read_well(office):
    made = actions.create_account(**SYSTEMS, unit=office.unit("thcs"), username="abc", full_name="Lê Văn Bé")
    for _ in range(20):
        password = intake.temporary_password()
        assert not set(password) & set("0o1lij")
        actions.set_password(**SYSTEMS, account=made, password=password)


# The first account


def test_the_first_administrator_comes_from_the_command_line(world, monkeypatch, capsys):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    call_command("administrator", "quantri", full_name="Quản Trị", stdin=True)
    account = Account.objects.get(username="quantri")
    assert account.check_password(PASSWORD) and not account.must_change_password
    held = Holding.objects.get(account=account)
    from django.utils import timezone

    today = timezone.localdate()
    by = queries.actor(account, held.position_id, today)
    assert queries.may(by, "account.manage", world["tieu_hoc"], today)
    monkeypatch.setattr("sys.stdin", io.StringIO("ngắn\n"))
    with pytest.raises(CommandError, match="Mật khẩu này không dùng được"):
        call_command("administrator", "haiquantri", full_name="Hai", stdin=True)
    assert not Account.objects.filter(username="haiquantri").exists()
