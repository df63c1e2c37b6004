"""Persons, appointments, the desk, the record of acts, and receipts of what was sent."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager

from rembug.core.words import retold
from rembug.regions.models import Unit
from rembug.regions.scope import CityForeignKey, CityModel


class PersonManager(BaseUserManager):
    """Sessions look a person up by key alone, before anything else is known."""


class Person(CityModel, AbstractBaseUser):
    """Somebody who signs in: a login in one city. What they may do comes from their offices."""

    login = models.CharField(_("nama masuk"), max_length=60)
    name = models.CharField(_("nama"), max_length=120)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    objects = ScopedManager(city="city", _manager_class=PersonManager)
    everywhere = PersonManager()

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.UniqueConstraint("city", "login", name="person_login_once_per_city")]
        base_manager_name = "everywhere"

    def __str__(self) -> str:
        return self.name


class OfficeState(models.TextChoices):
    VALID = "valid", _("Berlaku")
    # Entered by one officer; it opens nothing until a second one confirms it.
    PROPOSED = "proposed", _("Menunggu pengesahan")
    DECLINED = "declined", _("Tidak disahkan")


class OfficeQuerySet(models.QuerySet):
    def on(self, day: date) -> OfficeQuerySet:
        """Appointments in force on a day."""
        return self.not_over(day).filter(starts_on__lte=day)

    def not_over(self, day: date) -> OfficeQuerySet:
        """Appointments in force on a day or later; what nobody confirmed yet never is."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), state=OfficeState.VALID)

    def during(self, first: date, last: date | None) -> OfficeQuerySet:
        """Appointments in force on any day from the first to the last, or from the first onwards."""
        return self.not_over(first).filter(*[Q(starts_on__lte=last)] if last else [])


class Office(CityModel):
    """An appointment: who holds which role where, from when to when, by which decree.

    `body` is the pokmas for offices inside one, 0 for all others. `acting` marks Plt/Plh. `entered_by`
    typed the decree; nobody for what came with the city's folder or from whoever runs the server.
    """

    person = CityForeignKey(Person, models.PROTECT, related_name="offices")
    role = models.CharField(max_length=24)
    unit = CityForeignKey(Unit, models.PROTECT, related_name="offices")
    body = models.BigIntegerField(default=0)
    agency = models.CharField(max_length=120, blank=True)
    acting = models.CharField(max_length=4, blank=True)
    decree_no = models.CharField(max_length=80)
    decree_on = models.DateField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=OfficeState, default=OfficeState.VALID)
    entered_by = CityForeignKey(Person, models.PROTECT, null=True, related_name="+")

    objects = ScopedManager(
        city="city", _manager_class=models.Manager.from_queryset(OfficeQuerySet)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="office_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(decree_no=""), name="office_has_decree"),
        ]
        indexes = [
            models.Index(fields=["city", "person"], name="office_person"),
            models.Index(fields=["city", "unit", "role"], name="office_unit_role"),
            models.Index(fields=["city", "body"], name="office_body", condition=~Q(body=0)),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.unit}"

    @property
    def title(self) -> str:
        """The role's name in this city, with Plt or Plh before it."""
        from rembug.people.authority import role_title

        return f"{self.acting} {role_title(self.role, self.city)}".strip()


class Act(CityModel):
    """One line of the record: who, in which office, did what to which thing, why and when.

    Never changed and never deleted: the database refuses both. `digest` is the SHA-256 of the
    canonical content (see acts.content), so a copy can be checked against the line.
    """

    actor = CityForeignKey(Person, models.PROTECT, null=True, related_name="acts")
    office = CityForeignKey(Office, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=48)
    thing = models.CharField(max_length=48)
    about = models.CharField(max_length=40, blank=True)
    unit = CityForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    detail = models.JSONField(default=dict)
    why = models.TextField(blank=True)
    rule = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["city", "about", "id"], name="act_about"),
            models.Index(fields=["city", "thing", "id"], name="act_thing"),
            models.Index(fields=["city", "at"], name="act_at"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.act} {self.thing}"

    @property
    def code(self) -> str:
        """The short form of the digest that is printed on receipts: `7F3A-91C2`."""
        return f"{self.digest[:4]}-{self.digest[4:8]}".upper()


class DeskItem(CityModel):
    """Something waits: for which act of which office, about what, since when and until when.

    `unit` is the seat of the office that must act, `about_unit` the place the matter concerns.
    """

    # Made of names that were typed elsewhere; who types is told there.
    long_numbers = frozenset({"title"})

    act = models.CharField(max_length=48)
    unit = CityForeignKey(Unit, models.PROTECT, related_name="desk")
    body = models.BigIntegerField(default=0)
    thing = models.CharField(max_length=48)
    title = models.CharField(max_length=200)
    about_unit = CityForeignKey(Unit, models.PROTECT, related_name="+")
    path = models.CharField(max_length=120)
    amount = models.BigIntegerField(default=0)
    opened_at = models.DateTimeField()
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = CityForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=24, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "thing", "act"],
                condition=Q(closed_at=None),
                name="desk_waits_once",
            )
        ]
        indexes = [
            models.Index(
                fields=["city", "unit", "act", "opened_at"],
                condition=Q(closed_at=None),
                name="desk_waiting",
            ),
            models.Index(
                fields=["city", "about_unit"], condition=Q(closed_at=None), name="desk_about"
            ),
            models.Index(fields=["city", "closed_by", "closed_at"], name="desk_done"),
            models.Index(fields=["city", "thing"], name="desk_thing"),
        ]
        ordering = ["opened_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def said(self) -> str:
        """The title in the reader's language; it is kept in the source language."""
        return retold(self.title)


class Sending(CityModel):
    """Proof that something sent from a phone or a form arrived: the same key is served once.

    `content` is the hash of what was sent, `digest` that of the act's line in the record, `answer`
    the page the sender was led to.
    """

    key = models.CharField(max_length=64)
    person = CityForeignKey(Person, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=48)
    thing = models.CharField(max_length=48)
    content = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    answer = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("city", "key", name="sending_key_once_per_city")]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        return f"{self.digest[:4]}-{self.digest[4:8]}".upper()
