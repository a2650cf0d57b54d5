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


class MailState(models.TextChoices):
    WAITING = "waiting", "waiting"
    SENT = "sent", "sent"
    FAILED = "failed", "failed"


class Mail(models.Model):
    """A message that also goes by mail to one person; it says that something waits, never a figure."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mails")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="mails")
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8, choices=MailState, default=MailState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    words = models.CharField(max_length=300, blank=True, help_text="what the mail server answered last")
    at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "account"], name="one_mail_a_message"),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="mail_state")]

    def __str__(self) -> str:
        return f"{self.address}: {self.message.subject}"


class MailChoice(models.Model):
    """Whether a person takes mail; without a row they do."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="mailchoice")
    wanted = models.BooleanField(default=True)
    at = models.DateTimeField()
