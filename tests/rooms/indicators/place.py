"""A small commune for these tests: two communes, a Sở, five schools, everybody in their position, one sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from giaoban.indicators import actions
from giaoban.indicators.actions import LineSpec, RuleSpec, StepSpec
from giaoban.indicators.models import Cell, Report, Round
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Unit
from giaoban.people import actions as people
from giaoban.people import queries as people_queries
from giaoban.people.models import Account
from giaoban.people.roles import Role

FOUNDED = date(2020, 1, 1)
OPENED = date(2026, 1, 12)
DUE = date(2026, 1, 19)
CHECK = date(2026, 1, 22)
APPROVE = date(2026, 1, 22)
RECEIVE = date(2026, 1, 26)
HK1 = "2025-2026.HK1"
LAST_YEAR = "2024-2025.HK1"


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour - 7, minute, tzinfo=UTC)


@dataclass
class Place:
    """Units and actors by short names, and the verbs of a round with their tedious arguments filled in."""

    units: dict[str, Unit] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)

    def unit(self, name: str) -> int:
        return self.units[name].pk

    def open(self, **changes: object) -> Round:
        """The commune's round: school ▸ officer ▸ leader."""
        given = {
            "by": self.actors["officer"],
            "at": at(OPENED),
            "on": OPENED,
            "sheet": "hoc_ky",
            "period_code": HK1,
            "opener_id": self.unit("bac_ha"),
            "hierarchy": MANAGEMENT,
            "due_on": DUE,
            "steps": TWO_STEPS,
        }
        return actions.open_round(**(given | changes))

    def report(self, round: Round, school: str) -> Report:
        return Report.objects.get(round=round, unit=self.unit(school))

    def type(self, report: Report, values: Mapping[str, object], *, by: str = "", on: date = DUE) -> Report:
        school = by or self.school_of(report)
        return actions.save_draft(
            by=self.actors[f"{school}_typist"],
            at=at(on),
            on=on,
            report_id=report.pk,
            values={self.cells[key]: value for key, value in values.items()},
        )

    def submit(self, report: Report, *, by: str = "", on: date = DUE, note: str = "", **more: object) -> None:
        school = by or self.school_of(report)
        actions.submit(by=self.actors[f"{school}_head"], at=at(on, 10), on=on, report_id=report.pk, note=note, **more)

    def hand_in(self, round: Round, school: str, *, on: date = DUE, **changes: object) -> Report:
        report = self.report(round, school)
        self.type(report, GOOD | changes, on=on)
        self.submit(report, on=on)
        return self.report(round, school)

    def accept(
        self,
        reports: Report | Sequence[Report],
        step: int = 1,
        *,
        by: str = "officer",
        on: date = CHECK,
        **more: object,
    ) -> list[Report]:
        many = [reports] if isinstance(reports, Report) else list(reports)
        return actions.accept(
            by=self.actors[by], at=at(on, 11), on=on, report_ids=[one.pk for one in many], step=step, **more
        )

    def give_back(self, report: Report, reason: str = "Xem lại", *, by: str = "officer", **more: object) -> Report:
        return actions.return_report(
            by=self.actors[by], at=at(CHECK, 12), on=CHECK, report_id=report.pk, reason=reason, **more
        )

    def school_of(self, report: Report) -> str:
        return next(name for name, unit in self.units.items() if unit.pk == report.unit_id)

    def cell(self, key: str) -> int:
        return Cell.objects.get(key=key).pk


TWO_STEPS = (
    StepSpec(name="Cán bộ xã kiểm tra", where="opener", due_on=CHECK, verb="figure.check"),
    StepSpec(name="Lãnh đạo xã duyệt", where="opener", due_on=APPROVE, verb="figure.approve"),
)
THREE_STEPS = (
    StepSpec(name="Cán bộ xã kiểm tra", where="management", due_on=CHECK, verb="figure.check"),
    StepSpec(name="Lãnh đạo xã duyệt", where="management", due_on=APPROVE, verb="figure.approve"),
    StepSpec(name="Sở tiếp nhận", where="professional", due_on=RECEIVE, verb="figure.check"),
)
GOOD = {"hoc_sinh": "500", "hoc_sinh_nu": "240", "bo_hoc[lop=6]": "2", "bo_hoc[lop=7]": "1", "kinh_phi": "1.250,5"}


def publish(by: Actor = SYSTEM) -> dict[str, int]:
    """Elements, an indicator and the sheet "hoc_ky" of schools."""
    on = at(FOUNDED)
    common = {"by": by, "at": on}
    actions.define_dimension(**common, code="lop", name="Lớp", members={"6": "Lớp 6", "7": "Lớp 7"})
    actions.define_element(**common, code="hoc_sinh", name="Học sinh", unit="học sinh", stock=True)
    actions.define_element(**common, code="hoc_sinh_nu", name="Học sinh nữ", unit="học sinh", stock=True)
    actions.define_element(
        **common, code="bo_hoc", name="Học sinh bỏ học", unit="học sinh", stock=False, dimensions=["lop"]
    )
    actions.define_element(**common, code="kinh_phi", name="Kinh phí", unit="triệu đồng", stock=False, scale=1)
    actions.define_element(**common, code="to_chuc", name="Tổ chuyên môn", unit="tổ", stock=True)
    actions.define_indicator(
        **common, code="ty_le_bo_hoc", name="Tỷ lệ bỏ học", unit="%", expression="bo_hoc / hoc_sinh",
        start=FOUNDED, direction="down",
    )  # fmt: skip
    actions.publish_sheet(
        **common,
        code="hoc_ky",
        name="Báo cáo học kỳ",
        kinds=["primary", "lower_secondary", "upper_secondary"],
        lines=[
            LineSpec(cell="hoc_sinh", section="I. Học sinh"),
            LineSpec(cell="hoc_sinh_nu", section="I. Học sinh", level=1),
            LineSpec(cell="bo_hoc[lop=6]", section="I. Học sinh", required=False),
            LineSpec(cell="bo_hoc[lop=7]", section="I. Học sinh", required=False),
            LineSpec(expression="bo_hoc", label="Cộng bỏ học", section="I. Học sinh", unit="học sinh"),
            LineSpec(expression="bo_hoc / hoc_sinh", label="Tỷ lệ bỏ học", section="I. Học sinh", unit="%"),
            LineSpec(cell="kinh_phi", section="II. Tài chính", required=False),
            LineSpec(cell="to_chuc", section="II. Tài chính", required=False, kinds=("upper_secondary",)),
        ],
        rules=[
            RuleSpec("hoc_sinh_nu <= hoc_sinh", "Học sinh nữ không được nhiều hơn tổng số học sinh."),
            RuleSpec("bo_hoc * 10 <= hoc_sinh", "Học sinh bỏ học quá một phần mười.", "warning"),
        ],
    )
    return {cell.key: cell.pk for cell in Cell.objects.all()}


