"""The cast: every unit, position and person of the story, founded and appointed through the verbs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from giaoban.demo.story import WORDS, Commune, Person, School, story
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import actions as orgs
from giaoban.orgs import queries as units
from giaoban.orgs.models import MANAGEMENT, PARTY, PROFESSIONAL, TERRITORY, Unit
from giaoban.people import actions as people
from giaoban.people import queries as rights
from giaoban.people.models import Account
from giaoban.people.roles import Role

STORY = story()
REFORM = date(2025, 7, 1)
SCHOOLS_FROM = date(2020, 8, 1)
PEOPLE_FROM = date(2024, 8, 1)
KHTC = "Phòng Kế hoạch - Tài chính"


def school_code(school: School) -> str:
    """Our own code of a made-up school: it says that it is one."""
    return f"MH{school.number:04}"


def area(code: str, on: date) -> Unit:
    """The province or commune with this Statistics Office code on the day."""
    found = units.by_code(code, on)
    if found is None:
        raise LookupError(f"no unit {code} on {on}")
    return found


def school_unit(school: School) -> Unit:
    found = units.by_code(school_code(school), STORY.today, scheme="giaoban")
    if found is None:
        raise LookupError(school.name)
    return found


def office(of: Unit, short: str, on: date) -> Unit:
    """The office of an area by its short name."""
    for row in units.children(of.pk, MANAGEMENT, on).select_related("unit"):
        if row.short_name == short or row.name.startswith(short):
            return row.unit
    raise LookupError(short)


def province() -> Unit:
    return area(STORY.province, STORY.today)


def department() -> Unit:
    return office(province(), "Sở GD&ĐT", STORY.today)


def commune(code: str) -> Unit:
    return area(code, STORY.today)


def district(of: Commune) -> Unit:
    """The former district of a commune's first predecessor."""
    before = date(2025, 6, 30)
    above = units.parent(area(of.old_codes[0], before).pk, TERRITORY, before)
    assert above is not None
    return units.unit(above)


# Founding


def found_offices(at: datetime) -> None:
    """What a province and a commune have by law, and the Sở's own office that asks for figures."""
    orgs.establish_offices(by=SYSTEM, at=at, on=REFORM, unit=province())
    so = department()
    orgs.establish(
        by=SYSTEM,
        at=at,
        on=REFORM,
        kind="education_department_office",
        name=f"{KHTC}, Sở Giáo dục và Đào tạo",
        short_name=KHTC,
        parents={MANAGEMENT: so.pk, TERRITORY: so.pk},
    )
    for one in STORY.communes:
        orgs.establish_offices(by=SYSTEM, at=at, on=REFORM, unit=commune(one.code))
    _found_beside_the_state(at)


def _found_beside_the_state(at: datetime) -> None:
    """The Party's line of the story, a union and a steering board; they stand in hierarchies of their own."""
    above, here = province().pk, commune("02905").pk

    def make(kind: str, name: str, parents: dict[str, int]) -> int:
        return orgs.establish(by=SYSTEM, at=at, on=REFORM, kind=kind, name=name, parents=parents).pk

    party = make("province_party", "Tỉnh ủy Lào Cai", {TERRITORY: above})
    for one in STORY.communes:
        area_name = units.name(commune(one.code).pk, STORY.today)
        below = {TERRITORY: commune(one.code).pk, PARTY: party}
        make("commune_party", f"Đảng ủy {area_name[0].lower()}{area_name[1:]}", below)
    make("union", "Công đoàn ngành Giáo dục tỉnh Lào Cai", {TERRITORY: above})
    make("steering_board", "Ban Chỉ đạo công tác giáo dục xã Bảo Thắng", {TERRITORY: here, MANAGEMENT: here})
    for no in (1, 2):
        make("hamlet", f"Thôn Minh họa {no}", {TERRITORY: here})


def party_of_province() -> Unit:
    return _of_kind(province(), "province_party")


def party_of(code: str) -> Unit:
    """The Party committee of a commune."""
    return _of_kind(commune(code), "commune_party")


def _of_kind(over: Unit, kind: str) -> Unit:
    return units.children(over.pk, TERRITORY, STORY.today).select_related("unit").get(kind=kind).unit


def found_below_schools(at: datetime) -> None:
    """School sites of two primary schools, and the Party cell of one."""
    party = party_of("02905").pk
    for key in ("02905:primary:2", "02809:primary:1"):
        school = next(one for one in STORY.schools if one.key == key)
        here = school_unit(school).pk
        for no in (1, 2):
            orgs.establish(
                by=SYSTEM, at=at, on=REFORM, kind="school_site", name=f"Điểm trường Minh họa {no}",
                parents={TERRITORY: here, MANAGEMENT: here},
            )  # fmt: skip
        if key.startswith("02905"):
            orgs.establish(
                by=SYSTEM, at=at, on=REFORM, kind="party_cell", name=f"Chi bộ {school.name}",
                parents={TERRITORY: here, PARTY: party},
            )  # fmt: skip


