"""What in a text is somebody's own number: NIK and KK, telephone, bank account. The one gate for all of it.

Seen as a run of digits and what people put between them; what is plainly something else (an amount, a
date, a place in degrees, the code of a unit or of a budget line, the number of a paper) is set aside
first. What is left is judged by its digits and by the word before it. Where text leaves for everybody
it is masked (core.gate); where it is typed, the writer is told (core.forms, regions.scope).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

NIK, PHONE, ACCOUNT = "nik", "phone", "account"
# What stands between the digits of one number: also signs that are not seen.
BETWEEN = r" \t\n\r.\-/()_\u00a0\u00ad\u2000-\u200f\u2010-\u2015\u202f\u2060\u00b7\ufeff"
# Begins with a digit, so that a page is searched fast; not inside a fingerprint (hence the small letters),
# but right after `wa`.
RUN = re.compile(rf"\d(?:(?<![0-9a-f]\d)|(?<=wa\d))[\d{BETWEEN}]{{4,}}\d")
GROUP = re.compile(r"\d+")
# What a long number may be beside somebody's own, in the order it is looked for.
OTHER = re.compile(
    r"(?<=rp)\s?\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|(?<=rp)\s?\d+|(?<![\d.])(?:"
    # a place of the country: 35.71.02.1014.005.003
    r"\d\d\.\d\d\.\d\d\.[12]\d{3}(?:\.\d{3}){0,2}(?!\.?\d)"
    # a day, with the hour: 2026-11-28, 28/11/2026 06.00
    r"|(?:(?:19|20)\d\d([-/.])[01]?\d\1[0-3]?\d|[0-3]?\d([-/.])[01]?\d\2(?:19|20)\d\d)"
    r"(?:[ T][0-2]\d[.:]\d\d)?(?![-./]?\d)"
    # years: 2026-2030
    r"|(?:19|20)\d\d(?:[ /\-\u2013](?:19|20)\d\d)+(?![-./]?\d)"
    # an amount in thousands: 50.000.000,00
    r"|[1-9]\d{0,2}(?:\.\d{3}){1,4}(?:,\d{1,2})?(?![-./]?\d)"
    # degrees: -7.8169004
    r"|(?:0|[1-9]\d?|1[0-7]\d)\.\d{4,17}(?!\.?\d)"
    # a code of the budget: 5.1.02.01.01.0024
    r"|(?!\d{1,3}(?:\.\d{3})+(?![.\d]))(?=[\d.]*(?<!\d)\d\.)\d{1,2}(?:\.\d{1,5}){3,}(?!\.?\d)"
    r")",
    re.IGNORECASE,
)
# Most runs of a page are one of these alone: a short amount, a unit, a day, the number of a decree.
PLAIN = re.compile(
    r"(?:[1-9]\d{0,2}(?:\.\d{3}){1,2}|\d\d\.\d\d\.\d\d\.[12]\d{3}(?:\.\d{3}){0,2}"
    r"|(?:19|20)\d\d-[01]\d-[0-3]\d|\d{1,4}(?:/\d{1,4}){1,3})"
)
# Words that make a short number, or one that looks like an amount, somebody's own.
MONEY_BEFORE = re.compile(r"(?:\brp|\bidr|rupiah)[.\s]*$", re.IGNORECASE)
PAPER_BEFORE = re.compile(
    r"(?:\b(?:sp2d|spm|spp|spd|spj|spk|dpp?al?|nphd|bast|bahp|bap|ntpn|ntb|nib|faktur|invoice|inv|kontrak|sk)"
    r"(?:\s*(?:no|nomor)\b)?[\s.:#/\-]*|[a-z]{2,}[/\-])$",
    re.IGNORECASE,
)
PHONE_BEFORE = re.compile(
    r"(?:\b(?:te?le?p?o?n|te?lp|tlpn?|hp|hape|handphone|wa|whats?app|sms|call|ponsel|kontak|contact|hubungi|"
    r"phone)(?:nya)?\b)[^\d\n]{0,25}$",
    re.IGNORECASE,
)
ACCOUNT_BEFORE = re.compile(
    r"(?:\b(?:no\.?\s*rek|no?rek|rek|rekening|account|akun|va|virtual|bank|bri|bca|bni|bsi|btn|mandiri|cimb|jatim|dana|"
    r"gopay|ovo|shopeepay|linkaja)(?:nya)?\b)[^\d\n]{0,25}$",
    re.IGNORECASE,
)
NIK_BEFORE = re.compile(r"(?:nik|ktp|no\.?\s*kk|\bkk|kependudukan)(?:nya)?[^\d\n]{0,25}$", re.I)
AS_FAR = 60  # letters before a number that are read for its meaning
# A number of a person stands in at most so many groups and has at most so many digits.
MOST_GROUPS, LONGEST = 12, 24


class Found(NamedTuple):
    """Somebody's number in a text: from where to where, and what it is."""

    start: int
    end: int
    kind: str


