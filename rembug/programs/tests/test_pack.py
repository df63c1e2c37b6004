"""A city's folder: loaded whole, twice without a change, and every mistake named at its line."""

import contextlib
import csv
import io
import json
import random
import time

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope, scopes_disabled

from rembug.ledger.services import open_fund
from rembug.people.models import Act
from rembug.programs.models import Holiday, PriceItem, Program, ProgramYear, RuleSet
from rembug.programs.pack import PackFaults, load_city, read_pack
from rembug.programs.pack.files import toml_lines
from rembug.programs.services import ceilings, rules_for
from rembug.programs.tests.conftest import CITIES, FILES, HARGA, KALENDER, PETAK, WILAYAH
from rembug.regions.models import City, Unit

pytestmark = pytest.mark.django_db
SHIPPED = {
    "kediri": ("35.71", 3, 46, 330, 1478),
    "bontang": ("64.74", 3, 15, 85, 499),
}


@pytest.mark.parametrize("slug", SHIPPED)
def test_the_cities_that_come_along_load_whole_and_only_once(slug):
    code, *expected = SHIPPED[slug]
    since = time.monotonic()
    assert load_city(CITIES / slug).changed
    assert time.monotonic() - since < 15, "meant to take some two seconds"
    with scope(city=City.objects.get(pk=code)):
        kinds = ("kecamatan", "kelurahan", "rw", "rt")
        assert [Unit.objects.filter(kind=kind).count() for kind in kinds] == expected
        assert Act.objects.filter(act="city.loaded").count() == 1
        again = load_city(CITIES / slug)
        assert not again.changed
        assert all(count.moved == 0 for count in again.counts.values())
        assert Act.objects.filter(act="city.loaded").count() == 1


def test_names_and_places_of_a_real_city():
    load_city(CITIES / "kediri")
    with scope(city=City.objects.get(slug="kediri")):
        rt = Unit.objects.get(code="35.71.02.1014.005.003")
        assert (rt.label, rt.parent.parent.name) == ("RT 03 / RW 05", "Ngronggo")
        for words in ("rt3", "rw5", "ngronggo", "kota"):
            assert words in rt.search
        city = Unit.objects.get(kind="city")
        assert city.label == "Kota Kediri"
        below = Unit.objects.filter(kind="rt").values_list("households", flat=True)
        assert city.households == sum(below)
        plus = Program.objects.get(code="prodamas-plus")
        assert rules_for(plus, 2023).version == "TA2022"
        assert rules_for(plus, 2026).version == "TA2024"
        assert rules_for(plus, 2019) is None
        assert rules_for(Program.objects.get(code="prodamas"), 2019).version == "TA2017"


def test_known_counts_of_bontang():
    load_city(CITIES / "bontang")
    with scope(city=City.objects.get(slug="bontang")):
        for name, count in (("Tanjung Laut", 38), ("Tanjung Laut Indah", 33)):
            kelurahan = Unit.objects.get(kind="kelurahan", name=name)
            assert Unit.objects.within(kelurahan.code).filter(kind="rt").count() == count


def test_both_cities_stand_side_by_side():
    load_city(CITIES / "bontang")
    load_city(CITIES / "kediri")
    with scopes_disabled():
        assert Unit.objects.filter(kind="city").count() == 2


def test_another_city_with_other_rules_needs_no_code(pack):
    pack.load()
    with scope(city=City.objects.get(slug="andai")):
        by_kk = Program.objects.get(code="dana-rt")
        rules = rules_for(by_kk, 2026)
        assert [amount for _unit, amount in ceilings(by_kk, rules)] == [
            50_000_000,
            70_000_000,
            100_000_000,
            70_000_000,
            70_000_000,
        ]
        per_rw = Program.objects.get(code="dana-rw")
        held = ceilings(per_rw, rules_for(per_rw, 2026))
        amounts = {unit.code: amount for unit, amount in held}
        assert sum(amounts.values()) == 300_000_000
        assert sorted(amounts.values())[:3] == [33_333_333, 33_333_333, 33_333_334]
        assert [row.percent for row in rules.rules.tranches] == [40, 30, 30]
        per_rw.level = "rw"
        held = ceilings(per_rw, rules)
        assert {unit.kind for unit, _amount in held} == {"rw"}


