"""Mail beside the inbox: who gets it, what it says, and the handing over to the mail server in a job.

Without GIAOBAN_SMTP nothing is written and no connection is made. A mail says that something waits and where to read
it; words of people and figures stay inside, since mail lies on other servers.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from giaoban.notices.models import Mail, MailChoice, MailState, Message
from giaoban.people.models import Account, Holding
from giaoban.people.queries import valid_on

ATTEMPTS = 6
TIMEOUT = 20  # seconds the mail server has for each answer
JOB = "notices.mail"


def is_on() -> bool:
    """Whether this house sends mail at all."""
    return bool(settings.SMTP)


def wants(account: Account) -> bool:
    """Whether the person takes mail; they do until they say otherwise."""
    return not MailChoice.objects.filter(account=account, wanted=False).exists()


def choose(account_id: int, wanted: bool, at: datetime) -> None:
    MailChoice.objects.update_or_create(account_id=account_id, defaults={"wanted": wanted, "at": at})


def queue(messages: Sequence[Message], at: datetime) -> list[Mail]:
    """A mail to everybody with an address who reads one of the messages; none where the house sends none."""
    if not is_on():
        return []
    receivers = _receivers(messages, timezone.localdate(at))
    return Mail.objects.bulk_create(
        Mail(message=message, account_id=account, address=address, at=at)
        for message in messages
        for account, address in receivers.get(message.pk, ())
    )


def _receivers(messages: Iterable[Message], on: date) -> dict[int, list[tuple[int, str]]]:
    """{message: (account, address)}: who sits in the position on the day, or the account it was sent to."""
    rows = list(messages)
    positions = {row.position_id for row in rows if row.position_id}
    sitting: dict[int, set[int]] = {}
    held = Holding.objects.filter(valid_on(on), position__in=positions, account__is_active=True)
    for position, account in held.values_list("position_id", "account_id"):
        sitting.setdefault(position, set()).add(account)
    wanted = {account for found in sitting.values() for account in found} | {row.account_id for row in rows}
    addresses = dict(
        Account.objects.filter(pk__in=wanted - {None}, is_active=True)
        .exclude(email="")
        .exclude(Q(mailchoice__wanted=False))
        .values_list("pk", "email")
    )
    return {
        row.pk: [
            (account, addresses[account])
            for account in sorted(sitting.get(row.position_id or 0, set()) | ({row.account_id} - {None}))
            if account in addresses
        ]
        for row in rows
    }


# What it says


def letter(mail: Mail) -> EmailMessage:
    """Subject and a link, in plain text."""
    made = EmailMessage()
    made["Subject"] = " ".join(mail.message.subject.split())
    made["From"] = settings.MAIL_FROM
    made["To"] = mail.address
    made["Date"] = format_datetime(mail.at)
    made["Message-ID"] = make_msgid(f"giaoban.{mail.pk}", domain=settings.MAIL_FROM.rpartition("@")[2] or "localhost")
    made["Auto-Submitted"] = "auto-generated"
    where = f"{settings.SITE}{mail.message.link or '/thong-bao/'}" if settings.SITE else ""
    lines = [mail.message.subject, ""]
    lines.append(_("Open Giao Ban to read it: %(link)s") % {"link": where} if where else _("Open Giao Ban to read it."))
    lines += ["", _("Sent by the system; please do not answer. You can switch mail off under Notices.")]
    made.set_content("\n".join(lines))
    return made


# Handing over


class NotSent(Exception):
    """The mail server could not be reached or wants to be asked again later."""


def send_waiting(now: Callable[[], datetime], told: Callable[[int, int], None]) -> tuple[int, int]:
    """Hand over what waits, in one connection: (sent, given up). Raises NotSent when the rest must wait."""
    sent = failed = 0
    waiting = list(Mail.objects.filter(state=MailState.WAITING).select_related("message").order_by("pk")[:500])
    if not waiting or not is_on():
        return 0, 0
    try:
        with _server() as server:
            for number, mail in enumerate(waiting, start=1):
                outcome = _hand_over(server, mail, now())
                sent += outcome is True
                failed += outcome is False
                told(number, len(waiting))
    except (OSError, smtplib.SMTPException) as problem:
        _note(waiting, str(problem), now())
        raise NotSent(str(problem)) from problem
    return sent, failed


def _server() -> smtplib.SMTP:
    host, _colon, port = settings.SMTP.rpartition(":")
    server = smtplib.SMTP(host or settings.SMTP, int(port) if host else 25, timeout=TIMEOUT)
    server.ehlo()
    if server.has_extn("starttls"):
        server.starttls()
        server.ehlo()
    if settings.SMTP_USER:
        server.login(settings.SMTP_USER, settings.SMTP_PASSWORD)
    return server


def _hand_over(server: smtplib.SMTP, mail: Mail, at: datetime) -> bool | None:
    """True sent, False refused for good, None asked to wait. Marked sent only after the server has taken it."""
    try:
        server.send_message(letter(mail))
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _refused(mail, code, words, at)
    except smtplib.SMTPResponseException as refused:
        return _refused(mail, refused.smtp_code, refused.smtp_error, at)
    Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=at, attempts=mail.attempts + 1, words="")
    return True


def _refused(mail: Mail, code: int, words: bytes | str, at: datetime) -> bool | None:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    _note([mail], f"{code} {said}", at, for_good=code >= 500)
    return False if code >= 500 else None


def _note(mails: Iterable[Mail], words: str, at: datetime, *, for_good: bool = False) -> None:
    """Count the attempt of those that still wait; after some, give up."""
    for mail in mails:
        attempts = mail.attempts + 1
        state = MailState.FAILED if for_good or attempts >= ATTEMPTS else MailState.WAITING
        Mail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(
            state=state, attempts=attempts, words=words[:300]
        )
