"""Decisions without tables: every fault by a table of what was changed from a sound case."""

from datetime import UTC, date, datetime, timedelta

import pytest

from rembug.execution import commenting, endings, gates, rules
from rembug.execution.gates import Facts
from rembug.execution.rules import Point, Spent
from rembug.execution.seats import MemberRole, Seat, pokmas_faults

TODAY = date(2026, 11, 12)
SEATS = [
    Seat(MemberRole.HEAD, "Siti", "siti"),
    Seat(MemberRole.SECRETARY, "Rina", "rina"),
    Seat(MemberRole.TREASURER, "Joko", "joko"),
    Seat(MemberRole.SUPERVISOR, "Budi", "budi"),
    Seat(MemberRole.MEMBER, "Wati"),
]
POKMAS = {
    "name": "Pokmas Rukun",
    "account_holder": "POKMAS  RUKUN",
    "account_no": "00 1234-5678",
    "seats": SEATS,
    "least": 5,
    "most": 10,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"account_holder": "Siti"}, ["atas nama pokmas"]),
        ({"account_holder": "Pokmas Rukun Jaya"}, ["atas nama pokmas"]),
        ({"account_no": "12a45678"}, ["angka"]),
        ({"account_no": "12345"}, ["paling sedikit 6"]),
        ({"account_used_by": "Pokmas Lain"}, ["sudah dipakai Pokmas Lain"]),
        ({"least": 6}, ["6 sampai 10 orang; sekarang 5"]),
        ({"most": 4}, ["5 sampai 4 orang"]),
        ({"seats": SEATS[1:] + [Seat("member", "Tono")]}, ["sebagai ketua"]),
        ({"seats": [*SEATS, Seat("supervisor", "Edi", "edi")]}, ["sebagai pengawas"]),
        ({"seats": SEATS[:3] + [Seat("supervisor", "Siti", "siti"), SEATS[4]]}, ["dua kali"]),
        ({"seats": SEATS[:4] + [Seat("member", "BUDI")]}, ["dua kali"]),
        ({"barred": {"joko": "Lurah"}}, ["Joko adalah Lurah"]),
        ({"name": "", "account_holder": "", "least": 6}, ["nama pokmas", "6 sampai 10"]),
    ],
)
def test_a_pokmas_hears_every_fault(change, words):
    found = pokmas_faults(**POKMAS | change)
    assert len(found) == len(words)
    assert all(word in " ".join(found) for word in words)


@pytest.mark.parametrize(
    ("number", "used", "sound"),
    [("12/2026", False, True), ("12/2026", True, False), ("", False, False)]
    + [("ab", False, False), ("tanpa angka", False, False), ("1" * 61, False, False)],
)
def test_numbers_of_papers(number, used, sound):
    assert (rules.number_faults(number, "SPP", used) == []) is sound


@pytest.mark.parametrize(
    ("day", "earliest", "word"),
    [
        (TODAY, None, ""),
        (TODAY, TODAY, ""),
        (None, None, "Tulis tanggal"),
        (TODAY + timedelta(days=1), None, "belum tiba"),
        (TODAY - timedelta(days=1), TODAY, "paling awal 12 Nov 2026"),
    ],
)
def test_days(day, earliest, word):
    found = rules.day_faults(day, "SK", "on", today=TODAY, earliest=earliest)
    assert (word in found[0]) if word else not found


