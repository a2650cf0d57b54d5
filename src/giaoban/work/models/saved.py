"""Filters of the table of tasks kept under a name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """A page of tasks with its filters: of one person, or shared with everybody of the unit they act in."""

    class Page(models.TextChoices):
        TABLE = "TABLE", _("Table")
        BOARD = "BOARD", _("Board")
        CALENDAR = "CALENDAR", _("Calendar")
        HEAT = "HEAT", _("Heat map")
        LEAGUE = "LEAGUE", _("League of units")
        DOCUMENTS = "DOCUMENTS", _("By document")
        MEETINGS = "MEETINGS", _("By meeting")

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, related_name="+", help_text="where the person acted")
    shared = models.BooleanField(default=False, help_text="everybody who acts in the unit sees it")
    name = models.CharField(max_length=80)
    page = models.CharField(max_length=9, choices=Page.choices, default=Page.TABLE)
    asked = models.JSONField(default=dict, help_text="the filters by name, as they were checked when it was kept")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "unit", "name"], name="saved_view_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_named"),
        ]

    def __str__(self) -> str:
        return self.name


class FirstView(models.Model):
    """The saved view with which a person begins when they act in a position."""

    account = models.ForeignKey("people.Account", models.PROTECT, related_name="+")
    position = models.ForeignKey("people.Position", models.PROTECT, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="firsts")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "position"], name="first_view_once")]
