"""The scenes of the story in their order, each enacted through the verbs of the rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction

from giaoban.demo import briefing, cast, checking, kinds_of_work, network, office, party, urgent
from giaoban.demo.figures import invent
from giaoban.demo.play import Scene, Tell, moment
from giaoban.demo.story import WORDS, Commune, School, document, story
from giaoban.desk import actions as desk
from giaoban.desk import proposals
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.indicators import actions as indicators
from giaoban.indicators.actions import StepSpec
from giaoban.indicators.loading import import_gso, load_catalogue
from giaoban.indicators.models import Cell, Report, Round
from giaoban.indicators.queries import reports as figures
from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs import actions as orgs
from giaoban.orgs.models import MANAGEMENT, TERRITORY
from giaoban.work.actions import NewTask

STORY = story()
SHEET = "truong_hoc_ky_1"
THIS, LAST = "2025-2026.HK1", "2024-2025.HK1"
PROVINCE_PLAN, COMMUNE_PLAN = "412/KH-UBND", "87/KH-UBND"
GENERAL = tuple(WORDS)

# The commune of the story, as it stands on the demonstration's day.
LATE = ("02905:lower_secondary:8", "02905:lower_secondary:7", "02905:preschool:11")  # nothing handed in
WAITING = ("02905:primary:8", "02905:primary:9", "02905:lower_secondary:6", "02905:preschool:10")  # to be checked
RETURNED = "02905:primary:1"  # sent back for one cell, to be answered
TO_APPROVE = ("02905:lower_secondary:4", "02905:lower_secondary:5", "02905:preschool:9")  # checked, for the leader
SURPRISE = {"02905:lower_secondary:6": {"hoc_sinh_bo_hoc[cap=thcs]": 11}}  # a jump that somebody should ask about
LATE_ELSEWHERE = ("02809:primary:3", "04456:lower_secondary:1")

STARTED = moment(2024, 8, 1)


def load_units(tell: Tell) -> None:
    orgs.load_administrative_units(
        by=SYSTEM, at=STARTED, progress=lambda what, done, of: tell(f"Đơn vị hành chính: {done}/{of}")
    )


def load_figures(tell: Tell) -> None:
    load_catalogue(by=SYSTEM, at=STARTED)
    import_gso(by=SYSTEM, at=STARTED, progress=lambda done, of: tell(f"Niên giám thống kê: {done}/{of} số liệu"))


def found(tell: Tell) -> None:
    at = moment(2024, 8, 1)
    tell("Lập cơ quan của tỉnh và các xã")
    cast.found_offices(at)
    cast.found_district_offices(at)
    tell("Lập các trường minh họa")
    cast.found_schools(at)
    cast.found_below_schools(at)


def appoint(tell: Tell) -> None:
    at = moment(2024, 8, 1)
    seats = [(seat, cast.PEOPLE_FROM, cast.REFORM) for seat in cast.district_seats()]
    seats += [(seat, cast.PEOPLE_FROM, None) for seat in cast.school_seats()]
    for seat in [*cast.named_seats(), *cast.commune_seats(), *cast.other_commune_seats(), *cast.party_seats()]:
        seats.append((seat, cast.PEOPLE_FROM if _at_school(seat) else cast.REFORM, None))
    for number, (seat, start, until) in enumerate(seats, start=1):
        tell(f"Cử người vào vị trí: {number}/{len(seats)}")
        cast.fill(seat, at, start, until)


def _at_school(seat: cast.Seat) -> bool:
    """Schools stand on both sides of the reform; communes of today and their offices only since."""
    return bool({"head", "typist"} & set(seat.roles))


# The year before, by the lines of the former districts


def last_year(tell: Tell) -> None:
    at = moment(2024, 12, 30)
    by_district: dict[int, list[Commune]] = {}
    for one in STORY.communes:
        by_district.setdefault(cast.district(one).pk, []).append(one)
    for number, (district, communes) in enumerate(by_district.items(), start=1):
        tell(f"Năm học 2024-2025 qua các huyện: {number}/{len(by_district)}")
        officer = cast.acts(f"tp.h{district}", at)
        made = indicators.open_round(
            by=officer,
            at=at,
            on=at.date(),
            sheet=SHEET,
            period_code=LAST,
            opener_id=district,
            hierarchy=MANAGEMENT,
            due_on=date(2025, 1, 20),
            steps=[StepSpec("Phòng Giáo dục và Đào tạo kiểm tra, duyệt", "management", date(2025, 1, 22))],
        )
        schools = [school for one in communes for school in one.schools if school.kind in WORDS]
        _hand_in(made, schools, 2024, moment(2025, 1, 17), tell)
        accepted = [report.pk for report in Report.objects.filter(round=made)]
        indicators.accept(by=officer, at=moment(2025, 1, 21), on=date(2025, 1, 21), report_ids=accepted, step=1)
        indicators.lock_round(by=officer, at=moment(2025, 2, 3), on=date(2025, 2, 3), round_id=made.pk)


def _hand_in(made: Round, schools: Iterable[School], year: int, at: datetime, tell: Tell) -> None:
    """Each school types its figures and its head hands them in, a few minutes apart."""
    reports = {report.unit_id: report for report in Report.objects.filter(round=made)}
    for number, school in enumerate(schools):
        unit = cast.school_unit(school)
        when = at + timedelta(minutes=7 * number)
        tell(f"{school.name}")
        _type(reports[unit.pk], school, year, cast.acts(cast.typist_user(school), when), when)
        head = cast.acts(cast.head_user(school), when)
        indicators.submit(by=head, at=when, on=when.date(), report_id=reports[unit.pk].pk)


def _type(report: Report, school: School, year: int, typist: Actor, at: datetime) -> None:
    """Fill every line the sheet asks of this school; the story's surprises come on top."""
    known = invent(school, year) | (SURPRISE.get(school.key, {}) if year == 2025 else {})
    _balance(known)
    values = {cell.pk: known[cell.key] for cell in _asked(report) if cell.key in known}
    indicators.save_draft(by=typist, at=at, on=at.date(), report_id=report.pk, values=values)


