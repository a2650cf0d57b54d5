"""Mail beside the inbox: who gets it, what it says, and the handing over to the mail server in a job.

Without GIAOBAN_SMTP nothing is written and no connection is made. A mail says that something waits and where to read
it; words of people and figures stay inside, since mail lies on other servers.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.core import calendar
from giaoban.notices.models import Mail, MailChoice, MailState, Message, Rhythm
from giaoban.people.models import Account, Holding
from giaoban.people.queries import valid_on

ATTEMPTS = 6  # of a mail that the server itself puts off
PATIENCE = timedelta(days=7)  # with a server that cannot be reached
TIMEOUT = 20  # seconds the mail server has for each answer
LINES = 15  # of each heading of a gathered message
JOB = "notices.mail"


def is_on() -> bool:
    """Whether this house sends mail at all."""
    return bool(settings.SMTP)


def rhythm_of(account: Account) -> str:
    """How often the person takes mail: at_once, daily, weekly, or none."""
    found = MailChoice.objects.filter(account=account).first()
    if found is None:
        return Rhythm.AT_ONCE
    return found.rhythm if found.wanted else NONE


NONE = "none"
CHOICES = (*Rhythm.values, NONE)


def choose(account_id: int, rhythm: str, at: datetime) -> None:
    """From now on in this rhythm; what was held back for another one goes now, or not at all."""
    wanted = rhythm != NONE
    kept = {"wanted": wanted, "at": at} | ({"rhythm": Rhythm(rhythm).value} if wanted else {})
    MailChoice.objects.update_or_create(account_id=account_id, defaults=kept)
    held = Mail.objects.filter(account_id=account_id, state=MailState.HELD)
    if not wanted:
        held.delete()  # the messages themselves stay in the inbox
    elif rhythm == Rhythm.AT_ONCE:
        held.update(state=MailState.WAITING, bundle=f"{account_id}.{at:%Y-%m-%d.%H%M%S}")


def queue(messages: Sequence[Message], at: datetime) -> list[Mail]:
    """A mail to everybody with an address who reads one of the messages; none where the house sends none.

    Of those who take it daily or weekly it is held until `release`. What waits to go now is returned.
    """
    if not is_on():
        return []
    receivers = _receivers(messages, timezone.localdate(at))
    accounts = {account for found in receivers.values() for account, _address in found}
    gathering = set(
        MailChoice.objects.filter(account__in=accounts)
        .exclude(rhythm=Rhythm.AT_ONCE)
        .values_list("account_id", flat=True)
    )
    made = Mail.objects.bulk_create(
        Mail(
            message=message,
            account_id=account,
            address=address,
            at=at,
            state=MailState.HELD if account in gathering else MailState.WAITING,
        )
        for message in messages
        for account, address in receivers.get(message.pk, ())
    )
    return [mail for mail in made if mail.state == MailState.WAITING]


def release(on: date) -> int:
    """On a working day let what was held go: one bundle a person and day, or week; how many bundles.

    Run again the same day it finds their bundle made; a day on which nobody ran it is made up for by the next.
    """
    if not is_on() or not calendar.is_working_day(on, calendar.vietnam(on.year)):
        return 0
    monday = on - timedelta(days=on.weekday())
    made = 0
    for account, rhythm in (
        MailChoice.objects.filter(wanted=True, account__mails__state=MailState.HELD)
        .distinct()
        .values_list("account_id", "rhythm")
    ):
        mark = f"{account}.{monday}.w" if rhythm == Rhythm.WEEKLY else f"{account}.{on}.d"
        mine = Mail.objects.filter(account_id=account)
        if not mine.filter(bundle=mark).exists():
            made += bool(mine.filter(state=MailState.HELD).update(state=MailState.WAITING, bundle=mark))
    return made


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


def letter(mails: Sequence[Mail]) -> EmailMessage:
    """One mail, or a bundle as one: subjects and links, in plain text."""
    first = mails[0]
    domain = settings.MAIL_FROM.rpartition("@")[2] or "localhost"
    made = EmailMessage()
    made["Subject"] = _subject(mails)
    made["From"] = settings.MAIL_FROM
    made["To"] = first.address
    made["Date"] = format_datetime(max(mail.at for mail in mails))
    made["Message-ID"] = f"<giaoban.{first.pk}@{domain}>"  # the same when it has to be sent again
    made["Auto-Submitted"] = "auto-generated"
    lines = []
    for mail in mails:
        lines += [mail.message.subject, "", *_outline(mail.message), ""]
    lines += [_("Sent by the system; please do not answer. You can switch mail off under Notices.")]
    made.set_content("\n".join(lines))
    return made


def _subject(mails: Sequence[Mail]) -> str:
    if len(mails) == 1:
        return " ".join(mails[0].message.subject.split())
    words = ngettext("%(n)s message waits in Giao Ban", "%(n)s messages wait in Giao Ban", len(mails))
    return words % {"n": len(mails)}


def _outline(message: Message) -> list[str]:
    """Where to read it; of a gathered message how much stands under each heading, with the dates and their links."""
    lines = []
    for group in message.groups if settings.SITE else []:
        lines.append(f"{group['head']}: {len(group['rows'])}")
        lines += [f"- {row['note']}: {settings.SITE}{row['link']}" for row in group["rows"][:LINES]]
        if len(group["rows"]) > LINES:
            lines.append("- …")
    where = f"{settings.SITE}{message.link or '/thong-bao/'}" if settings.SITE else ""
    lines.append(_("Open Giao Ban to read it: %(link)s") % {"link": where} if where else _("Open Giao Ban to read it."))
    return lines


# Handing over


class NotSent(Exception):
    """The mail server could not be reached or wants to be asked again later."""


def send_waiting(now: Callable[[], datetime], told: Callable[[int, int], None]) -> tuple[int, int]:
    """Hand over what waits, in one connection: (sent, given up). Raises NotSent when the rest must wait."""
    sent = failed = 0
    if not is_on():
        return 0, 0
    waiting = _waiting()
    letters = _letters(waiting)
    if not letters:
        return 0, 0
    try:
        with _server() as server:
            for number, mails in enumerate(letters, start=1):
                outcome = _hand_over(server, mails, now())
                sent += outcome is True
                failed += outcome is False
                told(number, len(letters))
    except (OSError, smtplib.SMTPException) as problem:
        _note(waiting, str(problem), now(), unreachable=True)
        raise NotSent(str(problem)) from problem
    return sent, failed


def _waiting() -> list[Mail]:
    """The next few hundred, bundles whole."""
    rows = Mail.objects.filter(state=MailState.WAITING).select_related("message").order_by("pk")
    found = list(rows[:500])
    bundles = {mail.bundle for mail in found} - {""}
    have = {mail.pk for mail in found}
    return found + [mail for mail in rows.filter(bundle__in=bundles) if mail.pk not in have]


def _letters(waiting: Iterable[Mail]) -> list[list[Mail]]:
    """What goes as one letter, in order."""
    found: dict[str, list[Mail]] = {}
    for mail in waiting:
        found.setdefault(mail.bundle or f"-{mail.pk}", []).append(mail)
    return list(found.values())


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


def _hand_over(server: smtplib.SMTP, mails: Sequence[Mail], at: datetime) -> bool | None:
    """True sent, False refused for good, None asked to wait. Marked sent only after the server has taken it."""
    try:
        server.send_message(letter(mails))
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        return _refused(mails, code, words, at)
    except smtplib.SMTPResponseException as refused:
        return _refused(mails, refused.smtp_code, refused.smtp_error, at)
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(
        state=MailState.SENT, sent_at=at, attempts=mails[0].attempts + 1, words=""
    )
    return True


def _refused(mails: Sequence[Mail], code: int, words: bytes | str, at: datetime) -> bool | None:
    said = words.decode(errors="replace") if isinstance(words, bytes) else words
    _note(mails, f"{code} {said}", at, for_good=code >= 500)
    return False if code >= 500 else None


def _note(
    mails: Iterable[Mail], words: str, at: datetime, *, for_good: bool = False, unreachable: bool = False
) -> None:
    """Count the attempt of those that still wait; give up after some, or after a week without a server."""
    for mail in mails:
        attempts = mail.attempts + 1
        over = at - mail.at > PATIENCE if unreachable else for_good or attempts >= ATTEMPTS
        Mail.objects.filter(pk=mail.pk, state=MailState.WAITING).update(
            state=MailState.FAILED if over else MailState.WAITING, attempts=min(attempts, 30_000), words=words[:300]
        )
