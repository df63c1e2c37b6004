"""Lists of people as they come from a sheet, from WhatsApp or from a phone's keyboard."""

import time

import pytest

from rembug.core.roster import hides_number, read_roster, same_words

FOUR = pytest.mark.fault("report-04", "item-6")
FIVE = pytest.mark.fault("report-05", "item-6")
SHEET = "No\tNama\tL/P\tAlamat\n1\tSlamet\tL\tGang 1\n2\tSiti Aminah\tP\tGang 2"
TWO = [("Slamet", "m"), ("Siti Aminah", "f")]


def four(text, *names):
    return pytest.param(text, list(names), marks=FOUR)


def five(text, *names):
    return pytest.param(text, list(names), marks=FIVE)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        four("BUDI, SITI, TONO", ("Budi", ""), ("Siti", ""), ("Tono", "")),
        four("BUDI, L, SITI, P", ("Budi", "m"), ("Siti", "f")),
        four("RINI\tP\tAGUS\tL", ("Rini", "f"), ("Agus", "m")),
        four("SRI; EKO; DWI; TRI", ("Sri", ""), ("Eko", ""), ("Dwi", ""), ("Tri", "")),
        four("SITI AMINAH, S.PD, BUDI", ("Siti Aminah, S.Pd", ""), ("Budi", "")),
        four("H. Ahmad, S.Pd., M.M. (L)", ("H. Ahmad, S.Pd., M.M.", "m")),
        four("1.Budi\n2.Siti", ("Budi", ""), ("Siti", "")),
        four("\u200e1. Budi", ("Budi", "")),
        four("1. Budi ✅", ("Budi", "")),
        five(SHEET, *TWO),
        five("1\tSlamet\tL\tGang 1\n2\tSiti Aminah\tP\tGang 2", *TWO),
        five("1\tSlamet\tL\tNgronggo\n2\tSiti Aminah\tP\tNgronggo", *TWO),
        five("1 | Slamet | L | Gang 1\n2 | Siti Aminah | P | Gang 2", *TWO),
        five("No;Nama;L/P;Alamat\n1;Slamet;L;Gang 1\n2;Siti Aminah;P;Gang 2", *TWO),
        five("No,Nama,L/P,Alamat\n1,Slamet,L,Gang 1\n2,Siti Aminah,P,Gang 2", *TWO),
        five("No Nama L/P Alamat Ttd\n1 Slamet L Gang 1\n2 Siti Aminah P Gang 2", *TWO),
        five("| No | Nama | L/P |\n|---|---|---|\n| 1 | Slamet | L |\n| 2 | Siti Aminah | P |", *TWO),
        five("No\tNama\tL\tP\tTtd\n1\tSlamet\tv\t\t\n2\tSiti Aminah\t\tv\t", *TWO),
        five("NO.\tNAMA WARGA\tJENIS KELAMIN\n1.\tSLAMET\tLaki-laki\n2.\tSITI AMINAH\tPerempuan", *TWO),
        five("No\tNIK\tNama\tL/P\n1\t3571020101900001\tSlamet\tL\n2\t\tSiti Aminah\tP", *TWO),
        five("No\tNama\tL/P\tNo\tNama\tL/P\n1\tSlamet\tL\t2\tSiti Aminah\tP", *TWO),
        five("DAFTAR HADIR RT 05\nHari/tanggal: Minggu, 22 Nov\n1. Slamet (L)\n2. Siti Aminah (P)\nJumlah: 2", *TWO),
        five("3571.0201.0190.0001"),
        five("NIK 3571020101900001"),
        five("Slamet 3571 0201 0190 0001, L\nSiti Aminah (NIK: 3571-0201-0190-0002), P", *TWO),
        ("[19.30, 28/11/2026] Bu RT: 1. *Slamet* (L)\n[19.31, 28/11/2026] Bu RT: 2. _Siti Aminah_ (P)", TWO),
        ("1️⃣ Slamet - L 🙏\n2️⃣ Siti Aminah - P", TWO),
        ("\ufeff• Slamet L\n➤ Siti Am\u200dinah P", TWO),
        (
            'No,Nama,L/P\n1,"Drs. H. Ahmad, M.Si",L\n2,Siti, S.Pd.,P',
            [("Drs. H. Ahmad, M.Si", "m"), ("Siti, S.Pd.", "f")],
        ),
        (
            "MA'RUF AMIN\nD'ARCY\nBUDI II\nA.M. FATWA",
            [("Ma'ruf Amin", ""), ("D'Arcy", ""), ("Budi II", ""), ("A.M. Fatwa", "")],
        ),
        ("Slamet\nSlamet", [("Slamet", ""), ("Slamet", "")]),
        ("Agus P\nTono\nRini Lestari", [("Agus P", ""), ("Tono", ""), ("Rini Lestari", "")]),
        ("ꦧꦸꦝꦶ\n王小明", [("ꦧꦸꦝꦶ", ""), ("王小明", "")]),
        ("Slamet, L, ttd\nSiti Aminah - Gang 3, P", TWO),
    ],
)  # fmt: skip
def test_a_list_is_read_as_its_writer_meant_it(text, people):
    assert [(one.name, one.sex) for one in read_roster(text).people] == people


