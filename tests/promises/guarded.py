"""One object of every kind in xã Bình Minh of Tỉnh Mẫu, for the walk of test_guards.py over all addresses.

Who walks: *own*, with every role over xã Bình Minh; *foreign*, with every role over xã Cao Sơn; and
*foreign.administrator*, who manages xã Cao Sơn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.test import Client, override_settings

from giaoban.journal.actor import SYSTEM, Actor
from giaoban.orgs.models import MANAGEMENT
from giaoban.people import actions as people
from giaoban.people.roles import Role
from tests.rooms.people.office import Office, seat_somebody
from tests.world import NOW, REFORM, TODAY, World

REFUSALS = {403, 404, 405}

# Addresses with a parameter that any signed-in person may open, each with the reason.
OPEN = {
    "orgs:unit": "units are public knowledge",
    "orgs:unit-short": "units are public knowledge",
    "orgs:branch": "units are public knowledge",
    "api:unit": "units are public knowledge",
    "api:children": "units are public knowledge",
    "api:decree": "what was done to units is public knowledge",
    "api:indicator": "the catalogue is the same for everybody",
    "indicators:indicator": "the catalogue is the same for everybody",
    "indicators:element": "the catalogue is the same for everybody",
    "indicators:sheet": "the catalogue is the same for everybody",
    "indicators:sheet-file": "the catalogue is the same for everybody",
    "indicators:dimension": "the catalogue is the same for everybody",
    "indicators:table-file": "the catalogue is the same for everybody who manages sheets",
    "indicators:check": "whose paper it is, to whoever holds the code printed on it; figures only to who may see them",
    "reports:begin": "the form is the same for everybody; the unit chosen in it is asked for a right by the verb",
    "reforms:begin": "the form is the same for every administrator; what it makes is the maker's own draft",
}

# Parameters that name no object of a unit; also fill every address for the walk of a stranger, who never gets so far.
VALUES = {
    **dict.fromkeys(["account_id", "position_id", "holding_id", "grant_id", "message_id", "unit_id", "document_id"], 1),
    **dict.fromkeys(["relation_id", "report_id", "cell_id", "round_id", "meeting_id", "item_id", "invitation_id"], 1),
    "target_id": 1,
    **dict.fromkeys(["hook_id", "delivery_id", "feed_id"], 1),
    "view_id": 1,
    **dict.fromkeys(["award_id", "motion_id"], 1),
    **dict.fromkeys(["request_id", "difficulty_id", "contribution_id"], 1),
    "quoted_id": 1,
    "given_id": 1,
    "alias_id": 1,
    **dict.fromkeys(
        [
            "whole_id",
            "part_id",
            "conclusion_id",
            "task_id",
            "evidence_id",
            "decree_id",
            "engagement_id",
            "facility_id",
            "programme_id",
        ],
        1,
    ),
    **dict.fromkeys(["paper_id", "no", "note_id", "site_id", "certificate_id"], 1),
    **dict.fromkeys(["approval_id", "copy_id", "guest_id", "session_id"], 1),
    **dict.fromkeys(["reform_id", "question_id", "job_id", "quick_id", "remark_id", "upload_id", "package_id"], 1),
    **dict.fromkeys(["intake_id", "layout_id"], 1),
    **dict.fromkeys(["draft_id", "line_id", "rule_id"], 1),
    **dict.fromkeys(["plan_id", "planned_id", "aimed_id", "member_id", "join_id"], 1),
    **dict.fromkeys(["visit_id", "wanted_id", "finding_id"], 1),
    "kind": "element",
    "place": 0,
    "act": "doi-ten",
    "slug": "ten",
    "code": "ma",
    "token": "x",
    "verb": "tien-do",
    "form_code": "so-ket",
    "form": "csv",
    "slot": "doan",
    "user": "ai",
}

EVERY_ROLE = [role for role in Role if role != Role.ADMINISTRATOR]


class Place:
    """Tỉnh Mẫu with the three who walk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.office = Office(world)
        for name, unit, roles in (
            ("own", "binh_minh", EVERY_ROLE),
            ("own.administrator", "binh_minh", [Role.ADMINISTRATOR]),
            ("foreign", "cao_son", EVERY_ROLE),
            ("foreign.administrator", "cao_son", [Role.ADMINISTRATOR]),
        ):
            seat_somebody(self.office, name, f"Người {name}", world[unit], leads=roles is EVERY_ROLE)
            for role in roles:
                people.grant(by=SYSTEM, at=NOW, on=REFORM, position=self.office.seat[name], role=role)

    def actor(self, name: str) -> Actor:
        return self.office.actor(name)

    def client(self, name: str) -> Client:
        return self.office.client(name)

    def values(self, room: str) -> dict[str, object]:
        """A value for every parameter in the addresses of a room."""
        return VALUES | MAKERS[room](self)


