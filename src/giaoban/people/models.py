"""Tables of people. Spans are half-open: the day a row ends is the first day it no longer holds."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from giaoban.orgs.models import Hierarchy, Unit
from giaoban.people.roles import Role


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        """User names are kept in small letters, so that a phone's capital first letter signs in all the same."""
        return self.get(username=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A person who signs in. Rights come from the positions held, never from the account itself."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    fold = models.CharField(max_length=120, db_index=True, help_text="the full name without accents, for search")
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    home = models.ForeignKey(
        Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+", help_text="where it was opened"
    )
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    objects = AccountManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(username=""), name="account_username_not_empty"),
            models.CheckConstraint(condition=~Q(full_name=""), name="account_name_not_empty"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name


class Position(models.Model):
    """A seat in a unit. Open work and grants belong to it."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="positions")
    title = models.CharField(max_length=120)
    rank = models.PositiveSmallIntegerField(default=100, help_text="order within the unit, the head first")
    leads = models.BooleanField(default=False, help_text="the head of the unit")

    class Meta:
        ordering = ["unit_id", "rank", "id"]
        constraints = [models.CheckConstraint(condition=~Q(title=""), name="position_title_not_empty")]

    def __str__(self) -> str:
        return self.title


class Span(models.Model):
    """From `start` until `end`; without an end it holds until further notice."""

    start = models.DateField()
    end = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class Manner(models.TextChoices):
    """How somebody sits in a position (the forms of signing in Article 13 of Decree 30/2020)."""

    HOLDS = "holds"
    SIGNS_FOR = "signs_for"  # ký thay: the holder is in office, another acts for them
    IN_CHARGE = "in_charge"  # giao phụ trách: the holder is away or the position is vacant


class Holding(Span):
    """Who sits in a position. `acting_for` is the holder in whose place an acting person works."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="holdings")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holdings")
    manner = models.CharField(max_length=10, choices=Manner.choices, default=Manner.HOLDS)
    acting_for = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="stand_ins")
    basis = models.CharField(max_length=300, blank=True, help_text="the decision or paper it rests on")

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="holding_ends_after"),
            models.UniqueConstraint(
                fields=["position"], condition=Q(end__isnull=True, manner="holds"), name="holding_one_open_holder"
            ),
            models.CheckConstraint(
                condition=(Q(manner="holds") & Q(acting_for__isnull=True))
                | (Q(manner="signs_for") & Q(acting_for__isnull=False))
                | Q(manner="in_charge"),
                name="holding_acting_names_holder",
            ),
            models.CheckConstraint(
                condition=Q(acting_for__isnull=True) | ~Q(acting_for=F("account")), name="holding_not_for_oneself"
            ),
            models.CheckConstraint(
                condition=Q(manner="holds") | Q(end__isnull=False), name="holding_acting_has_an_end"
            ),
        ]
        indexes = [models.Index(fields=["account", "start", "end"], name="holding_of_account")]

    def __str__(self) -> str:
        return f"{self.account} · {self.position}"


class Grant(Span):
    """A role of a position over a unit and all below it in one hierarchy."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="grants")
    role = models.CharField(max_length=16, choices=[(role.value, role.value) for role in Role])
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="grants")
    hierarchy = models.ForeignKey(Hierarchy, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["start", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gte=F("start")), name="grant_ends_after"),
            models.CheckConstraint(condition=Q(role__in=[role.value for role in Role]), name="grant_known_role"),
            models.UniqueConstraint(
                fields=["position", "role", "unit", "hierarchy"],
                condition=Q(end__isnull=True),
                name="grant_once_open",
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="grant_of_unit")]

    def __str__(self) -> str:
        return f"{self.role_name} · {self.position}"

    @property
    def role_name(self) -> str:
        return Role(self.role).label