@pytest.mark.fault("report-05", "item-6")
def test_what_was_left_out_is_told():
    read = read_roster("1\tSlamet\tL\tGang 1\n2\tSiti\tP\tGang 2\nNIK 3571020101900001")
    assert read.left_out == ("Gang 1", "Gang 2") and read.numbers == 1 and read.decided


@pytest.mark.parametrize(
    "text", ["Budi\nSiti", "1. Budi\n2. Siti (P)", "1\tBudi\tL\nTono; Siti", "Budi L"]
)
def test_a_plain_list_needs_no_look(text):
    assert not read_roster(text).decided


@pytest.mark.parametrize("text", ["BUDI", "Budi, S.Pd", "No\tNama\n1\tBudi", "Budi, Gang 2", SHEET])
def test_what_was_more_than_seen_at_once_asks_for_a_look(text):
    assert read_roster(text).decided


@pytest.mark.parametrize(
    "text",
    ["3571020101900001", "Budi 3571.0201.0190.0001", "3571 0201 0190 0001", "٣٥٧١٠٢٠١٠١٩٠٠٠٠١", "0812-3456-7890"],
)  # fmt: skip
@pytest.mark.fault("report-05")
def test_a_long_number_is_found_however_it_is_parted(text):
    assert hides_number(text)
    assert not any(sign.isdigit() for one in read_roster(text).people for sign in one.name)


@pytest.mark.parametrize("text", ["Budi", "Budi 2", "Gang 12 no. 34", "RT 03 RW 05"])
def test_small_numbers_are_nobodys(text):
    assert not hides_number(text)


@pytest.mark.parametrize(
    "text",
    ["a" + " " * 30_000 + "b", "( " * 15_000, "1 " * 30_000, "A." * 30_000, "No Nama L/P\n" + "1 a " * 15_000,
     "[" + "1/1 " * 15_000, "rt" * 30_000, "S.Pd," * 12_000, "- " * 30_000, '"' * 60_000],
)  # fmt: skip
def test_reading_is_quick_whatever_is_pasted(text):
    start = time.perf_counter()
    read_roster(text)
    assert time.perf_counter() - start < 3


@pytest.mark.fault("item-10")
def test_words_are_compared_as_people_and_banks_write_them():
    assert same_words("POKMAS  Maju-Jaya") == same_words("Pokmas maju jaya")
    assert same_words("Pokmas Jum’at Berkah") == same_words("POKMAS JUMAT BERKAH")
    assert same_words("Café") == same_words("CAFE") and same_words("ꦧꦸꦝꦶ") != ""
    assert same_words("Slamet") != same_words("Slamat")
