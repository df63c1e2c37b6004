"""Limits hang on kinds of item: what people write in a title decides nothing by itself."""

import pytest

from rembug.core.refusal import Refused
from rembug.planning.models import Activity, Proposal, RabLine
from rembug.planning.review import ActivityFacts, judge
from rembug.planning.rules import CostLine
from rembug.planning.services.proposals import ActivityDraft, save_activity, submit_proposal
from rembug.planning.services.reviews import review
from rembug.programs.tests.test_rules import shipped

CEILING = 100_000_000


def line(name, price, pieces=1, kind=""):
    return CostLine(name, "buah", "barang", pieces * 1000, price, price, 1, kind=kind)


def asked(field, name, *lines, kind="", number=0, note="", papers=("daftar_penerima",)):
    """One activity as the book sees it; without lines it costs a million."""
    rows = lines or (line("Barang", 1_000_000),)
    facts = ActivityFacts(1, name, field, kind, tuple(rows), frozenset(papers))
    return ActivityFacts(**vars(facts) | {"number": number, "note": note})


def found(*activities, version="TA2022", statements=()):
    """Blocking sentences and advice about these activities, without shares and prices."""
    book = shipped("kediri", "prodamas-plus", version)
    made = judge(
        book,
        ceiling=CEILING,
        available=CEILING,
        activities=activities,
        statements={"pernyataan_bidang", *statements},
    )
    return [one.sentence for one in made.blocking], [one.sentence for one in made.advice]


def blocked_by(words, *activities, **given):
    return any(words in one for one in found(*activities, **given)[0])


def fault(number):
    return pytest.mark.fault(f"words-{number}")


CASH, CAMERAS = "Uang tidak boleh dibagikan", "paling banyak 3 kamera"
KIT, JKN, TRAINING = "Rp300.000 untuk satu siswa", "Tambahkan Iuran JKN", "Tambahkan Pelatihan"
PKK = "Kegiatan PKK dan dasawisma paling banyak"
TITLES = [
    pytest.param(
        asked("social", "Bantuan langsung tunai lansia", kind="bansos"), CASH, True, marks=fault(1)
    ),
    pytest.param(asked("social", "Bantuan langsung tunai lansia"), CASH, True, marks=fault(1)),
    pytest.param(asked("social", "Untuk lansia", kind="uang_tunai"), CASH, True, marks=fault(1)),
    pytest.param(asked("social", "BLT warga miskin", kind="bansos"), CASH, True, marks=fault(2)),
    pytest.param(
        asked("economy", "Modal koperasi RW dalam bentuk uang tunai", kind="koperasi"),
        "",
        False,
        marks=fault(3),
    ),
    pytest.param(
        asked("social", "Kamera pengawas 6 unit", kind="cctv", number=6),
        CAMERAS,
        True,
        marks=fault(4),
    ),
    pytest.param(
        asked("social", "Pos jaga", line("Kamera", 9, 6, "cctv"), kind="sarana"),
        CAMERAS,
        True,
        marks=fault(4),
    ),
    pytest.param(
        asked(
            "social",
            "CCTV gang",
            line("Kamera CCTV", 900_000, 3, "cctv"),
            line("Kabel CCTV", 9_000, 100),
            kind="cctv",
            number=3,
        ),
        "",
        False,
        marks=fault(5),
    ),
    pytest.param(
        asked(
            "education",
            "Seragam, tas, sepatu siswa",
            line("Paket", 400_000, 10),
            kind="sekolah",
            number=10,
        ),
        KIT,
        True,
        marks=fault(6),
    ),
    pytest.param(
        asked(
            "education",
            "Paket perlengkapan sekolah",
            line("Paket", 4_000_000),
            kind="sekolah",
            number=14,
        ),
        "",
        False,
        marks=fault(7),
    ),
    pytest.param(
        asked("education", "Paket perlengkapan sekolah", kind="sekolah"),
        "tulis jumlah siswa",
        True,
        marks=fault(7),
    ),
    pytest.param(
        asked("health", "JKN", line("Iuran", 1), kind="jkn", number=1),
        "Rp35.000 untuk satu warga",
        True,
        marks=fault(10),
    ),
    pytest.param(
        asked("economy", "Pelatihan 1 orang", kind="latih", number=1),
        "paling sedikit 2 peserta",
        True,
        marks=fault(11),
    ),
]
# Duties and shares that a single activity leaves open, and that no case here is about.
OPEN = ("Tambahkan", "tambahkan")


