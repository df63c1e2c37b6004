"""A small invented city's folder that tests may break, and the two that come with the product."""

import copy
from pathlib import Path

import pytest

from rembug.programs.bookchecks import read_book
from rembug.programs.pack import PackFaults, load_city

ROOT = Path(__file__).resolve().parents[3]
CITIES = ROOT / "cities"

KOTA = """\
code = "99.72"
slug = "andai"
name = "Kota Andai"
timezone = "Asia/Makassar"

[contact]
office = "Bagian Pemerintahan"
"""
PETAK = """\
kode,kolom,baris,nama
99.72.01,1,1,Hulu
99.72.01.1001,1,1,Sungai
99.72.01.1002,2,1,Bukit
"""
WILAYAH = """\
kelurahan,rw,rt,kk
99.72.01.1001,1,1,40
99.72.01.1001,1,2,75
99.72.01.1001,1,3,120
99.72.01.1002,1,1,60
99.72.01.1002,2,2,99
"""
KALENDER = "tanggal,nama,jenis\n2026-01-01,Tahun Baru,nasional\n2026-01-02,Hari kota,daerah\n"
HARGA = "kode,nama,spesifikasi,satuan,harga,kelompok\nS1,Semen,40 kg,zak,58500,bahan\n"
JABATAN = "peran,sebutan,instansi\nlurah,Kepala kelurahan,\n"
SHARED = """\
citation = "Perwali Andai 1/2026"
method = "LS"
proposal_steps = [{ key = "kelurahan", days = 3 }, { key = "city", days = 5 }]
report_steps = [{ key = "kelurahan", days = 3 }]
tranches = [
  { no = 1, percent = 40, gates = ["contract_signed"] },
  { no = 2, percent = 30, gates = ["report_30", "spj_previous"] },
  { no = 3, percent = 30, gates = ["report_60", "tax_previous"] },
]
fields = [
  { code = "infra", title = "Infrastruktur", icon = "b-infra", min_percent = 50 },
  { code = "social", title = "Sosial", icon = "b-sos", max_percent = 50 },
]
reports = { percents = [0, 30, 60, 100] }
"""
TIERED = (
    """\
code = "dana-rt"
name = "Dana RT"

[[ruleset]]
version = "A"
first_year = 2025
"""
    + SHARED
    + """
[ruleset.ceiling]
kind = "by_households"
tiers = [
  { min = 0, max = 59, amount = 50_000_000 },
  { min = 60, max = 99, amount = 70_000_000 },
  { min = 100, amount = 100_000_000 },
]
"""
)
PER_RW = (
    """\
code = "dana-rw"
name = "Dana RW"
level = "rt"

[[ruleset]]
version = "A"
first_year = 2025
"""
    + SHARED
    + """
[ruleset.ceiling]
kind = "per_rw"
amount = 100_000_000
"""
)
FILES = {
    "kota.toml": KOTA,
    "petak.csv": PETAK,
    "wilayah.csv": WILAYAH,
    "kalender.csv": KALENDER,
    "jabatan.csv": JABATAN,
    "harga/2026.csv": HARGA,
    "program/dana-rt.toml": TIERED,
    "program/dana-rw.toml": PER_RW,
}


class Pack:
    """A city's folder on disk, changed file by file."""

    def __init__(self, root: Path):
        self.root = root
        for name, text in FILES.items():
            self.write(name, text)

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert text.count(old) >= 1, old
        self.write(name, text.replace(old, new, 1))

    def load(self):
        return load_city(self.root)

    def faults(self) -> list[str]:
        """What loading complains about, as printed; fails when it does not."""
        with pytest.raises(PackFaults) as caught:
            self.load()
        return str(caught.value).splitlines()


@pytest.fixture
def pack(tmp_path) -> Pack:
    return Pack(tmp_path / "andai")


PLAIN = {
    "ceiling": {"kind": "flat", "amount": 50_000_000},
    "fields": [
        {
            "code": "infra",
            "title": "Infrastruktur",
            "icon": "b-infra",
            "min_percent": 60,
            "article": "pasal 6",
        },
        {"code": "social", "title": "Sosial", "icon": "b-sos", "max_percent": 30},
        {"code": "admin", "title": "Administrasi", "icon": "b-adm", "max_amount": 500_000},
        {"code": "youth", "title": "Kepemudaan", "icon": "b-muda"},
    ],
    "method": "LS",
    "tranches": [
        {"no": 1, "percent": 33.33, "gates": ["contract_signed"]},
        {"no": 2, "percent": 33.33, "gates": ["report_50"]},
        {"no": 3, "percent": 33.34, "gates": ["no_open_hold"]},
    ],
    "proposal_steps": [{"key": "rw", "days": 3}, {"key": "city", "days": 5}],
    "report_steps": [{"key": "kelurahan", "days": 2}],
    "papers": [
        {"code": "pernyataan", "title": "surat pernyataan"},
        {"code": "izin", "title": "izin lahan"},
    ],
}


def plain_book() -> dict:
    """The data of a small sound book, free to change."""
    return copy.deepcopy(PLAIN)


@pytest.fixture
def book_of():
    """Makes a RuleBook of the small book with some parts replaced."""

    def make(**changes):
        book, faults = read_book(plain_book() | changes)
        assert not faults, faults
        return book

    return make