def personal(text: str, allowed: frozenset[str] = frozenset()) -> list[Found]:
    """Every number in a text that is somebody's own, in order. `allowed`: digits that may be told."""
    found: list[Found] = []
    for run in RUN.finditer(text):
        if not PLAIN.fullmatch(run[0]) or run[0].count(".") == 2 and len(run[0]) == 11:
            found += _in_run(text, run, allowed)
    return found


def masked(text: str, allowed: frozenset[str] = frozenset()) -> str:
    """The text without what is somebody's own."""
    found = personal(text, allowed)
    return replaced(text, found) if found else text


def replaced(text: str, found: list[Found]) -> str:
    """The text with a word in place of what was found."""
    word, parts, at = _("[nomor disamarkan]"), [], 0
    for each in found:
        parts += [text[at : each.start], word]
        at = each.end
    return "".join([*parts, text[at:]])


def entry_faults(text: str, *, everybody: bool) -> list[str]:
    """What a writer is told about a text: a NIK is kept nowhere; where everybody reads, no other number is."""
    kinds = {each.kind for each in personal(text)}
    if NIK in kinds:
        return [_("Jangan tulis NIK atau nomor KK di sini. Hapus nomor itu, lalu simpan lagi.")]
    if not everybody:
        return []
    told = {
        PHONE: _("Hapus nomor teleponnya: tulisan ini terbaca semua orang."),
        ACCOUNT: _("Hapus nomor rekening atau nomor panjang itu: tulisan ini terbaca semua orang."),
    }
    return [words for kind, words in told.items() if kind in kinds]


def digits_of(text: str) -> str:
    """The digits alone, in ASCII, whatever script they were typed in."""
    return "".join(str(int(sign)) for sign in text if sign.isdigit())


def _in_run(text: str, run: re.Match[str], allowed: frozenset[str]) -> Iterator[Found]:
    few = sum(map(str.isdigit, run[0])) < 8
    if few and not _called(text, run.start()) or _in_code(text, run):
        return
    at = run.start()
    for other in OTHER.finditer(text, run.start(), run.end()):
        if _is_number_of_someone(text, other):
            continue
        yield from _in_piece(text, at, other.start(), allowed)
        at = other.end()
    yield from _in_piece(text, at, run.end(), allowed)


def _says(word: re.Pattern[str], text: str, at: int) -> bool:
    """Whether the words right before a number say what it is. Tags between them do not count."""
    before = text[max(0, at - AS_FAR) : at]
    if "<" in before or ">" in before:
        before = re.sub(r"<[^<>]*>|^[^<>]*>", " ", before)
    return bool(word.search(before))


def _called(text: str, at: int) -> bool:
    """Whether a number is called somebody's; without that a short one is not."""
    return _says(PHONE_BEFORE, text, at) or _says(ACCOUNT_BEFORE, text, at)


def _is_number_of_someone(text: str, other: re.Match[str]) -> bool:
    """Whether what looks like an amount is written so only by chance: `rekening 123.456.789.012`."""
    at, digits = other.start(), len(digits_of(other[0]))
    if digits < 9 or not re.fullmatch(r"\d{1,3}(\.\d{3})+", other[0]):
        return False
    if _says(MONEY_BEFORE, text, at):
        return False
    return any(_says(word, text, at) for word in (NIK_BEFORE, ACCOUNT_BEFORE, PHONE_BEFORE))


def _in_code(text: str, run: re.Match[str]) -> bool:
    """Whether the digits are part of a fingerprint: thirty-two or more of 0-9a-f in one word."""
    start, end = run.start(), run.end()
    if text[start - 1 : start].isalpha() or text[end : end + 1].isalpha():
        word = re.search(r"[0-9a-zA-Z]*$", text[max(0, start - 128) : start])
        more = re.match(r"[0-9a-zA-Z]*", text[start : end + 128])
        whole = (word[0] if word else "") + (more[0] if more else "")
        return len(whole) >= 32 and bool(re.fullmatch(r"[0-9a-fA-F]+", whole))
    return False


def _in_piece(text: str, start: int, end: int, allowed: frozenset[str]) -> Iterator[Found]:
    """The numbers of persons in a piece of text that holds nothing but digits and what parts them.

    A NIK is looked for first, then a telephone, then what is only long: `5 3571 0212 0390 0001`
    holds a NIK, not an account that begins with 5.
    """
    groups = [(each.start(), each.end()) for each in GROUP.finditer(text, start, end)]
    taken: dict[int, tuple[str, int]] = {}
    free = [True] * len(groups)
    for kind in (NIK, PHONE, ACCOUNT):
        for at in range(len(groups)):
            if free[at] and (after := _ends(text, groups, free, at, kind)):
                taken[at] = kind, after
                free[at:after] = [False] * (after - at)
    for at, (kind, after) in sorted(taken.items()):
        first, last = groups[at][0], groups[after - 1][1]
        while first and text[first - 1] in "+(":
            first -= 1
        if digits_of(text[first:last]) not in allowed:
            yield Found(first, last, kind)