@pytest.mark.parametrize(("activity", "words", "blocks"), TITLES)
def test_a_thing_is_judged_by_its_kind(activity, words, blocks):
    blocking = found(activity)[0]
    if blocks:
        assert any(words in one for one in blocking), blocking
    else:
        own = [one for one in blocking if not any(word in one for word in OPEN)]
        assert own == []


@pytest.mark.parametrize(
    ("activity", "duty", "met"),
    [
        pytest.param(
            asked(
                "health",
                "Iuran Jaminan Kesehatan Nasional 20 warga",
                line("Iuran", 42_000, 20),
                kind="jkn",
                number=20,
            ),
            JKN,
            True,
            marks=fault(8),
        ),
        pytest.param(
            asked("economy", "Bimbingan teknis usaha 5 orang", kind="latih", number=5),
            TRAINING,
            True,
            marks=fault(9),
        ),
        pytest.param(
            asked("social", "Tenda RT, juga untuk PKK", line("Tenda", 3_000_000), kind="sarana"),
            "Tambahkan Kegiatan PKK",
            False,
            marks=fault(12),
        ),
        pytest.param(
            asked("health", "JKN untuk semua", kind="posyandu"), JKN, False, marks=fault(8)
        ),
    ],
)
def test_a_duty_is_met_by_the_kind_not_by_the_word(activity, duty, met):
    assert blocked_by(duty, activity) is not met


@pytest.mark.fault("words-12")
def test_a_tent_is_not_the_pkk_item_but_its_words_are_shown():
    tent = asked("social", "Tenda RT, juga untuk PKK", line("Tenda", 3_000_000), kind="sarana")
    blocking, advice = found(tent)
    assert not any(PKK in one for one in blocking)
    assert any("Mungkin ini Kegiatan PKK dan dasawisma" in one for one in advice)


def test_limits_hold_for_all_of_a_kind_in_one_proposal_together():
    two = asked("social", "Kamera gang A", kind="cctv", number=2)
    assert not blocked_by(CAMERAS, two, asked("social", "Gang B", kind="cctv", number=1))
    assert blocked_by(CAMERAS, two, asked("social", "Gang B", kind="cctv", number=2))
    # A camera on a line of another activity is a camera all the same.
    post = asked("social", "Pos jaga", line("Kamera", 900_000, 2, "cctv"), kind="sarana")
    assert blocked_by(CAMERAS, two, post)


def test_an_amount_of_a_kind_leaves_out_lines_of_another_kind():
    party = asked(
        "social",
        "PKK",
        line("Alat", 1_000_000),
        line("Kamera", 900_000, 1, "cctv"),
        kind="pkk",
    )
    assert not blocked_by(PKK, party)
    assert blocked_by(PKK, asked("social", "PKK", line("Alat", 1_000_001), kind="pkk"))
    assert blocked_by(
        "Kegiatan PKK dan dasawisma paling sedikit",
        asked("social", "PKK", line("Alat", 999_999), kind="pkk"),
    )


def test_pieces_of_the_own_kind_agree_with_the_number_told():
    lines = (line("Kamera", 900_000, 3, "cctv"),)
    assert blocked_by("Samakan", asked("social", "CCTV", *lines, kind="cctv", number=2))
    assert not blocked_by("Samakan", asked("social", "CCTV", *lines, kind="cctv", number=3))


def test_a_kind_must_be_chosen_or_explained():
    assert blocked_by("Pilih jenis kegiatan", asked("social", "Lomba"))
    assert blocked_by("Jelaskan mengapa", asked("social", "Lomba", kind="lain"))
    fair = asked("social", "Lomba", kind="lain", note="Lomba kampung bersih tahunan")
    assert not blocked_by("jenis", fair)


def test_something_that_sounds_forbidden_passes_explained_and_the_verifier_reads_why():
    name, note = "Pelatihan menghitung uang tunai", "Belajar kas, tidak ada uang dibagikan"
    told = {"kind": "latih", "number": 9}
    assert blocked_by(CASH, asked("economy", name, **told))
    assert blocked_by(CASH, asked("economy", name, **told, note="bukan"))
    blocking, advice = found(asked("economy", name, **told, note=note))
    assert not any(CASH in one for one in blocking)
    assert any(CASH in one and note in one for one in advice)


