"""Who may sit in a pokmas, and whose account it is. Plain values in, reasons out; no tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason


class MemberRole(TextChoices):
    HEAD = "head", _("Ketua")
    SECRETARY = "secretary", _("Sekretaris")
    TREASURER = "treasurer", _("Bendahara")
    SUPERVISOR = "supervisor", _("Pengawas")
    MEMBER = "member", _("Anggota")


# The seats inside a pokmas that sign in; each is held by exactly one person.
OFFICERS = {
    MemberRole.HEAD: "pokmas_head",
    MemberRole.SECRETARY: "pokmas_secretary",
    MemberRole.TREASURER: "pokmas_treasurer",
    MemberRole.SUPERVISOR: "pokmas_supervisor",
}


def same_words(text: str) -> str:
    """A name without case, marks and double spaces, so that `POKMAS  Maju-Jaya` equals `Pokmas maju jaya`."""
    return " ".join(re.sub(r"[^0-9a-z]+", " ", text.casefold()).split())


def account_digits(number: str) -> str:
    """A bank account number without spaces, dots and dashes."""
    return re.sub(r"[\s.\-]", "", number)


@dataclass(frozen=True)
class Seat:
    """Somebody inside a pokmas: `login` names a person who signs in (known or to be made)."""

    role: str
    name: str
    login: str = ""


def pokmas_faults(
    *,
    name: str,
    account_holder: str,
    account_no: str,
    seats: Sequence[Seat],
    least: int,
    most: int,
    account_used_by: str = "",
    barred: Mapping[str, str] | None = None,
) -> list[str]:
    """Every reason to refuse a pokmas. `barred` maps logins to the kelurahan office they hold,
    `account_used_by` is the pokmas that already has this account."""
    faults = []
    if not same_words(name):
        faults.append(Reason(gettext("Tulis nama pokmas."), "name"))
    if same_words(account_holder) != same_words(name):
        told = gettext("Rekening harus atas nama pokmas “%s”. Buka rekening atas nama itu dulu.")
        faults.append(Reason(told % name, "account_holder"))
    if not account_digits(account_no).isdigit() or len(account_digits(account_no)) < 6:
        told = gettext("Tulis nomor rekening dengan angka, paling sedikit 6 angka.")
        faults.append(Reason(told, "account_no"))
    if account_used_by:
        told = gettext("Rekening ini sudah dipakai %s. Satu rekening hanya untuk satu pokmas.")
        faults.append(Reason(told % account_used_by, "account_no"))
    return faults + seat_faults(seats, least, most) + _barred_faults(seats, barred or {})


def seat_faults(seats: Sequence[Seat], least: int, most: int) -> list[str]:
    """Whether every officer is there once, nobody sits twice, and the number is allowed."""
    faults = []
    held = Counter(seat.role for seat in seats)
    for role in OFFICERS:
        if held[role] != 1:
            told = gettext("Isi satu orang sebagai %s.") % MemberRole(role).label.lower()
            faults.append(Reason(told, f"{role}_name"))
    twice = _twice(seat.login for seat in seats) | _twice(same_words(seat.name) for seat in seats)
    named = {
        seat.name or seat.login
        for seat in seats
        if seat.login in twice or same_words(seat.name) in twice
    }
    if named:
        faults.append(
            gettext("%s tercantum dua kali. Pelaksana dan pengawas harus orang yang berbeda.")
            % ", ".join(sorted(named))
        )
    if not least <= len(seats) <= most:
        faults.append(
            gettext("Anggota pokmas %(least)d sampai %(most)d orang; sekarang %(now)d.")
            % {"least": least, "most": most, "now": len(seats)}
        )
    return faults


def _twice(words: Iterable[str]) -> set[str]:
    return {word for word, count in Counter(words).items() if word and count > 1}


def _barred_faults(seats: Sequence[Seat], barred: Mapping[str, str]) -> list[str]:
    return [
        gettext("%(name)s adalah %(office)s. Pilih orang lain untuk pokmas.")
        % {"name": seat.name or seat.login, "office": barred[seat.login]}
        for seat in seats
        if seat.login and seat.login in barred
    ]
