"""Lists of people as they are pasted: from a sheet, from WhatsApp, from a hand-typed attendance list.

One reader for every list of names. It says not only whom it read, but also what it left out, so that a
page can show both before anything is kept. A number of the resident register is never part of a name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

LONGEST_NAME = 120


@dataclass(frozen=True)
class Named:
    """A name as pasted, with `m`, `f` or nothing."""

    name: str
    sex: str = ""


@dataclass(frozen=True)
class Roster:
    """What was understood of a list. `left_out` are cells that are no names, `numbers` how many NIK,
    telephone and account numbers were taken away, `decided` whether more than line ends and
    numbering had to be understood: then somebody should look before it is kept."""

    people: tuple[Named, ...] = ()
    left_out: tuple[str, ...] = ()
    numbers: int = 0
    decided: bool = False


SEX_WORDS = {
    "l": "m", "lk": "m", "laki": "m", "laki-laki": "m", "laki laki": "m", "laki2": "m", "pria": "m", "male": "m",
    "p": "f", "pr": "f", "prp": "f", "perempuan": "f", "wanita": "f", "female": "f",
}  # fmt: skip
SEX_BEHIND = re.compile(r"\s*[(\[]\s*([a-z]+(?:[- ]?[a-z0-9]+)?)\s*[)\]]\s*$", re.IGNORECASE)
SEX_AFTER = re.compile(r"^(.+?)(?: ?[-/:] ?| )(L|P|Lk|Pr|LK|PR|[Ll]aki-laki|[Pp]erempuan)\.?$")
# Nine digits in a row, however they are parted, are a NIK, a telephone, an account: never a name.
LONG_NUMBER = re.compile(
    r"\(?(?:\b(?:no(?:mor)?\.? ?)?(?:nik|ktp|kk|nip|hp|telp|tlp|wa)\b ?[:.]? ?)?"
    r"(?<!\d)\+?(?:\d[ .\-]{0,2}){8,}\d(?!\d)\)?",
    re.IGNORECASE,
)
# Whose name stands in the column of a head, and what the other columns hold.
NAME_HEAD = re.compile(r"(?:daftar )?nama\b(?: [a-z/]+){0,3}|name")
SEX_HEADS = {
    "l/p", "p/l", "lp", "jk", "j/k", "j.k", "jenis kelamin", "kelamin", "lk/pr", "laki-laki/perempuan", "gender", "sex",
}  # fmt: skip
MEN_HEADS, WOMEN_HEADS = (
    {"l", "lk", "laki-laki", "pria"},
    {"p", "pr", "perempuan", "wanita"},
)
SIGNS = {
    "ttd",
    "hadir",
    "v",
    "x",
    "ya",
    "ok",
    "dst",
    "dll",
    "tanda tangan",
    "t.t.d",
    "nihil",
    "kosong",
}
PLACE = re.compile(
    r"(?:gang|gg|jalan|jln|jl|blok|blk|dusun|dsn|perum|perumahan|rt|rw|kel|kelurahan|kec|komplek|no)\b[. /]*.*\d"
    r"|(?:gang|gg|jalan|jln|jl|blok|dusun|dsn|perum|perumahan)\b.*"
    r"|.*\b(?:rt|rw)\b[. ]*\d.*"
)  # fmt: skip
HEADING = re.compile(
    r"(?:daftar\s(?:hadir|nama|peserta|absen)|absen(?:si)?\b|notulen|yang\shadir|jumlah\b|total\b|catatan\b|nb\b"
    r"|(?:hari|tanggal|tgl|tempat|acara|pukul|jam|rapat|rembug)\b.*[:/]).*"
)
# [19.30, 28/11/2026] Pak Budi: 1. Slamet
CHAT = re.compile(r"^\[?\d{1,2}[/.:]\d{1,2}[\d/.:, ]*(?:[AaPp][Mm])?\]?(?: -)? [^:]{1,40}: ?")
NUMBERING = re.compile(r"^\(?\d{1,4}(?:\s*[.):\-\]]+\s*|\s+|$)(?=\D|$)|^[a-z]\) ?")
NAME_LABEL = re.compile(r"^nama(?: lengkap)? ?: ?", re.IGNORECASE)

# Degrees without their dots. Written with dots any of that shape counts; without, only these.
DEGREES = {
    one.replace(".", "").lower(): one
    for one in (
        "S.H S.E S.T S.S S.P S.Pd S.Pd.I S.Pd.SD S.Ag S.Sos S.Sos.I S.Kom S.I.Kom S.I.P S.IP S.Si S.Pt S.Farm S.Kep "
        "S.Psi S.H.I S.E.I S.T.P S.Hut S.Sn S.Hum S.Kes S.Ked S.Gz S.Ap S.A.P S.Tr S.Tr.Kes S.Tr.Keb S.ST S.STP "
        "S.KM S.Th S.Th.I S.Ak S.Ars S.Mat S.Stat M.M M.H M.T M.A M.Si M.Pd M.Pd.I M.Kes M.Kom M.Ag M.Sc M.Hum M.E "
        "M.P M.AP M.A.P M.Kn M.Eng M.Psi M.Sos M.I.Kom M.Ak M.Farm M.Kep M.Sn M.Th MBA Ph.D Lc A.Md A.Md.Keb A.Md.Kep "
        "A.Md.Kom A.Md.Pd A.Ma A.Ma.Pd Apt Ners Ns Sp.A Sp.OG Sp.PD Sp.B Sp.KK Sp.JP S.Pd.K Psi CPA CA Ak"
    ).split()
}  # fmt: skip
# With dots between its letters it is a degree even if nobody listed it: A.Md.Tem, M.Tr.Kes.
DOTTED = re.compile(
    r"[A-Z][A-Za-z]{0,3}\.(?:[A-Z][A-Za-z]{0,4}\.)*[A-Z][A-Za-z]{0,4}\.?|[A-Z]\.[a-z]{1,5}\.?"
)
# These are names also in capitals: short names that happen to spell a degree.
NAMES_TOO = {
    "ama",
    "ak",
    "ca",
    "ns",
    "psi",
    "spa",
    "spb",
    "sp",
    "mp",
    "me",
    "ss",
    "sap",
    "map",
    "ma",
}
ROMAN = re.compile(r"[IVX]{2,4}")
# Marks that are neither letters nor signs of a name: emoji, arrows, ticks, bold of WhatsApp.
LOOSE = re.compile(r"[*_~`´•◦▪►➤✓✔√#=<>{}\\^|]")
QUOTES = "'’‘`´ʼ"
EDGES = " .,-–—:;/+&'\"“”‘’"


def read_roster(text: str) -> Roster:
    """People from a pasted text: one per line, several on a line, or rows of a sheet with or without a head."""
    found = _Reading()
    rows = [row for row in (found.row(line) for line in _seen(text).splitlines()) if row]
    table: list[str] | None = None
    for row in rows:
        if head := _head(row):
            found.decided, table = True, head
        elif table and len(row) > 1:
            found.by_head(row, table)
        elif len(row) == 1 and table and len(table) > 1 and not _spaced(row[0]):
            found.cells(row)
        elif table and (parted := _spaced(row[0])):
            found.by_head(parted, _like(parted))
        else:
            found.cells(row)
    return found.roster(bool(table))


def hides_number(text: str) -> bool:
    """Whether a text holds a number as long as a NIK or a telephone, however its digits are parted."""
    return LONG_NUMBER.search(_seen(text)) is not None


# ---- signs ---------------------------------------------------------------------------------


def _seen(text: str) -> str:
    """The text without signs nobody can see and without pictures, digits of all scripts as 0 to 9."""
    kept = []
    for sign in text.replace("\r\n", "\n").replace("\r", "\n"):
        kind = unicodedata.category(sign)
        if sign in "\n\t" or kind[0] in "LPZ" or kind in ("Mn", "Mc", "Sm", "Sc"):
            # Variation selectors and the box of a keycap colour the sign before them.
            if not 0xFE00 <= ord(sign) <= 0xFE0F and ord(sign) != 0x20E3:
                kept.append("\n" if kind in ("Zl", "Zp") else " " if kind == "Zs" else sign)
        elif kind == "Nd":
            kept.append(str(unicodedata.digit(sign)))
        elif kind[0] == "S" or kind == "No":
            kept.append(" ")
    return "".join(kept)


def _bare(cell: str) -> str:
    """A cell for comparing: lower case, single blanks, nothing at the edges."""
    return " ".join(cell.lower().split()).strip(EDGES)


# ---- rows ----------------------------------------------------------------------------------


@dataclass
class _Reading:
    """What has been read so far."""

    people: list[Named] = field(default_factory=list)
    behind: list[str] = field(
        default_factory=list
    )  # a bare L or P after each name, still undecided
    left_out: list[str] = field(default_factory=list)
    numbers: int = 0
    decided: bool = False

    def row(self, line: str) -> list[str]:
        """The cells of a line; several spaces stay one blank here, a head may part them later."""
        line, count = LONG_NUMBER.subn(" ", CHAT.sub("", line.strip(" ")))
        self.numbers += count
        if "\t" not in line and HEADING.fullmatch(_bare(line)):
            return [line]
        sign = next((one for one in "\t|;" if one in line.strip("| \t")), "")
        if sign or line.strip().startswith("|"):
            cells = [_unquoted(cell) for cell in line.strip(" ").split(sign or "|")]
            if sign == "|" or not sign:
                cells = cells[1:] if not cells[0] else cells
            return cells if any(cells) else []
        cells = [_unquoted(cell) for cell in _commas(line)]
        return cells if any(cells) else []

    def cells(self, row: Sequence[str]) -> None:
        """Cells without a head: each a name, the sex or a degree of the one before, or nothing."""
        fresh, numbered, sexed = True, False, any(_bare(c) in SEX_WORDS for c in row[1:])
        whole = len(row) == 1 and HEADING.fullmatch(_bare(row[0]))
        for cell in row if whole else (part for one in row for part in _commas(one)):
            clean = _clean(cell)
            bare = _bare(clean)
            if not bare:
                numbered = numbered or any(sign.isdigit() for sign in cell)
            elif HEADING.fullmatch(bare) or clean.endswith(":"):
                self._leave(clean)
            elif not fresh and self.people and bare in SEX_WORDS:
                self._add_sex(SEX_WORDS[bare])
                fresh = False
            elif not fresh and self.people and self._degree(clean):
                self.decided = True
            elif bare in SIGNS or (not fresh and PLACE.fullmatch(bare)) or _is_figure(bare):
                self._leave(clean)
            elif (
                numbered
                and sexed
                and not fresh
                and self._has_sex()
                and len(row) > 3
                and not _name_ahead(row, cell)
            ):
                # 1 | Slamet | L | Ngronggo: what stands behind the sex in a numbered row is an address.
                self._leave(clean)
            else:
                self._name(clean)
                fresh = False

    def by_head(self, row: Sequence[str], table: Sequence[str]) -> None:
        """Cells under a head: only its names and sexes are read, each sex goes with the name before it."""
        row = _degrees_joined(row, len(table))
        named = False
        for kind, cell in zip(table, row, strict=False):
            clean = _clean(cell)
            bare = _bare(clean)
            if kind == "name":
                named = bool(bare) and not HEADING.fullmatch(bare) and not _is_figure(bare)
                if named:
                    first, *rest = _commas(clean)
                    self._name(_clean(first))
                    for more in rest:
                        if not self._degree(_clean(more)):
                            self._name(_clean(more))
            elif named and kind == "sex" and bare in SEX_WORDS:
                self._add_sex(SEX_WORDS[bare])
            elif named and kind in "mf" and cell.strip():
                self._add_sex(kind)

    def _name(self, clean: str) -> None:
        inside = SEX_BEHIND.search(clean)
        sex = SEX_WORDS.get(" ".join(inside[1].lower().split()), "") if inside else ""
        if inside and sex:
            clean = clean[: inside.start()]
        clean, dash, place = clean.partition(" - ")
        if PLACE.fullmatch(_bare(place)):
            self._leave(place)
        else:
            clean += dash + place
        told = _proper(clean.strip(EDGES.replace(".", "").replace("'", "").replace("’", "")))
        if told != clean.strip(EDGES) and told.lower() == clean.lower() and not told.isupper():
            self.decided = True
        if not any(sign.isalpha() for sign in told):
            self._leave(clean)
            return
        after = "" if sex else (SEX_AFTER.match(told) or [""])[0]
        self.people.append(Named(told[:LONGEST_NAME].strip(), sex))
        self.behind.append(after)

    def _degree(self, clean: str) -> bool:
        """Put a degree behind the last name; False when the cell is none."""
        inside = SEX_BEHIND.search(clean)
        sex = SEX_WORDS.get(inside[1].lower(), "") if inside else ""
        bare = clean[: inside.start()] if inside and sex else clean
        written = degree(bare)
        if not written:
            return False
        last = self.people[-1]
        self.people[-1] = Named(f"{last.name}, {written}"[:LONGEST_NAME], sex or last.sex)
        return True

    def _has_sex(self) -> bool:
        return bool(self.people and self.people[-1].sex)

    def _add_sex(self, sex: str) -> None:
        self.people[-1] = Named(self.people[-1].name, sex)

    def _leave(self, cell: str) -> None:
        self.left_out.append(cell[:LONGEST_NAME])

    def roster(self, headed: bool) -> Roster:
        """The whole. A bare L or P behind most names is their sex; behind one of many it is an initial."""
        unknown = [nth for nth, one in enumerate(self.people) if not one.sex]
        marked = [nth for nth in unknown if self.behind[nth]]
        if marked and 2 * len(marked) >= len(unknown):
            for nth in marked:
                match = SEX_AFTER.match(self.behind[nth])
                assert match is not None
                self.people[nth] = Named(match[1].strip(EDGES), SEX_WORDS[match[2].lower()])
        decided = headed or self.decided or bool(self.left_out or self.numbers)
        return Roster(
            tuple(self.people), tuple(dict.fromkeys(self.left_out)), self.numbers, decided
        )


def _unquoted(cell: str) -> str:
    """A cell of a sheet without the quotes some programs put around it, single blanks inside."""
    return " ".join(cell.split(" ")).strip().strip('"').strip()


QUOTED = re.compile(r'"([^"\n]*)"')


def _commas(line: str) -> list[str]:
    """Parts between commas; what stands in quotes keeps its own."""
    if "," not in line:
        return [line]
    kept = QUOTED.sub(lambda one: one[1].replace(",", "\0"), line)
    return [part.replace("\0", ",") for part in kept.split(",")]


def _clean(cell: str) -> str:
    """A cell without numbering, bullets, bold marks and a label before the name."""
    cell = " ".join(LOOSE.sub(" ", cell).split()).lstrip(EDGES + "!?")
    cell = NUMBERING.sub("", cell).lstrip(EDGES + "!?)")
    return NAME_LABEL.sub("", cell).strip(' -–—:;/+&"“”!?,')


def _is_figure(bare: str) -> bool:
    return not any(sign.isalpha() for sign in bare)


def _name_ahead(row: Sequence[str], cell: str) -> bool:
    """Whether a sex stands behind this cell in its row: then it is the next person's name."""
    nth = list(row).index(cell) if cell in row else -1
    return 0 <= nth < len(row) - 1 and _bare(row[nth + 1]) in SEX_WORDS