def test_a_ban_of_one_field_stays_in_its_field():
    flowers = "Pot bunga tidak dibiayai"
    assert blocked_by(flowers, asked("infra", "Pot bunga gang", kind="taman"))
    assert not blocked_by(flowers, asked("social", "Pot bunga gang", kind="sarana"))


def test_the_kind_its_number_and_lines_are_kept_and_count_when_sent(cast, proposal):
    rules = cast.year.rule_set
    rules.book = rules.book | {
        "items": [
            {
                "code": "cctv",
                "field": "social",
                "title": "Kamera",
                "number": "kamera",
                "max_number": 3,
            },
            {"code": "pos", "field": "social", "title": "Pos jaga"},
        ]
    }
    rules.save()
    proposal = Proposal.objects.get(pk=proposal.pk)
    draft = ActivityDraft(
        "social",
        "Kamera gang",
        kind="cctv",
        kind_number=3,
        kind_note="Dipasang di tiga gang",
        off_list_reason="Baru diminta warga",
    )
    own = CostLine("Kamera", "buah", "barang", 3000, 500_000, quotes="A 1; B 2; C 3")
    kept = save_activity(by=cast.rt_head, proposal=proposal, draft=draft, lines=[own])
    kept = Activity.objects.get(pk=kept.pk)
    assert (kept.kind, kept.kind_number, kept.kind_note) == ("cctv", 3, "Dipasang di tiga gang")
    assert not any("kamera" in one.sentence for one in review(proposal).blocking)
    extra = CostLine("Kamera", "buah", "barang", 1000, 9_000, quotes="A 1; B 2; C 3", kind="cctv")
    post = ActivityDraft("social", "Pos jaga", kind="pos", off_list_reason="Diminta warga")
    save_activity(by=cast.rt_head, proposal=proposal, draft=post, lines=[extra])
    assert RabLine.objects.filter(kind="cctv").count() == 1
    with pytest.raises(Refused, match="paling banyak 3 kamera"):
        submit_proposal(by=cast.rt_head, proposal=proposal)


def test_a_kind_the_book_does_not_know_is_refused_with_what_else_is_wrong(cast, proposal):
    draft = ActivityDraft("social", "", kind="roket", kind_number=-1, off_list_reason="Diminta")
    odd = CostLine("Baut", "buah", "barang", 1000, 9_000, quotes="A 1; B 2; C 3", kind="roket")
    with pytest.raises(Refused) as refusal:
        save_activity(by=cast.rt_head, proposal=proposal, draft=draft, lines=[odd])
    assert len(refusal.value.reasons) == 4


def test_the_page_asks_for_the_kind_its_number_and_the_kind_of_a_line(cast, proposal, sign_in):
    rules = cast.year.rule_set
    camera = {"code": "cctv", "field": "social", "title": "Kamera keamanan", "number": "kamera"}
    rules.book = rules.book | {
        "items": [
            camera | {"max_number": 3, "words": ["kamera"]},
            {"code": "pos", "field": "social", "title": "Pos jaga"},
            {"code": "tunai", "title": "Uang tunai", "forbidden": "Tidak boleh."},
        ]
    }
    rules.save()
    client, here = sign_in(cast.rt_head), f"/uji/usulan/{proposal.pk}/tambah/"
    page = client.get(here).content.decode()
    for words in ("Kamera keamanan: kamera", "Tidak dibiayai", "Lain, saya jelaskan"):
        assert words in page, words
    told = {
        "key": "k" * 22,
        "name": "Pos jaga",
        "field": "social",
        "kind": "pos",
        "off_list_reason": "Diminta warga",
        "baris-TOTAL_FORMS": "1",
        "baris-INITIAL_FORMS": "0",
        "baris-0-name": "Kamera kecil",
        "baris-0-group": "barang",
        "baris-0-measure": "buah",
        "baris-0-volume": "2",
        "baris-0-price": "400.000",
        "baris-0-quotes": "A 1\nB 2\nC 3",
        "baris-0-kind": "cctv",
    }
    answer = client.post(here, told)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    made = Activity.objects.get()
    assert (made.kind, made.lines.get().kind) == ("pos", "cctv")
    page = client.get(f"/uji/usulan/{proposal.pk}/kegiatan/{made.pk}/").content.decode()
    assert "Jenis baris ini" in page and "Bagian dari kegiatan ini" in page
    assert "Kamera keamanan" in client.get(f"/uji/usulan/{proposal.pk}/").content.decode()