def _asked(report: Report) -> list[Cell]:
    """The cells this report is to fill."""
    lines = figures.lines_for(report.sheet_id, figures.kind_of(report))
    return [line.cell for line in lines if line.owns and line.cell is not None]


def _balance(known: dict[str, int]) -> None:
    """A surprise among the dropouts keeps the balance of the semester: those pupils were there at its start."""
    for stage, grades in (("thcs", range(6, 10)), ("th", range(1, 6))):
        if f"hoc_sinh_dau_nam[cap={stage}]" in known:
            now = sum(known[f"hoc_sinh[gioi={sex},lop={grade}]"] for sex in ("nam", "nu") for grade in grades)
            known[f"hoc_sinh_dau_nam[cap={stage}]"] = (
                now
                - known[f"hoc_sinh_chuyen_den[cap={stage}]"]
                + known[f"hoc_sinh_chuyen_di[cap={stage}]"]
                + known[f"hoc_sinh_bo_hoc[cap={stage}]"]
            )


# Steering documents are read


PLAN_TARGETS = {
    "province": (
        ("ty_le_truong_chuan_quoc_gia", Fraction(60, 100), "tỷ lệ trường đạt chuẩn quốc gia trên địa bàn tỉnh đạt 60%"),
        ("ty_le_truong_chuan_csvc", Fraction(80, 100), "tỷ lệ trường đạt chuẩn về cơ sở vật chất đạt 80%"),
        ("ty_le_chuyen_can", Fraction(98, 100), "tỷ lệ chuyên cần đạt 98%"),
        (
            "ty_le_gv_tieng_anh_th_b2",
            Fraction(85, 100),
            "tỷ lệ giáo viên tiếng Anh cấp tiểu học đạt chuẩn trình độ B2 trở lên đạt 85%",
        ),
    ),
    "commune": (
        ("ty_le_truong_chuan_quoc_gia", Fraction(65, 100), "tỷ lệ trường đạt chuẩn quốc gia trên địa bàn xã đạt 65%"),
        ("ty_le_truong_chuan_csvc", Fraction(80, 100), "tỷ lệ trường đạt chuẩn về cơ sở vật chất đạt 80%"),
        ("ty_le_chuyen_can", Fraction(98, 100), "tỷ lệ chuyên cần đạt 98%"),
    ),
}