# ---- heads ---------------------------------------------------------------------------------


def _head(row: Sequence[str]) -> list[str]:
    """What each column holds, when a row is the head of a sheet; empty when it is none."""
    cells = list(row)
    if len(cells) == 1:
        cells = re.split(r" {2,}", cells[0].strip()) if "  " in cells[0] else cells
    if len(cells) == 1:
        return _spaced_head(cells[0])
    kinds = [_kind(cell) for cell in cells]
    return kinds if "name" in kinds else []


def _kind(cell: str) -> str:
    bare = _bare(LOOSE.sub(" ", cell))
    if NAME_HEAD.fullmatch(bare):
        return "name"
    if bare in SEX_HEADS or bare.startswith("jenis kelamin"):
        return "sex"
    return "m" if bare in MEN_HEADS else "f" if bare in WOMEN_HEADS else "other"


SPACED_HEAD = re.compile(
    r"(?:(?:no|nomor|nmr)\b[. ]*)?nama\b.*\b(?:l/p|p/l|jk|kelamin|alamat|ttd|tanda tangan|paraf|jabatan|nik)\b.*"
)


def _spaced_head(cell: str) -> list[str]:
    """A head whose columns are parted by blanks only, as a PDF gives it."""
    bare = _bare(cell)
    if NAME_HEAD.fullmatch(bare) and bare.startswith(("nama", "daftar nama")) and len(bare) < 25:
        return ["name"]
    return ["name", "sex"] if SPACED_HEAD.fullmatch(bare) else []