CONTRACT = {
    "number": "12/K/2026",
    "used": False,
    "contract_on": TODAY,
    "starts_on": TODAY,
    "ends_on": date(2026, 12, 20),
    "today": TODAY,
    "year": 2026,
    "budgeted_on": TODAY - timedelta(days=9),
    "amounts": [600, 400],
    "lines": 3,
    "points": [Point("A", "mulut gang"), Point("B", "ujung", -7.8, 112.0)],
    "least_points": 2,
}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, ""),
        ({"number": "x"}, "nomor kontrak"),
        ({"used": True}, "sudah dipakai"),
        ({"contract_on": TODAY + timedelta(days=1), "starts_on": date(2026, 11, 14)}, "belum tiba"),
        ({"starts_on": TODAY - timedelta(days=1)}, "paling awal pada tanggal kontrak"),
        ({"ends_on": TODAY}, "sesudah tanggal mulai"),
        ({"ends_on": date(2027, 1, 3)}, "31 Desember 2026"),
        ({"ends_on": None}, "tanggal selesai"),
        ({"starts_on": None}, "tanggal mulai"),
        ({"lines": 0, "amounts": [0, 0]}, "RAB"),
        ({"amounts": [0, 1]}, "Rp1 terlalu kecil untuk dibagi dalam 2 pencairan"),
        ({"contract_on": date(1999, 1, 4)}, "kontrak paling awal 3 Nov 2026"),
        pytest.param(
            {"contract_on": date(1999, 1, 4), "budgeted_on": None},
            "2026 belum mulai",
            marks=pytest.mark.fault("attack-1"),
        ),
        ({"contract_on": date(2026, 1, 1), "budgeted_on": None}, ""),
        pytest.param(
            {"today": date(2026, 11, 12), "year": 2027, "contract_on": date(2026, 11, 12)}
            | {"starts_on": date(2027, 1, 4), "ends_on": date(2027, 6, 1)},
            "2027 belum mulai",
            marks=pytest.mark.fault("attack-1"),
        ),
        pytest.param(
            {"today": date(2027, 1, 4)},
            "2026 sudah lewat",
            marks=pytest.mark.fault("attack-2"),
        ),
        ({"points": CONTRACT["points"][:1]}, "2 titik foto"),
        ({"points": [], "least_points": 0}, "1 titik foto"),
        ({"points": [Point("A", ""), Point("B", "x")]}, "letak titik foto A"),
        ({"points": [Point("A", "x", 1.0, None), Point("B", "x")]}, "lintang dan bujur"),
        ({"points": [Point("A", "x", 95.0, 10.0), Point("B", "x")]}, "periksa lintang"),
    ],
)
def test_the_completeness_gate_of_a_contract(change, word):
    found = rules.contract_faults(**CONTRACT | change)
    assert len(found) == bool(word)
    assert not word or word in found[0]


OPEN = Facts(signed=True, account=True, percent=50, previous_accounted=True, tax_owed=0, hold="")
CODES = [
    "contract_signed",
    "pokmas_account",
    "report_0",
    "report_50",
    "spj_previous",
    "tax_previous",
    "no_open_hold",
]


@pytest.mark.parametrize(
    ("change", "shut"),
    [
        ({}, []),
        ({"signed": False}, ["contract_signed"]),
        ({"account": False}, ["pokmas_account"]),
        ({"percent": 0}, ["report_50"]),
        ({"percent": -1}, ["report_0", "report_50"]),
        ({"previous_accounted": False}, ["spj_previous"]),
        ({"tax_owed": 1}, ["tax_previous"]),
        ({"hold": "temuan 3"}, ["no_open_hold"]),
        ({"previous_received": False}, ["previous_received"]),
    ],
)
def test_each_gate_shuts_for_its_own_reason_and_says_what_to_do(change, shut):
    facts = Facts(**OPEN.__dict__ | change)
    found = gates.gates(CODES, facts)
    assert [gate.code for gate in found if not gate.met] == shut
    assert all(gate.advice for gate in found if not gate.met)
    assert len(gates.unmet(found)) == len(shut)


def test_gates_are_only_those_of_the_book():
    blind = Facts(False, False, -1, False, 5, "")
    assert gates.unmet(gates.gates([], blind)) == []


def test_a_hold_stops_money_once_whether_or_not_the_book_says_so():
    held = Facts(**OPEN.__dict__ | {"hold": "Ditahan Lurah: temuan 3."})
    for codes in ([], ["no_open_hold"]):
        assert gates.unmet(gates.gates(codes, held)) == [
            "Tidak ada penahanan yang masih terbuka: Ditahan Lurah: temuan 3."
        ]


@pytest.mark.parametrize(
    ("accepted", "following"), [(-1, 0), (0, 50), (49, 50), (50, 100), (100, None)]
)
def test_stages_come_in_order(accepted, following):
    assert rules.next_percent((100, 0, 50), accepted) == following


