"""The end of a work: what keeps it from being inspected, settled and closed. Plain values; no tables."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext

from rembug.core.refusal import Reason
from rembug.core.rupiah import show
from rembug.execution.rules import number_faults


def inspection_faults(
    *,
    percent: int,
    number: str,
    used: bool,
    measured: str,
    unit: str = "",
    found_unit: str | None = "",
    renewed: bool = True,
) -> list[str]:
    """Every reason why the supervisor cannot sign the inspection (BAHP).

    `unit` is that of the plan (empty: the plan names none), `found_unit` that of what was measured
    (None: it is no measure); `renewed`: what was refused has been reported anew.
    """
    faults = []
    if percent < 100:
        faults.append(gettext("Laporan 100% belum disetujui. Pemeriksaan dilakukan sesudahnya."))
    elif not renewed:
        told = gettext("Hasil ini pernah ditolak. Kirim dulu laporan 100% baru dengan foto baru.")
        faults.append(told)
    faults += number_faults(number, "BAHP", used)
    if found_unit is None or not any(sign.isdigit() for sign in measured):
        told = gettext("Tulis hasil ukur di lapangan, misalnya 42 m x 1,5 m.")
        faults.append(Reason(told, "measured"))
    elif unit and found_unit != unit:
        told = gettext("Tulis hasil ukur dalam %s, seperti di rencana.") % unit
        faults.append(Reason(told, "measured"))
    return faults


def settle_faults(
    *, open_tranches: Collection[int], tax_owed: int, undrawn: Collection[int] = ()
) -> list[str]:
    """What must be settled before the remainder is returned; `undrawn`: open ones not asked for yet."""
    spj = gettext("SPJ pencairan %d belum diterima. Selesaikan dulu.")
    ask = gettext("Pencairan %d belum diminta. Minta uangnya, atau nyatakan tidak dipakai.")
    faults = [(ask if no in undrawn else spj) % no for no in sorted(open_tranches)]
    if tax_owed:
        faults.append(
            gettext("Pajak %s belum disetor. Setor, lalu catat NTPN-nya.") % show(tax_owed)
        )
    return faults


def close_faults(
    *,
    open_tranches: Collection[int],
    tax_owed: int,
    cash: int,
    hold: str = "",
    undrawn: Collection[int] = (),
    owed_back: int = 0,
    claim: str = "",
) -> list[str]:
    """Everything that keeps a work from being closed; `hold`: who holds its money, and why; `owed_back`:
    rupiah paid for what was not built, still to be returned unless `claim` says how they are claimed."""
    faults = settle_faults(open_tranches=open_tranches, tax_owed=tax_owed, undrawn=undrawn)
    if hold:
        faults.append(hold)
    if cash:
        faults.append(
            gettext("Masih ada uang %s di pokmas. Kembalikan ke kas daerah dulu.") % show(cash)
        )
    if owed_back and len(claim.strip()) < 10:
        told = gettext(
            "Volume kurang: %s sudah dibayar dan belum kembali. Tulis bagaimana kekurangan ini ditagih."
        )
        faults.append(Reason(told % show(owed_back), "claim"))
    return faults
