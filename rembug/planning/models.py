"""Meetings, the five-year list, yearly proposals, their activities and cost lines."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django_scopes import ScopedManager

from rembug.core import folding
from rembug.files.models import File
from rembug.people.authority import holds
from rembug.people.models import Office, Person
from rembug.planning.rules import (
    EDITABLE,
    MEETING_CHIPS,
    PLAN_CHIPS,
    PROPOSAL_CHIPS,
    UNFUNDED,
    UNRECORDED,
    MeetingState,
    Outcome,
    PlanState,
    ProposalState,
    Stage,
    show_volume,
)
from rembug.programs.models import PriceGroup, PriceItem, ProgramYear, RuleSet
from rembug.programs.rulebook import RuleBook
from rembug.regions.models import Unit
from rembug.regions.scope import CityForeignKey, CityModel


class MeetingQuerySet(models.QuerySet):
    def recorded(self) -> MeetingQuerySet:
        """Those that took place and were written down; neither only called nor called off."""
        return self.exclude(state__in=UNRECORDED)


class Meeting(CityModel):
    """A rembug warga: the residents' meeting that decides, with who came and what was decided."""

    unit = CityForeignKey(Unit, models.PROTECT, related_name="meetings")
    year = models.PositiveSmallIntegerField()  # the fiscal year it plans
    title = models.CharField(max_length=160)
    place = models.CharField(max_length=160)
    at = models.DateTimeField()
    agenda = models.TextField(blank=True)
    men = models.PositiveSmallIntegerField(default=0)
    women = models.PositiveSmallIntegerField(default=0)
    # Why the counts differ from the names, when they do.
    count_reason = models.CharField(max_length=300, blank=True)
    notes = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.CALLED)
    called_by = CityForeignKey(Person, models.PROTECT, related_name="+")
    # SHA-256 of the minutes, fixed by the first signature: they do not change until they are returned.
    minutes_digest = models.CharField(max_length=64, blank=True)
    # What must be mended, while the minutes are back with the secretary.
    returned_why = models.TextField(blank=True)
    # Why it does not take place, when it was called off.
    cancelled_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)

    objects = ScopedManager(
        city="city", _manager_class=models.Manager.from_queryset(MeetingQuerySet)
    )

    class Meta:
        indexes = [
            models.Index(fields=["city", "unit", "at"], name="meeting_unit_at"),
            models.Index(fields=["city", "unit", "year", "state"], name="meeting_unit_year"),
        ]
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.title

    @property
    def present(self) -> int:
        return self.men + self.women

    @property
    def chip(self) -> str:
        """The state as a chip is coloured."""
        return MEETING_CHIPS[MeetingState(self.state)]

    @property
    def recorded(self) -> bool:
        return self.state not in UNRECORDED

    @property
    def frozen(self) -> bool:
        """Somebody's signature stands: the minutes do not change."""
        return bool(self.minutes_digest)

    @property
    def about(self) -> str:
        """The thread of the record."""
        return f"meeting:{self.pk}"


class Attendance(CityModel):
    """One resident who came. Names stay inside the house; the public sees only counts."""

    meeting = CityForeignKey(Meeting, models.CASCADE, related_name="attendances")
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1, choices=[("m", "L"), ("f", "P")], blank=True)

    class Meta:
        indexes = [models.Index(fields=["city", "meeting"], name="attendance_meeting")]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class MeetingItem(CityModel):
    """One thing that was discussed: decided, deferred with a reason, or only talked about."""

    meeting = CityForeignKey(Meeting, models.CASCADE, related_name="items")
    rank = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=24)
    title = models.CharField(max_length=200)
    volume = models.CharField(max_length=60, blank=True)
    cost = models.BigIntegerField(default=0)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="meeting_item_cost"),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.DEFERRED) | ~Q(reason=""),
                name="deferred_item_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["city", "meeting"], name="meeting_item_meeting")]
        ordering = ["rank"]

    def __str__(self) -> str:
        return self.title


class MeetingPhoto(CityModel):
    """A photograph of the meeting, kept with its minutes."""

    meeting = CityForeignKey(Meeting, models.CASCADE, related_name="photos")
    file = CityForeignKey(File, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "meeting", "file", name="meeting_photo_once")
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.file_id}"

    def readable_by(self, person: object) -> bool:
        """The photograph of a meeting is for whoever reads its minutes."""
        return holds(person, "plan.read", at=self.meeting.unit) is not None


