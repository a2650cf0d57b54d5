"""The office of UBND xã Bảo Thắng in January 2026: documents noted, the week, the programme, what schools ask."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from django.utils import timezone

from giaoban.demo import cast
from giaoban.demo.briefing import units_of
from giaoban.demo.play import Tell, moment
from giaoban.demo.story import DATA, story
from giaoban.documents import actions as documents
from giaoban.indicators import actions as indicators
from giaoban.people.models import Position
from giaoban.work.actions import difficulties, noting, programme, requests, week
from giaoban.work.models import Contribution, Facility, Meeting

STORY = story()
SCRIPT = tomllib.loads((DATA / "office.toml").read_text(encoding="utf-8"))
MONDAY = date(2026, 1, 26)
CODE = "02905"
SHARED, SHARED_PERIOD = "so_truong_chuan_quoc_gia", "2025-2026.HK1"


def note_documents(tell: Tell) -> None:
    """One has become a task, one waits for the chair's note, one for the chief of office's proposal."""
    here = cast.commune(CODE).pk
    for number, one in enumerate(SCRIPT["document"]):
        day = one["issued"] + timedelta(days=1)
        at = moment(day.year, day.month, day.day, 8, 10 * number)
        line = documents.register(
            by=cast.acts("vt.baothang", at), at=at, owner_id=here, direction="IN", symbol=one["symbol"],
            subject=one["subject"], issued_on=one["issued"], issuer_id=cast.department().pk, signer="Trần Thị Họa",
            received_on=day,
        )  # fmt: skip
        if "proposal" not in one:
            continue
        lead, partners = units_of(one["lead"])[0], units_of(one["partners"])
        at += timedelta(hours=1)
        documents.propose(
            by=cast.acts("cvp.baothang", at), at=at, document=line, unit_id=here, proposal=one["proposal"],
            lead_id=lead, partner_ids=partners, due_text=one["due"],
        )  # fmt: skip
        if "opinion" in one:
            at += timedelta(hours=2)
            noting.note(
                by=cast.acts("ct.baothang", at), at=at, document=line, unit_id=here, opinion=one["opinion"],
                lead_id=lead, partner_ids=partners, due=one["due"],
            )  # fmt: skip


def keep_the_week(tell: Tell) -> None:
    """The week of the demonstration is approved; in the next one two meetings want the same room."""
    here, at = cast.commune(CODE).pk, moment(2026, 1, 23, 15)
    chief = cast.acts("cvp.baothang", at)
    lent = {
        one["name"]: week.lend(by=chief, at=at, unit_id=here, kind=one["kind"], name=one["name"], seats=one["seats"])
        for one in SCRIPT["facility"]
    }
    for one in SCRIPT["engagement"]:
        _enter(here, one, lent, at)
    week.approve_week(by=chief, at=moment(2026, 1, 23, 17), unit_id=here, monday=MONDAY)


def _enter(here: int, one: dict[str, Any], lent: dict[str, Facility], at: datetime) -> None:
    begins = timezone.make_aware(datetime.combine(MONDAY + timedelta(days=one["day"]), time(one["from"])))
    chair = Position.objects.get(holdings__account__username="ct.baothang")
    room, car = lent.get(one.get("room", "")), lent.get(one.get("car", ""))
    week.enter(
        by=cast.acts("cvp.baothang", at),
        at=at,
        unit_id=here,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=one["minutes"]),
        subject=one["subject"],
        chair_id=None if "chair_text" in one else chair.pk,
        attendant_ids=[chair.pk] if "chair_text" in one else [],
        meeting=Meeting.objects.get(unit_id=here, kind="so_ket") if "meeting" in one else None,
        place=one.get("place", ""),
        preparing=one["preparing"],
        chair_text=one.get("chair_text", ""),
        room_id=room.pk if room else None,
        car_id=car.pk if car else None,
    )


def keep_the_programme(tell: Tell) -> None:
    """The programme of 2026; what is due in January binds."""
    here, at = cast.commune(CODE).pk, moment(2026, 1, 5)
    chief = cast.acts("cvp.baothang", at)
    for one in SCRIPT["programme"]:
        programme.put_in(
            by=chief, at=at, unit_id=here, title=one["title"], lead_id=units_of(one["lead"])[0], due_on=one["due"],
            kind=one["kind"], decided_by=one["decided_by"], partners_text=one.get("partners_text", ""),
        )  # fmt: skip
    at = moment(2026, 1, 6)
    programme.adopt_programme(by=cast.acts("ct.baothang", at), at=at, unit_id=here, year=2026, month=1)


def ask_and_answer(tell: Tell) -> None:
    """What was said at the semester review is not forgotten: a request answered, another waiting, a difficulty kept."""
    at = moment(2026, 1, 27, 11, 10)
    officer = cast.acts("cv.baothang", at)
    said = {one.kind: one for one in Contribution.objects.filter(meeting__kind="so_ket")}
    asked = requests.make_from_said(by=officer, at=at, contribution=said["PETITION"], due_on=date(2026, 2, 10))
    difficulties.note_said(
        by=officer, at=at, contribution=said["DIFFICULTY"], cause="Học sinh theo gia đình đi làm xa sau Tết dương lịch",
        measure="Đến từng gia đình vận động; báo giảm trường hợp đã chuyển nơi cư trú",
    )  # fmt: skip
    at = moment(2026, 1, 28, 10)
    requests.answer(
        by=cast.acts("ct.baothang", at), at=at, asked=asked,
        text="Đưa vào danh mục sửa chữa quý I/2026, Phòng Kinh tế khảo sát trước ngày 06/02/2026.",
    )  # fmt: skip
    school = next(one for one in STORY.schools if one.key == "02905:primary:1")
    requests.make(
        by=cast.acts("ht.tieuhoc", at), at=at, unit_id=cast.school_unit(school).pk, to_id=cast.commune(CODE).pk,
        text="Đề nghị bổ sung một nhân viên y tế trường học dùng chung cho hai điểm trường.",
        due_on=date(2026, 2, 20),
    )  # fmt: skip


def share_out_the_plan(tell: Tell) -> None:
    """The province plans how many schools reach the national standard and gives the communes parts; some is left."""
    at = moment(2025, 10, 2)
    by, above = cast.acts("pct.tinh", at), cast.province().pk
    parts = {cast.commune(one.code).pk: Fraction(_part(len(one.schools))) for one in STORY.communes}
    common = {"by": by, "at": at, "indicator": SHARED, "unit_id": above, "period_code": SHARED_PERIOD}
    indicators.set_target(
        **common, value=Fraction(sum(parts.values()) + 3), sentence="Số trường đạt chuẩn quốc gia theo kế hoạch năm học"
    )
    indicators.share_out(**common, parts=parts)


def _part(schools: int) -> int:
    """Two schools in three."""
    return schools * 2 // 3
