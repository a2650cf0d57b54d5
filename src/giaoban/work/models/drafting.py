"""Drafting for another's signature (tham mưu): the draft and its versions, what units said about it, its issue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from giaoban.work.models.tasks import Task


class Drafting(models.Model):
    """The task's product is a document that another unit issues. Its stage follows from what has been done."""

    class Stage(models.TextChoices):
        DRAFT = "DRAFT", _("Drafting")
        COMMENTS = "COMMENTS", _("Asking for comments")
        SUBMITTED = "SUBMITTED", _("Submitted for signature")
        ISSUED = "ISSUED", _("Issued")

    task = models.OneToOneField(Task, models.CASCADE, primary_key=True, related_name="drafting")
    issuer = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="whose signature it bears")
    product = models.CharField(max_length=200, blank=True, help_text="Kế hoạch, Quyết định … as the task names it")
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="the last time; null again once sent back")
    document = models.OneToOneField("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")

    @property
    def stage(self) -> Drafting.Stage:
        if self.document_id is not None:
            return self.Stage.ISSUED
        if self.submitted_at is not None:
            return self.Stage.SUBMITTED
        return self.Stage.COMMENTS if self.comments.exists() else self.Stage.DRAFT


class DraftVersion(models.Model):
    """One version of the draft: a file, and what is new in it. Versions are added, never changed."""

    drafting = models.ForeignKey(Drafting, models.CASCADE, related_name="versions")
    no = models.PositiveSmallIntegerField()
    note = models.CharField(max_length=500, blank=True)
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["drafting", "no"], name="draft_version_once")]


class DraftComment(models.Model):
    """A unit is asked for its opinion on a version by a day; it agrees or says what should change."""

    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        AGREE = "AGREE", _("Agrees")
        COMMENT = "COMMENT", _("Has comments")

    drafting = models.ForeignKey(Drafting, models.CASCADE, related_name="comments")
    version = models.ForeignKey(DraftVersion, models.PROTECT, related_name="comments")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=200)
    answer = models.CharField(max_length=7, choices=Answer.choices, blank=True, default="")
    text = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    reply = models.TextField(blank=True, help_text="what the drafting unit took over, or why not")

    class Meta:
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["drafting", "unit"], condition=Q(answered_at__isnull=True), name="draft_comment_one_open"
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                name="draft_comment_answered",
            ),
        ]
