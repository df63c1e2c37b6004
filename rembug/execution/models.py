"""Pokmas, works, tranches, reports with photos, receipts, comments."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from rembug.core.paper_numbers import key_of
from rembug.execution.evidence import TwinSign
from rembug.execution.rules import (
    PokmasState,
    ReceiptState,
    ReportState,
    TrancheState,
    WorkState,
)
from rembug.execution.seats import MemberRole
from rembug.execution.withholding import Seller, TaxReason
from rembug.files.models import File
from rembug.people.authority import within_reach
from rembug.people.models import Person
from rembug.planning.models import Activity, RabLine
from rembug.programs.models import RuleSet
from rembug.regions.models import Unit
from rembug.regions.scope import CityForeignKey, CityModel, CityOneToOneField


def once_where_given(field: str, name: str) -> models.UniqueConstraint:
    """A paper's number is used once in a city, in whatever spelling; empty: the paper is not there yet."""
    return models.UniqueConstraint(
        fields=["city", f"{field}_key"], condition=~Q(**{field: ""}), name=name
    )


class SeenByQuerySet(models.QuerySet):
    """Rows of a pokmas or its works: for offices by territory, for a pokmas its own only."""

    unit_field = "unit"
    body_field = "pk"

    def visible_to(self, person: object) -> SeenByQuerySet:
        reach = within_reach(person, "work.read", self.unit_field, body=self.body_field)
        return self.filter(reach)


class WorkQuerySet(SeenByQuerySet):
    body_field = "pokmas_id"


class ReportQuerySet(SeenByQuerySet):
    unit_field = "work__unit"
    body_field = "work__pokmas_id"


class Pokmas(CityModel):
    """A community group that carries out works. Its officers are `people.Office` rows with `body`."""

    long_numbers = frozenset({"account_no"})

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
    contract_no_key = key_of("contract_no")
    contract_on = models.DateField(null=True, blank=True)
    value = models.BigIntegerField(default=0)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    inspected_on = models.DateField(null=True, blank=True)
    inspection_no = models.CharField(max_length=80, blank=True)
    inspection_no_key = key_of("inspection_no")
    measured = models.CharField(max_length=120, blank=True)
    handed_on = models.DateField(null=True, blank=True)
    handover_no = models.CharField(max_length=80, blank=True)
    handover_no_key = key_of("handover_no")
    return_slip = models.CharField(max_length=80, blank=True)
    return_slip_key = key_of("return_slip")
    returned_on = models.DateField(null=True, blank=True)
    returned_amount = models.BigIntegerField(default=0)
    return_received_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    approved_on = models.DateField(null=True, blank=True)  # the day on the approved contract
    # When the lurah did not take the result: new photographs are needed before it is measured again.
    refused_at = models.DateTimeField(null=True, blank=True)
    # The measured volume in thousandths of its unit; rupiah not earned because it is short, and the part
    # of them that was paid before and must come back.
    measured_milli = models.BigIntegerField(null=True, blank=True)
    measured_unit = models.CharField(max_length=16, blank=True)
    cut = models.BigIntegerField(default=0)
    owed_back = models.BigIntegerField(default=0)
    # Ended with the budget year before it was whole: when and why.
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.TextField(blank=True)
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
                condition=Q(cut__gte=0)
                & Q(cut__lte=models.F("value"))
                & Q(owed_back__gte=0)
                & Q(owed_back__lte=models.F("cut")),
                name="work_cut",
            ),
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
    spp_no_key = key_of("spp_no")
    spm_no = models.CharField(max_length=60, blank=True)
    spm_no_key = key_of("spm_no")
    sp2d_no = models.CharField(max_length=60, blank=True)
    sp2d_no_key = key_of("sp2d_no")
    # The days on the papers; when each was typed stands in the record.
    requested_on = models.DateField(null=True, blank=True)
    billed_on = models.DateField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    received_on = models.DateField(null=True, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    accounted_on = models.DateField(null=True, blank=True)
    spj_due_on = models.DateField(null=True, blank=True)
    back_why = models.TextField(blank=True)
    # Why the pokmas does not need it, and since when.
    waived_on = models.DateField(null=True, blank=True)
    waived_why = models.TextField(blank=True)
    # What is not paid of it because less was built than planned; `amount` is already less.
    cut = models.BigIntegerField(default=0)
    # What stayed with the pokmas when its SPJ was accepted, and why the verifier let it.
    left_amount = models.BigIntegerField(default=0)
    left_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "work", "number", name="tranche_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="tranche_amount"),
            models.CheckConstraint(
                condition=Q(cut__gte=0) & Q(left_amount__gte=0), name="tranche_not_negative"
            ),
            once_where_given("spp_no", "tranche_spp_no_once"),
            once_where_given("spm_no", "tranche_spm_no_once"),
            once_where_given("sp2d_no", "tranche_sp2d_no_once"),
        ]
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.work_id}/{self.number}"