def people_values(place: Place) -> dict[str, object]:
    seat_somebody(place.office, "hieu.truong", "Vàng A Páo", place.world["tieu_hoc"])
    position = place.office.seat["hieu.truong"]
    given = people.grant(by=SYSTEM, at=NOW, on=REFORM, position=position, role=Role.HEAD)
    return {
        "account_id": place.office.account["hieu.truong"].pk,
        "position_id": position.pk,
        "holding_id": position.holdings.get().pk,
        "grant_id": given.pk,
    }


def orgs_values(place: Place) -> dict[str, object]:
    from giaoban.orgs import actions

    (alias,) = actions.remember_name(
        by=place.actor("own"), at=NOW, text="trường điểm", unit_ids=[place.world["tieu_hoc"]],
        near_id=place.world["binh_minh"], since=TODAY,
    )  # fmt: skip
    return {"alias_id": alias.pk}


def notices_values(place: Place) -> dict[str, object]:
    from giaoban.notices import actions

    sent = actions.send(by=SYSTEM, at=NOW, to_position=place.office.seat["own.administrator"], subject="Nhắc việc")
    with override_settings(HOOK_HOSTS=frozenset({"dieuhanh.example"})):
        hook, _secret = actions.make_hook(
            by=place.actor("own.administrator"), at=NOW, unit_id=place.world["binh_minh"], name="Điều hành",
            address="https://dieuhanh.example/nhan", chosen=["task.assigned"],
        )  # fmt: skip
    own = {"by": place.actor("own.administrator"), "at": NOW, "hook_id": hook.pk}
    feed, _token = actions.make_feed(by=place.actor("own.administrator"), at=NOW, name="Điện thoại", titles=True)
    return {
        "message_id": sent[0].pk,
        "hook_id": hook.pk,
        "delivery_id": actions.try_hook(**own).pk,
        "feed_id": feed.pk,
    }


def documents_values(place: Place) -> dict[str, object]:
    from giaoban.documents import actions, numbering

    common = {"by": place.actor("own"), "at": NOW, "owner_id": place.world["binh_minh"], "direction": "OUT"}
    plan, other = (
        actions.register(
            **common,
            symbol=f"{number}/KH-UBND",
            subject="Kế hoạch năm học",
            issued_on=day,
            type="KH",
            text="Giao các trường báo cáo trước ngày 15/3/2026.",
            file=("ke-hoach.txt", b"Giao cac truong bao cao."),
        )
        for number, day in ((1, date(2025, 9, 1)), (2, date(2025, 9, 2)))
    )
    related = actions.link(by=place.actor("own"), at=NOW, source=other, target=plan, kind="implements")
    unit = place.world["binh_minh"]
    numbering.switch_on(by=place.actor("own"), at=NOW, unit_id=unit, agency="UBND")
    (kept,) = numbering.reserve(by=place.actor("own"), at=NOW, unit_id=unit, code="TB", count=1, reason="Chờ ký")
    return {"document_id": other.pk, "relation_id": related.pk, "given_id": kept.pk}


def indicators_values(place: Place) -> dict[str, object]:
    from giaoban.indicators import actions
    from giaoban.indicators.actions import LineSpec, StepSpec
    from giaoban.indicators.models import Cell, Report

    system = {"by": SYSTEM, "at": NOW}
    actions.define_element(**system, code="hoc_sinh", name="Học sinh", unit="học sinh", stock=True)
    actions.publish_sheet(
        **system, code="hoc_ky", name="Báo cáo học kỳ", kinds=["primary"], lines=[LineSpec(cell="hoc_sinh")]
    )
    opened = actions.open_round(
        by=place.actor("own"),
        at=NOW,
        on=TODAY,
        sheet="hoc_ky",
        period_code="2025-2026.HK1",
        opener_id=place.world["binh_minh"],
        hierarchy=MANAGEMENT,
        due_on=date(2026, 2, 6),
        steps=[StepSpec(name="Xã kiểm tra", where="opener", due_on=date(2026, 2, 10))],
        signed_copy="digital",
    )
    report = Report.objects.get(round=opened)
    return {
        "round_id": opened.pk,
        "report_id": report.pk,
        **line_values(place),
        "copy_id": signed_copy(place, report.pk),
        "cell_id": Cell.objects.get(key="hoc_sinh").pk,
        **catalogue_values(place),
        "remark_id": question(place, report.pk, Cell.objects.get(key="hoc_sinh").pk),
    }