def province_plan(tell: Tell) -> None:
    """The province's plan is issued, read, and its sentences become targets and tasks."""
    at, by = moment(2025, 9, 19), cast.acts("pct.tinh", moment(2025, 9, 19))
    _read_and_adopt(
        by=by,
        at=at,
        unit_id=cast.province().pk,
        name="ke-hoach-ubnd-tinh",
        symbol=PROVINCE_PLAN,
        subject="Kế hoạch thực hiện nhiệm vụ trọng tâm giáo dục và đào tạo năm học 2025-2026",
        signer="Giàng A Minh",
        targets=PLAN_TARGETS["province"],
    )


def commune_plan(tell: Tell) -> None:
    """The commune registers the province's plan, issues its own, and gives out its tasks."""
    at = moment(2025, 9, 22)
    clerk = cast.acts("vt.baothang", at)
    unit = cast.commune("02905")
    incoming = documents.register(
        by=clerk,
        at=at,
        owner_id=unit.pk,
        direction="IN",
        symbol=PROVINCE_PLAN,
        subject="Kế hoạch thực hiện nhiệm vụ trọng tâm giáo dục và đào tạo năm học 2025-2026",
        issued_on=date(2025, 9, 19),
        issuer_id=cast.province().pk,
        signer="Giàng A Minh",
        text=document("ke-hoach-ubnd-tinh"),
    )
    at = moment(2025, 9, 26)
    made = _read_and_adopt(
        by=cast.acts("ct.baothang", at),
        at=at,
        unit_id=unit.pk,
        name="ke-hoach-ubnd-xa",
        symbol=COMMUNE_PLAN,
        subject="Kế hoạch thực hiện nhiệm vụ trọng tâm giáo dục và đào tạo năm học 2025-2026 trên địa bàn xã",
        signer="Hoàng Thị Minh",
        targets=PLAN_TARGETS["commune"],
    )
    documents.link(by=cast.acts("vt.baothang", at), at=at, source=made, target=incoming, kind="implements")


def _read_and_adopt(
    *,
    by: Actor,
    at: datetime,
    unit_id: int,
    name: str,
    symbol: str,
    subject: str,
    signer: str,
    targets: Iterable[tuple[str, Fraction, str]],
) -> Document:
    """What a person does on the page "Đọc văn bản": every sure proposal of a task is taken as it was read."""
    text = document(name)
    reading = proposals.of(text, by, at.date())
    tasks = [_chosen(one) for one in reading.tasks if one.sure]
    adopted = desk.adopt(
        by=by,
        at=at,
        unit_id=unit_id,
        document=desk.NewDocument("OUT", symbol, subject, at.date(), text, issuer_id=unit_id, signer=signer),
        tasks=tasks,
        targets=[
            desk.TargetFromSentence(indicator, unit_id, THIS, value, sentence) for indicator, value, sentence in targets
        ],
    )
    return adopted.document


def _chosen(one: proposals.TaskProposal) -> desk.TaskFromSentence:
    units = tuple(int(part) for part in one.leads[0].value.split(","))
    partners = {int(part) for choice in one.partners for part in choice.value.split(",")} - set(units)
    task = NewTask(
        text=one.text,
        due=one.due_text or "thường xuyên",
        lead_id=units[0] if len(units) == 1 else None,
        part_ids=units if len(units) > 1 else (),
        group=", ".join(one.assignees) if len(units) > 1 else "",
        partner_ids=tuple(sorted(partners)),
        deliverable=one.deliverable,
        due_on=one.due_on,
    )
    return desk.TaskFromSentence(task, one.mark.start, one.mark.end)


