"""Sites of a meeting held at several places at once (điểm cầu), and what is looked over at each before it begins."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Site(models.Model):
    meeting = models.ForeignKey("work.Meeting", models.CASCADE, related_name="sites")
    name = models.CharField(max_length=200)
    unit = models.ForeignKey(
        "orgs.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="at whose office",
    )
    place = models.CharField(max_length=200, blank=True)
    person = models.CharField(max_length=200, blank=True, help_text="in charge of the site")
    phone = models.CharField(max_length=20, blank=True)
    technician = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True, help_text="where the site joins online; shown, never fetched")
    main = models.BooleanField(default=False, help_text="where the chair sits")

    class Meta:
        ordering = ["-main", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="site_named"),
            models.UniqueConstraint(fields=["meeting", "name"], name="site_once"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(main=True), name="site_one_main"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteCheck(models.Model):
    """One part of a site as it was last found before the meeting."""

    class Part(models.TextChoices):
        SOUND = "SOUND", _("Sound")
        PICTURE = "PICTURE", _("Picture")
        LINE = "LINE", _("Connection")
        POWER = "POWER", _("Power in reserve")
        TECHNICIAN = "TECHNICIAN", _("Technician on the spot")

    site = models.ForeignKey(Site, models.CASCADE, related_name="checks")
    part = models.CharField(max_length=10, choices=Part.choices)
    ready = models.BooleanField()
    note = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["site", "part"], name="site_part_once"),
            models.CheckConstraint(condition=Q(ready=True) | ~Q(note=""), name="site_not_ready_says_why"),
        ]