DISTRICT_OFFICES = (
    ("district_education_office", "Phòng Giáo dục và Đào tạo", "Phòng GD&ĐT"),
    ("district_home_affairs_office", "Phòng Nội vụ", "Phòng Nội vụ"),
    ("district_finance_office", "Phòng Tài chính - Kế hoạch", "Phòng TC-KH"),
    ("project_board", "Ban Quản lý dự án đầu tư xây dựng", "Ban QLDA"),
)


def found_district_offices(at: datetime) -> None:
    """Offices of the two former districts of the story; they ended with them and are found as of their day."""
    for code in ("02809", "02905"):
        over = district(STORY.commune(code))
        name = units.name(over.pk, SCHOOLS_FROM)
        for kind, words, short in DISTRICT_OFFICES:
            full = f"{words} {name[0].lower()}{name[1:]}"
            made = orgs.establish(by=SYSTEM, at=at, on=SCHOOLS_FROM, kind=kind, name=full, short_name=short)
            orgs.close(by=SYSTEM, at=at, on=REFORM, unit=made)
            for hierarchy in (TERRITORY, MANAGEMENT):
                orgs.move(by=SYSTEM, at=at, on=SCHOOLS_FROM, unit=made, hierarchy=hierarchy, parent=over.pk)


def found_schools(at: datetime) -> None:
    """Each made-up school stands since 2020 in a commune of that time; on 1/7/2025 it passes to that of today."""
    schools = [*STORY.schools, *STORY.upper]
    founded = orgs.establish_many(
        by=SYSTEM,
        at=at,
        on=SCHOOLS_FROM,
        foundings=[
            orgs.Founding(
                kind=school.kind,
                name=school.name,
                short_name=school.name.replace("Trường ", "", 1),
                codes={"giaoban": school_code(school)},
            )
            for school in schools
        ],
    )
    placed = dict(zip(schools, founded))
    orgs.move_many(by=SYSTEM, at=at, on=REFORM, moves=[row for pair in placed.items() for row in _now(*pair)])
    orgs.move_many(by=SYSTEM, at=at, on=SCHOOLS_FROM, moves=[row for pair in placed.items() for row in _then(*pair)])


def _now(school: School, unit: Unit) -> list[tuple[int, str, int | None]]:
    here, so = commune(school.commune).pk, department().pk
    managed_by = here if school.kind in WORDS else so
    return [(unit.pk, TERRITORY, here), (unit.pk, MANAGEMENT, managed_by), (unit.pk, PROFESSIONAL, so)]


def _then(school: School, unit: Unit) -> list[tuple[int, str, int | None]]:
    """Before the reform: in a commune of that time, directed by the district; upper schools by the province."""
    there = area(school.old_commune, SCHOOLS_FROM).pk
    above = units.parent(there, TERRITORY, SCHOOLS_FROM)
    assert above is not None
    if school.kind not in WORDS:
        above = units.parent(above, TERRITORY, SCHOOLS_FROM)
    return [(unit.pk, TERRITORY, there), (unit.pk, MANAGEMENT, above)]


# Appointing


@dataclass(frozen=True)
class Seat:
    """A position to be filled: who, where, over what."""

    user: str
    name: str
    unit: Unit
    title: str
    over: Unit
    leads: bool
    roles: tuple[str, ...]


def fill(seat: Seat, at: datetime, on: date, until: date | None = None) -> None:
    """An account in a new position with its roles; nobody signs in with a password in the demonstration."""
    account = people.create_account(
        by=SYSTEM, at=at, unit=seat.unit.pk, username=seat.user, full_name=seat.name, must_change_password=False
    )
    position = people.create_position(by=SYSTEM, at=at, unit=seat.unit.pk, title=seat.title, leads=seat.leads)
    people.appoint(by=SYSTEM, at=at, position=position, account=account, on=on, until=until)
    for role in seat.roles:
        people.grant(by=SYSTEM, at=at, position=position, role=Role(role), unit=seat.over.pk, on=on, until=until)


def named_seats() -> list[Seat]:
    """The persons of story.toml."""
    return [
        Seat(one.user, one.name, place(one.unit), one.title, place(one.over), one.leads, one.roles)
        for one in STORY.people
    ]


def place(where: str) -> Unit:
    """The unit meant: province, party, party:<code>, so, so.khtc, commune:<code>[/vhxh|/vp], school:<key>."""
    head, _, rest = where.partition(":")
    if head == "province":
        return province()
    if head == "party":
        return party_of(rest) if rest else party_of_province()
    if head == "so":
        return department()
    if head == "so.khtc":
        return office(department(), KHTC, STORY.today)
    if head == "school":
        return school_unit(next(school for school in STORY.schools if school.key == rest))
    code, _, which = rest.partition("/")
    names = {"vhxh": "Phòng Văn hóa - Xã hội", "vp": "Văn phòng HĐND và UBND", "": ""}
    unit = commune(code)
    return office(unit, names[which], STORY.today) if which else unit


