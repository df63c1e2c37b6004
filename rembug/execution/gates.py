"""What money waits for: the gates of a payment, and holds. Plain values in, reasons out; no tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from rembug.core.refusal import Reason
from rembug.core.rupiah import show
from rembug.execution.rules import WorkState, why_faults
from rembug.programs.rulebook import gate_title


@dataclass(frozen=True)
class Facts:
    """What the gates of a tranche look at. Percent of accepted physical progress is -1 before any."""

    signed: bool
    account: bool
    percent: int
    previous_accounted: bool
    tax_owed: int
    hold: str  # who stopped the money, why, and what to do
    previous_received: bool = True
    handed_over: bool = False
    # Percent of the contract paid with this payment, and how far that may run ahead of the work.
    paid_percent: float = 0
    ahead_percent: float = 0
    # What stayed with the pokmas of earlier payments and why, as their verifier said.
    left: str = ""


@dataclass(frozen=True)
class Gate:
    """One condition of a payment: whether it is met, and if not, what to do."""

    code: str
    title: str
    met: bool
    advice: str
    note: str = ""


def gates(codes: Iterable[str], facts: Facts) -> list[Gate]:
    """Every condition of a tranche in the order of the rulebook, met or not."""
    codes = list(codes)
    if facts.hold and "no_open_hold" not in codes:
        codes.append("no_open_hold")  # it stops every payment, whether or not the rulebook says so
    found = [_gate(code, facts) for code in codes]
    if (ahead := _ahead(codes, facts)) is not None:
        found.append(ahead)
    if not facts.previous_received:
        found.append(
            Gate(
                "previous_received",
                gettext("Pencairan sebelumnya sudah diterima"),
                False,
                gettext("Selesaikan dulu pencairan sebelumnya sampai uangnya masuk rekening."),
            )
        )
    return found


def _ahead(codes: Iterable[str], facts: Facts) -> Gate | None:
    """No money ahead of the work, further than the rule set says; told only where nothing else says so."""
    needed = facts.paid_percent - facts.ahead_percent
    asked = [int(code.removeprefix("report_")) for code in codes if code.startswith("report_")]
    if max([facts.percent, 0, *asked]) >= needed:
        return None
    words = {"percent": f"{needed:g}"}
    return Gate(
        "not_ahead",
        gettext("Uang tidak mendahului pekerjaan"),
        False,
        gettext("Uang ini baru boleh cair bila kemajuan yang disetujui %(percent)s%%.") % words,
    )


def _gate(code: str, facts: Facts) -> Gate:
    """One condition by its code. One that is not known here stops everything: it must never open."""
    note = ""
    if code == "contract_signed":
        met, advice = (
            facts.signed,
            gettext("Ketua pokmas menandatangani kontrak, lalu lurah menyetujui."),
        )
    elif code == "pokmas_account":
        met, advice = facts.account, gettext("Minta kelurahan mencatat rekening atas nama pokmas.")
    elif code == "spj_previous":
        met, advice = (
            facts.previous_accounted,
            gettext("Ajukan SPJ pencairan sebelumnya sampai diterima."),
        )
        note = facts.left
    elif code == "tax_previous":
        met = facts.tax_owed == 0
        advice = gettext("Setor pajak %s, lalu catat NTPN-nya.") % show(facts.tax_owed)
    elif code == "no_open_hold":
        met, advice = not facts.hold, facts.hold
    elif code == "handed_over":
        met, advice = (
            facts.handed_over,
            gettext("Pengawas mengukur hasilnya (BAHP), lalu lurah menerimanya (BAST)."),
        )
    elif code.startswith("report_"):
        percent = int(code.removeprefix("report_"))
        met = facts.percent >= percent
        advice = gettext("Kirim laporan %d%% dan tunggu sampai disetujui.") % percent
    else:
        raise ValueError(f"no gate is called {code}")
    return Gate(code, gate_title(code), met, "" if met else advice, note)


def unmet(found: Iterable[Gate]) -> list[str]:
    """The conditions that are not met, each with what to do."""
    return [f"{gate.title}: {gate.advice}" for gate in found if not gate.met]


# Why a payment stands still in words that fit on the public page.
LONGEST_HOLD = 200


def hold_faults(why: str, *, state: str, hold: str) -> list[str]:
    """Every reason why payments of a work cannot be held back; `hold`: why they already are."""
    faults = why_faults(why)
    if len(why.strip()) > LONGEST_HOLD:
        told = gettext("Paling panjang %d huruf. Ringkas sedikit.") % LONGEST_HOLD
        faults.append(Reason(told, "why"))
    if state in (WorkState.READY, WorkState.SIGNED, WorkState.CLOSED):
        faults.append(gettext("Hanya pekerjaan yang kontraknya berlaku yang dapat ditahan."))
    if hold:
        faults.append(gettext("Pembayarannya sudah ditahan: %s") % hold)
    return faults


def release_faults(why: str, *, tier: str, seen: str) -> list[str]:
    """Every reason why a hold cannot be lifted: `tier` holds it now, `seen` when the page was opened."""
    if not tier or tier != seen:
        return [gettext("Penahanan ini sudah berubah. Muat ulang halaman untuk melihatnya.")]
    if len(why.strip()) < 10:
        told = gettext("Tulis apa yang sudah beres, paling sedikit 10 huruf.")
        return [Reason(told, "why")]
    return []
