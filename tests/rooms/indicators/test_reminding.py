"""Reminders before the due day, the level above told after it, by the daily command; the text and the picture."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable
from datetime import date, time

import pytest
from django.core.management import call_command
from PIL import Image

from giaoban.core import calendar
from giaoban.files import pictures
from giaoban.indicators import actions
from giaoban.indicators.actions.reminding import chains_above
from giaoban.indicators.actions.rounds import late_picture, reminder_text
from giaoban.indicators.models import Escalation, Reminder, Report, Round
from giaoban.indicators.queries import rounds
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.notices.models import Message
from tests.rooms.indicators.place import CHECK, DUE, OPENED, Place, at

WORK = calendar.vietnam(2026)
Run = Callable[[date], tuple[int, int]]


def day(n: int) -> date:
    """So many working days after (before) the due day, Monday 19/01/2026."""
    return calendar.add_working_days(DUE, n, WORK) if n else DUE


@pytest.fixture
def round(place: Place) -> Round:
    return place.open(remind_before=[1, 3], escalate_after=[1, 3])


def run(on: date, hour: int = 7) -> tuple[int, int]:
    told = actions.remind_rounds(by=SYSTEM, at=at(on, hour), on=on)
    return told.reminded, told.escalated


def subjects(place: Place, who: str) -> list[str]:
    found = Message.objects.filter(position=place.actors[who].position_id).order_by("pk")
    return list(found.values_list("subject", flat=True))


def test_three_working_days_before_and_one_before(place: Place, round: Round) -> None:
    assert day(-3) == date(2026, 1, 14) and day(-1) == date(2026, 1, 16)
    assert run(date(2026, 1, 13)) == (0, 0)
    assert run(day(-3)) == (3, 0)
    assert run(day(-2)) == (0, 0)
    place.hand_in(round, "na_hoi", on=day(-2))
    assert run(day(-1)) == (2, 0)
    assert run(DUE) == (0, 0), "on the day itself nothing more"
    assert subjects(place, "ban_pho_typist")[-1].startswith(("Còn 1 ngày làm việc", "1 working day left"))


def test_run_again_the_same_day_it_does_nothing(place: Place, round: Round) -> None:
    run(day(-3))
    before = Message.objects.count(), Event.objects.count(), Reminder.objects.count()
    assert run(day(-3), 15) == (0, 0)
    assert (Message.objects.count(), Event.objects.count(), Reminder.objects.count()) == before


def test_a_day_nobody_ran_it_is_made_up_for(place: Place, round: Round) -> None:
    assert run(day(-2)) == (3, 0)
    assert run(day(-1)) == (3, 0)


def test_a_person_who_reminded_today_is_not_doubled(place: Place, round: Round) -> None:
    Reminder.objects.create(report=place.report(round, "na_hoi"), day=day(-1), at=at(day(-1)), actor_name="Ai đó")
    assert run(day(-1)) == (2, 0)


def test_the_commune_is_told_first_then_the_so(place: Place, round: Round) -> None:
    assert run(DUE) == (3, 0), "the reminder of the day before is made up for"
    assert run(day(1)) == (0, 3)
    last = Message.objects.filter(position=place.actors["officer"].position_id).latest("pk")
    assert last.subject.startswith(("3 đơn vị chưa nộp", "3 units have not")) and "Na Hối" in last.body
    assert "Na Hối" in last.text_to_paste and last.link.endswith(f"/dot/{round.pk}/nhac/")
    assert not any("3 đơn vị" in one for one in subjects(place, "so_officer"))
    assert run(day(2)) == (0, 0)
    place.hand_in(round, "na_hoi", on=day(2))
    assert run(day(3)) == (0, 2)
    assert "Na Hối" not in Message.objects.filter(position=place.actors["so_officer"].position_id).latest("pk").body
    assert run(day(3), 15) == (0, 0) and run(day(5)) == (0, 0)
    assert set(Escalation.objects.filter(day=day(3)).values_list("unit_id", flat=True)) == {place.unit("so")}


def test_a_school_of_the_so_is_told_to_the_so_alone(place: Place) -> None:
    assert chains_above([place.unit("thpt")], DUE) == {place.unit("thpt"): [place.unit("so")]}
    assert chains_above([place.unit("na_hoi")], DUE)[place.unit("na_hoi")] == [place.unit("bac_ha"), place.unit("so")]


def test_what_was_sent_back_is_reminded_of_by_its_own_day(place: Place, round: Round) -> None:
    for school in ("ban_pho", "thai_giang"):
        place.hand_in(round, school)
    again = place.give_back(place.hand_in(round, "na_hoi"))
    assert again.due_on > CHECK
    assert run(calendar.add_working_days(again.due_on, -1, WORK)) == (1, 0)
    assert run(calendar.add_working_days(again.due_on, 1, WORK)) == (0, 1)


def test_a_round_that_does_not_remind_by_itself_and_a_locked_one_are_left_alone(place: Place) -> None:
    place.open(kinds=["primary"])
    locked = place.open(kinds=["lower_secondary"], remind_before=[1], escalate_after=[1])
    actions.lock_round(by=place.actors["officer"], at=at(OPENED), on=OPENED, round_id=locked.pk, reason="Thử")
    assert run(day(-1)) == (0, 0) and run(day(1)) == (0, 0)


def test_the_hour_decides_on_the_day(place: Place) -> None:
    place.open(due_time=time(10), remind_before=[1], escalate_after=[1])
    assert run(DUE, 11) == (0, 0), "past its hour there is nothing to remind of; a working day must pass to escalate"
    assert run(day(1)) == (0, 3)


def test_the_daily_command(place: Place, round: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    from giaoban.indicators.management.commands import remind_rounds

    monkeypatch.setattr(remind_rounds, "now", lambda: at(day(-1)))
    out = io.StringIO()
    call_command("remind_rounds", stdout=out)
    assert "3" in out.getvalue() and Reminder.objects.count() == 3


# The text and the picture


def late_of(round: Round, on: date) -> list[Report]:
    return list(rounds.late(round.pk, on))


def test_the_picture_names_the_round_the_day_and_the_late(place: Place, round: Round) -> None:
    late = late_of(round, CHECK)
    drawn = late_picture(round, late, CHECK, at(CHECK, 14))
    assert drawn.title == "Báo cáo học kỳ" and "Học kỳ I" in drawn.subtitle and "19/01/2026" in drawn.subtitle
    assert drawn.groups[0].lines == [
        "Trường THCS Thải Giàng", "Trường Tiểu học Bản Phố", "Trường Tiểu học Na Hối",
    ]  # fmt: skip
    assert "14:00 22/01/2026" in drawn.foot
    assert all(line in reminder_text(round, late, CHECK) for line in drawn.groups[0].lines)


def test_the_picture_is_a_png_fit_for_a_phone(place: Place, round: Round) -> None:
    drawn = late_picture(round, late_of(round, CHECK), CHECK, at(CHECK))
    content = pictures.png(drawn)
    image = Image.open(io.BytesIO(content))
    assert image.format == "PNG" and image.width == 1080 and 300 < image.height < 1400
    assert len(content) < 150_000 and pictures.png(drawn) == content


def test_every_vietnamese_letter_has_its_glyph() -> None:
    base = "aăâeêioôơuưyAĂÂEÊIOÔƠUƯYđĐ"
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = {unicodedata.normalize("NFC", letter + mark) for letter in base[:-2] for mark in marks} | set(base[-2:])
    for weight, size in (("Regular", 30), ("Bold", 42), ("SemiBold", 34), ("Medium", 32)):
        font = pictures._font(weight, size)
        absent = font.getmask("\U000f0000").getbbox()
        unknown = bytes(font.getmask("\U000f0000"))
        for letter in letters:
            assert len(letter) == 1
            mask = font.getmask(letter)
            assert mask.getbbox() and (mask.getbbox() != absent or bytes(mask) != unknown), letter


def test_long_names_wrap_and_many_stand_in_two_columns() -> None:
    font = pictures._font("Regular", 30)
    name = "Trường Phổ thông dân tộc bán trú Tiểu học và Trung học cơ sở Hoàng Thu Phố số 2 huyện cũ"
    lines = pictures.wrapped(name, 400, font)
    assert " ".join(lines) == name and all(font.getlength(line) <= 400 for line in lines)
    assert "".join(pictures.wrapped("x" * 200, 300, font)) == "x" * 200
    few = pictures.ListPicture("A", "B", [pictures.Group("C", [f"Trường số {n}" for n in range(11)])])
    many = pictures.ListPicture("A", "B", [pictures.Group("C", [f"Trường số {n}" for n in range(22)])])
    tall, wide = (Image.open(io.BytesIO(pictures.png(one))).height for one in (few, many))
    assert wide < tall * 1.3
