"""Funds, entries and their lines, and the balances that `post` keeps beside them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rembug.ledger.rules import ACCOUNTS, CREDIT_NORMAL, DEBIT_NORMAL, kind_title
from rembug.regions.models import Unit
from rembug.regions.scope import CityForeignKey, CityModel

KNOWN_ACCOUNT = Q(account__in=list(ACCOUNTS))


class Fund(CityModel):
    """A sum of money of one fiscal year with books of its own. Nothing is posted once it is closed.

    The year never changes: entries are numbered in it, and its counter is the lock of the books.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Terbuka")
        CLOSED = "closed", _("Tutup buku")

    year = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=160)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "code", name="ledger_fund_code_once"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "closed"]), name="ledger_fund_state"
            ),
        ]
        indexes = [models.Index(fields=["city", "year"], name="ledger_fund_year")]
        ordering = ["year", "code"]

    def __str__(self) -> str:
        return self.name


class Counter(CityModel):
    """The last number given to an entry of a city in a year. Its row is the lock of those books."""

    year = models.PositiveSmallIntegerField()
    last = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint("city", "year", name="ledger_counter_once")]

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Entry(CityModel):
    """One movement of money, with evidence. Once posted it is never changed or deleted, only reversed.

    `on` is the day it happened, `posted_at` when it was booked. `key` is the phone's or the act's own
    word for it, so that sending twice books once. `act_digest` is the hash of the act behind it.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Konsep")
        POSTED = "posted", _("Dibukukan")

    fund = CityForeignKey(Fund, models.PROTECT, related_name="entries", db_index=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=24)
    memo = models.TextField(blank=True)
    on = models.DateField()
    posted_at = models.DateTimeField(null=True, blank=True)
    key = models.CharField(max_length=120)
    reverses = CityForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversals", db_index=False
    )
    act_digest = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["city", "key"], name="ledger_entry_key_once"),
            models.UniqueConstraint(
                fields=["city", "year", "number"], name="ledger_entry_number_once"
            ),
            models.UniqueConstraint(fields=["city", "reverses"], name="ledger_entry_reversed_once"),
            models.CheckConstraint(
                condition=Q(state="draft", number=None, posted_at=None)
                # A comparison with NULL is not false to a CHECK, so NULL is named.
                | Q(state="posted", number__isnull=False, number__gte=1, posted_at__isnull=False),
                name="ledger_entry_numbered_when_posted",
            ),
            models.CheckConstraint(condition=~Q(key=""), name="ledger_entry_has_key"),
        ]
        indexes = [models.Index(fields=["city", "fund", "on"], name="ledger_entry_fund_on")]
        ordering = ["year", "number"]

    def __str__(self) -> str:
        return f"{self.year}/{self.number or '-'}"

    @property
    def kind_title(self) -> str:
        return kind_title(self.kind)


class EntryLine(CityModel):
    """One line of an entry: rupiah on the debit or the credit side of an account, at a place,
    for an activity (`subject`, 0 for none)."""

    entry = CityForeignKey(Entry, models.PROTECT, related_name="lines", db_index=False)
    account = models.CharField(max_length=16)
    unit = CityForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    subject = models.BigIntegerField(default=0)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0),
                name="ledger_entryline_one_side",
            ),
            models.CheckConstraint(condition=KNOWN_ACCOUNT, name="ledger_entryline_account"),
        ]
        indexes = [
            models.Index(fields=["city", "entry", "unit"], name="ledger_entryline_entry"),
            models.Index(fields=["city", "unit", "account"], name="ledger_entryline_unit"),
            models.Index(fields=["city", "subject"], name="ledger_entryline_subject"),
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.account} {self.debit or -self.credit}"

    @property
    def title(self) -> str:
        """What the account is called in books."""
        return str(ACCOUNTS[self.account].title)


class Balance(CityModel):
    """What lies in an account at a place. Written only by `post`, recomputed by the audit.

    Own rows (`rollup` false) are the lines of exactly this unit and activity. A rollup row is the
    sum over the unit and all below it, whatever the activity (`subject` 0). `amount` counts in the
    account's normal direction, and is never below zero.
    """

    fund = CityForeignKey(Fund, models.PROTECT, related_name="balances", db_index=False)
    account = models.CharField(max_length=16)
    unit = CityForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    subject = models.BigIntegerField(default=0)
    rollup = models.BooleanField(default=False)
    debit = models.BigIntegerField(default=0)
    credit = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["city", "fund", "account", "unit", "subject", "rollup"],
                name="ledger_balance_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="ledger_balance_not_negative"),
            models.CheckConstraint(
                condition=Q(account__in=DEBIT_NORMAL, amount=F("debit") - F("credit"))
                | Q(account__in=CREDIT_NORMAL, amount=F("credit") - F("debit")),
                name="ledger_balance_normal_side",
            ),
            models.CheckConstraint(
                condition=Q(rollup=False) | Q(subject=0),
                name="ledger_balance_rollup_has_no_subject",
            ),
        ]
        indexes = [
            models.Index(fields=["city", "rollup", "unit", "fund"], name="ledger_balance_unit"),
            models.Index(fields=["city", "subject", "fund"], name="ledger_balance_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount}"

    @property
    def title(self) -> str:
        """What the account is called in books."""
        return str(ACCOUNTS[self.account].title)