REPORT = {
    "percent": 50,
    "expected": 50,
    "waiting": False,
    "note": "Paving terpasang.",
    "seen_on": TODAY,
    "today": TODAY,
    "last_seen_on": TODAY - timedelta(days=20),
    "max_age_days": 14,
    "missing": [],
    "photos": 2,
    "min_photos": 2,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, []),
        ({"waiting": True}, ["masih diperiksa"]),
        ({"expected": None}, ["Semua laporan"]),
        ({"percent": 100}, ["giliran laporan 50%"]),
        ({"note": "  "}, ["satu kalimat"]),
        ({"missing": ["A", "C"], "photos": 0}, ["titik A", "titik C"]),
        ({"photos": 1}, ["paling sedikit 2"]),
        ({"seen_on": TODAY + timedelta(days=1)}, ["belum tiba"]),
        ({"seen_on": TODAY - timedelta(days=15)}, ["paling lama 14 hari"]),
        ({"seen_on": TODAY - timedelta(days=14)}, []),
        ({"seen_on": TODAY - timedelta(days=2), "last_seen_on": TODAY}, ["paling awal"]),
        ({"doubles": ["A", "B"]}, ["A, B sama"]),
        ({"used": ["B"]}, ["sudah pernah dipakai"]),
        ({"note": "", "missing": ["C"]}, ["titik C", "satu kalimat"]),
    ],
)
def test_a_report_hears_every_fault(change, words):
    found = rules.report_faults(**REPORT | change)
    assert len(found) == len(words)
    assert all(word in " ".join(found) for word in words)


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        ((-7.8, 112.0), (-7.8, 112.0), 0),
        ((0.0, 0.0), (0.0, 1.0), 111_195),
        ((0.0, 179.5), (0.0, -179.5), 111_195),
        ((-7.8166, 112.0114), (-7.8170, 112.0114), 44),
        ((90.0, 0.0), (-90.0, 0.0), 20_015_087),
    ],
)
def test_distances(a, b, metres):
    assert rules.metres(a, b) == pytest.approx(metres, abs=1)


NOON = datetime(2026, 11, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("change", "flags"),
    [
        ({}, []),
        ({"distance_m": 51}, ["jauh_dari_titik"]),
        ({"distance_m": None}, []),
        ({"taken_at": NOON - timedelta(days=2)}, ["waktu_jauh"]),
        ({"taken_at": NOON - timedelta(days=1)}, []),
        ({"taken_at": None}, []),
        ({"twin": True}, ["pemandangan_sama"]),
        ({"known": ["gps_tidak_ada"], "twin": True}, ["gps_tidak_ada", "pemandangan_sama"]),
    ],
)
def test_what_is_odd_about_a_photograph(change, flags):
    sound = {
        "distance_m": 50,
        "max_distance_m": 50,
        "taken_at": NOON,
        "seen_on": TODAY,
        "twin": False,
    }
    assert rules.photo_flags(**sound | change) == flags


RECEIPT = {
    "supplier": "Toko Jaya",
    "what": "Semen",
    "paid_on": TODAY,
    "today": TODAY,
    "received_on": TODAY - timedelta(days=3),
    "amount": 1_000_000,
    "tax": 15_000,
    "cash": 1_000_000,
    "owed": 0,
    "photo": True,
    "photo_used": False,
}


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({}, ""),
        ({"received_on": None}, "Belum ada uang"),
        ({"paid_on": TODAY - timedelta(days=4)}, "paling awal"),
        ({"paid_on": TODAY + timedelta(days=1)}, "belum tiba"),
        ({"supplier": " "}, "toko"),
        ({"what": ""}, "apa yang dibeli"),
        ({"amount": 0, "tax": 0}, "lebih dari Rp0"),
        ({"amount": 10**16}, "lebih dari Rp0"),
        ({"tax": 1_000_000}, "Pajak"),
        ({"tax": -1, "cash": 2_000_000}, "Pajak"),
        ({"cash": 999_999}, "tinggal Rp999.999. Kurang Rp1."),
        ({"cash": 1_500_000, "owed": 500_000}, ""),
        ({"cash": 1_499_999, "owed": 500_000}, "Rp500.000, pajak yang masih harus disetor"),
        ({"cash": 600_000, "owed": 500_000, "tax": 0}, "tinggal Rp100.000. Kurang Rp900.000."),
        ({"photo": False}, "Foto kuitansinya"),
        ({"photo_used": True}, "kuitansi lain"),
    ],
)
def test_a_receipt_hears_every_fault(change, word):
    found = rules.receipt_faults(**RECEIPT | change)
    assert not word or any(word in one for one in found)
    assert bool(found) is bool(word)


