"""Invented people, groups, places and things to build. Any likeness to a real person is chance."""

from __future__ import annotations

from random import Random

FIRST = (
    "Wagiyo Sulastri Danar Mujiati Bambang Endang Sutrisno Retno Joko Yuliana Hartono Kartini Agus "
    "Wahyuni Slamet Nurhayati Rudi Sri Teguh Marlina Budiman Fatimah Eko Rahayu Taufik Lestari Imam "
    "Puspita Gunawan Aminah Arif Suharti Darma Melati Yusuf Ratna Hendra Siti Basuki Widya Mulyadi "
    "Indah Rahmat Tutik Samsul Kusuma Anton Ningsih Fajar Saraswati Wisnu Murni Galih Hasanah"
).split()
LAST = (
    "Weningtyas Sekarjati Purnomo Larasingrum Wicaksana Tirtasari Sembodo Paramita Suryaningrat "
    "Harimurti Kencana Adiwangsa Pamungkas Rinjani Wirabumi Candrakusuma Setyaki Mandalika Prabaswara "
    "Sasmita Jatmika Kinasih Waskita Rumekso Suminar Gumilang Handaru Sulaksmi Arjanti Widagda"
).split()
GROUPS = (
    "Guyub Rukun|Karya Bersama|Sumber Rejeki|Maju Sejahtera|Bina Warga|Tunas Harapan|Mekar Sari|"
    "Gotong Royong|Sido Makmur|Cahaya Kampung"
).split("|")
LANES = (
    "Cempaka Melati Kenanga Anggrek Mawar Flamboyan Dahlia Kamboja Teratai Seruni Nusa Sawo Mangga "
    "Jambu Delima Salak Kelapa Merpati Kutilang Jalak"
).split()
# Who was paid: shops by the sign of the field; work and services are paid to people.
SHOPS = {
    "b-infra": ("Toko Bangunan Sinar Tiga", "Pasir dan Batu Pak Darmo", "UD Karya Logam"),
    "b-kes": ("Apotek Melati", "Toko Alat Kesehatan Sehati", "Warung Bu Tumi"),
    "b-sos": ("UD Karya Logam", "Toko Perabot Makmur", "Konveksi Rapi"),
    "b-eko": ("UD Tani Subur", "Toko Elektronik Gemilang", "Toko Bahan Kue Ayu"),
    "b-pend": ("Toko Buku Pelita", "Toko Alat Tulis Cendekia"),
    "b-muda": ("Toko Olahraga Juara", "Konveksi Rapi"),
    "b-adm": ("Toko Alat Tulis Cendekia", "Fotokopi Barokah"),
}
WORKERS = ("Pak Sarmin dan kawan-kawan", "Kelompok tukang Pak Yadi", "Bu Endang, pengajar")
AGENCIES = {
    "planning_office": "Badan Perencanaan Pembangunan",
    "technical_office": "Dinas Pekerjaan Umum",
    "finance_office": "Badan Pengelolaan Keuangan",
    "government_office": "Bagian Pemerintahan",
    "monitoring_office": "Tim Monitoring",
    "mayor": "Sekretariat Daerah",
    "auditor": "Inspektorat",
}

