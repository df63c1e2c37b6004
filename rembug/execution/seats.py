"""Who may sit in a pokmas, and whose account it is. Plain values in, reasons out; no tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.refusal import Reason
from rembug.core.roster import hides_number, same_words


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


def account_digits(number: str) -> str:
    """A bank account number without spaces, dots and dashes."""
    return re.sub(r"[\s.\-]", "", number)


def _closed(text: str) -> str:
    return same_words(text).replace(" ", "")


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
    namesakes: str = "",
) -> list[str]:
    """Every reason to refuse a pokmas. `barred` maps logins to the kelurahan office they hold,
    `account_used_by` is the pokmas that already has this account."""
    faults = []
    if not same_words(name):
        faults.append(Reason(gettext("Tulis nama pokmas."), "name"))
    # A bank prints without apostrophes and parts words as it likes.
    if _closed(account_holder) != _closed(name):
        told = gettext("Rekening harus atas nama pokmas “%s”. Buka rekening atas nama itu dulu.")
        faults.append(Reason(told % name, "account_holder"))
    if not account_digits(account_no).isdigit() or len(account_digits(account_no)) < 6:
        told = gettext("Tulis nomor rekening dengan angka, paling sedikit 6 angka.")
        faults.append(Reason(told, "account_no"))
    if account_used_by:
        told = gettext("Rekening ini sudah dipakai %s. Satu rekening hanya untuk satu pokmas.")
        faults.append(Reason(told % account_used_by, "account_no"))
    faults += seat_faults(seats, least, most, namesakes)
    return faults + _barred_faults(seats, barred or {})


def seat_faults(seats: Sequence[Seat], least: int, most: int, namesakes: str = "") -> list[str]:
    """Whether every officer is there once, nobody sits twice, and the number is allowed.

    `namesakes` says how people of one name are told apart; two who sign in already are two.
    """
    faults: list[str] = []
    held = Counter(seat.role for seat in seats)
    for role in OFFICERS:
        if held[role] != 1:
            told = gettext("Isi satu orang sebagai %s.") % MemberRole(role).label.lower()
            faults.append(Reason(told, f"{role}_name"))
    if any(hides_number(seat.name) for seat in seats):
        faults.append(gettext("Tulis nama anggota saja, tanpa NIK atau nomor lain."))
    logins = _twice(seat.login for seat in seats)
    if named := {seat.name or seat.login for seat in seats if seat.login in logins}:
        faults.append(
            gettext("%s tercantum dua kali. Pelaksana dan pengawas harus orang yang berbeda.")
            % ", ".join(sorted(named))
        )
    if (alike := _alike(seats, logins)) and len(namesakes.strip()) < MEANS_SOMETHING:
        told = gettext(
            "%s tercantum dua kali. Bila satu orang, hapus salah satu: pelaksana dan pengawas harus "
            "orang yang berbeda. Bila memang dua orang, tulis bedanya di bawah daftar anggota."
        )
        faults.append(Reason(told % ", ".join(sorted(alike)), "namesakes"))
    if not least <= len(seats) <= most:
        faults.append(
            gettext("Anggota pokmas %(least)d sampai %(most)d orang; sekarang %(now)d.")
            % {"least": least, "most": most, "now": len(seats)}
        )
    return faults


# A few letters say no difference between two people.
MEANS_SOMETHING = 8


def _alike(seats: Sequence[Seat], logins: Collection[str]) -> set[str]:
    """Names that stand twice, unless each of their bearers signs in under a login of their own."""
    unknown = [seat for seat in seats if not seat.login and seat.name]
    known = {same_words(seat.name) for seat in seats if seat.login and seat.login not in logins}
    names = [same_words(seat.name) for seat in unknown]
    doubled = _twice(names) | (set(names) & known)
    return {seat.name for seat in unknown if same_words(seat.name) in doubled}


def _twice(words: Iterable[str]) -> set[str]:
    return {word for word, count in Counter(words).items() if word and count > 1}


def _barred_faults(seats: Sequence[Seat], barred: Mapping[str, str]) -> list[str]:
    return [
        gettext("%(name)s adalah %(office)s. Pilih orang lain untuk pokmas.")
        % {"name": seat.name or seat.login, "office": barred[seat.login]}
        for seat in seats
        if seat.login and seat.login in barred
    ]
