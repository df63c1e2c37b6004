"""What an RT asks for: how it is measured, its kinds in the rule sets, and what it takes to make it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple


class Want(NamedTuple):
    """A cost line: group and name in the price standard, how much of it for each unit, and once."""

    group: str
    word: str
    each: float
    once: float


@dataclass(frozen=True)
class Thing:
    """A thing to build, buy or do. `{n}` in its volume is how much of it, between `least` and `most`.

    `sign` is that of its pictures; `kinds` are codes of the rule sets, the fitting one first.
    """

    sign: str
    name: str
    volume: str
    kinds: tuple[str, ...]
    least: int
    most: int
    wants: tuple[Want, ...]


# Sign | what | volume | kinds | least-most | for each unit `group name quantity`; `=quantity`: once.
_THINGS = """
b-infra | Paving Gang {lane} | {n} m x 1,5 m | jalan | 15-330 | bahan paving block 1.5, bahan pasir urug 0.08,
    bahan kanstin 5, upah tukang batu 0.12, upah pekerja 0.2
b-infra | Paving dan tepi Gang {lane} | {n} m x 2 m | jalan | 15-260 | bahan paving block 2,
    bahan pasir urug 0.1, bahan kanstin 5, upah tukang batu 0.15, upah pekerja 0.25, alat sewa stamper =2
b-infra | Saluran air Gang {lane} | {n} m | saluran | 8-220 | bahan u-ditch 0.834, bahan semen portland 0.1,
    bahan pasir pasang 0.02, upah tukang batu 0.2, upah pekerja 0.3
b-infra | Gorong-gorong ujung Gang {lane} | {n} buah | saluran | 3-24 | bahan gorong-gorong 1,
    bahan semen portland 0.4, upah tukang batu 0.3, upah pekerja 0.8
b-infra | Lampu penerangan Gang {lane} | {n} titik | lampu | 2-24 | bahan lampu jalan led 1,
    bahan tiang lampu 1, bahan kabel nym 20, bahan saklar sensor 1, upah tukang listrik 0.7
b-infra | Talud Gang {lane} | {n} m | plengsengan | 8-200 | bahan batu kali 0.5, bahan semen portland 1.2,
    bahan pasir pasang 0.25, upah tukang batu 0.4, upah pekerja 0.6
b-infra | Cat dinding balai RT | {n} m2 | rehab | 60-320 | bahan cat tembok luar 0.012, bahan plamir 0.1,
    upah tukang cat 0.08
b-infra | Ganti atap balai RT | {n} m2 | rehab | 20-160 | bahan genteng metal 1.4, bahan baja ringan 0.8,
    upah tukang kayu 0.2, upah pekerja 0.2
b-infra | Sumur resapan Gang {lane} | {n} titik | resapan | 3-40 | bahan buis beton 3,
    bahan kerikil beton 0.2, upah pekerja 2.5
b-kes | Timbangan dan meja posyandu | {n} set | posyandu | 1-4 | barang timbangan bayi 1,
    barang pengukur panjang bayi 1, barang tensimeter 1, barang meja posyandu 1
b-kes | Makanan tambahan balita | {n} anak | pmt | 20-46 | barang makanan tambahan balita 3
b-kes | Alat cek kesehatan lansia | {n} set | posyandu | 1-6 | barang tensimeter 1, barang alat cek gula darah 2
b-kes | Pencegahan jentik nyamuk | {n} rumah | psn | 40-120 | barang bubuk larvasida 2, jasa cetak spanduk =4
b-kes | Pelatihan kader posyandu | {n} kader | kader | 10-24 | jasa narasumber =4, jasa konsumsi rapat 2,
    jasa kudapan 2
b-sos | Tenda dan kursi RT | {n} tenda | sarana | 1-6 | barang tenda kerucut 1, barang kursi plastik 20
b-sos | Pengeras suara dan lampu balai RT | {n} set | sarana | 1-2 | barang pengeras suara 1,
    barang lampu sorot 2
b-sos | Tempat sampah pilah | {n} set | sampah kebersihan | 2-10 | barang tempat sampah pilah 1
b-sos | Gerobak sampah | {n} unit | sampah kebersihan | 1-3 | alat gerobak sampah 1
b-sos | Seragam dan dapur PKK | {n} orang | pkk | 15-36 | barang seragam pkk 1, barang alat dapur umum =1
b-sos | Kamera CCTV Gang {lane} | {n} kamera | cctv | 2-3 | barang kamera cctv 1, barang perekam cctv =1,
    upah tukang listrik =2
b-sos | Rebana kelompok pengajian | {n} set | seni | 1-2 | barang rebana 1
b-eko | Kursus jahit | {n} orang | latih | 6-15 | barang mesin jahit 0.334, jasa instruktur =4,
    barang kain katun 4, barang benang jahit 3, jasa konsumsi rapat 4
b-eko | Bibit dan kolam lele | {n} kolam | tani | 3-12 | barang kolam terpal 1, barang bibit lele 300,
    barang pakan ikan 2
b-eko | Pelatihan kue kering | {n} orang | latih | 8-20 | jasa instruktur =3, barang oven gas =1,
    barang kompor gas =2, barang kemasan 1, jasa konsumsi rapat 3
b-eko | Kebun cabai warga | {n} polibag | tani | 150-800 | barang bibit cabai 1, barang pupuk organik 0.1,
    barang polibag 0.05
b-eko | Alat kemas usaha warga | {n} kelompok | alat_usaha usaha | 2-8 | barang mesin pengemas 1,
    barang kompor gas 1, barang kemasan 10
b-pend | Taman baca di balai RT | {n} buku | bacaan | 60-240 | barang buku bacaan 1, barang rak buku 0.01
b-pend | Alat belajar PAUD | {n} set | paud_alat | 1-5 | barang alat permainan edukatif 1, barang papan tulis 1
b-pend | Perlengkapan sekolah siswa | {n} siswa | sekolah | 12-60 | barang alat tulis siswa 1,
    barang tas sekolah 1
b-muda | Lapangan voli | {n} lapangan | olahraga | 1-1 | barang jaring voli 2, barang bola voli 4,
    bahan pipa galvanis 2, bahan cat marka 2, upah tukang las 2
b-muda | Kaus dan alat olahraga karang taruna | {n} orang | karang olahraga | 15-40 | barang kaus olahraga 1,
    barang bola sepak =2, barang raket =4
b-muda | Meja tenis meja | {n} unit | olahraga | 1-3 | barang meja tenis meja 1
b-adm | Papan informasi dan alat tulis RT | {n} tahun | administrasi | 1-1 | barang papan informasi =1,
    barang kertas hvs =6, barang buku administrasi =1, barang meterai =10
"""


def _thing(row: str) -> Thing:
    sign, name, volume, kinds, span, wants = (cell.strip() for cell in row.split("|"))
    least, most = map(int, span.split("-"))
    found = []
    for want in wants.split(","):
        group, word, once, much = re.fullmatch(r"(\S+) (.+) (=?)([\d.]+)", want.strip()).groups()  # type: ignore[union-attr]
        found.append(Want(group, word, 0 if once else float(much), float(much) if once else 0))
    return Thing(sign, name, volume, tuple(kinds.split()), least, most, tuple(found))


# A row that goes on in the next line is indented there.
THINGS = [_thing(row) for row in _THINGS.replace("\n    ", " ").strip().splitlines()]