def question(place: Place, report_id: int, cell_id: int) -> int:
    from giaoban.indicators.actions import remarks

    own = {"by": place.actor("own"), "at": NOW, "on": TODAY}
    return remarks.ask(**own, report_id=report_id, cell_id=cell_id, text="Vì sao tăng?").pk


def line_values(place: Place) -> dict[str, object]:
    """An approval line of xã Bình Minh."""
    from giaoban.indicators import actions
    from giaoban.indicators.queries.lines import LineStep

    made = actions.define_line(
        by=place.actor("own"), at=NOW, on=TODAY, owner_id=place.world["binh_minh"], code="rieng", name="Đường của xã",
        steps=[LineStep("Xã kiểm tra", "figure.check", "management", 1)],
    )  # fmt: skip
    return {"approval_id": made.pk}


def signed_copy(place: Place, report_id: int) -> int:
    """The report handed in, and its digitally signed copy kept."""
    from giaoban.indicators import actions
    from giaoban.indicators.models import Cell
    from giaoban.indicators.queries import copies

    own = {"by": place.actor("own"), "at": NOW, "on": TODAY, "report_id": report_id}
    actions.save_draft(**own, values={Cell.objects.get(key="hoc_sinh").pk: "500"})
    submission = actions.submit(**own)
    file = ("bieu.pdf", b"%PDF-1.7 /Type /Sig /ByteRange [0 1 2 3]")
    return actions.receive_copy(**own, form="digital", code=copies.check_code(submission), file=file).pk


def catalogue_values(place: Place) -> dict[str, object]:
    """Texts of the catalogue that xã Bình Minh published itself, all under one code, and a sheet it is building."""
    from giaoban.indicators import actions, drafting
    from giaoban.indicators.actions import LineSpec, building

    own = {"by": place.actor("own"), "at": NOW}
    code = "rieng"
    actions.define_dimension(**own, code=code, name="Phân tổ riêng", members={"a": "A", "b": "B"})
    actions.define_element(**own, code=code, name="Số liệu riêng", unit="cái", stock=True, dimensions=[code])
    actions.define_indicator(**own, code=code, name="Chỉ tiêu riêng", unit="cái", expression=code, start=REFORM)
    actions.publish_sheet(
        **own, code=code, name="Biểu riêng", kinds=["primary"], lines=[LineSpec(cell=f"{code}[{code}=a]")]
    )
    draft = building.begin_sheet(**own, on=TODAY, code="dang_lam", name="Biểu đang làm", kinds=["primary"])

    def fill(data: drafting.Data) -> None:
        drafting.add_lines(data, "I", [{"cell": f"{code}[{code}=b]"}])
        drafting.put_rule(data, None, expression=f"{code}[{code}=b] >= 0", sentence="Không âm.", severity="hard")

    building.change_draft(**own, on=TODAY, draft_id=draft.pk, change=fill)
    return {"code": code, "draft_id": draft.pk, "line_id": 1, "rule_id": 2}


