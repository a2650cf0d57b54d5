"""Mail beside the inbox: who gets it, that it says no figure, that it is tried again, and that none means none."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import LazySettings
from django.urls import reverse

from giaoban.jobs import registry, working
from giaoban.jobs.models import Job
from giaoban.journal.actor import SYSTEM
from giaoban.notices import actions, mail
from giaoban.notices.models import Mail, Message
from giaoban.people.models import Account
from tests.rooms.people.office import Office
from tests.world import NOW

SYSTEMS = {"by": SYSTEM, "at": NOW}
HEAD = "ht.tieuhoc"


class Server(socketserver.ThreadingTCPServer):
    """A mail server of a few lines: keeps what it takes; answers receivers as told."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.taken: list[EmailMessage] = []
        self.answer: Callable[[str], str] = lambda receiver: "250 ok"


class Talk(socketserver.StreamRequestHandler):
    server: Server

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            word = line.split(" ")[0].upper()
            if word == "RCPT":
                self.say(self.server.answer(line))
            elif word == "DATA":
                self.say("354 go on")
                lines = []
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    lines.append(part)
                self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")


@pytest.fixture
def server(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(registry._Plug, "clock", staticmethod(lambda: NOW))
    with Server() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        settings.SMTP = f"127.0.0.1:{made.server_address[1]}"
        settings.MAIL_PAUSES = (0, 0)
        settings.MAIL_FROM = "giaoban@tinhmau.example"
        settings.SITE = "https://giaoban.example"
        yield made
        made.shutdown()


@pytest.fixture
def addressed(office: Office) -> Office:
    Account.objects.filter(pk=office.account[HEAD].pk).update(email="ht@truong.example")
    return office


def tell(office: Office, **changes: object) -> list[Message]:
    given = {
        "to_unit": office.unit("tieu_hoc"), "verb_of_receiver": "figure.submit", "link": "/so-lieu/cua-toi/",
        "subject": "Báo cáo bị trả lại", "body": "Ô học sinh: 510, không phải 500.",
    }  # fmt: skip
    return actions.send(**SYSTEMS, **(given | changes))


def hand_over() -> None:
    """What the worker does."""
    for job in Job.objects.filter(name=mail.JOB, state="waiting"):
        working.perform(job.pk)


def test_without_a_mail_server_nothing_is_written_and_nobody_is_called(
    addressed: Office, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SMTP = ""

    def called(*_: object, **__: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", called)
    tell(addressed)
    assert not Mail.objects.exists() and not Job.objects.filter(name=mail.JOB).exists()
    assert actions.send_waiting_mail(**SYSTEMS) == 0
    assert mail.send_waiting(lambda: NOW, lambda n, of: None) == (0, 0)


def test_it_says_that_something_waits_and_no_figure(addressed: Office, server: Server) -> None:
    tell(addressed)
    hand_over()
    (made,) = server.taken
    assert made["To"] == "ht@truong.example" and made["Subject"] == "Báo cáo bị trả lại"
    assert made["From"] == "giaoban@tinhmau.example" and made["Auto-Submitted"] == "auto-generated"
    text = made.get_content()
    assert made.get_content_type() == "text/plain"
    assert "https://giaoban.example/so-lieu/cua-toi/" in text and "510" not in text and "500" not in text
    row = Mail.objects.get()
    assert row.state == "sent" and row.sent_at is not None and row.attempts == 1


def test_only_who_has_an_address_and_sits_there_gets_one(addressed: Office, server: Server) -> None:
    tell(addressed, to_unit=addressed.unit("binh_minh"), verb_of_receiver="task.report")
    assert not Mail.objects.exists(), "nobody there has an address"
    tell(addressed)
    assert [row.account_id for row in Mail.objects.all()] == [addressed.account[HEAD].pk]
    Account.objects.filter(pk=addressed.account[HEAD].pk).update(is_active=False)
    tell(addressed)
    assert Mail.objects.count() == 1


def test_a_person_switches_it_off_and_on(addressed: Office, server: Server) -> None:
    client = addressed.client(HEAD)
    assert "ht@truong.example" in client.get(reverse("notices:settings")).content.decode()
    client.post(reverse("notices:mail"), {"rhythm": "none"})
    tell(addressed)
    assert not Mail.objects.exists() and mail.rhythm_of(addressed.account[HEAD]) == "none"
    client.post(reverse("notices:mail"), {"rhythm": "at_once"})
    tell(addressed)
    assert Mail.objects.count() == 1


def test_a_server_that_stays_away_is_tried_again_and_nothing_is_lost(
    addressed: Office, server: Server, settings: LazySettings
) -> None:
    there = settings.SMTP
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        settings.SMTP = f"127.0.0.1:{closed.getsockname()[1]}"
        tell(addressed)
        hand_over()
    row = Mail.objects.get()
    assert row.state == "waiting" and row.attempts == 3 and row.words and not server.taken
    settings.SMTP = there
    assert actions.send_waiting_mail(**SYSTEMS) == 1
    hand_over()
    assert len(server.taken) == 1 and Mail.objects.get().state == "sent"
    assert actions.send_waiting_mail(**SYSTEMS) == 0


def test_an_address_refused_for_good_is_given_up_and_stops_no_other(addressed: Office, server: Server) -> None:
    Account.objects.filter(pk=addressed.account["ct.binhminh"].pk).update(email="ct@xa.example")
    server.answer = lambda line: "550 nobody here" if "ht@truong" in line else "250 ok"
    tell(addressed)
    actions.send(**SYSTEMS, to_position=addressed.seat["ct.binhminh"], subject="Cho Chủ tịch")
    hand_over()
    states = dict(Mail.objects.values_list("address", "state"))
    assert states == {"ht@truong.example": "failed", "ct@xa.example": "sent"}
    assert "550" in Mail.objects.get(state="failed").words


def test_asked_to_wait_it_waits_and_gives_up_after_some_attempts(addressed: Office, server: Server) -> None:
    server.answer = lambda line: "450 later"
    tell(addressed)
    for _ in range(mail.ATTEMPTS + 1):
        actions.send_waiting_mail(**SYSTEMS)
        hand_over()
    row = Mail.objects.get()
    assert row.state == "failed" and row.attempts == mail.ATTEMPTS and not server.taken


def test_done_twice_it_is_sent_once(addressed: Office, server: Server) -> None:
    tell(addressed)
    hand_over()
    assert mail.send_waiting(lambda: NOW, lambda n, of: None) == (0, 0)
    assert len(server.taken) == 1


def test_a_line_break_in_a_subject_makes_no_header(addressed: Office, server: Server) -> None:
    tell(addressed, subject="Báo cáo\r\nBcc: ai@khac.example")
    hand_over()
    assert server.taken[0]["Bcc"] is None and server.taken[0]["Subject"].startswith("Báo cáo Bcc")