class Signature(CityModel):
    """A sign-off on the minutes by an office: RT head, secretary, RW head.

    It lapses when the minutes are returned, and stays to be seen.
    """

    meeting = CityForeignKey(Meeting, models.CASCADE, related_name="signatures")
    role = models.CharField(max_length=24)
    person = CityForeignKey(Person, models.PROTECT, related_name="+")
    office = CityForeignKey(Office, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    lapsed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=("city", "meeting", "role"),
                condition=Q(lapsed_at=None),
                name="one_signature_per_role",
            ),
            models.UniqueConstraint(
                fields=("city", "meeting", "person"),
                condition=Q(lapsed_at=None),
                name="one_signature_per_person",
            ),
        ]
        ordering = ["at"]

    def __str__(self) -> str:
        return self.role


class PlanItem(CityModel):
    """A line of the five-year list. It belongs to the RT, whoever is its head."""

    unit = CityForeignKey(Unit, models.PROTECT, related_name="plan_items")
    year = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=24)
    title = models.CharField(max_length=200)
    volume = models.CharField(max_length=60, blank=True)
    cost = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.PLANNED)
    reason = models.CharField(max_length=300, blank=True)
    meeting = CityForeignKey(Meeting, models.PROTECT, null=True, related_name="plan_items")
    # The decision of that meeting it was taken from; each is taken once.
    decision = CityForeignKey(MeetingItem, models.PROTECT, null=True, related_name="plan_items")
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="plan_item_cost"),
            models.UniqueConstraint("city", "decision", name="decision_taken_once"),
        ]
        indexes = [models.Index(fields=["city", "unit", "year"], name="plan_item_unit_year")]
        ordering = ["year", "field", "id"]

    def __str__(self) -> str:
        return self.title

    @property
    def chip(self) -> str:
        return PLAN_CHIPS[PlanState(self.state)]


class Proposal(CityModel):
    """What one RT asks for in one programme year: its activities travel the tiers together.

    `tier` is the key of the verification step it waits at, empty before and after.
    """

    unit = CityForeignKey(Unit, models.PROTECT, related_name="proposals")
    program_year = CityForeignKey(ProgramYear, models.PROTECT, related_name="proposals")
    meeting = CityForeignKey(Meeting, models.PROTECT, null=True, related_name="proposals")
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.DRAFT)
    tier = models.CharField(max_length=20, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=0)
    returned_why = models.TextField(blank=True)
    # Statements of the residents that lift a duty, by the book's code of the paper: {"form_e": "..."}.
    statements = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = CityForeignKey(Person, models.PROTECT, null=True, related_name="+")
    budget_doc = models.CharField(max_length=80, blank=True)
    # The rules it was sent under; empty: those its year was opened with.
    rule_set = CityForeignKey(RuleSet, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            # A rejected one stays as it was; the year is not lost with it.
            models.UniqueConstraint(
                fields=("city", "unit", "program_year"),
                condition=~Q(state=ProposalState.REJECTED),
                name="one_proposal_per_rt_and_year",
            )
        ]
        indexes = [models.Index(fields=["city", "program_year", "state"], name="proposal_state")]

    def __str__(self) -> str:
        return f"{self.unit} {self.program_year}"

    @property
    def chip(self) -> str:
        return PROPOSAL_CHIPS[ProposalState(self.state)]

    @property
    def editable(self) -> bool:
        return self.state in EDITABLE

    @property
    def rules(self) -> RuleSet:
        """Those of today while it may be changed; once sent, those it was sent under."""
        year = self.program_year
        return year.current if self.editable else year.rules_by(self.rule_set_id)

    @property
    def book(self) -> RuleBook:
        return self.rules.rules

    @property
    def rule(self) -> str:
        """The rule version for the record of acts."""
        return self.program_year.rule_of(self.rules)

    @property
    def about(self) -> str:
        """The thread of the record."""
        return f"proposal:{self.pk}"


class ActivityQuerySet(models.QuerySet):
    def shown(self) -> ActivityQuerySet:
        """What everybody may see: all but the drafts, which are their RT's own until sent."""
        return self.exclude(stage=Stage.DRAFT)

    def within(self, code: str) -> ActivityQuerySet:
        """Activities of a unit and everything below it."""
        return self.filter(Q(unit__code=code) | Q(unit__code__startswith=code + "."))

    def matching(self, text: str) -> ActivityQuerySet:
        """Activities whose words, or whose place's, hold every word of a question.

        The words of a place stay with the place: an area that is renamed, or a street that is added,
        is found at once.
        """
        found = self
        for word in folding.words_of(text)[: folding.MOST_WORDS]:
            there = Unit.objects.filter(folding.holds(word)).order_by().values("id")
            found = found.filter(folding.holds(word) | Q(unit__in=there))
        return found


