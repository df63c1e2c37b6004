"""Pokmas, works, tranches, reports with photos, receipts, comments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from rembug.execution.rules import (
    PokmasState,
    ReceiptState,
    ReportState,
    TrancheState,
    WorkState,
)
from rembug.execution.seats import MemberRole
from rembug.files.models import File
from rembug.people.authority import offices_of
from rembug.people.models import Person
from rembug.people.rules import ROLES
from rembug.planning.models import Activity, RabLine
from rembug.programs.models import PriceGroup, RuleSet
from rembug.regions.models import Unit
from rembug.regions.scope import CityForeignKey, CityModel, CityOneToOneField


def once_where_given(field: str, name: str) -> models.UniqueConstraint:
    """A paper's number is used once in a city; empty means the paper is not there yet."""
    return models.UniqueConstraint(fields=["city", field], condition=~Q(**{field: ""}), name=name)


class SeenByQuerySet(models.QuerySet):
    """Rows of a pokmas or its works: for offices by territory, for a pokmas its own only."""

    unit_field = "unit"
    body_field = "pk"

    def visible_to(self, person: object) -> SeenByQuerySet:
        seen = Q(pk__in=[])
        for office in offices_of(person):
            if "work.read" not in ROLES[office.role]:
                continue
            if office.body:
                seen |= Q(**{self.body_field: office.body})
            else:
                seen |= Q(**{f"{self.unit_field}__code": office.unit.code})
                seen |= Q(**{f"{self.unit_field}__code__startswith": office.unit.code + "."})
        return self.filter(seen)


class WorkQuerySet(SeenByQuerySet):
    body_field = "pokmas_id"


class ReportQuerySet(SeenByQuerySet):
    unit_field = "work__unit"
    body_field = "work__pokmas_id"