def work_values(place: Place) -> dict[str, object]:
    from giaoban.work import actions
    from giaoban.work.actions import NewTask, saved
    from giaoban.work.models import Evidence

    own = {"by": place.actor("own"), "at": NOW}
    meeting = actions.plan_meeting(
        **own,
        unit_id=place.world["binh_minh"],
        kind="tap_huan",
        title="Tập huấn tháng 2",
        starts_at=NOW,
        chair_name="Người own",
    )
    item = actions.add_item(**own, meeting=meeting, title="Báo cáo học kỳ I")
    invited = [place.world["tieu_hoc"], place.office.seat["own"].unit_id]
    invitation = actions.invite(**own, meeting=meeting, unit_ids=invited)[0]
    actions.send_invitations(**own, meeting=meeting)
    guest, session = meeting_guest_and_session(place, meeting)
    actions.open_meeting(**own, meeting=meeting)
    meeting.refresh_from_db()
    new = NewTask(text="Nộp báo cáo học kỳ I", due="trước ngày 15/3/2026", lead_id=place.world["binh_minh"])
    new = replace(new, issuer_id=place.world["binh_minh"])
    conclusion = actions.conclude(**own, meeting=meeting, text="Các trường nộp báo cáo.")
    task = actions.assign(**own, unit_id=place.world["binh_minh"], task=new)
    actions.report_progress(**own, task=task, text="Đang làm", file=("anh.txt", b"minh chung"))
    actions.add_version(**own, task=task, file=("du-thao.txt", b"du thao"))
    parts = (place.world["binh_minh"], place.world["tieu_hoc"])
    of_many = NewTask(text="Rà soát", due="trước ngày 15/3/2026", part_ids=parts)
    whole = actions.assign(**own, unit_id=place.world["binh_minh"], task=of_many)
    kept = saved.keep_view(**own, name="Việc của tôi", page="TABLE", asked={"xem": ""})
    return {
        "view_id": kept.pk,
        "meeting_id": meeting.pk,
        "item_id": item.pk,
        "invitation_id": invitation.pk,
        "guest_id": guest,
        "session_id": session,
        "conclusion_id": conclusion.pk,
        "task_id": task.pk,
        "whole_id": whole.pk,
        "part_id": whole.parts.get(lead_id=place.world["binh_minh"]).pk,
        **week_values(place),
        **check_values(place),
        **gathering_values(place, meeting, guest, session),
        **said_values(place, meeting.pk),
        **decided_values(place, meeting.pk),
        "evidence_id": Evidence.objects.get().pk,
        "document_id": documents_values(place)["document_id"],
    }


def said_values(place: Place, meeting_id: int) -> dict[str, object]:
    """What a school said in the meeting, its request, and its difficulty."""
    from giaoban.work import actions
    from giaoban.work.actions import difficulties, requests
    from giaoban.work.models import Meeting

    own = {"by": place.actor("own"), "at": NOW}
    meeting = Meeting.objects.get(pk=meeting_id)
    said = actions.add_contribution(
        **own, meeting=meeting, text="Thiếu phòng học", unit_id=place.world["tieu_hoc"], kind="DIFFICULTY"
    )
    return {
        "contribution_id": said.pk,
        "request_id": requests.make_from_said(**own, contribution=said).pk,
        "difficulty_id": difficulties.note_said(**own, contribution=said).pk,
    }


def decided_values(place: Place, meeting_id: int) -> dict[str, object]:
    """A commendation put forward, and a motion put to the vote."""
    from giaoban.work.actions import awards, votes
    from giaoban.work.models import Meeting

    own = {"by": place.actor("own"), "at": NOW, "meeting": Meeting.objects.get(pk=meeting_id)}
    host = place.world["binh_minh"]
    put = awards.propose(**own, unit_id=host, kind="thu_khen", to_id=host, reason="Thành tích")
    awards.give(by=own["by"], at=NOW, awards=[put], symbol="01/TK", decided_on=TODAY)
    return {"award_id": put.pk, "motion_id": votes.put_to_vote(**own, text="Thông qua", way="HANDS").pk}


def gathering_values(place: Place, meeting: Any, guest: int, session: int) -> dict[str, object]:
    """A paper with a version, a note of one's own, a site, and the certificate of a guest who came."""
    from uuid import uuid4

    from giaoban.work.actions import certificates, papers, private_notes, sites
    from giaoban.work.actions.checkin import Arrival, check_in

    own = {"by": place.actor("own"), "at": NOW}
    meeting.invitations.get_or_create(unit_id=place.world["binh_minh"], defaults={"sent_at": NOW})  # says "I am here"
    paper = papers.ask_paper(**own, meeting=meeting, title="Tài liệu")
    papers.deliver(**own, paper=paper, file=("tai-lieu.txt", b"Tai lieu"))
    check_in(**own, meeting=meeting, arrivals=[Arrival(uuid4(), f"g{guest}", NOW, "LIST", session)])
    given = certificates.certify(
        **own, meeting=meeting, who=[(f"g{guest}", "")], issued_on=TODAY, signer="Người own", signer_title="Chủ tịch"
    )
    return {
        "paper_id": paper.pk,
        "no": 1,
        "note_id": private_notes.keep_note(**own, meeting=meeting, text="Ghi riêng").pk,
        "site_id": sites.add_site(**own, meeting=meeting, name="Hội trường").pk,
        "certificate_id": given[0].pk,
    }