SPACED_ROW = re.compile(r"^(?:\(?\d{1,4}[.)]? )?(.+?) (L|P|Lk|Pr|LK|PR)(?: .*)?$")


def _spaced(cell: str) -> list[str]:
    """Name and sex of a row parted by blanks only: `1 Slamet L Gang 1`."""
    parts = [part for part in re.split(r" {2,}", cell.strip()) if part]
    if len(parts) > 1:
        return parts
    match = SPACED_ROW.match(_clean(cell))
    return [match[1], match[2]] if match else []


def _like(parts: Sequence[str]) -> list[str]:
    """What the parts of a row without signs between its columns hold, by what they look like."""
    kinds: list[str] = []
    for part in parts:
        bare = _bare(_clean(part))
        if not bare or _is_figure(bare):
            kinds.append("other")
        elif "name" not in kinds:
            kinds.append("name")
        else:
            kinds.append("sex" if bare in SEX_WORDS and "sex" not in kinds else "other")
    return kinds


def _degrees_joined(row: Sequence[str], width: int) -> list[str]:
    """A row of a sheet parted by commas, in which the comma of a degree is no border of a column."""
    if len(row) <= width:
        return list(row)
    joined: list[str] = []
    for cell in row:
        if joined and len(joined) > 1 and degree(_clean(cell)):
            joined[-1] = f"{joined[-1]}, {cell}"
        else:
            joined.append(cell)
    return joined