def test_money_that_the_rw_holds_is_not_divided(pack):
    pack.edit("program/dana-rw.toml", 'level = "rt"', 'level = "rw"')
    pack.load()
    with scope(city=City.objects.get(slug="andai")):
        program = Program.objects.get(code="dana-rw")
        held = ceilings(program, rules_for(program, 2026))
        assert [(unit.kind, amount) for unit, amount in held] == [("rw", 100_000_000)] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").encode(),
        lambda text: ("# catatan, dengan koma\n\n" + text + "\n,,,\n").encode(),
        lambda text: b"\xef\xbb\xbf" + text.replace(",", ";").replace("\n", "\r\n").encode(),
    ],
    ids=["bom", "crlf", "semicolon", "tab", "remarks", "spreadsheet"],
)
def test_files_are_taken_as_spreadsheets_write_them(pack, change):
    pack.load()
    for name, text in (("wilayah.csv", WILAYAH), ("kalender.csv", KALENDER), ("petak.csv", PETAK)):
        pack.write(name, change(text))
    pack.write("harga/2026.csv", change(HARGA))
    assert not pack.load().changed


def test_toml_may_carry_a_byte_order_mark_too(pack):
    pack.load()
    text = (pack.root / "kota.toml").read_bytes()
    pack.write("kota.toml", b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n"))
    assert not pack.load().changed


MISTAKES = [
    ("wilayah.csv", ",kk\n", ",jumlah\n", "wilayah.csv:1:", "kolom kk tidak ada"),
    ("wilayah.csv", ",kk\n", ",kk,warna\n", "wilayah.csv:1:", "warna tidak dikenal"),
    ("wilayah.csv", "1001,1,2,75", "1001,1,1,75", "wilayah.csv:3:", "sudah ada di baris 2"),
    ("wilayah.csv", "1,2,75", "1,2,-75", "wilayah.csv:3:", "bilangan 0 sampai 9999"),
    ("wilayah.csv", "1,2,75", "1,dua,75", "wilayah.csv:3:", "bilangan 1 sampai 999"),
    ("wilayah.csv", "1,2,75", "1,2,75,9", "wilayah.csv:3:", "5 kolom; seharusnya 4"),
    ("wilayah.csv", "1002,2,2", "1009,2,2", "wilayah.csv:6:", "1009"),
    ("wilayah.csv", "1,2,75", "1,2,75.0", "wilayah.csv:3:", "bilangan 0 sampai 9999"),
    ("wilayah.csv", WILAYAH.partition("\n")[2], "", "wilayah.csv:1:", "belum ada RT"),
    ("petak.csv", "01.1002,2,1", "01.1002,1,1", "petak.csv:4:", "sama dengan petak"),
    ("petak.csv", "01.1002,2,1,Bukit", "01.1002,2,1,", "petak.csv:4:", "nama"),
    ("petak.csv", "99.72.01.1002", "99.72.1002", "petak.csv:4:", "kode"),
    ("petak.csv", "99.72.01.1002", "99.71.01.1002", "petak.csv:4:", "di bawah 99.72"),
    ("petak.csv", "99.72.01,1,1,Hulu\n", "", "petak.csv:2:", "kecamatan 99.72.01 tidak ada"),
    ("petak.csv", "Bukit\n", "Bukit\n99.72.01.1003,3,1,Laut\n", "petak.csv:5:", "belum punya RT"),
    ("kalender.csv", "2026-01-01", "01/01/2026", "kalender.csv:2:", "2026-01-31"),
    ("kalender.csv", "2026-01-02", "2026-01-01", "kalender.csv:3:", "sudah ada di baris 2"),
    ("kalender.csv", ",daerah", ",lokal", "kalender.csv:3:", "nasional, cuti_bersama"),
    ("harga/2026.csv", "58500", "-5", "harga/2026.csv:2:", "bilangan 1 sampai"),
    ("harga/2026.csv", "58500", "58500.5", "harga/2026.csv:2:", "bilangan 1 sampai"),
    ("harga/2026.csv", "bahan", "semen", "harga/2026.csv:2:", "upah, bahan"),
    ("harga/2026.csv", "zak", "", "harga/2026.csv:2:", "satuan kosong"),
    ("jabatan.csv", "lurah", "kades", "jabatan.csv:2:", "rt_head"),
    ("kota.toml", '"99.72"', '"9972"', "kota.toml:1:", "35.71"),
    ("kota.toml", '"andai"', '"static"', "kota.toml:2:", "huruf kecil"),
    ("kota.toml", "Kota Andai", "Kota " + "A" * 80, "kota.toml:3:", "paling panjang 80 huruf"),
    ("kota.toml", "Asia/Makassar", "WITA", "kota.toml:4:", "zona waktu"),
    ("kota.toml", "office =", "kantor =", "kota.toml:7:", "tidak dikenal"),
    ("kota.toml", 'office = "', 'point = "112.0, -7.8"\noffice = "', "kota.toml:7:", "lintang"),
    ("kota.toml", 'slug = "andai"', "", "kota.toml:1:", "slug: belum diisi"),
    ("kota.toml", 'name = "Kota', 'name = Kota"', "kota.toml:3:", "susunan TOML salah"),
    (
        "kota.toml",
        'timezone = "Asia',
        'brand = 5\ntimezone = "Asia',
        "kota.toml:4:",
        "[brand.light]",
    ),
    ("program/dana-rt.toml", "[[ruleset]]", "[ruleset]", "program/dana-rt.toml:4:", "[[ruleset]]"),
    (
        "program/dana-rt.toml",
        "[[ruleset]]",
        "words = 1\n[[ruleset]]",
        "program/dana-rt.toml:4:",
        "words",
    ),
    ("program/dana-rt.toml", "dana-rt", "dana-rw", "program/dana-rw.toml:1:", "sudah dipakai"),
    ("program/dana-rt.toml", "first_year = 2025", "", "program/dana-rt.toml:4:", "first_year"),
    ("program/dana-rt.toml", '"A"', f'"{"A" * 25}"', "program/dana-rt.toml:5:", "24 huruf"),
    (
        "program/dana-rt.toml",
        "first_year = 2025",
        'first_year = 2025\nlegal_url = "javascript:alert(1)"',
        "program/dana-rt.toml:7:",
        "https://",
    ),
    (
        "program/dana-rt.toml",
        'code = "social"',
        'code = "infra"',
        "program/dana-rt.toml:18:",
        "sudah dipakai",
    ),
    ("program/dana-rt.toml", "percent = 40", "percent = 41", "program/dana-rt.toml:11:", "101"),
    (
        "program/dana-rt.toml",
        '"contract_signed"',
        '"kontrak"',
        "program/dana-rt.toml:12:",
        "syarat kontrak tidak ada",
    ),
    (
        "program/dana-rt.toml",
        "min_percent = 50",
        "min_percent = 80, max_percent = 70",
        "program/dana-rt.toml:17:",
        "lebih besar",
    ),
    (
        "program/dana-rt.toml",
        "max = 99, amount = 70",
        "max = 99, amount = -70",
        "program/dana-rt.toml:26:",
        "kurang dari 0",
    ),
    ("program/dana-rt.toml", "min = 60", "min = 65", "program/dana-rt.toml:26:", "mulai dari 60"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "words"), MISTAKES)
def test_one_mistake_is_named_at_its_line(pack, file, old, new, place, words):
    pack.edit(file, old, new)
    told = pack.faults()
    assert any(line.startswith(place) and words in line for line in told), told
    assert not City.objects.filter(slug="andai").exists()


def test_a_file_that_is_not_utf8_is_named_with_the_line(pack):
    pack.write("wilayah.csv", WILAYAH.encode() + b"99.72.01.1002,3,1,9 # caf\xe9\n")
    assert pack.faults() == ["wilayah.csv:7: huruf tidak terbaca; simpan berkas sebagai UTF-8"]


@pytest.mark.fault("item-7")
@pytest.mark.parametrize("sign", ["\0", "\u202e", "\u200b", "\x1b"])
def test_a_sign_nobody_sees_is_named_at_its_line(pack, sign):
    """Also written as an escape, and in a street: SQLite would have kept it."""
    pack.write("wilayah.csv", WILAYAH + f"99.72.01.1002,3,1,9,Gang Me{sign}lati\n")
    pack.edit("kota.toml", 'name = "Kota', f'name = "\\u{ord(sign):04x}Kota')
    told = pack.faults()
    code = f"U+{ord(sign):04X}"
    assert f"wilayah.csv:7: ada tanda tersembunyi ({code}); hapus tanda itu" in told, told
    assert any(line.startswith("kota.toml:3: ada tanda") and code in line for line in told), told
    assert not City.objects.filter(slug="andai").exists()


def test_a_missing_file_is_named(pack):
    (pack.root / "kalender.csv").unlink()
    (pack.root / "kota.toml").unlink()
    assert [line.split(":")[0] for line in pack.faults()] == ["kalender.csv", "kota.toml"]


def test_a_brand_nobody_can_read_is_refused(pack):
    tokens = ("city", "city-strong", "city-soft", "on-city", "cap", "on-cap", "city-band")
    rows = "".join(f'{token} = "#777777"\n' for token in tokens)
    text = (pack.root / "kota.toml").read_text()
    pack.write("kota.toml", text + f"\n[brand.light]\n{rows}\n[brand.dark]\n{rows}")
    told = pack.faults()
    assert all(line.startswith("kota.toml:") for line in told)
    assert any("Kontras light: city " in line and line.startswith("kota.toml:10:") for line in told)


def test_all_mistakes_of_all_files_come_at_once(pack):
    pack.edit("wilayah.csv", "1,2,75", "1,2,x")
    pack.edit("harga/2026.csv", "58500", "x")
    pack.edit("program/dana-rt.toml", '"LS"', '"GU"')
    pack.edit("kalender.csv", "2026-01-01", "x")
    files = [line.split(":")[0] for line in pack.faults()]
    assert files == ["harga/2026.csv", "kalender.csv", "program/dana-rt.toml", "wilayah.csv"]
    pack.edit("kota.toml", "Asia/Makassar", "WITA")
    files = [line.split(":")[0] for line in pack.faults()]
    assert "kota.toml" in files and "wilayah.csv" in files


def test_two_rule_sets_for_one_year_are_refused(pack):
    text = (pack.root / "program/dana-rt.toml").read_text()
    second = text[text.index("[[ruleset]]") :].replace('"A"', '"B"').replace("2025", "2027")
    pack.write("program/dana-rt.toml", text + second)
    told = pack.faults()
    assert len(told) == 1 and "last_year = 2026" in told[0]


def test_an_update_changes_only_what_differs(pack):
    pack.load()
    pack.edit("wilayah.csv", "1,2,75", "1,2,76")
    pack.edit("harga/2026.csv", "58500", "59000")
    pack.edit("kalender.csv", "2026-01-02,Hari kota,daerah\n", "")
    pack.edit("program/dana-rt.toml", "first_year = 2025", "first_year = 2024")
    counts = {title: str(count) for title, count in pack.load().counts.items()}
    # The RT and everything above it that adds up its households.
    assert counts["wilayah"] == "0 baru, 5 berubah, 0 dihapus"
    assert counts["harga"] == "0 baru, 1 berubah, 0 dihapus"
    assert counts["libur"] == "0 baru, 0 berubah, 1 dihapus"
    assert counts["aturan"] == "0 baru, 1 berubah, 0 dihapus"
    with scope(city=City.objects.get(slug="andai")):
        assert PriceItem.objects.get().price == 59_000
        assert Holiday.objects.count() == 1


def test_what_leaves_the_folder_leaves_the_city_unless_it_is_used(pack):
    pack.load()
    pack.edit("wilayah.csv", "99.72.01.1002,2,2,99\n", "")
    (pack.root / "program/dana-rw.toml").unlink()
    counts = {title: str(count) for title, count in pack.load().counts.items()}
    assert counts["wilayah"] == "0 baru, 3 berubah, 2 dihapus"
    assert counts["program"] == "0 baru, 0 berubah, 1 dihapus"
    city = City.objects.get(slug="andai")
    with scope(city=city):
        rt = Unit.objects.get(code="99.72.01.1001.001.002")
        Act.objects.create(city=city, act="x", thing="x", unit=rt, at="2026-01-01T00:00Z")
    pack.edit("wilayah.csv", "99.72.01.1001,1,2,75\n", "")
    told = pack.faults()
    assert told == [
        "wilayah.csv:1: 99.72.01.1001.001.002 hilang dari berkas padahal sudah dipakai; "
        "kembalikan barisnya"
    ]


def test_rules_of_an_opened_year_cannot_be_changed_under_it(pack):
    pack.load()
    city = City.objects.get(slug="andai")
    with scope(city=city):
        rules = RuleSet.objects.get(program__code="dana-rt")
        ProgramYear.objects.create(
            city=city,
            program=rules.program,
            year=2026,
            rule_set=rules,
            fund=open_fund(city, 2026, "dana-rt-2026", "Dana RT 2026"),
            basis_no="1",
            basis_on="2026-01-01",
            state="open",
        )
    pack.edit("program/dana-rt.toml", "\n\n[[", '\nlevel = "rw"\n\n[[')
    assert "level dana-rt tidak boleh diubah" in pack.faults()[0]
    pack.edit("program/dana-rt.toml", 'level = "rw"\n', "")
    pack.edit("program/dana-rt.toml", "percent = 40", "percent = 35")
    pack.edit("program/dana-rt.toml", "percent = 30", "percent = 35")
    told = pack.faults()
    assert len(told) == 1 and "sudah dipakai tahun 2026" in told[0]
    assert told[0].startswith("program/dana-rt.toml:5:")


def test_boundaries_are_optional_and_checked(pack):
    square = [[[117.4, 0.1], [117.5, 0.1], [117.5, 0.2], [117.4, 0.1]]]
    shape = json.dumps({"type": "Polygon", "coordinates": square})
    feature = '{"type": "Feature", "properties": {"kode": "%s"}, "geometry": %s}'
    whole = '{"type": "FeatureCollection", "features": [\n%s\n]}'
    pack.write("batas.geojson", whole % (feature % ("99.72.01.1001", shape)))
    pack.load()
    with scope(city=City.objects.get(slug="andai")):
        assert Unit.objects.get(code="99.72.01.1001").boundary["type"] == "Polygon"
    assert not pack.load().changed
    pack.write("batas.geojson", whole % (feature % ("99.72.01.1009", shape)))
    assert pack.faults()[0].startswith("batas.geojson:2:")
    pack.write("batas.geojson", '{"type": "Feature"\n')
    assert pack.faults()[0].startswith("batas.geojson:")


SQUARE = [[[117.4, 0.1], [117.5, 0.1], [117.5, 0.2], [117.4, 0.1]]]
IN_METRES = [[[600000, 9130000], [600100, 9130000], [600100, 9130100], [600000, 9130000]]]
WORDS = [[["a", "b"]] * 4]


@pytest.mark.parametrize(
    "features",
    [
        "abc",
        5,
        ["abc"],
        [{"properties": "x", "geometry": "y"}],
        [{"properties": {"kode": "99.72.01.1001"}, "geometry": "y"}],
        *(
            [
                {
                    "properties": {"kode": "99.72.01.1001"},
                    "geometry": {"type": "Polygon", "coordinates": coordinates},
                }
            ]
            for coordinates in ("abc", [], [[]], SQUARE[0], WORDS, IN_METRES, [SQUARE[0][:2]])
        ),
    ],
)
def test_a_boundary_that_cannot_be_drawn_is_refused(pack, features):
    """Otherwise the map would break on it, long after the city was loaded."""
    pack.write("batas.geojson", json.dumps({"features": features}))
    assert all(line.startswith("batas.geojson:") for line in pack.faults())


def test_a_boundary_is_written_once(pack):
    feature = {
        "properties": {"kode": "99.72.01.1001"},
        "geometry": {"type": "Polygon", "coordinates": SQUARE},
    }
    pack.write("batas.geojson", json.dumps({"features": [feature, feature]}))
    assert "dua kali" in pack.faults()[0]
    pack.write("batas.geojson", "[" * 100_000)
    assert pack.faults()[0].startswith("batas.geojson:1:")


def test_a_slug_belongs_to_one_city(pack):
    City.objects.create(code="99.70", slug="andai", name="Kota Lain")
    assert "slug andai sudah dipakai Kota Lain" in pack.faults()[0]


def test_the_command_tells_progress_and_faults(pack, capsys):
    call_command("load_city", str(pack.root))
    assert "Kota Andai: dimuat" in capsys.readouterr().out
    call_command("load_city", str(pack.root))
    assert "Kota Andai: tetap" in capsys.readouterr().out
    pack.edit("wilayah.csv", "1,2,75", "1,2,x")
    with pytest.raises(CommandError, match=r"1 kesalahan.*\nwilayah.csv:3:"):
        call_command("load_city", str(pack.root))


def test_nothing_written_in_a_folder_makes_the_loader_stumble(pack):
    """Files broken at random: either they load, or every fault is told as a fault."""
    dice = random.Random(7)
    scraps = [b'"', b"[", b"]", b"{", b"\n", b",", b"-", b"=", b"\xff", b"\x00", b"#", b"9" * 20]
    for _turn in range(150):
        for name, text in FILES.items():
            pack.write(name, text)
        name = dice.choice(list(FILES))
        text = bytearray(FILES[name].encode())
        for _break in range(3):
            at = dice.randrange(len(text))
            text[at : at + dice.randint(0, 5)] = dice.choice(scraps)
        pack.write(name, bytes(text))
        with contextlib.suppress(PackFaults):
            read_pack(pack.root)


def test_lines_of_a_toml_text():
    lines = toml_lines(
        'a = 1\n[[r]]\n[[r.f]]\nx = "[["\n[[r]]\nn = """\n[z]\n"""\nl = [\n {a=1},\n {a=2},\n]\n[[r.f]]\n'
    )
    assert lines["a"] == 1
    assert lines["r[0].f[0].x"] == 4
    assert (lines["r[1]"], lines["r[1].l[1]"], lines["r[1].f[0]"]) == (5, 11, 13)
    assert "z" not in lines


def test_official_holidays_match_the_published_list(data_dir):
    """The dates of the shipped calendars against an independent list of national holidays."""
    with (data_dir / "kalender" / "libur_indonesia_2024_2027.csv").open() as lines:
        official = {row["tanggal"]: row["jenis"] for row in csv.DictReader(lines)}
    for slug in SHIPPED:
        with (CITIES / slug / "kalender.csv").open() as lines:
            rows = csv.DictReader(line for line in lines if not line.startswith("#"))
            ours = {row["tanggal"]: row["jenis"] for row in rows}
        assert ours.keys() == official.keys()
        joint = {day for day, kind in official.items() if kind == "cuti_bersama"}
        assert {day for day, kind in ours.items() if kind == "cuti_bersama"} == joint


def test_a_real_price_standard_can_be_loaded(pack, data_dir):
    """Ten thousand rows of a district's standard, rewritten in our columns."""
    with (data_dir / "harga" / "ssh_kab_pasangkayu_2024.csv").open() as lines:
        rows = list(csv.DictReader(lines))
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["kode", "nama", "spesifikasi", "satuan", "harga", "kelompok"])
    kept = 0
    for n, row in enumerate(rows):
        price = row["harga_satuan"]
        if not price.isdigit() or price == "0" or not row["satuan"] or not row["uraian_barang"]:
            continue
        sheet.writerow(
            [
                f"S{n}",
                row["uraian_barang"][:160],
                row["spesifikasi"][:200],
                row["satuan"][:24],
                price,
                "barang",
            ]
        )
        kept += 1
    pack.write("harga/2024.csv", out.getvalue())
    pack.load()
    with scope(city=City.objects.get(slug="andai")):
        assert PriceItem.objects.filter(year=2024).count() == kept > 9000
        assert PriceItem.objects.filter(year=2024).matching("besi 12").exists()