def _ends(text: str, groups: list[tuple[int, int]], free: list[bool], at: int, kind: str) -> int:
    """The group after the longest number of a kind that begins at a group; 0 when there is none."""
    digits, found = "", 0
    for after in range(at + 1, min(len(groups), at + MOST_GROUPS) + 1):
        last = after - 1
        if not free[last] or last > at and _parted(text, groups[last - 1][1], groups[last][0]):
            break
        digits += digits_of(text[slice(*groups[last])])
        if len(digits) > LONGEST:
            return found or (after if kind == ACCOUNT and last == at else 0)
        if _is(kind, text, digits, groups[at:after]):
            found = after
            if kind == NIK and len(digits) == 16:
                break
    return found


def _parted(text: str, end: int, start: int) -> bool:
    """Whether what stands between two groups says that two numbers stand here."""
    between = text[end:start]
    return len(between) > 4 or "\n\n" in between


def _is(kind: str, text: str, digits: str, groups: list[tuple[int, int]]) -> bool:
    """Whether these digits, as they stand, are a number of that kind."""
    start, end = groups[0][0], groups[-1][1]
    said = text[start:end]
    slashed = "/" in said or _slashed(text, start, end)
    if kind == PHONE:
        return _like_phone(text, start, digits, said, slashed)
    if kind == NIK:
        if len(digits) == 16 and digits[0] != "0":
            amount = re.fullmatch(r"\d(\.\d{3}){5}", said) and _says(MONEY_BEFORE, text, start)
            return not amount and (not slashed or _slashed_nik(digits, said))
        return 12 <= len(digits) <= 18 and _says(NIK_BEFORE, text, start)
    if len(digits) < 8:
        return False
    if _says(ACCOUNT_BEFORE, text, start):
        return True
    if slashed or not _like_account(digits, said):
        return False
    return not _says(PAPER_BEFORE, text, start) and not _says(MONEY_BEFORE, text, start)


def _slashed(text: str, start: int, end: int) -> bool:
    """Part of the number of a paper: 01234/SP2D/2026."""
    return text[start - 1 : start] == "/" or text[end : end + 1] == "/"


def _slashed_nik(digits: str, said: str) -> bool:
    """Parted by strokes, or beside one: a day of birth stands in it (of women 40 days on)."""
    day, month = int(digits[6:8]) % 40, int(digits[8:10])
    whole = re.fullmatch(r"\d{6}(\D?)\d{6}\1\d{4}", said)
    return whole is not None and 1 <= day <= 31 and 1 <= month <= 12


def _like_phone(text: str, start: int, digits: str, said: str, slashed: bool) -> bool:
    plus = "+" in text[max(0, start - 2) : start]
    national = re.sub(r"^(00)?62(?=0?\d{7})", "0", digits) if digits[:2] in ("62", "00") else digits
    national = re.sub(r"^00(?=[2-9])", "0", national)
    if plus and digits[:2] != "62":
        return 8 <= len(digits) <= 15
    if national.startswith("08") and 9 <= len(national) <= 14:
        return digits[:2] != "62" or plus or len(national) >= 10
    if slashed:
        wired = re.fullmatch(r"\(?0[2-79]\d{1,2}\)?/\d{5,8}", said)
        return wired is not None and not _slashed(text, start, start + len(said))
    if digits.startswith("8") and 9 <= len(digits) <= 12 and re.match(r"8\d\d[ \-.]?\d{3,4}", said):
        return not _says(MONEY_BEFORE, text, start) and re.fullmatch(r"[\d]+", said) is None
    if re.match(r"0[2-79]", national) and 8 <= len(national) <= 12:
        # A telephone on a wire: with the code of its town.
        area = re.match(r"\d{2,4}[\s)\-./]{1,3}\d", said)
        return bool(area) or len(national) >= 9
    return 5 < len(digits) <= 15 and _says(PHONE_BEFORE, text, start)


def _like_account(digits: str, said: str) -> bool:
    """Long digits that nothing explains: ten in one, or parted as banks part them."""
    if not 10 <= len(digits) <= LONGEST:
        return False
    parts = GROUP.findall(said)
    if len(parts) == 1:
        return True
    if re.fullmatch(r"(?:19|20)\d\d-\d+", said):
        return False
    long = sum(len(part) >= 3 for part in parts)
    return max(map(len, parts)) >= 5 or long * 2 > len(parts)
