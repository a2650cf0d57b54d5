"""The outbox of mail, and who takes it how often."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.notices.models.messages import Message
from giaoban.people.models import Account


class MailState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"
    HELD = "held", "held"  # goes with the next gathered mail of its reader


class Mail(models.Model):
    """A message that also goes by mail to one person; it says that something waits, never a figure."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mails")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mails")
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    bundle = models.CharField(max_length=40, blank=True, help_text="mails of one bundle go as one letter")
    attempts = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True, help_text="what the mail server answered last")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "account"], name="one_mail_a_message"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="mail_state"),
            models.Index(fields=["account", "state"], name="mail_of_account"),
        ]

    def __str__(self) -> str:
        return f"{self.address}: {self.message.subject}"


class Rhythm(models.TextChoices):
    AT_ONCE = "at_once", "at_once"
    DAILY = "daily", "daily"
    WEEKLY = "weekly", "weekly"


class MailChoice(models.Model):
    """Whether and how often a person takes mail; without a row they do, each message at once."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="mailchoice")
    wanted = models.BooleanField(default=True)
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.AT_ONCE)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(rhythm__in=Rhythm.values), name="mail_rhythm_known")]
