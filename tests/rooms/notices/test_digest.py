"""Mail gathered by the day or the week: nothing lost, nothing double; and lists told in one message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.urls import reverse

from giaoban.core.refusal import NotAllowed
from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions, jobs, mail
from giaoban.notices.actions import Group, Receiver, Row
from giaoban.notices.models import Gathered, Mail, MailChoice, Message
from giaoban.people.models import Account
from tests.rooms.notices.test_mail import HEAD, SYSTEMS, Server, addressed, hand_over, server, tell
from tests.rooms.people.office import Office
from tests.world import NOW

__all__ = ["addressed", "server"]  # fixtures
DAY = timedelta(days=1)  # NOW is a Thursday


def choose(office: Office, rhythm: str) -> None:
    actions.choose_mail(by=office.actor(HEAD), at=NOW, rhythm=rhythm)


def test_daily_mail_goes_as_one_letter_once_a_day(addressed: Office, server: Server) -> None:
    choose(addressed, "daily")
    tell(addressed, subject="Một")
    tell(addressed, subject="Hai", link="/viec/7/")
    hand_over()
    assert not server.taken, "held"
    assert actions.release_mail(**SYSTEMS) == 1
    tell(addressed, subject="Lần thứ ba")
    assert actions.release_mail(**SYSTEMS) == 0, "its letter of the day is made"
    actions.send_waiting_mail(**SYSTEMS)
    hand_over()
    (made,) = server.taken
    assert made["Subject"] == "2 thông báo đang chờ trong Giao Ban"
    text = made.get_content()
    assert "Một" in text and "Hai" in text and "https://giaoban.example/viec/7/" in text and "thứ ba" not in text
    assert sorted(Mail.objects.values_list("state", flat=True)) == ["held", "sent", "sent"]
    assert mail.release((NOW + DAY).date()) == 1


def test_on_a_day_off_nothing_goes_and_the_next_makes_up_for_it(addressed: Office, server: Server) -> None:
    choose(addressed, "daily")
    tell(addressed)
    saturday = (NOW + 2 * DAY).date()
    assert mail.release(saturday) == 0
    assert mail.release(saturday + 2 * DAY) == 1


def test_weekly_mail_goes_with_the_first_run_of_a_week(addressed: Office, server: Server) -> None:
    choose(addressed, "weekly")
    tell(addressed)
    thursday = NOW.date()
    assert mail.release(thursday) == 1, "no letter this week yet"
    tell(addressed)
    assert mail.release(thursday + DAY) == 0
    assert mail.release(thursday + 4 * DAY) == 1


def test_a_letter_that_is_put_off_keeps_all_it_holds_and_its_number(addressed: Office, server: Server) -> None:
    choose(addressed, "daily")
    for _ in range(3):
        tell(addressed)
    actions.release_mail(**SYSTEMS)
    server.answer = lambda line: "450 later"
    actions.send_waiting_mail(**SYSTEMS)
    hand_over()
    assert list(Mail.objects.values_list("state", "attempts").distinct()) == [("waiting", 1)]
    server.answer = lambda line: "250 ok"
    waiting = list(Mail.objects.order_by("pk"))
    number = mail.letter(waiting)["Message-ID"]
    actions.send_waiting_mail(**SYSTEMS)
    hand_over()
    assert [made["Message-ID"] for made in server.taken] == [number]
    assert set(Mail.objects.values_list("state", flat=True)) == {"sent"}


def test_a_change_of_mind_lets_held_mail_go_or_drops_it(addressed: Office, server: Server) -> None:
    choose(addressed, "weekly")
    tell(addressed)
    choose(addressed, "at_once")
    hand_over()
    assert len(server.taken) == 1
    choose(addressed, "daily")
    tell(addressed)
    choose(addressed, "none")
    tell(addressed)
    assert not Mail.objects.exclude(state="sent").exists()
    assert Message.objects.count() == 3, "in the application nothing is lost"


def test_an_unreachable_server_is_waited_for_a_week(addressed: Office, server: Server, settings: LazySettings) -> None:
    settings.SMTP = "127.0.0.1:1"
    tell(addressed)
    for _ in range(mail.ATTEMPTS + 3):
        with pytest.raises(mail.NotSent):
            mail.send_waiting(lambda: NOW + DAY, lambda n, of: None)
    assert Mail.objects.get().state == "waiting"
    with pytest.raises(mail.NotSent):
        mail.send_waiting(lambda: NOW + 8 * DAY, lambda n, of: None)
    assert Mail.objects.get().state == "failed"


def test_the_worker_takes_up_mail_that_nobody_is_about(addressed: Office, server: Server) -> None:
    from giaoban.jobs.models import Job

    tell(addressed)
    Job.objects.all().delete()  # the job was lost with its worker
    jobs.look_after_mail()
    jobs.look_after_mail()
    assert Job.objects.filter(name=mail.JOB).count() == 1
    hand_over()
    assert len(server.taken) == 1


def test_one_chooses_on_a_page(addressed: Office, server: Server) -> None:
    browser = addressed.client(HEAD)
    page = browser.get(reverse("notices:settings")).content.decode()
    assert "ht@truong.example" in page and 'value="weekly"' in page
    browser.post(reverse("notices:mail"), {"rhythm": "weekly"})
    assert mail.rhythm_of(addressed.account[HEAD]) == "weekly"
    assert browser.post(reverse("notices:mail"), {"rhythm": "hourly"}).status_code == 409
    assert MailChoice.objects.get().rhythm == "weekly"


def test_only_the_system_lets_gathered_mail_go(addressed: Office) -> None:
    with pytest.raises(NotAllowed):
        actions.release_mail(by=addressed.actor(HEAD), at=NOW)


# Lists in one message


def row(number: int, note: str = "hạn 29/01/2026, đến hạn hôm nay") -> Row:
    return Row(f"Việc bí mật {number}", f"/viec/{number}/", note, f"today:{number}")


def gather(office: Office, *rows: Row, at: object = NOW) -> Message | None:
    return actions.gather(
        by=SYSTEM, at=at, to=Receiver(position_id=office.seat[HEAD].pk), subject="Nhắc việc: 2 đến hạn hôm nay",
        groups=[Group("Đến hạn hôm nay", rows)], link="/viec/nhac/", repeat_after=5,
    )  # fmt: skip


def test_a_mail_of_a_list_has_days_and_links_and_no_words_of_people(addressed: Office, server: Server) -> None:
    message = gather(addressed, row(1), row(2))
    hand_over()
    text = server.taken[0].get_content()
    assert "Đến hạn hôm nay: 2" in text
    assert "- hạn 29/01/2026, đến hạn hôm nay: https://giaoban.example/viec/2/" in text
    assert "https://giaoban.example/viec/nhac/" in text and "bí mật" not in text
    page = addressed.client(HEAD).get(reverse("notices:message", args=[message.pk])).content.decode()
    assert '<a href="/viec/1/">Việc bí mật 1</a>' in page


def test_a_list_is_told_when_something_new_is_in_it(office: Office) -> None:
    assert gather(office, row(1), row(2))
    assert gather(office, row(1), row(2), row(3)) is None, "once a day"
    assert gather(office, row(1), at=NOW + DAY) is None, "less is nothing new"
    assert gather(office, row(1), row(9), at=NOW + DAY)
    assert gather(office, row(1), row(9), at=NOW + 7 * DAY) is None, "the fourth working day"
    assert gather(office, row(1), row(9), at=NOW + 8 * DAY), "the fifth"
    assert gather(office, at=NOW + 9 * DAY) is None, "an empty list is no list"
    assert Gathered.objects.count() == Message.objects.count() == 3


def test_two_runs_at_the_same_moment_tell_it_once(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    gather(office, row(1))
    monkeypatch.setattr("giaoban.notices.actions.gathering.last_of", lambda to: None)
    assert gather(office, row(1)) is None
    assert Message.objects.count() == 1
    assert Account.objects.exists()