class Activity(CityModel):
    """One thing to be done with the grant: asked for in a proposal, then funded, done and audited.

    `cost` is the sum of its RAB lines (rupiah), kept by the act that changes them. `kind` is the
    book's code of the kind of item, `kind_number` how many of what it counts (pupils, cameras),
    `kind_note` why it is not what its words bring to mind. `swadaya_*` is what residents add
    themselves: rupiah, days of work, and goods in words. `unit` and `year` repeat the proposal's, so
    that lists need no join.
    """

    proposal = CityForeignKey(Proposal, models.PROTECT, related_name="activities")
    unit = CityForeignKey(Unit, models.PROTECT, related_name="activities")
    year = models.PositiveSmallIntegerField()
    rank = models.PositiveSmallIntegerField(default=1)
    field = models.CharField(max_length=24)
    kind = models.CharField(max_length=40, blank=True)
    kind_number = models.PositiveIntegerField(default=0)
    kind_note = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    volume = models.CharField(max_length=60, blank=True)
    cost = models.BigIntegerField(default=0)
    swadaya_money = models.BigIntegerField(default=0)
    swadaya_days = models.PositiveIntegerField(default=0)
    swadaya_note = models.CharField(max_length=200, blank=True)
    plan_item = CityForeignKey(PlanItem, models.PROTECT, null=True, related_name="activities")
    off_list_reason = models.CharField(max_length=300, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.DRAFT)
    # Accepted physical progress (0, 50, 100), -1 before the first accepted report.
    percent = models.SmallIntegerField(default=-1)
    # What people search for (core.folding): name and place. The unit has words of its own.
    search = models.CharField(max_length=600, blank=True)
    version = models.PositiveIntegerField(default=0)
    # What its RT changed since the proposal was given back (services.mending); everybody sees the rest of
    # the row, as it was sent, until it is sent again.
    mending = models.JSONField(default=dict, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedManager(
        city="city", _manager_class=models.Manager.from_queryset(ActivityQuerySet)
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gte=0) & Q(swadaya_money__gte=0), name="activity_amounts"
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=-1) & Q(percent__lte=100), name="activity_percent"
            ),
        ]
        indexes = [
            models.Index(fields=["city", "year", "-id"], name="activity_year"),
            models.Index(fields=["city", "unit", "year"], name="activity_unit_year"),
            models.Index(fields=["city", "proposal"], name="activity_proposal"),
            models.Index(fields=["city", "stage", "year"], name="activity_stage"),
            models.Index(fields=["city", "field", "year"], name="activity_field"),
            # The public list, by size and by change, on any page of it.
            models.Index(fields=["city", "-cost", "-id"], name="activity_largest"),
            models.Index(fields=["city", "-changed_at", "-id"], name="activity_changed"),
        ]
        ordering = ["rank", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def about(self) -> str:
        return f"activity:{self.pk}"

    @property
    def budgeted(self) -> bool:
        """Whether this is money, not only a plan."""
        return self.stage not in UNFUNDED


class RabLine(CityModel):
    """One cost line: volume (in thousandths of its unit) times unit price, in whole rupiah.

    `standard` is the price standard on the day it was written (0 when the item has none).
    """

    activity = CityForeignKey(Activity, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=1)
    group = models.CharField(max_length=10, choices=PriceGroup)
    item = CityForeignKey(PriceItem, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    measure = models.CharField(max_length=20)
    volume_milli = models.BigIntegerField()
    price = models.BigIntegerField()
    standard = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    quotes = models.CharField(max_length=300, blank=True)
    # Only where the line counts by itself, such as a camera in a guard post; else with its activity.
    kind = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(volume_milli__gt=0) & Q(price__gte=0) & Q(amount__gte=0),
                name="rab_line_amounts",
            )
        ]
        indexes = [models.Index(fields=["city", "activity"], name="rab_line_activity")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def volume(self) -> str:
        """As people read it: `2,5`."""
        return show_volume(self.volume_milli)


class ActivityPaper(CityModel):
    """A paper the book asks for with an activity (land permit, list of recipients): its file, or the
    number under which the kelurahan keeps it."""

    activity = CityForeignKey(Activity, models.CASCADE, related_name="papers")
    code = models.CharField(max_length=40)
    file = CityForeignKey(File, models.PROTECT, null=True, related_name="+")
    number = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "activity", "code", name="activity_paper_once"),
            models.CheckConstraint(
                condition=~Q(file=None) | ~Q(number=""), name="activity_paper_is_somewhere"
            ),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return self.code

    def readable_by(self, person: object) -> bool:
        """A paper of an activity is for whoever reads its proposal."""
        return holds(person, "plan.read", at=self.activity.unit) is not None