def test_a_pack_error_is_one_exception_with_all_faults(pack):
    pack.edit("wilayah.csv", "1,2,75", "1,2,x")
    with pytest.raises(PackFaults) as caught:
        load_city(pack.root)
    assert [fault.line for fault in caught.value.faults] == [3]


@pytest.mark.fault("report-10")
def test_a_renamed_place_keeps_its_former_names(pack):
    pack.load()
    pack.edit("petak.csv", "Sungai", "Sungai Baru")
    pack.load()
    with scope(city=City.objects.get(slug="andai")):
        place = Unit.objects.get(code="99.72.01.1001")
        assert (place.name, place.former) == ("Sungai Baru", ["Sungai"])
        for typed in ("sungai baru", "sungai rt 2", "baru rt 2"):
            assert Unit.objects.filter(kind="rt").matching(typed).exists(), typed
    pack.edit("petak.csv", "Sungai Baru", "Muara")
    pack.load()
    assert not pack.load().changed
    with scope(city=City.objects.get(slug="andai")):
        assert Unit.objects.get(code="99.72.01.1001").former == ["Sungai", "Sungai Baru"]
        for typed in ("muara", "sungai", "baru"):
            assert Unit.objects.filter(kind="rt").matching(typed).count() == 3, typed
    pack.edit("petak.csv", "Muara", "Sungai")
    pack.load()
    with scope(city=City.objects.get(slug="andai")):
        assert Unit.objects.get(code="99.72.01.1001").former == ["Sungai Baru", "Muara"]


@pytest.mark.fault("screen-A27")
def test_a_city_says_its_own_words_in_english(pack):
    from django.utils.translation import override

    from rembug.people.authority import role_title
    from rembug.regions.models import said

    pack.write("inggris.csv", "kata,inggris\nInfrastruktur,Infrastructure\n")
    pack.load()
    assert not pack.load().changed
    city = City.objects.get(slug="andai")
    city.role_titles, city.english = {"lurah": "Pak Lurah"}, city.english | {"Pak Lurah": "Head"}
    with scope(city=city):
        with override("en"):
            assert said("Infrastruktur") == "Infrastructure" and said("Kesehatan") == "Kesehatan"
            assert role_title("lurah", city) == "Head"
        with override("id"):
            assert said("Infrastruktur") == "Infrastruktur"
            assert role_title("lurah", city) == "Pak Lurah"
    pack.write("inggris.csv", "kata,inggris\na,b\na,c\n")
    with pytest.raises(PackFaults, match="inggris.csv"):
        pack.load()