def school_seats() -> list[Seat]:
    """A head who also types at every school that the story names nobody for."""
    named = {one.unit for one in STORY.people}
    seats = []
    for school in (*STORY.schools, *STORY.upper):
        if f"school:{school.key}" in named:
            continue
        unit = school_unit(school)
        name = f"Hiệu trưởng minh họa {school.number:02}"
        seats.append(Seat(head_user(school), name, unit, "Hiệu trưởng", unit, True, ("head", "typist")))
    return seats


def head_user(school: School) -> str:
    for one in STORY.people:
        if one.unit == f"school:{school.key}" and "head" in one.roles:
            return one.user
    return f"ht.mh{school.number:04}"


def typist_user(school: School) -> str:
    for one in STORY.people:
        if one.unit == f"school:{school.key}" and "typist" in one.roles:
            return one.user
    return head_user(school)


def commune_seats() -> list[Seat]:
    """An officer and a leader in every commune that the story names nobody for."""
    named = {one.over for one in STORY.people} | {one.unit for one in STORY.people}
    seats = []
    for no, one in enumerate(STORY.communes, start=1):
        unit = commune(one.code)
        if f"commune:{one.code}/vhxh" not in named:
            desk = office(unit, "Phòng Văn hóa - Xã hội", STORY.today)
            title = "Chuyên viên Phòng Văn hóa - Xã hội"
            name = f"Chuyên viên minh họa {no:02}"
            seats.append(Seat(officer_user(one), name, desk, title, unit, False, ("officer", "checker")))
        if f"commune:{one.code}" not in named:
            title = f"Chủ tịch {units.body_name(unit.pk, STORY.today)}"
            name = f"Chủ tịch minh họa {no:02}"
            seats.append(Seat(leader_user(one), name, unit, title, unit, True, ("leader", "approver")))
    return seats


def other_communes() -> list[Unit]:
    """The communes and wards of the province that have no schools in the story."""
    told = {one.code for one in STORY.communes}
    below = units.children(province().pk, TERRITORY, STORY.today).filter(kind__level="commune").select_related("unit")
    return [row.unit for row in below if row.code not in told]


def other_commune_seats() -> list[Seat]:
    """An officer in each of them, who answers the province's tasks."""
    return [
        Seat(f"cv.x{unit.pk}", f"Chuyên viên minh họa {no}", unit, "Chuyên viên", unit, False, ("officer",))
        for no, unit in enumerate(other_communes(), start=100)
    ]


@cache
def answerable(unit_id: int) -> str:
    """The user who answers for a unit's tasks: a school's head, the Sở's officer, a commune's officer."""
    for school in (*STORY.schools, *STORY.upper):
        if school_unit(school).pk == unit_id:
            return head_user(school)
    if unit_id == department().pk:
        return "cv.so"
    for one in STORY.communes:
        here = commune(one.code).pk
        if unit_id == here or units.is_under(unit_id, here, MANAGEMENT, STORY.today):
            return officer_user(one)
    return f"cv.x{unit_id}"


def officer_user(of: Commune) -> str:
    return _user(f"commune:{of.code}/vhxh", f"cv.{of.code}")


def leader_user(of: Commune) -> str:
    return _user(f"commune:{of.code}", f"ct.{of.code}", "leader")


def _user(where: str, otherwise: str, role: str = "officer") -> str:
    return next((one.user for one in STORY.people if one.unit == where and role in one.roles), otherwise)


def district_seats() -> list[Seat]:
    """An officer who opens and checks rounds in each former district of the story, until 30 June 2025."""
    seats, seen = [], set()
    for one in STORY.communes:
        unit = district(one)
        if unit.pk in seen:
            continue
        seen.add(unit.pk)
        name = units.name(unit.pk, date(2025, 6, 30))
        title = f"Trưởng phòng Giáo dục và Đào tạo {name[0].lower()}{name[1:]}"
        who = f"Trưởng phòng minh họa {len(seen):02}"
        seats.append(Seat(f"tp.h{unit.pk}", who, unit, title, unit, False, ("officer", "checker")))
    return seats


def party_seats() -> list[Seat]:
    """Who keeps the register of a commune's Party committee, where the story names nobody."""
    named = {one.unit for one in STORY.people}
    return [
        Seat(
            party_clerk(one), f"Văn phòng Đảng ủy minh họa {no:02}", party_of(one.code),
            "Chuyên viên Văn phòng Đảng ủy", party_of(one.code), False, ("officer", "clerk"),
        )
        for no, one in enumerate(STORY.communes, start=1)
        if f"party:{one.code}" not in named
    ]  # fmt: skip


def party_clerk(of: Commune) -> str:
    return _user(f"party:{of.code}", f"vp.{of.code}")


# Acting


def acts(user: str, at: datetime) -> Actor:
    """The person acting in the first position they hold on the day."""
    account = Account.objects.get(username=user)
    held = rights.positions_of(account, at.date()).first()
    if held is None:
        raise LookupError(f"{user} holds nothing on {at.date()}")
    return rights.actor_of(held)


def person(user: str) -> Person:
    return next(one for one in STORY.people if one.user == user)
