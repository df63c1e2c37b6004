"""Tables to take along: columns on a double click, nothing run, codes as text."""

import io
import zipfile
from datetime import date

import pytest

from rembug.core.sheets import Column, csv_lines, download

COLUMNS = [
    Column("Kode RT"),
    Column("Kegiatan"),
    Column("Biaya (Rp)", number=True),
    Column("Batas"),
]
ROW = ["35.71.02.1014.005.003", "Paving; gang, 2", 12_500_000, date(2026, 11, 5)]


@pytest.mark.fault("report-12", "item-11")
def test_csv_opens_in_columns_in_indonesia():
    lines = list(csv_lines(COLUMNS, [ROW, ["1", None, 0, None]]))
    assert lines[0] == "\ufeffKode RT;Kegiatan;Biaya (Rp);Batas\r\n"
    assert lines[1] == '35.71.02.1014.005.003;"Paving; gang, 2";12500000;2026-11-05\r\n'
    assert lines[2] == "1;;0;\r\n"


@pytest.mark.parametrize(
    "bad", ["=1+1", "+62", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1+1"]
)
def test_no_cell_is_run(bad):
    (line,) = list(csv_lines([Column("x")], [[bad]]))[1:]
    assert line.lstrip('"').startswith("'")
    sheet = _sheet([[bad]])
    assert "<f>" not in sheet and "<t" in sheet


def test_xlsx_holds_numbers_text_and_days():
    sheet = _sheet([ROW])
    assert "<v>12500000</v>" in sheet and "35.71.02.1014.005.003</t>" in sheet
    # Days are numbers of days since 1900.
    assert "<v>46331</v>" in sheet
    assert "pane" in sheet and "autoFilter" in sheet


def _sheet(rows):
    answer = download("xlsx", "kegiatan", COLUMNS, rows)
    assert answer["Content-Disposition"] == 'attachment; filename="kegiatan.xlsx"'
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as book:
        return book.read("xl/worksheets/sheet1.xml").decode()