def build() -> Place:
    """Units, people and the sheet."""
    place = Place()
    founding = {"by": SYSTEM, "at": at(FOUNDED), "on": FOUNDED}
    orgs.load_kinds(by=SYSTEM, at=at(FOUNDED))
    country = Unit.objects.get(pk=1)

    def found(key: str, kind: str, name: str, place_in: Unit, managed_by: Unit, guided_by: Unit | None = None) -> None:
        parents = {TERRITORY: place_in.pk, MANAGEMENT: managed_by.pk}
        if guided_by is not None:
            parents[PROFESSIONAL] = guided_by.pk
        place.units[key] = orgs.establish(**founding, kind=kind, name=name, parents=parents)

    ministry = orgs.establish(
        **founding, kind="ministry", name="Bộ Giáo dục và Đào tạo", parents={TERRITORY: 1, MANAGEMENT: 1}
    )
    found("tinh", "province", "Tỉnh Lào Cai", country, country)
    tinh = place.units["tinh"]
    found("so", "education_department", "Sở Giáo dục và Đào tạo Lào Cai", tinh, tinh, ministry)
    so = place.units["so"]
    for key, name in (("bac_ha", "Xã Bắc Hà"), ("sin_chai", "Xã Sín Chải")):
        found(key, "commune", name, tinh, tinh)
        found(f"{key}_phong", "culture_society_office", "Phòng Văn hóa - Xã hội", place.units[key], place.units[key])
    for key, kind, name, commune in (
        ("na_hoi", "primary", "Trường Tiểu học Na Hối", "bac_ha"),
        ("ban_pho", "primary", "Trường Tiểu học Bản Phố", "bac_ha"),
        ("thai_giang", "lower_secondary", "Trường THCS Thải Giàng", "bac_ha"),
        ("sin_chai_th", "primary", "Trường Tiểu học Sín Chải", "sin_chai"),
    ):
        found(key, kind, name, place.units[commune], place.units[commune], so)
    found("thpt", "upper_secondary", "Trường THPT số 1 Bắc Hà", place.units["bac_ha"], so, so)
    _people(place)
    place.cells = publish()
    return place


def _people(place: Place) -> None:
    for key in ("na_hoi", "ban_pho", "thai_giang", "sin_chai_th", "thpt"):
        _seat(place, f"{key}_typist", key, "Văn thư trường", [(Role.TYPIST, key, MANAGEMENT)])
        _seat(place, f"{key}_head", key, "Hiệu trưởng", [(Role.HEAD, key, MANAGEMENT)])
    for prefix, commune in (("", "bac_ha"), ("sin_chai_", "sin_chai")):
        both = [(Role.OFFICER, commune, MANAGEMENT), (Role.CHECKER, commune, MANAGEMENT)]
        _seat(place, f"{prefix}officer", f"{commune}_phong", "Chuyên viên", both)
        _seat(
            place, f"{prefix}leader", commune, "Phó Chủ tịch",
            [(Role.LEADER, commune, MANAGEMENT), (Role.APPROVER, commune, MANAGEMENT)],
        )  # fmt: skip
    _seat(
        place, "so_officer", "so", "Chuyên viên Sở",
        [(Role.OFFICER, "so", PROFESSIONAL), (Role.CHECKER, "so", PROFESSIONAL), (Role.APPROVER, "so", PROFESSIONAL)],
    )  # fmt: skip
    _seat(place, "viewer", "bac_ha", "Người xem", [(Role.VIEWER, "bac_ha", MANAGEMENT)])
    _seat(place, "admin", "so", "Quản trị", [(Role.ADMINISTRATOR, "tinh", TERRITORY)])


def _seat(place: Place, key: str, unit: str, title: str, grants: list[tuple[Role, str, str]]) -> None:
    moment = at(FOUNDED)
    account = people.create_account(
        by=SYSTEM, at=moment, username=key.replace("_", "."), full_name=f"{title} {key}", unit=place.unit(unit)
    )
    position = people.create_position(by=SYSTEM, at=moment, unit=place.unit(unit), title=title)
    people.appoint(by=SYSTEM, at=moment, position=position, account=account, on=FOUNDED)
    for role, over, hierarchy in grants:
        people.grant(
            by=SYSTEM, at=moment, position=position, role=role, unit=place.unit(over), hierarchy=hierarchy, on=FOUNDED
        )
    place.accounts[key] = account
    place.actors[key] = people_queries.actor(account, position.pk, FOUNDED)