class TakenBack(CityModel):
    """An SPM or SP2D that was reversed: its number stays known and is never used again."""

    tranche = CityForeignKey(Tranche, models.PROTECT, related_name="taken_back")
    paper = models.CharField(max_length=8, choices=[("SPM", "SPM"), ("SP2D", "SP2D")])
    number = models.CharField(max_length=60)
    number_key = key_of("number")
    paper_on = models.DateField()
    why = models.TextField()
    on = models.DateField()
    by = CityForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "paper", "number_key", name="taken_back_number_once")
        ]
        indexes = [models.Index(fields=["city", "tranche"], name="taken_back_tranche")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.paper} {self.number}"


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

    def readable_by(self, person: object) -> bool:
        """The photograph of a report is for whoever sees the report."""
        return Report.objects.filter(pk=self.report_id).visible_to(person).exists()


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
    # What the rules of the year say of the tax, from what was told: the kind of purchase (code of the
    # rulebook; `others`: of a part of the nota, with its rupiah), who sells, whether PPN or the city's
    # food tax is in the price, the paper that frees the seller, and the list of wages.
    group = models.CharField(max_length=24, blank=True)
    others = models.JSONField(default=list)
    seller = models.CharField(max_length=10, choices=Seller, blank=True)
    npwp = models.BooleanField(null=True)
    with_ppn = models.BooleanField(default=False)
    with_food_tax = models.BooleanField(default=False)
    certificate = models.CharField(max_length=60, blank=True)
    wages = models.JSONField(default=list)
    days = models.PositiveIntegerField(default=0)
    # Each tax the rules give, their sum, and why another amount was withheld.
    dues = models.JSONField(default=list)
    tax_due = models.BigIntegerField(default=0)
    tax_reason = models.CharField(max_length=20, choices=TaxReason, blank=True)
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
            # The same paper again is looked for in the whole city.
            models.Index(fields=["city", "paid_on", "amount"], name="receipt_day_amount"),
            models.Index(fields=["city", "file"], name="receipt_file"),
        ]
        ordering = ["paid_on", "id"]

    def __str__(self) -> str:
        return self.what

    def readable_by(self, person: object) -> bool:
        """The photograph of a receipt is for whoever sees the work."""
        return Work.objects.filter(pk=self.work_id).visible_to(person).exists()


class Twin(CityModel):
    """A receipt looks like another one of the city, or like a photograph of a report: was it used twice?

    `receipt` came later; `other` or `photo` was there before. Whoever checks either of them sees it.
    """

    receipt = CityForeignKey(Receipt, models.CASCADE, related_name="twins")
    other = CityForeignKey(Receipt, models.CASCADE, null=True, related_name="later_twins")
    photo = CityForeignKey(ReportPhoto, models.CASCADE, null=True, related_name="+")
    sign = models.CharField(max_length=20, choices=TwinSign)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "receipt", "other", "sign"],
                condition=Q(photo=None),
                name="twin_receipt_once",
            ),
            models.UniqueConstraint(
                fields=["city", "receipt", "photo"],
                condition=Q(other=None),
                name="twin_photo_once",
            ),
            models.CheckConstraint(
                condition=Q(other=None) ^ Q(photo=None), name="twin_of_one_thing"
            ),
        ]
        indexes = [models.Index(fields=["city", "other"], name="twin_other")]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.sign}"


class TaxDeposit(CityModel):
    """Withheld tax that the pokmas paid to the state, proven by its NTPN."""

    long_numbers = frozenset({"ntpn"})

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
    # A keyed hash of the browser it was sent from, so that one person cannot flood; never what it is.
    sender = models.CharField(max_length=64, blank=True)
    # The same of the network, which many residents may share.
    network = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["city", "network", "at"], name="comment_network"),
            models.Index(fields=["city", "sender", "at"], name="comment_sender"),
            models.Index(fields=["city", "activity", "at"], name="comment_activity"),
        ]
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text[:40]
