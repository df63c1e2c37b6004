"""Tables to take along: CSV that a spreadsheet opens in columns, and XLSX.

A spreadsheet in Indonesia splits at the semicolon, because the comma is its decimal sign. Amounts are
whole numbers, codes are text, and no cell is ever run as a formula. No tables of the database.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryFile
from typing import IO, Any

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

SEPARATOR = ";"
# The mark by which spreadsheets know that the file is UTF-8.
MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula, also after a blank or a line break.
RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = ("csv", "xlsx")
WIDEST = 60


@dataclass(frozen=True)
class Column:
    """A column: its heading in words, how wide (in letters), and whether it holds rupiah or counts."""

    title: str
    width: int = 14
    number: bool = False


Rows = Iterable[Sequence[Any]]


def download(kind: str, name: str, columns: Sequence[Column], rows: Rows) -> HttpResponse:
    """The table as a file to save. `rows` may be read long after the request is over."""
    answer: Any
    if kind == "xlsx":
        answer = FileResponse(_xlsx(name, columns, rows), content_type=XLSX)
    else:
        lines = csv_lines(columns, rows)
        answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer


class _Echo:
    """A file that hands every line straight on."""

    def write(self, line: str) -> str:
        return line


def csv_lines(columns: Sequence[Column], rows: Rows) -> Iterator[str]:
    """Line by line, so that a whole city never fills the memory."""
    writer = csv.writer(_Echo(), delimiter=SEPARATOR)
    yield MARK + writer.writerow([column.title for column in columns])
    for row in rows:
        yield writer.writerow([_cell(value) for value in row])


def _cell(value: Any) -> Any:
    """A cell that begins like a formula is not run; a day is written as a spreadsheet reads it."""
    if isinstance(value, str):
        return "'" + value if value.lstrip(" ").startswith(RUN) or value[:1] in RUN else value
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else value


def _xlsx(name: str, columns: Sequence[Column], rows: Rows) -> IO[bytes]:
    """Row by row into a file of the system's temporary folder, which goes when it has been sent."""
    file = TemporaryFile(suffix=".xlsx")  # noqa: SIM115
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(name[:31])
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    amount, day = (
        book.add_format({"num_format": "#,##0"}),
        book.add_format({"num_format": "d mmm yyyy"}),
    )
    for at, column in enumerate(columns):
        sheet.set_column(at, at, min(column.width, WIDEST), amount if column.number else None)
        sheet.write_string(0, at, column.title, head)
    sheet.freeze_panes(1, 0)
    count = 0
    for count, row in enumerate(rows, 1):
        for at, value in enumerate(row):
            if isinstance(value, (date, datetime)):
                sheet.write_datetime(count, at, value, day)
            elif isinstance(value, int):
                sheet.write_number(count, at, value, amount if columns[at].number else None)
            elif value:
                sheet.write_string(count, at, str(value))
    sheet.autofilter(0, 0, max(count, 1), len(columns) - 1)
    book.close()
    file.seek(0)
    return file
