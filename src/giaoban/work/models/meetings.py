"""Meetings: who is invited, what is on the agenda, what was said and concluded."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from giaoban.core.text import slug
from giaoban.work.models.sites import Site


class MeetingKind(models.TextChoices):
    """Kinds of QĐ 45/2018/QĐ-TTg and of everyday use; `giaoban.reading` names the first seven in the same letters."""

    BRIEFING = "giao_ban", "Giao ban"
    MIDTERM = "so_ket", "Sơ kết"
    FINAL = "tong_ket", "Tổng kết"
    TRAINING = "tap_huan", "Tập huấn"
    WORKING = "lam_viec", "Làm việc"
    ROLLOUT = "trien_khai", "Triển khai"
    OTHER = "khac", "Họp khác"
    TOPIC = "chuyen_de", "Chuyên đề"
    STUDY = "quan_triet", "Quán triệt, học tập"
    ADVICE = "tham_muu", "Tham mưu, tư vấn"
    SOLVING = "giai_quyet", "Giải quyết công việc"
    PROFESSIONAL = "chuyen_mon", "Họp chuyên môn"


class MeetingState(models.TextChoices):
    PLANNED = "PLANNED", _("Planned")
    HELD = "HELD", _("Held, no notice yet")
    CONCLUDED = "CONCLUDED", _("Notice issued")
    CANCELLED = "CANCELLED", _("Cancelled")


class Meeting(models.Model):
    kind = models.CharField(max_length=12, choices=MeetingKind.choices)
    title = models.CharField(max_length=300)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="the host")
    chair_position = models.ForeignKey("people.Position", models.PROTECT, null=True, blank=True, related_name="+")
    chair_name = models.CharField(max_length=100)
    chair_title = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    place = models.CharField(max_length=200, blank=True)
    online = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False, help_text="urgent meetings need no three days of notice")
    requirements = models.TextField(blank=True, help_text="what those invited prepare and bring")
    period_code = models.CharField(max_length=30, blank=True, help_text="the period that the meeting reviews")
    previous = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=MeetingState.choices, default=MeetingState.PLANNED)
    invited_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(
        null=True, blank=True, help_text="when it ended: the notice's five days start here"
    )
    notice = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    preset = models.CharField(max_length=40, blank=True, help_text="of catalogue/meetings.toml, where one was taken")
    online_link = models.URLField(max_length=500, blank=True, help_text="where those elsewhere join")
    sequence = models.PositiveIntegerField(default=0, help_text="of its calendar file: each change of time or place")
    sessions_needed = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="of a training: attended so many, the certificate is due; empty: all"
    )
    topic = models.CharField(
        max_length=200, blank=True, help_text="of a training: those of one topic are looked at together"
    )
    topic_fold = models.CharField(max_length=200, blank=True, db_index=True)
    fold = models.TextField(blank=True)

    class Meta:
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["unit", "-starts_at"], name="meeting_host")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")), name="meeting_times"
            ),
            models.CheckConstraint(
                condition=~Q(state="CONCLUDED") | Q(notice__isnull=False), name="meeting_concluded_by_notice"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("work:meeting", args=[self.pk, slug(self.title)[:60] or "hop"])


class AgendaItem(models.Model):
    class Kind(models.TextChoices):
        REPORT = "REPORT", _("Report")
        DISCUSSION = "DISCUSSION", _("Discussion")
        AWARD = "AWARD", _("Award")
        CARRIED = "CARRIED", _("Open conclusion carried over")
        REQUEST = "REQUEST", _("Request to be answered")
        OVERDUE = "OVERDUE", _("Overdue tasks")
        OTHER = "OTHER", _("Other matter")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda")
    order = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.REPORT)
    title = models.CharField(max_length=500)
    presenter = models.CharField(max_length=200, blank=True)
    presenter_unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveIntegerField(null=True, blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.CharField(max_length=300, blank=True, help_text="a page of ours: a report, an indicator")
    conclusion = models.ForeignKey("Conclusion", models.CASCADE, null=True, blank=True, related_name="carried")
    request = models.ForeignKey("Request", models.CASCADE, null=True, blank=True, related_name="carried")
    began_at = models.DateTimeField(null=True, blank=True, help_text="when the meeting came to it")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(began_at__isnull=False), name="agenda_ended_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(began_at__isnull=False, ended_at__isnull=True),
                name="agenda_one_open_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["meeting", "request"], condition=Q(request__isnull=False), name="agenda_request_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "conclusion"], condition=Q(conclusion__isnull=False), name="agenda_carried_once"
            ),
        ]


class Invitation(models.Model):
    class Answer(models.TextChoices):
        NONE = "", _("No answer yet")
        COMES = "COMES", _("Will come")
        SUBSTITUTE = "SUBSTITUTE", _("Sends a substitute")
        DECLINES = "DECLINES", _("Cannot come")

    class Attendance(models.TextChoices):
        NONE = "", _("Not taken")
        PRESENT = "PRESENT", _("Present")
        LATE = "LATE", _("Came late")
        SUBSTITUTE = "SUBSTITUTE", _("Substitute")
        ABSENT = "ABSENT", _("Absent")

    class Consent(models.TextChoices):
        NONE = "", _("Not asked")
        ASKED = "ASKED", _("Waits for the chair")
        AGREED = "AGREED", _("The chair agrees")
        REFUSED = "REFUSED", _("The chair does not agree")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="invitations")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+")
    position = models.ForeignKey(
        "people.Position", models.PROTECT, null=True, blank=True, related_name="+", help_text="whom of the unit"
    )
    site = models.ForeignKey(Site, models.SET_NULL, null=True, blank=True, related_name="invitations")
    observer = models.BooleanField(default=False)
    person = models.CharField(max_length=200, blank=True, help_text="who is asked to come: lãnh đạo, hiệu trưởng …")
    sent_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default="")
    answer_text = models.CharField(max_length=300, blank=True)
    consent = models.CharField(max_length=7, choices=Consent.choices, blank=True, default="")
    consent_text = models.CharField(max_length=300, blank=True, help_text="why the chair does not agree")
    attendance = models.CharField(max_length=10, choices=Attendance.choices, blank=True, default="")
    substitute = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "unit"], condition=Q(position__isnull=True), name="invitation_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "position"], condition=Q(position__isnull=False), name="invitation_position_once"
            ),
            models.CheckConstraint(condition=~Q(consent="REFUSED") | ~Q(consent_text=""), name="consent_has_reason"),
            models.CheckConstraint(condition=~Q(attendance="SUBSTITUTE") | ~Q(substitute=""), name="substitute_named"),
            models.CheckConstraint(condition=~Q(attendance="ABSENT") | ~Q(reason=""), name="absence_has_reason"),
        ]


class Contribution(models.Model):
    """What somebody said in the discussion."""

    class Kind(models.TextChoices):
        OPINION = "OPINION", _("Opinion")
        DIFFICULTY = "DIFFICULTY", _("Difficulty")
        PETITION = "PETITION", _("Petition")
        ANSWER = "ANSWER", _("Answer")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="contributions")
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="contributions")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    person = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OPINION)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Conclusion(models.Model):
    class State(models.TextChoices):
        PLANNED = "PLANNED", _("Planned")
        BINDING = "BINDING", _("Binding")

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="conclusions")
    no = models.PositiveIntegerField()
    heading = models.CharField(
        max_length=200, blank=True, help_text="whom it addresses: Phòng Nội vụ, Các trường học …"
    )
    text = models.TextField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLANNED)
    item = models.ForeignKey(AgendaItem, models.SET_NULL, null=True, blank=True, related_name="conclusions")
    version = models.PositiveIntegerField(default=1, help_text="of its wording")
    bound_at = models.DateTimeField(null=True, blank=True, help_text="when the chair said it binds, before the notice")
    bound_by = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["no"]
        constraints = [models.UniqueConstraint(fields=["meeting", "no"], name="conclusion_number")]

    def __str__(self) -> str:
        return self.text[:120]
