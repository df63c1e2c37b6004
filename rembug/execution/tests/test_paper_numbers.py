"""One number in whatever spelling is one paper; the database says so where two ask at once."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from rembug.core.paper_numbers import as_typed
from rembug.core.refusal import Refused
from rembug.execution.models import Tranche, Work
from rembug.execution.services import closing, tranches
from rembug.execution.tests.paths import bring, budgeted, pay, prepare, tranche

pytestmark = pytest.mark.fault("report-11", "item-9")

SPELLINGS = [
    "001/UJI/2026",
    "001/uji/2026",
    "001 /UJI/2026",
    " 001/UJI/2026 ",
    "001/UJI/ 2026",
    "001\u00a0/Uji/\u20092026",
    "001\u2215UJI\uff0f2026",
]


@pytest.mark.parametrize("again", SPELLINGS)
def test_a_contract_has_its_number_alone(cast, again):
    prepare(cast, budgeted(cast), contract_no="001/UJI/2026")
    other = budgeted(cast, name="Saluran")
    with pytest.raises(Refused, match="sudah dipakai"):
        prepare(cast, other, contract_no=again)
    assert prepare(cast, other, contract_no="002/UJI/2026").contract_no == "002/UJI/2026"


def test_a_number_is_shown_as_it_was_typed(cast):
    typed = " 001/Uji \u2013 a/2026 "
    assert prepare(cast, budgeted(cast), contract_no=typed).contract_no == "001/Uji - a/2026"
    assert as_typed("12\u20442026") == "12/2026"


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (
            "requested_1",
            lambda c, w, no: tranches.bill_tranche(
                by=c.treasurer, tranche=tranche(w, 1), number=no
            ),
        ),
        (
            "verified_1",
            lambda c, w, no: tranches.order_tranche(by=c.lurah, tranche=tranche(w, 1), number=no),
        ),
        (
            "ordered_1",
            lambda c, w, no: tranches.pay_tranche(
                by=c.finance_office, tranche=tranche(w, 1), number=no
            ),
        ),
    ],
    ids=["SPP", "SPM", "SP2D"],
)
def test_papers_of_a_payment_have_their_number_alone(cast, state, act):
    first = bring(cast, "running")
    paid = pay(cast, bring_on(cast, first, "reported_0"), 1, upto="paid")
    columns = {"requested_1": "spp_no", "verified_1": "spm_no", "ordered_1": "sp2d_no"}
    used = getattr(paid, columns[state])
    second = bring(cast, state, name="Saluran", cost=5_000_000)
    with pytest.raises(Refused, match="sudah dipakai"):
        act(cast, second, f" {used.lower()} ".replace("/", " / "))


def bring_on(cast, work, stop):
    from rembug.execution.tests.paths import report

    report(cast, work, int(stop.rpartition("_")[2]))
    return work


def test_the_inspection_and_the_handover_have_their_number_alone(cast):
    one = bring(cast, "handed")
    other = bring(cast, "reported_100", name="Saluran", cost=5_000_000)
    with pytest.raises(Refused, match="sudah dipakai"):
        closing.inspect_work(
            by=cast.pokmas_supervisor,
            work=other,
            number=one.inspection_no.replace("/", " /"),
            measured="42 m",
        )


@pytest.mark.parametrize(
    ("model", "column"),
    [
        *((Work, name) for name in ("contract_no", "inspection_no", "handover_no", "return_slip")),
        *((Tranche, name) for name in ("spp_no", "spm_no", "sp2d_no")),
    ],
    ids=lambda one: getattr(one, "__name__", one),
)
def test_the_database_refuses_one_number_twice_whoever_writes(cast, model, column):
    """Also past the acts, as the bulk twins and two at the same moment do."""
    bring(cast, "running"), bring(cast, "running", name="Saluran", cost=5_000_000)
    rows = list(model._base_manager.filter(city=cast.city).order_by("pk"))[:2]
    model._base_manager.filter(pk=rows[0].pk).update(**{column: "7/abc/2026"})
    with pytest.raises(IntegrityError), transaction.atomic():
        model._base_manager.filter(pk=rows[1].pk).update(**{column: "7 /ABC/2026"})
    model._base_manager.filter(pk=rows[1].pk).update(**{column: "8/abc/2026"})


def test_no_number_is_no_twin(cast):
    bring(cast, "running"), bring(cast, "running", name="Saluran", cost=5_000_000)
    assert Work.objects.filter(inspection_no="").count() == 2
