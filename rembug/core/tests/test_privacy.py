"""What is somebody's own number, however it is written, and what only looks like one."""

import pytest

from rembug.core.privacy import entry_faults, masked, personal

NIKS = """3571021203900001
NIK 3571 0212 0390 0001
35.71.02.120390.0001
35.71.02.12.03.90.0001
3.571.021.203.900.001
NIK:3571-0212-0390-0001
NIK3571021203900001 ya
NIK saya 357102/120390/0001
KK 3571020102030004 Budi
3571021203900001Budi
NIK 3571011234567890
5 3571 0212 0390 0001 dan 7"""
PHONES = """081234567890
0812-3456-7890
0812 3456 7890
08 12 34 56 78 90
0812345678
+62 812-3456-7890
+6281234567890
6281234567890
62 812 3456 7890
(+62) 812 3456 7890
0062 812 3456 7890
(0354) 682345
0354-682345
0354 682345
0354/682345
021-1234567
0211234567
RT 03 081234567890
WA 0812.3456.7890
hp. 812-3456-7890
telp 682345
wa.me/6281234567890
０８１２３４５６７８９０
0812\u200b3456\u200b7890
hubungi Pak RT 0812 345 678"""
ACCOUNTS = """rek 1234567890
BRI 0012-01-012345-50-1
Mandiri 171-00-0123456-7
no rek. 123.456.789.012
norek 12345678
1234567890123
198501012010011001
19850101 201001 1 001"""
NOBODYS = """Rp50.000.000
50.000.000
Rp 1.250.000,00
Rp150000000
Rp1.000.000.000.000.000
1.000.000.000
150.000.000.000
100000000
100.000 200.000 300.000
2026-11-28
2026-11-28T06:00:00
28/11/2026 06.00
28-11-2026
12 Nov 2026, 06.00
2026-2030
2024 2025 2026
01234/SP2D/2026
SP2D 3571260000123
900/1234/419.56/2026
602.1/123.45/419.501/2026
027/001/2026
35.71/04.0/000123/LS/4.01.0.00.0.00.01.0000/P.01/6/2026
DPA/A.1/4.01.2.10.0.00.02.0000/001/2026
INV-2026-000123
2026-000123
010.000-26.12345678
5.1.02.01.01.0024
kode rekening 5.1.02.01.01.0024
-7.816900, 112.011500
-7.8169123456 112.0115012345
35.71.02.1014.005.003
35.71.02.1014
/rt/35.71.02.1014.005.003/
7F3A-91C2
1234-5678
a1234567890123b4567890abcdef0123456789abcdef
RT 003 RW 005
40 x 60 x 120
1 2 3 4 5 6 7 8 9 10
hubungi kelurahan sebelum 28/11/2026
dana Rp60.000.000 dicairkan
dana 60.000.000
rekening pokmas Rp60.000.000
Bank Jatim 12 Nov 2026
kontak 112 atau 110
WA grup RT 03, 120 orang"""


def _lines(text):
    return text.split("\n")


@pytest.mark.fault("nik", "attack-6")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "nik") for text in _lines(NIKS)),
        *((text, "phone") for text in _lines(PHONES)),
        *((text, "account") for text in _lines(ACCOUNTS)),
    ],
)
def test_a_number_of_a_person_is_known_whole(text, kind):
    assert [each.kind for each in personal(text)] == [kind]
    left = sum(sign.isdigit() for sign in masked(text))
    assert left <= 2  # a number of a list, the RT


@pytest.mark.fault("nik")
@pytest.mark.parametrize("text", _lines(NOBODYS))
def test_what_is_nobody_s_stays_as_it_is(text):
    assert masked(text) == text


def test_several_in_one_text_each_go_and_the_words_stay():
    text = "Budi, NIK 3571021203900001, HP 0812-3456-7890, Rp50.000.000 pada 28-11-2026"
    cover = "[nomor disamarkan]"
    assert masked(text) == f"Budi, NIK {cover}, HP {cover}, Rp50.000.000 pada 28-11-2026"


def test_an_office_may_tell_its_own_number():
    text = "Hubungi (0354) 682345 atau 0812-3456-7890"
    assert (
        masked(text, frozenset({"0354682345"})) == "Hubungi (0354) 682345 atau [nomor disamarkan]"
    )


def test_a_writer_is_told_by_where_it_is_read():
    assert entry_faults("NIK 3571021203900001", everybody=False)
    assert entry_faults("HP 081234567890", everybody=True)
    assert not entry_faults("HP 081234567890", everybody=False)
    assert not entry_faults("Kontrak 027/001/2026 senilai Rp50.000.000", everybody=True)
