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
AGENCIES = {
    "planning_office": "Badan Perencanaan Pembangunan",
    "technical_office": "Dinas Pekerjaan Umum",
    "finance_office": "Badan Pengelolaan Keuangan",
    "government_office": "Bagian Pemerintahan",
    "monitoring_office": "Tim Monitoring",
    "mayor": "Sekretariat Daerah",
    "auditor": "Inspektorat",
}

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


# Questions and answers that fit a field: [what a resident says, the answer].
SAYINGS = {
    sign: [rest for field, *rest in _cells(_SAYINGS) if field in (sign, "*")]
    for sign in {row[0] for row in _cells(_SAYINGS)}
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
# What a last report says when the contract had already ended.
LATE_NOTE = "Pekerjaan selesai, lewat dari akhir kontrak karena bahan terlambat datang."


def person_name(rng: Random) -> str:
    return f"{rng.choice(FIRST)} {rng.choice(LAST)}"
