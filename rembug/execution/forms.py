"""Forms of execution. What is missing is told by the act, together with everything else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core import signing
from django.core.files import File as Upload
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from rembug.core.forms import (
    DayField,
    DegreesField,
    RupiahField,
    TellAll,
    in_some_cases,
)
from rembug.core.refusal import Refused
from rembug.execution.models import PhotoPoint, Pokmas
from rembug.execution.rules import POINT_LABELS, Point
from rembug.execution.seats import OFFICERS, MemberRole, Seat
from rembug.execution.services.turns import TODAY
from rembug.files.models import File
from rembug.files.services import StoredImage, store_image
from rembug.people.models import Person
from rembug.regions.models import City

# ---- pokmas ----------------------------------------------------------------------------------

PLAIN_MEMBERS = 12


class PokmasForm(TellAll):
    """Name, account and people of a pokmas: the four officers, then plain members."""

    in_house = frozenset({"address"})
    numbers = frozenset({"account_no"})

    name = forms.CharField(label=_("Nama pokmas"), max_length=120)
    address = forms.CharField(
        label=_("Alamat sekretariat"), max_length=200, help_text=_("Di kelurahan yang sama.")
    )
    bank = forms.CharField(label=_("Bank"), max_length=60)
    account_no = forms.CharField(
        label=_("Nomor rekening"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    account_holder = forms.CharField(
        label=_("Rekening atas nama"),
        max_length=120,
        help_text=_("Harus sama dengan nama pokmas. Bukan nama orang."),
    )

    namesakes = in_some_cases(
        forms.CharField(
            label=_("Dua orang bernama sama? Tulis bedanya"),
            max_length=200,
            required=False,
            help_text=_("Misalnya: Slamet ketua tinggal di Gang 1, Slamet anggota di Gang 4."),
        )
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for role in OFFICERS:
            self._seat(str(role), MemberRole(role).label, True)
        for number in range(1, PLAIN_MEMBERS + 1):
            self._seat(f"member{number}", gettext("Anggota %d") % number, False)

    def _seat(self, key: str, title: Any, officer: bool) -> None:
        self.fields[f"{key}_name"] = forms.CharField(label=title, max_length=120, required=officer)
        if officer:
            self.fields[f"{key}_login"] = forms.CharField(
                label=gettext("Nama masuk %s") % str(title).lower(),
                max_length=60,
                required=False,
                help_text=_("Bila orangnya sudah punya akun. Kosong: dibuatkan."),
                widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
            )

    def officer_fields(self) -> list[tuple[Any, Any]]:
        """(name, login) of each officer, as bound fields."""
        return [(self[f"{role}_name"], self[f"{role}_login"]) for role in OFFICERS]

    def member_fields(self) -> list[Any]:
        return [self[f"member{number}_name"] for number in range(1, PLAIN_MEMBERS + 1)]

    def seats(self) -> list[Seat]:
        """Everybody who was named."""
        data = self.cleaned_data
        found = [
            Seat(role, data[f"{role}_name"], data[f"{role}_login"])
            for role in OFFICERS
            if data[f"{role}_name"] or data[f"{role}_login"]
        ]
        names = (data[f"member{number}_name"] for number in range(1, PLAIN_MEMBERS + 1))
        return found + [Seat(MemberRole.MEMBER, name) for name in names if name]


class DecreeForm(TellAll):
    """The camat's decree on a pokmas."""

    in_house = frozenset({"decree_no"})

    decree_no = forms.CharField(label=_("Nomor SK camat"), max_length=80)
    decree_on = DayField(label=_("Tanggal SK"), initial=localdate)


# ---- contract --------------------------------------------------------------------------------


