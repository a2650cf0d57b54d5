"""Messages, and the lists that were gathered into one."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from giaoban.orgs.models import Unit
from giaoban.people.models import Account, Position


class Message(models.Model):
    """One message to one receiver: a position, an account, or the unit's future holder of `verb`.

    `unit` is kept beside a position too: the unit the message concerns.
    """

    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    verb = models.CharField(max_length=60, blank=True, help_text="what the receiver is able to do about it")
    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    link = models.CharField(max_length=500, blank=True, help_text="a path of this site")
    text_to_paste = models.TextField(blank=True, help_text="short text for a chat group")
    groups = models.JSONField(
        default=list,
        blank=True,
        help_text="of a gathered message: [{head, rows: [{words, link, note}]}]; a mail takes all but the words",
    )
    sender = models.CharField(max_length=330, blank=True, help_text="who sent it, as the journal names them")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=False) | Q(account__isnull=False) | (Q(unit__isnull=False) & ~Q(verb="")),
                name="message_has_receiver",
            ),
            models.CheckConstraint(condition=Q(link="") | Q(link__startswith="/"), name="message_link_is_local"),
        ]
        indexes = [
            models.Index(fields=["position", "read_at"], name="message_of_position"),
            models.Index(fields=["account", "read_at"], name="message_of_account"),
            models.Index(fields=["unit", "verb"], name="message_of_unit"),
        ]

    def __str__(self) -> str:
        return self.subject


class Gathered(models.Model):
    """On a day a receiver was told a gathered list, so that the same is not told every day."""

    position = models.ForeignKey(Position, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    marks = models.JSONField(default=list, help_text="what the list held: told again when something new is in it")
    message = models.ForeignKey(Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(position__isnull=False, unit__isnull=True) | Q(position__isnull=True, unit__isnull=False),
                name="gathered_one_receiver",
            ),
            models.UniqueConstraint(fields=["position", "day"], name="gathered_once_a_day"),
            models.UniqueConstraint(fields=["unit", "day"], name="gathered_once_a_day_at_unit"),
        ]


class DuePassed(models.Model):
    """The passing of a due day that was told; another due day is told again."""

    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    due_on = models.DateField()
    day = models.DateField(help_text="when it was told")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "subject_id", "due_on"], name="due_passed_once"),
        ]