def meeting_guest_and_session(place: Place, meeting: Any) -> tuple[int, int]:
    from giaoban.work.actions import guests, training

    own = {"by": place.actor("own"), "at": NOW, "meeting": meeting}
    taught = training.add_session(**own, subject="Chuyên đề", starts_at=NOW, ends_at=NOW + timedelta(hours=2))
    return guests.add_guest(**own, name="Khách").pk, taught.pk


def check_values(place: Place) -> dict[str, object]:
    """A plan of checks that is issued, a check of it under way with a finding, and an offer to go along."""
    from giaoban.work.actions import checks

    own = {"by": place.actor("own"), "at": NOW}
    common = {**own, "unit_id": place.world["binh_minh"], "year": TODAY.year, "topic": "FINANCE", "time": "tháng 12"}
    first = checks.plan_line(**common, subject="Thu, chi", unit_ids=[place.world["tieu_hoc"]])
    other = checks.plan_line(**common, subject="Công khai", unit_ids=[place.world["tieu_hoc"]])
    mine, theirs = other.targets.get(), first.targets.get()
    checks.approve_plan(**own, plan=first.plan)
    checks.issue_plan(**own, plan=first.plan, symbol="91/KH-UBND", issued_on=TODAY)
    member = checks.add_member(**own, planned=first, name="Người own", head=True)
    offered = checks.offer_join(**own, target=mine, other=theirs)
    given = {"symbol": "92/QĐ-UBND", "issued_on": TODAY, "opens_on": TODAY, "papers": "Sổ quỹ"}
    (visit,) = checks.decide(**own, planned=first, **given)
    paper = checks.give_paper(by=SYSTEM, at=NOW, paper=visit.papers.get(), file=("so.txt", b"so quy"))
    checks.open_visit(**own, visit=visit)
    proof = {"kind": "SHORTCOMING", "topic": "FINANCE", "text": "Chưa công khai", "file": ("anh.txt", b"anh")}
    found = checks.note_finding(**own, visit=visit, **proof)
    checks.write_minutes(**own, visit=visit, present="Đoàn kiểm tra; Hiệu trưởng")
    checks.present_minutes(**own, visit=visit)
    checks.sign_minutes(by=SYSTEM, at=NOW, visit=visit, opinion="Nhất trí")
    return {
        "plan_id": first.plan_id,
        "planned_id": first.pk,
        "aimed_id": mine.pk,
        "member_id": member.pk,
        "join_id": offered.pk,
        "visit_id": visit.pk,
        "wanted_id": paper.pk,
        "finding_id": found.pk,
    }


def week_values(place: Place) -> dict[str, object]:
    from giaoban.work.actions import programme, week
    from giaoban.work.models import Facility

    own = {"by": place.actor("own"), "at": NOW, "unit_id": place.world["binh_minh"]}
    line = week.enter(**own, starts_at=NOW, ends_at=NOW + timedelta(hours=2), subject="Tiếp công dân")
    return {
        "engagement_id": line.pk,
        "programme_id": programme.put_in(
            **own, title="Kế hoạch năm học", lead_id=place.world["binh_minh"], due_on=TODAY + timedelta(days=30)
        ).pk,
        "facility_id": week.lend(**own, kind=Facility.Kind.ROOM, name="Phòng họp tầng 2").pk,
    }


def reports_values(place: Place) -> dict[str, object]:
    from giaoban.reports import actions, kinds

    draft = actions.begin(
        by=place.actor("own"),
        at=NOW,
        form_code="so-ket",
        unit_id=place.world["binh_minh"],
        period_code="2025-2026.HK1",
    )
    return {"report_id": draft.pk, "slot": next(iter(kinds.form("so-ket").slots))}


def reforms_values(place: Place) -> dict[str, object]:
    from giaoban.orgs.decree import Close, to_json
    from giaoban.reforms import actions
    from giaoban.reforms.actions import Heading
    from giaoban.reforms.models import Question

    by = place.actor("own.administrator")
    indicators_values(place)  # an open report of the school: who answers for it is asked
    steps = to_json([Close(place.world["diem_truong"]), Close(place.world["tieu_hoc"])])
    part = {"act": "giai-the", "data": {"units": "Trường Tiểu học Ánh Dương"}, "steps": steps}
    draft = actions.draft(by=by, at=NOW, heading=Heading(on=TODAY, title="Giải thể"), parts=[part])
    question = Question.objects.filter(reform=actions.apply(by=by, at=NOW, reform=draft)).first()
    assert question is not None
    return {"reform_id": draft.pk, "question_id": question.pk}