# By the sign of a field: what, how much, its kinds (codes of the book), cost lines: group, word of the name, weight.
_THINGS = """
b-infra | Paving Gang {lane} | 42 m x 1,5 m | jalan | upah tukang batu 2, upah pekerja 2, bahan paving 5, bahan urug 2
b-infra | Saluran air Gang {lane} | 35 m | saluran | upah tukang batu 2, upah pekerja 3, bahan u-ditch 4, bahan semen 2
b-infra | Gorong-gorong ujung Gang {lane} | 6 m | saluran | upah pekerja 2, bahan gorong-gorong 4, bahan semen 2
b-infra | Lampu penerangan Gang {lane} | 8 titik | lampu | upah tukang listrik 1, barang lampu 4, bahan kabel 2
b-infra | Talud Gang {lane} | 20 m | plengsengan | upah tukang batu 2, upah pekerja 2, bahan batu kali 4, bahan semen 2
b-infra | Perbaikan balai RT | 1 unit | rehab | upah tukang kayu 3, bahan cat tembok 2, bahan semen 2
b-infra | Sumur resapan Gang {lane} | 5 titik | resapan | upah pekerja 3, bahan buis 4, bahan kerikil 1
b-kes | Timbangan dan meja posyandu | 1 paket | posyandu | barang timbangan 3, barang meja posyandu 2
b-kes | Makanan tambahan balita | 40 anak | pmt | barang makanan tambahan balita 4, barang susu 2
b-kes | Alat cek kesehatan lansia | 1 paket | posyandu | barang tensimeter 3, barang gula darah 2
b-sos | Tenda dan kursi RT | 1 paket | sarana | barang tenda 3, barang kursi 3
b-sos | Tempat sampah terpilah | 20 buah | sampah kebersihan | barang tempat sampah 4
b-sos | Gerobak sampah Gang {lane} | 2 unit | sampah kebersihan | barang gerobak sampah 3
b-sos | Seragam dan alat PKK | 30 orang | pkk | barang seragam pkk 4, barang kompor 2
b-eko | Kursus dan alat jahit | 6 orang | latih | barang mesin jahit 4, jasa instruktur 2
b-eko | Bibit dan kolam lele | 10 kolam | tani | barang bibit lele 2, barang kolam terpal 3
b-eko | Pelatihan kue kering | 12 orang | latih | jasa instruktur 2, barang oven 3
b-eko | Kebun cabai warga | 200 polibag | tani | barang bibit cabai 2, barang pupuk 2, barang polibag 1
b-pend | Taman baca di balai RT | 180 buku | bacaan | barang buku bacaan 4, barang rak buku 2
b-pend | Alat belajar PAUD | 1 paket | paud_alat | barang permainan edukatif 3, barang papan tulis 1
b-muda | Lapangan voli Gang {lane} | 1 unit | olahraga | barang jaring voli 2, barang bola voli 2, upah pekerja 1
b-muda | Seragam olahraga karang taruna | 24 orang | olahraga karang | barang kaus olahraga 3, barang raket 1
b-adm | Alat tulis dan fotokopi RT | 1 tahun | administrasi | barang kertas 3, barang buku administrasi 2
"""
# What residents say of a field (or of anything), and the answer.
_SAYINGS = """
b-infra | Adukan di depan nomor 14 retak. Siapa memperbaiki? | Kami ganti hari Sabtu, tanpa biaya.
b-infra | Berapa ukurannya? Saya ukur lebih pendek. | Sudah cocok dengan ukuran pengawas. Mari ukur bersama Minggu.
b-infra | Terima kasih, gangnya lebih enak dilewati. | Terima kasih sudah ikut mengawasi.
b-infra | Mengapa pengerjaannya lama? | Bahan terlambat datang seminggu. Selesai sesuai jadwal baru.
b-kes | Kapan timbangannya bisa dipakai di posyandu kami? | Mulai posyandu bulan depan, bergiliran.
b-kes | Apakah lansia di gang belakang juga dilayani? | Ya, semua warga RT. Kader datang ke rumah bila perlu.
b-sos | Apakah barangnya boleh dipinjam warga RT sebelah? | Boleh, catat di buku pinjam balai RT.
b-sos | Satu barang sudah rusak, ke mana melapor? | Ke sekretaris RT. Masih bergaransi, kami tukarkan.
b-eko | Siapa yang boleh ikut? | Semua warga RT. Daftar di sekretaris sampai Jumat.
b-eko | Hasilnya nanti dijual ke mana? | Ke pasar warga hari Minggu, kasnya dicatat di buku RT.
b-pend | Jam berapa boleh dibuka untuk anak-anak? | Setiap hari sesudah magrib, ada yang menjaga.
b-pend | Bukunya kurang untuk anak kecil. | Kami tambah dari swadaya bulan depan.
b-muda | Apakah dipakai juga oleh remaja putri? | Ya, jadwalnya ditempel di balai RT.
b-muda | Ukurannya ada yang terlalu kecil. | Sudah ditukar di toko, tanpa biaya.
* | Di mana melihat kuitansinya? | Di halaman ini, bagian uang, dan di papan pengumuman RT.
* | Siapa yang menyimpan barangnya sesudah selesai? | Dicatat sebagai barang milik RT, disimpan di balai.
"""


def _cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in row.split("|")] for row in text.strip().splitlines()]


def _wants(text: str) -> list[tuple[str, str, int]]:
    found = []
    for want in text.split(","):
        group, *words, weight = want.split()
        found.append((group, " ".join(words), int(weight)))
    return found


THINGS: dict[str, list[tuple[str, str, list[str], list[tuple[str, str, int]]]]] = {}
for _sign, _name, _volume, _kinds, _lines in _cells(_THINGS):
    THINGS.setdefault(_sign, []).append((_name, _volume, _kinds.split(), _wants(_lines)))
# Questions and answers that fit a field: [what a resident says, the answer].
SAYINGS = {
    sign: [rest for field, *rest in _cells(_SAYINGS) if field in (sign, "*")] for sign in THINGS
}
# Why a desk gives something back, or refuses it for good.
WHY_REPORT_RETURNED = [
    "Foto titik B diambil dari arah lain. Mohon foto ulang dari titik yang sama.",
    "Foto terlalu gelap. Ambil lagi pada siang hari.",
]
# What money is held back for, by which role.
WHY_HELD = [
    ("lurah", "Warga melaporkan ukurannya kurang. Diukur ulang bersama RT dulu."),
    ("lurah", "Kuitansi bahan belum cocok dengan barang yang datang."),
    ("kecamatan_team", "Foto dan keadaan di lapangan berbeda. Menunggu kunjungan."),
    ("monitoring_office", "Temuan pemeriksaan: pembelian dipecah di bawah batas pajak."),
]
WHY_PROPOSAL_RETURNED = [
    "Volume di RAB belum cocok dengan kebutuhan yang ditulis. Perbaiki barisnya.",
    "Tempat belum jelas. Tulis nama gang dan patokannya.",
    "Jumlah penerima belum sama dengan keputusan rembug.",
]
WHY_PROPOSAL_REFUSED = [
    "Sudah dibiayai kegiatan kelurahan tahun ini.",
    "Lokasi masuk rencana pelebaran jalan kota.",
]
NOTES = {
    0: "Tempat sudah disiapkan, bahan dan barang mulai datang.",
    50: "Separuh pekerjaan sudah jadi, dikerjakan warga setiap akhir pekan.",
    100: "Pekerjaan selesai dan sudah dipakai warga.",
}


def person_name(rng: Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"