# The round of this year


def open_rounds(tell: Tell) -> None:
    at = moment(2025, 12, 29)
    officer = cast.acts("cv.so", at)
    so = cast.department().pk
    plan = Document.objects.filter(symbol=PROVINCE_PLAN).first()
    common = {
        "by": officer,
        "at": at,
        "on": at.date(),
        "sheet": SHEET,
        "period_code": THIS,
        "due_on": date(2026, 1, 20),
    }
    indicators.open_round(
        **common,
        opener_id=cast.province().pk,
        hierarchy=TERRITORY,
        document=plan,
        kinds=GENERAL,
        steps=[
            StepSpec("Phòng Văn hóa - Xã hội xã kiểm tra", "management", date(2026, 1, 22)),
            StepSpec("Lãnh đạo UBND xã duyệt", "management", date(2026, 1, 23), verb="figure.approve"),
            StepSpec("Sở GD&ĐT tiếp nhận", "unit", date(2026, 1, 30), unit_id=so),
        ],
        note="Nộp trên phần mềm, không gửi bản giấy.",
    )
    indicators.open_round(
        **common,
        opener_id=so,
        hierarchy=MANAGEMENT,
        document=plan,
        steps=[StepSpec("Sở GD&ĐT kiểm tra", "unit", date(2026, 1, 30), unit_id=so)],
    )


def schools_hand_in(tell: Tell) -> None:
    late = {*LATE, *LATE_ELSEWHERE}
    schools = [school for school in STORY.schools if school.key not in late]
    _hand_in(_round(general=True), schools, 2025, moment(2026, 1, 16, 8), tell)
    _hand_in(_round(general=False), STORY.upper, 2025, moment(2026, 1, 16, 10), tell)


def _round(*, general: bool) -> Round:
    opener = cast.province() if general else cast.department()
    return Round.objects.get(sheet_id=SHEET, period_code=THIS, opener=opener)


def communes_check(tell: Tell) -> None:
    """Every commune checks and approves; in xã Bảo Thắng some are left for whoever sits down at the demonstration."""
    reports = {report.unit_id: report for report in Report.objects.filter(round=_round(general=True))}
    kept_back = {*LATE, *WAITING, *LATE_ELSEWHERE, RETURNED}
    for one in STORY.communes:
        tell("Xã kiểm tra và duyệt")
        checked = [reports[cast.school_unit(school).pk].pk for school in one.schools if school.key not in kept_back]
        at = moment(2026, 1, 21, 14)
        officer = cast.acts(cast.officer_user(one), at)
        indicators.accept(by=officer, at=at, on=at.date(), report_ids=checked, step=1)
        at = moment(2026, 1, 22, 15)
        left = {*TO_APPROVE}
        approved = [
            reports[cast.school_unit(school).pk].pk for school in one.schools if school.key not in kept_back | left
        ]
        leader = cast.acts(cast.leader_user(one), at)
        indicators.accept(by=leader, at=at, on=at.date(), report_ids=approved, step=2)
    _send_one_back(reports)
    _so_takes_over(reports)


def _send_one_back(reports: dict[int, Report]) -> None:
    """One cell of one school goes back with its reason; the rest of its report waits with it."""
    at = moment(2026, 1, 21, 15)
    school = next(one for one in STORY.schools if one.key == RETURNED)
    report = reports[cast.school_unit(school).pk]
    cell = next(cell for cell in _asked(report) if cell.key == "hoc_sinh_ve_trung_tam")
    indicators.return_report(
        by=cast.acts("cv.baothang", at),
        at=at,
        on=at.date(),
        report_id=report.pk,
        reason="Đề nghị đối chiếu với danh sách học sinh bán trú: số đã về trường chính thấp hơn tháng 12.",
        cells=[cell.pk],
    )


