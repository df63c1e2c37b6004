"""Rules amended in the year: what was decided keeps its version, what comes after follows the new one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from rembug.execution.models import Work
from rembug.execution.services.standing import standing
from rembug.execution.tests.paths import bring, budgeted, fresh, pay, prepare, report, the_pokmas
from rembug.people.models import Act
from rembug.planning.models import Proposal
from rembug.planning.rules import ProposalState
from rembug.programs.models import ProgramYear, RuleSet

pytestmark = pytest.mark.fault("item-20")


def amend(cast, days=0, **changes) -> RuleSet:
    """Rules of the open year amended from a day on, as loading the city's folder does."""
    day = timezone.localdate() + timedelta(days=days)
    old = cast.year.rule_set
    made = RuleSet.objects.create(
        city=cast.city,
        program=cast.program,
        version=f"P{RuleSet.objects.count()}",
        first_year=cast.year.year,
        citation="Perwali Uji 2",
        valid_from=day,
        book=old.book | changes,
        digest=f"p{RuleSet.objects.count()}".ljust(64, "0"),
    )
    year = ProgramYear.objects.get(pk=cast.year.pk)
    year.amendments = [*year.amendments, [day.isoformat(), made.pk]]
    year.save()
    return made


def test_a_proposal_follows_the_rules_until_it_is_sent_and_keeps_those(cast):
    activity = budgeted(cast)
    proposal = activity.proposal
    Proposal.objects.update(state=ProposalState.DRAFT)
    first = amend(cast, spj_days=11)
    proposal = Proposal.objects.get(pk=proposal.pk)
    assert (proposal.rules, proposal.rule.split(":")[1][:2]) == (first, first.version)
    Proposal.objects.update(state=ProposalState.SUBMITTED, rule_set=first)
    amend(cast, spj_days=12)
    assert Proposal.objects.get(pk=proposal.pk).book.spj_days == 11
    Proposal.objects.update(state=ProposalState.RETURNED)
    assert Proposal.objects.get(pk=proposal.pk).book.spj_days == 12
    # What was sent before there was any amendment keeps the rules of the opening.
    Proposal.objects.update(state=ProposalState.BUDGETED, rule_set=None)
    assert Proposal.objects.get(pk=proposal.pk).rules == cast.year.rule_set


def test_a_contract_keeps_the_gates_it_was_prepared_under(cast):
    work = bring(cast, "running")
    once = [{"no": 1, "percent": 100, "gates": ["report_50"]}]
    made = amend(cast, tranches=once, spj_days=3)
    report(cast, work, 0)
    pay(cast, work, 1)  # the old first payment waits for the report of 0% only
    assert standing(fresh(work)).rule.split(":")[1].startswith(cast.year.rule_set.version)
    later = prepare(cast, budgeted(cast, name="Saluran"), pokmas=the_pokmas(cast))
    assert (later.rule_set, standing(fresh(later)).book.spj_days) == (made, 3)
    assert Act.objects.filter(act="contract.prepared").last().rule.split(":")[1].startswith("P1")


def test_an_amendment_of_tomorrow_changes_nothing_today(cast):
    amend(cast, days=1, spj_days=3)
    work = prepare(cast, budgeted(cast))
    assert Work.objects.get(pk=work.pk).rule_set == cast.year.rule_set