class ContractForm(TellAll):
    """A contract with its photo points."""

    in_house = frozenset({"contract_no"})

    pokmas = forms.ModelChoiceField(
        label=_("Pokmas pelaksana"), queryset=Pokmas._base_manager.none(), empty_label=None
    )
    contract_no = forms.CharField(label=_("Nomor kontrak"), max_length=80)
    contract_on = DayField(label=_("Tanggal kontrak"), initial=localdate)
    starts_on = DayField(label=_("Mulai dikerjakan"), initial=localdate)
    ends_on = DayField(label=_("Selesai paling lambat"))

    def __init__(self, *args: Any, groups: Sequence[Pokmas], points: int = 3, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.least = max(1, points)
        self.fields["pokmas"].queryset = Pokmas.objects.filter(  # type: ignore[attr-defined]
            pk__in=[group.pk for group in groups]
        )
        self.labels = POINT_LABELS[: max(points, 3)]
        for label in self.labels:
            self._point(label)

    def _point(self, label: str) -> None:
        self.fields[f"note_{label}"] = forms.CharField(
            label=gettext("Titik %s") % label,
            max_length=120,
            required=POINT_LABELS.index(label) < self.least,
            help_text=_("Tempat berdiri saat memotret, misalnya mulut gang.")
            if label == "A"
            else "",
        )
        for axis, title in (("lat", _("Lintang")), ("lon", _("Bujur"))):
            self.fields[f"{axis}_{label}"] = DegreesField(label=title, required=False)

    def point_fields(self) -> list[tuple[Any, Any, Any]]:
        return [
            (self[f"note_{label}"], self[f"lat_{label}"], self[f"lon_{label}"])
            for label in self.labels
        ]

    def points(self) -> list[Point]:
        """The points that have a note or a place."""
        data = self.cleaned_data
        rows = [
            Point(label, data[f"note_{label}"], data[f"lat_{label}"], data[f"lon_{label}"])
            for label in self.labels
        ]
        return [row for row in rows if row.note or row.lat is not None or row.lon is not None]


class WhyForm(TellAll):
    """A reason, read word for word by whoever must mend it."""

    why = forms.CharField(
        label=_("Alasan"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Dibaca apa adanya. Tulis apa yang harus diperbaiki."),
    )


class WaiveForm(TellAll):
    """Why money is not needed, read by everybody."""

    why = forms.CharField(
        label=_("Mengapa tidak dipakai?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: harga paving turun, dan warga ikut bekerja."),
    )


class ReleaseForm(TellAll):
    """What was mended, so that money may flow again."""

    why = forms.CharField(
        label=_("Apa yang sudah beres?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: foto titik B sudah diambil ulang dan cocok."),
    )


class DayForm(TellAll):
    """The day written on a paper, and how a day of rest came onto it."""

    on = DayField(label=_("Tanggal di suratnya"), initial=localdate)
    day_why = in_some_cases(
        forms.CharField(label=_("Sebab bila tanggalnya hari libur"), max_length=200, required=False)
    )

    def dated(self) -> dict[str, Any]:
        """What an act is told of the day; a page that had no such field means the day of the act."""
        on = self.cleaned_data.get("on") if "on" in self.data else TODAY
        return {"on": on, "day_why": self.cleaned_data.get("day_why", "")}


class PapersForm(DayForm):
    """The papers a checker has seen."""

    field_order = ["papers"]
    papers = forms.MultipleChoiceField(
        label=_("Surat yang sudah diperiksa"),
        # That somebody saw a paper is never filled in by a phone's memory.
        widget=forms.CheckboxSelectMultiple(attrs={"data-no-draft": ""}),
        help_text=_("Centang yang sudah Anda lihat, atau yang memang tidak diperlukan di sini."),
    )

    def __init__(self, *args: Any, asked: Mapping[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        if asked:
            self.fields["papers"].choices = list(asked.items())  # type: ignore[attr-defined]
        else:
            del self.fields["papers"]

    def seen(self) -> list[str]:
        return list(self.cleaned_data.get("papers") or [])


class NumberForm(DayForm):
    """The number and the day of a paper, as they stand on it."""

    field_order = ["number"]

    in_house = frozenset({"number"})

    number = forms.CharField(label=_("Nomor"), max_length=60)

    def __init__(self, *args: Any, paper: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["number"].label = gettext("Nomor %s") % paper


class ReceiveForm(PapersForm):
    """The number and day of the handover, and the papers the lurah has seen."""

    field_order = ["number", "papers"]
    number = forms.CharField(label=_("Nomor BAST"), max_length=60)


class BankDateForm(TellAll):
    """The day the money was on the account, as the bank book says."""

    bank_date = DayField(label=_("Tanggal uang masuk rekening"), initial=localdate)


# ---- photographs -----------------------------------------------------------------------------

SALT = "rembug.execution.photo"
KEPT_SECONDS = 14 * 24 * 3600


def ticket(file: File, person: Person) -> str:
    """What a form carries for a photograph that is already on the server: only its sender can use it."""
    return signing.dumps([file.sha256, person.pk], salt=SALT)


def redeemed(city: City, text: str, person: Person) -> StoredImage | None:
    """The photograph behind a ticket, with what it tells about itself; None for a wrong or old one."""
    try:
        sha, owner = signing.loads(text, salt=SALT, max_age=KEPT_SECONDS)
    except signing.BadSignature:
        return None
    file = File.objects.filter(sha256=sha).first() if owner == person.pk else None
    if file is None or not file.path.is_file():
        return None
    with file.path.open("rb") as content:
        return store_image(city, Upload(content, name=file.name))


class PhotosMixin:
    """Takes photographs in at once and remembers them by ticket, so that a refusal loses none."""

    city: City
    by: Person

    def take_in(self, keys: Iterable[str], files: Any) -> None:
        """Store what came with the form, or redeem the tickets; faults go to their field."""
        self.images: dict[str, StoredImage] = {}
        for key in keys:
            upload = files.get(key)
            try:
                if upload:
                    self.images[key] = store_image(self.city, upload)
                elif text := self.data.get(f"{key}_kept", ""):  # type: ignore[attr-defined]
                    image = redeemed(self.city, text, self.by)
                    if image:
                        self.images[key] = image
            except Refused as refusal:
                for reason in refusal.reasons:
                    self.add_error(key, reason)  # type: ignore[attr-defined]

    def kept(self, key: str) -> tuple[File, str] | None:
        """The photograph a field already has, with its ticket."""
        image = getattr(self, "images", {}).get(key)
        return (image.file, ticket(image.file, self.by)) if image else None


def photo_field(label: Any, hint: Any = "") -> forms.FileField:
    return forms.FileField(
        label=label,
        help_text=hint,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )


class ReportForm(PhotosMixin, TellAll):
    """A progress report: one photograph for each point, the day, one sentence."""

    note = forms.CharField(
        label=_("Apa yang sudah dikerjakan?"),
        help_text=_("Contoh: paving terpasang 20 meter, sisa pasir sudah dibersihkan."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen_on = DayField(label=_("Tanggal keadaan ini"), initial=localdate)

    def __init__(
        self,
        *args: Any,
        city: City,
        by: Person,
        points: Sequence[PhotoPoint],
        percent: int | None = None,
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.city, self.by, self.points = city, by, points
        if percent == 0:
            # Nothing has been done yet: the first report tells what the place looks like now.
            self.fields["note"].label = _("Keadaan sebelum pekerjaan")
            told = _("Contoh: jalan tanah, berlubang, tergenang bila hujan.")
            self.fields["note"].help_text = told
        for point in points:
            self.fields[self.key(point)] = photo_field(
                gettext("Foto titik %s") % point.label, point.note
            )
        if self.is_bound and self.errors is not None:
            self.take_in([self.key(point) for point in points], self.files)

    @staticmethod
    def key(point: PhotoPoint) -> str:
        return f"photo_{point.label}"

    def photo_rows(self) -> list[tuple[PhotoPoint, Any, Any]]:
        """(point, field, what is already kept) for the page."""
        return [(p, self[self.key(p)], self.kept(self.key(p))) for p in self.points]


class TaxForm(TellAll):
    """A tax deposit with its NTPN."""

    numbers = frozenset({"ntpn"})

    amount = RupiahField(label=_("Jumlah yang disetor (rupiah)"))
    ntpn = forms.CharField(
        label=_("NTPN"), max_length=32, help_text=_("16 huruf atau angka di bukti setor.")
    )
    paid_on = DayField(label=_("Tanggal setor"), initial=localdate)


class TakeBackForm(DayForm):
    """Why an SPM or SP2D is reversed, and the day of it."""

    field_order = ["why"]
    why = forms.CharField(
        label=_("Mengapa dibatalkan?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: bank mengembalikan uangnya, nomor rekening salah satu angka."),
    )


class SpjForm(PapersForm):
    """The papers seen, what may stay with the pokmas of money that no receipt shows, and why receipts
    that look like other evidence are accepted."""

    field_order = ["papers", "twins_why", "stays", "stays_why"]
    stays = in_some_cases(
        RupiahField(label=_("Sisa yang boleh tetap di pokmas"), required=False, nothing=None)
    )
    stays_why = in_some_cases(
        forms.CharField(label=_("Mengapa boleh tetap?"), max_length=200, required=False)
    )
    twins_why = forms.CharField(
        label=_("Mengapa yang mirip itu tetap diterima?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: dua nota berbeda, aslinya sudah saya bandingkan."),
    )

    def __init__(self, *args: Any, left: int = 0, twins: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not left:
            del self.fields["stays"], self.fields["stays_why"]
        if not twins:
            del self.fields["twins_why"]

    def explained(self) -> dict[str, Any]:
        """What the verifier says of what is odd or left over, as the act takes it."""
        data = self.cleaned_data
        return {
            "stays": data.get("stays"),
            "stays_why": data.get("stays_why") or "",
            "twins_why": data.get("twins_why") or "",
        }


class EndForm(TellAll):
    """Why what was not paid is given up, read by everybody."""

    why = forms.CharField(
        label=_("Mengapa diakhiri?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Misalnya: tahun anggaran berakhir, pekerjaan baru 50% karena hujan."),
    )


class CloseYearForm(TellAll):
    """What is read where a proposal or an activity ends with its year."""

    why = forms.CharField(
        label=_("Keterangan"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        help_text=_("Terbaca pada usulan dan kegiatan yang berakhir bersama tahun ini."),
    )


class ClaimForm(TellAll):
    """How money paid for what was not built is claimed."""

    claim = in_some_cases(
        forms.CharField(
            label=_("Bagaimana kekurangan ini ditagih?"), max_length=200, required=False
        )
    )


class InspectForm(NumberForm):
    """What the supervisor measured."""

    field_order = ["measured", "number"]

    measured = forms.CharField(
        label=_("Hasil ukur di lapangan"),
        max_length=120,
        help_text=_("Ukur sendiri, dalam satuan rencana, misalnya 42 m x 1,5 m."),
    )


class AnswerForm(TellAll):
    """The answer to a resident."""

    answer = forms.CharField(
        label=_("Jawaban"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Terbaca semua orang, dengan nama jabatan Anda."),
    )