def _so_takes_over(reports: dict[int, Report]) -> None:
    """The Sở has accepted the communes that finished first."""
    at = moment(2026, 1, 27, 9)
    by = cast.acts("cv.so", at)
    done = [
        reports[cast.school_unit(school).pk].pk
        for one in STORY.communes
        if one.code in ("02923", "02902", "04252")
        for school in one.schools
    ]
    indicators.accept(by=by, at=at, on=at.date(), report_ids=done, step=3)
    upper = [report.pk for report in Report.objects.filter(round=_round(general=False))]
    indicators.accept(by=by, at=at, on=at.date(), report_ids=upper, step=1)


SCENES = [
    Scene("units", "Đơn vị hành chính cả nước, trước và sau 01/7/2025", load_units, STARTED),
    Scene("figures", "Danh mục chỉ tiêu, biểu mẫu và niên giám thống kê 2002–2017", load_figures, STARTED),
    Scene("founding", "Cơ quan và trường minh họa của tỉnh Lào Cai", found, STARTED),
    Scene("people", "Người, vị trí và quyền", appoint, STARTED),
    Scene("last-year", "Năm học 2024-2025 qua Phòng GD&ĐT các huyện", last_year, moment(2025, 2, 3)),
    Scene("province-plan", "Kế hoạch của UBND tỉnh: đọc, giao chỉ tiêu và việc", province_plan, moment(2025, 9, 19)),
    Scene("commune-plan", "Kế hoạch của UBND xã Bảo Thắng", commune_plan, moment(2025, 9, 26)),
    Scene("shared-plan", "Chỉ tiêu của tỉnh phân bổ cho các xã", office.share_out_the_plan, moment(2025, 10, 2)),
    Scene("party", "Nghị quyết của Tỉnh ủy: gửi, quán triệt, cụ thể hóa", party.resolve, moment(2025, 12, 12)),
    Scene("round", "Sở mở đợt báo cáo học kỳ I", open_rounds, moment(2025, 12, 29)),
    Scene("schools", "Các trường nhập và nộp số liệu", schools_hand_in, moment(2026, 1, 16)),
    Scene("communes", "Các xã kiểm tra, trả lại, duyệt; Sở tiếp nhận", communes_check, moment(2026, 1, 27)),
    Scene("meeting", "Hội nghị sơ kết học kỳ I của xã Bảo Thắng", briefing.hold, moment(2026, 1, 27)),
    Scene("tasks", "Theo dõi việc đã giao", briefing.follow_up, moment(2026, 1, 29)),
    Scene("office", "Văn phòng xã: văn bản đến, ý kiến của Chủ tịch", office.note_documents, moment(2026, 1, 29)),
    Scene("week", "Lịch tuần của lãnh đạo xã", office.keep_the_week, moment(2026, 1, 23)),
    Scene("programme", "Chương trình công tác năm 2026", office.keep_the_programme, moment(2026, 1, 6)),
    Scene("requests", "Kiến nghị và khó khăn của các trường", office.ask_and_answer, moment(2026, 1, 28)),
    Scene("kinds-of-work", "Tham mưu, giao lại, việc của nhóm", kinds_of_work.do_other_work, moment(2026, 1, 26)),
    Scene("checks", "Kế hoạch kiểm tra của Sở và của xã", checking.plan_the_year, moment(2026, 1, 20)),
    Scene("commended", "Khen thưởng tại hội nghị sơ kết", checking.commend, moment(2026, 1, 27)),
    Scene("next-briefing", "Lên lịch hội nghị giao ban tháng 02/2026", briefing.plan_next, moment(2026, 1, 29)),
    Scene("network", "Sắp xếp mạng lưới trường của xã Bảo Thắng", network.rearrange, moment(2026, 1, 28)),
    Scene("cold", "Rét đậm: xã hỏi nhanh các trường", urgent.ask_about_the_cold, moment(2026, 1, 29)),
    Scene("reports", "Kho phân tích và báo cáo", briefing.write_reports, moment(2026, 1, 29)),
]