class Pokmas(CityModel):
    """A community group that carries out works. Its officers are `people.Office` rows with `body`."""

    unit = CityForeignKey(Unit, models.PROTECT, related_name="pokmas")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200)
    bank = models.CharField(max_length=60)
    account_no = models.CharField(max_length=40)
    account_holder = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=PokmasState, default=PokmasState.FORMED)
    decree_no = models.CharField(max_length=80, blank=True)
    decree_on = models.DateField(null=True, blank=True)
    formed_on = models.DateField()
    # Why the camat gave it back, until it is mended.
    back_why = models.TextField(blank=True)

    objects = ScopedManager(
        city="city", _manager_class=models.Manager.from_queryset(SeenByQuerySet)
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "unit", "name", name="pokmas_name_once"),
            # One account in two pokmas is how grants were stolen elsewhere.
            models.UniqueConstraint("city", "bank", "account_no", name="pokmas_account_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        """The thread of the record."""
        return f"pokmas:{self.pk}"

    @property
    def sitting(self) -> models.QuerySet[PokmasMember]:
        """Its members now."""
        return self.members.filter(left_on=None)  # type: ignore[attr-defined]


class PokmasMember(CityModel):
    """Somebody inside a pokmas. The four officers sign in (`person`); plain members need not.

    Who leaves stays written, with the day.
    """

    pokmas = CityForeignKey(Pokmas, models.CASCADE, related_name="members")
    role = models.CharField(max_length=10, choices=MemberRole)
    name = models.CharField(max_length=120)
    person = CityForeignKey(Person, models.PROTECT, null=True, related_name="pokmas_seats")
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            # Who carries out and who supervises are different persons.
            models.UniqueConstraint(
                fields=["city", "pokmas", "person"],
                condition=Q(left_on=None),
                name="pokmas_member_sits_once",
            ),
            models.UniqueConstraint(
                fields=["city", "pokmas", "role"],
                condition=~Q(role=MemberRole.MEMBER) & Q(left_on=None),
                name="pokmas_office_held_once",
            ),
        ]
        indexes = [models.Index(fields=["city", "pokmas"], name="pokmas_member_pokmas")]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Work(CityModel):
    """The carrying out of one funded activity by one pokmas, under one contract."""

    activity = CityOneToOneField(Activity, models.PROTECT, related_name="work")
    unit = CityForeignKey(Unit, models.PROTECT, related_name="works")
    pokmas = CityForeignKey(Pokmas, models.PROTECT, related_name="works")
    state = models.CharField(max_length=10, choices=WorkState, default=WorkState.READY)
    contract_no = models.CharField(max_length=80, blank=True)
    contract_on = models.DateField(null=True, blank=True)
    value = models.BigIntegerField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    inspected_on = models.DateField(null=True, blank=True)
    inspection_no = models.CharField(max_length=80, blank=True)
    measured = models.CharField(max_length=120, blank=True)
    handed_on = models.DateField(null=True, blank=True)
    handover_no = models.CharField(max_length=80, blank=True)
    return_slip = models.CharField(max_length=80, blank=True)
    returned_on = models.DateField(null=True, blank=True)
    returned_amount = models.BigIntegerField(default=0)
    return_received_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    # The rules its contract was prepared under; empty: those its year was opened with.
    rule_set = CityForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")
    # Why no money may flow now, such as an open finding; empty: nothing stops it.
    hold = models.CharField(max_length=200, blank=True)
    # Who stopped it: the tier that may let it go again, the office in words, and the day.
    hold_tier = models.CharField(max_length=20, blank=True)
    held_as = models.CharField(max_length=120, blank=True)
    held_on = models.DateField(null=True, blank=True)
    # Why the contract or the handover came back, until it is mended.
    back_why = models.TextField(blank=True)

    objects = ScopedManager(city="city", _manager_class=models.Manager.from_queryset(WorkQuerySet))

    class Meta:
        constraints = [
            once_where_given("contract_no", "work_contract_no_once"),
            once_where_given("inspection_no", "work_inspection_no_once"),
            once_where_given("handover_no", "work_handover_no_once"),
            once_where_given("return_slip", "work_return_slip_once"),
            models.UniqueConstraint("city", "activity", name="one_work_per_activity"),
            models.CheckConstraint(condition=Q(value__gte=0), name="work_value"),
            models.CheckConstraint(
                condition=Q(hold="", hold_tier="", held_as="", held_on=None)
                | ~Q(hold="") & ~Q(hold_tier="") & ~Q(held_as="") & Q(held_on__isnull=False),
                name="work_hold_has_its_office",
            ),
        ]
        indexes = [
            models.Index(fields=["city", "pokmas", "state"], name="work_pokmas"),
            models.Index(fields=["city", "unit", "state"], name="work_unit"),
        ]

    def __str__(self) -> str:
        return self.contract_no or f"work {self.pk}"

    @property
    def about(self) -> str:
        return f"activity:{self.activity_id}"


class PhotoPoint(CityModel):
    """A fixed place from which every stage is photographed, so that pictures can be compared."""

    work = CityForeignKey(Work, models.CASCADE, related_name="points")
    label = models.CharField(max_length=4)
    note = models.CharField(max_length=120)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("city", "work", "label", name="point_label_once")]
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Tranche(CityModel):
    """One payment of the contract: asked for, verified, ordered, paid, received, accounted for."""

    work = CityForeignKey(Work, models.PROTECT, related_name="tranches")
    number = models.PositiveSmallIntegerField()
    amount = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=TrancheState, default=TrancheState.PLANNED)
    spp_no = models.CharField(max_length=60, blank=True)
    spm_no = models.CharField(max_length=60, blank=True)
    sp2d_no = models.CharField(max_length=60, blank=True)
    requested_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    accounted_on = models.DateField(null=True, blank=True)
    spj_due_on = models.DateField(null=True, blank=True)
    back_why = models.TextField(blank=True)
    # Why the pokmas does not need it, and since when.
    waived_on = models.DateField(null=True, blank=True)
    waived_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "work", "number", name="tranche_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="tranche_amount"),
            once_where_given("spp_no", "tranche_spp_no_once"),
            once_where_given("spm_no", "tranche_spm_no_once"),
            once_where_given("sp2d_no", "tranche_sp2d_no_once"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.work_id}/{self.number}"


class Report(CityModel):
    """How far a work had come on one day, told by the pokmas and checked tier by tier.

    `tier` is the verification step it waits at; the public sees it once ACCEPTED.
    """

    work = CityForeignKey(Work, models.PROTECT, related_name="reports")
    percent = models.PositiveSmallIntegerField()
    seen_on = models.DateField()
    note = models.TextField()
    state = models.CharField(max_length=10, choices=ReportState, default=ReportState.WAITING)
    tier = models.CharField(max_length=20, blank=True)
    back_why = models.TextField(blank=True)
    by = CityForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager(
        city="city", _manager_class=models.Manager.from_queryset(ReportQuerySet)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(percent__lte=100), name="report_percent_to_100"),
            models.UniqueConstraint(
                fields=["city", "work"],
                condition=Q(state=ReportState.WAITING),
                name="report_one_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["city", "work"], name="report_work"),
            models.Index(
                fields=["city", "-accepted_at"],
                condition=Q(state=ReportState.ACCEPTED),
                name="report_accepted",
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.percent}%"


class ReportPhoto(CityModel):
    """A photograph of a report at one point. GPS and time are kept here, apart from the picture."""

    report = CityForeignKey(Report, models.CASCADE, related_name="photos")
    point = CityForeignKey(PhotoPoint, models.PROTECT, related_name="photos")
    file = CityForeignKey(File, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    distance_m = models.PositiveIntegerField(null=True, blank=True)
    flags = models.JSONField(default=list)

    class Meta:
        indexes = [
            models.Index(fields=["city", "report"], name="report_photo_report"),
            models.Index(fields=["city", "file"], name="report_photo_file"),
        ]
        ordering = ["point_id"]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.point_id}"


class Receipt(CityModel):
    """What the pokmas paid for: shop, date, gross amount and tax withheld (rupiah), with its photo."""

    work = CityForeignKey(Work, models.PROTECT, related_name="receipts")
    tranche = CityForeignKey(Tranche, models.PROTECT, related_name="receipts")
    line = CityForeignKey(RabLine, models.PROTECT, null=True, related_name="receipts")
    supplier = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    paid_on = models.DateField()
    amount = models.BigIntegerField()
    tax = models.BigIntegerField(default=0)
    # What the rules of the year say of the tax, from what was told: the kind of spending, whether the
    # seller charges PPN, days of work paid; and why another amount was withheld.
    group = models.CharField(max_length=10, choices=PriceGroup, blank=True)
    with_ppn = models.BooleanField(default=False)
    days = models.PositiveSmallIntegerField(default=0)
    tax_due = models.BigIntegerField(default=0)
    tax_why = models.CharField(max_length=200, blank=True)
    file = CityForeignKey(File, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ReceiptState, default=ReceiptState.KEPT)
    by = CityForeignKey(Person, models.PROTECT, related_name="+")
    flags = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) & Q(tax__gte=0) & Q(tax__lt=models.F("amount")),
                name="receipt_amounts",
            )
        ]
        indexes = [
            models.Index(fields=["city", "work"], name="receipt_work"),
            models.Index(fields=["city", "tranche"], name="receipt_tranche"),
        ]
        ordering = ["paid_on", "id"]

    def __str__(self) -> str:
        return self.what


class TaxDeposit(CityModel):
    """Withheld tax that the pokmas paid to the state, proven by its NTPN."""

    work = CityForeignKey(Work, models.PROTECT, related_name="tax_deposits")
    amount = models.BigIntegerField()
    ntpn = models.CharField(max_length=16)
    paid_on = models.DateField()
    by = CityForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="tax_deposit_amount"),
            models.UniqueConstraint("city", "ntpn", name="tax_deposit_ntpn_once"),
        ]
        indexes = [models.Index(fields=["city", "work"], name="tax_deposit_work")]
        ordering = ["paid_on", "id"]

    def __str__(self) -> str:
        return self.ntpn


class Comment(CityModel):
    """What a resident says about an activity, and the answer with its time."""

    activity = CityForeignKey(Activity, models.PROTECT, related_name="comments")
    name = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    matches = models.BooleanField(null=True)  # does the report fit what they see?
    at = models.DateTimeField()
    due_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = CityForeignKey(Person, models.PROTECT, null=True, related_name="+")
    answered_as = models.CharField(max_length=120, blank=True)
    hidden_why = models.CharField(max_length=200, blank=True)
    # A keyed hash of where it was sent from, so that one place cannot flood; never the address.
    sender = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["city", "sender", "at"], name="comment_sender"),
            models.Index(fields=["city", "activity", "at"], name="comment_activity"),
        ]
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:40]