def quick_values(place: Place) -> dict[str, object]:
    from giaoban.indicators.models import Report
    from giaoban.quick import actions
    from giaoban.quick.shipped import Asked

    opened = actions.open_quick(
        by=place.actor("own"),
        at=NOW,
        on=TODAY,
        opener_id=place.world["binh_minh"],
        title="Sĩ số",
        questions=[Asked("Học sinh có mặt", "học sinh")],
        unit_ids=[place.world["tieu_hoc"]],
        hours=12,
    )
    return {"quick_id": opened.pk, "report_id": Report.objects.get(round=opened.round_id).pk, "form": "csv"}


def job(place: Place) -> int:
    from giaoban.jobs.models import Job

    own = place.actor("own")
    return Job.objects.create(
        name="room.work", title="Việc", made_at=NOW, account_id=own.account_id, position_id=own.position_id
    ).pk


def workbooks_values(place: Place) -> dict[str, object]:
    """A workbook handed up with a fault in it, and workbooks made of a round."""
    from giaoban.indicators.models import Report, Round
    from giaoban.workbooks import actions

    found = indicators_values(place)
    own = {"by": place.actor("own"), "at": NOW, "on": TODAY}
    report = Report.objects.select_related("round", "sheet").get(pk=found["report_id"])
    content = actions.workbook_of(**own, report=report)[1]
    upload = actions.receive(**own, name="so.xlsx", content=content)
    package = actions.ask_to_make(**own, round=Round.objects.get(pk=report.round_id), together=True)
    return found | {"upload_id": upload.pk, "package_id": package.pk}


def desk_values(place: Place) -> dict[str, object]:
    from giaoban.indicators import actions

    system = {"by": SYSTEM, "at": NOW}
    actions.define_element(**system, code="lop", name="Lớp", unit="lớp", stock=True)
    actions.define_indicator(
        **system, code="so_lop", name="Số lớp", unit="lớp", expression="lop", start=REFORM, places=0
    )
    plan = actions.set_target(
        **system, indicator="so_lop", unit_id=place.world["binh_minh"], period_code="2025-2026.HK1", value=20
    )
    values = documents_values(place)
    return values | {
        "unit_id": place.world["binh_minh"],
        "target_id": plan.pk,
        "quoted_id": quoted_figure(place, values["document_id"]),
        "token": half_done_reading(place),
    }


def half_done_reading(place: Place) -> str:
    """A text that people of xã Bình Minh are reading."""
    from giaoban.documents import readings

    opened = readings.Opened("Giao các trường báo cáo trước ngày 15/3/2026.")
    return readings.keep(by=place.actor("own"), at=NOW, on=TODAY, opened=opened).token


def quoted_figure(place: Place, document_id: object) -> int:
    """A figure of the document, attached."""
    from fractions import Fraction

    from giaoban.documents import quoted
    from giaoban.documents.models import Document

    document = Document.objects.get(pk=document_id)
    figure = quoted.Figure(
        0, 4, document.text[:4], place.world["binh_minh"], "2025-2026.HK1", Fraction(20), indicator="so_lop"
    )
    return quoted.attach(by=place.actor("own"), at=NOW, document=document, figure=figure).pk


def intake_values(place: Place) -> dict[str, object]:
    """A table taken in by the office of xã Bình Minh, and how it is read."""
    from giaoban.intake import actions

    own = {"by": place.actor("own"), "at": NOW}
    content = b"ma_truong,so_lop\n99001002,10\n"
    intake = actions.begin(**own, name="truong.csv", content=content)
    layout = actions.keep_layout(**own, intake=intake, name="Danh sách trường")
    return {"intake_id": intake.pk, "layout_id": layout.pk}


MAKERS: dict[str, Callable[[Place], dict[str, object]]] = {
    "people": people_values,
    "orgs": orgs_values,
    "notices": notices_values,
    "documents": documents_values,
    "indicators": indicators_values,
    "work": work_values,
    "desk": lambda place: desk_values(place) | {"job_id": job(place)},
    "reports": reports_values,
    "reforms": reforms_values,
    "workbooks": workbooks_values,
    "intake": intake_values,
    "quick": quick_values,
}

OWNERS = dict.fromkeys(
    ["people", "reforms", "notices"], "own.administrator"
)  # whose objects these are, where it is not "own"