# ---- names ---------------------------------------------------------------------------------


def degree(cell: str) -> str:
    """A degree as it is written, `S.PD` as `S.Pd`; empty for anything that is none."""
    cell = cell.strip(" ,")
    if not cell or " " in cell.replace(". ", "."):
        return ""
    cell = cell.replace(". ", ".")
    key = cell.replace(".", "").lower()
    dotted = "." in cell.rstrip(".")
    if key in DEGREES and (dotted or (key not in NAMES_TOO and not cell.islower())):
        same = cell.rstrip(".").lower() == DEGREES[key].lower()
        return (
            DEGREES[key] + ("." if cell.endswith(".") and same else "") if cell.isupper() else cell
        )
    return cell if DOTTED.fullmatch(cell) and dotted else ""


def _proper(name: str) -> str:
    """A name in capitals as one writes it: `SITI AMINAH` is Siti Aminah; anything else stays as typed."""
    letters = [sign for sign in name if sign.isalpha()]
    if len(letters) < 2 or not all(sign.isupper() for sign in letters):
        return name
    return " ".join(_word(word) for word in name.split(" "))


def _word(word: str) -> str:
    if ROMAN.fullmatch(word):
        return word
    if found := degree(word) if "." in word.rstrip(".") else "":
        return found
    return re.sub(r"[^\W\d_]+(?:['’][^\W\d_]+)?", lambda run: _capital(run[0]), word)


def _capital(run: str) -> str:
    """`MA'RUF` is Ma'ruf, `D'ARCY` D'Arcy."""
    mark = next((sign for sign in "'’" if sign in run), "")
    if mark and len(run.split(mark)[0]) == 1:
        return mark.join(part.capitalize() for part in run.split(mark))
    return run.capitalize()


def same_words(text: str) -> str:
    """A name for comparing, without case, marks and double spaces: `POKMAS  Maju-Jaya` equals `Pokmas maju jaya`.

    Apostrophes fall away (`Jum'at` is Jumat, as a bank prints it) and so do accents; letters of every
    script stay letters.
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(
        sign for sign in plain if not 0x300 <= ord(sign) <= 0x36F and sign not in QUOTES
    )
    kept = (
        sign if sign.isalnum() or unicodedata.category(sign)[0] == "M" else " " for sign in plain
    )
    return " ".join("".join(kept).split())