def test_purchases_that_look_odd():
    day = TODAY
    first = Spent(1, "Toko Jaya", day, 1_900_000)
    again = Spent(2, "TOKO  JAYA", day, 1_900_000)
    assert rules.receipt_flags(again, [first], threshold=2_000_000) == ["mungkin_dipecah"]
    assert rules.receipt_flags(again, [], threshold=2_000_000) == []
    assert rules.receipt_flags(again, [first], threshold=0) == []
    other_day = Spent(2, "Toko Jaya", day - timedelta(days=1), 1_900_000)
    assert rules.receipt_flags(other_day, [first], threshold=2_000_000) == []
    large = Spent(1, "Toko Jaya", day, 2_500_000)
    assert rules.receipt_flags(large, [first], threshold=2_000_000) == []
    assert rules.receipt_flags(first, [], line_amount=1_900_000) == ["sama_dengan_rab"]
    assert rules.receipt_flags(first, [Spent(1, "B", day, 1)], line_amount=1_900_000) == [
        "lebih_dari_rab"
    ]
    assert rules.every_line_equals({1: 5, 2: 6}, {1: 5, 2: 6})
    assert not rules.every_line_equals({1: 5, 2: 6}, {1: 5, 2: 5})
    assert not rules.every_line_equals({1: 5}, {1: 5})


@pytest.mark.parametrize(
    ("ntpn", "amount", "count"),
    [("A1B2C3D4E5F6G7H8", 10, 0), ("A1B2", 10, 1), ("A1B2C3D4E5F6G7H8", 11, 1), ("", 0, 2)],
)
def test_tax_deposits(ntpn, amount, count):
    assert len(rules.ntpn_faults(ntpn, amount, 10)) == count


@pytest.mark.fault("attack-17")
@pytest.mark.parametrize(
    ("ntpn", "good"),
    [
        ("0A1B25GKQ7G4P1CN", True),
        ("0a1b 25gk q7g4 p1cn", True),
        ("0311240915482617", True),
        ("AAAAAAAAAAAAAAAA", False),
        ("0000000000000000", False),
        ("ABABABABABABABAB", False),
        ("ABCDEFGHIJKLMNOP", False),
        ("1234567890123456", False),
        ("PONMLKJIHGFEDCBA", False),
        ("SETORAN1SETORAN1", False),
        ("NTPN BELUM ADA..", False),
        ("Ⅻ" * 16, False),
    ],
)
def test_an_ntpn_is_drawn_by_the_treasury_not_made_up(ntpn, good):
    assert (rules.ntpn_faults(ntpn, 1, 1) == []) is good


def test_an_end_with_every_thing_open_tells_all():
    found = endings.close_faults(open_tranches=[2, 1], tax_owed=5, cash=7)
    assert [word in text for word, text in zip(["1", "2", "Rp5", "Rp7"], found, strict=True)]
    assert endings.close_faults(open_tranches=[], tax_owed=0, cash=0) == []
    told = endings.settle_faults(open_tranches=[1, 2], tax_owed=0, undrawn=[2])
    assert "SPJ pencairan 1" in told[0] and "Pencairan 2 belum diminta" in told[1]
    sound = {"percent": 100, "number": "1/BAHP", "used": False, "measured": "42 m"}
    assert endings.inspection_faults(**sound) == []
    assert len(endings.inspection_faults(percent=50, number="", used=False, measured="rapi")) == 3


@pytest.mark.parametrize(
    ("text", "name", "sent", "word"),
    [
        ("Kapan selesai?", "", 4, ""),
        ("", "", 0, "Tulis tanggapan"),
        ("a" * 1001, "", 0, "Ringkas"),
        ("halo semua", "x" * 61, 0, "60 huruf"),
        ("NIK saya 3571 0112 3456 7890", "", 0, "NIK"),
        ("halo semua", "NIK 3571011234567890", 0, "NIK"),
        ("halo semua", "", 5, "satu jam"),
    ],
)
def test_comments(text, name, sent, word):
    found = commenting.comment_faults(text, name, sent)
    assert (word in found[0]) if word else not found


def test_stages_are_spread_over_the_term():
    start, end = date(2026, 8, 1), date(2026, 11, 9)
    days = [rules.interpolate(start, end, percent) for percent in (0, 50, 100)]
    assert days == [start, date(2026, 9, 20), end]
