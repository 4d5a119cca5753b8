"""Workbooks in the least that Excel accepts."""

import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape


def sheet(
    path: Path, rows: Sequence[Sequence[object]], name: str = "Data", before: bool = False
) -> None:
    """A workbook in the least that Excel accepts, cells in line."""

    def cell(at: int, row: int, value: object) -> str:
        if isinstance(value, str):
            return f'<c r="{letters(at)}{row}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        return f'<c r="{letters(at)}{row}"><v>{value}</v></c>'

    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    body = "".join(
        f'<row r="{number}">{"".join(cell(at, number, one) for at, one in enumerate(row))}</row>'
        for number, row in enumerate(rows, start=1)
    )
    names = ["Legend", name] if before else [name]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        listed = "".join(
            f'<sheet name="{one}" sheetId="{n}" r:id="rId{n}"/>' for n, one in enumerate(names, 1)
        )
        book.writestr("xl/workbook.xml", f'<workbook {main} xmlns:r="{rel}"><sheets>{listed}'
                      "</sheets></workbook>")  # fmt: skip
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        links = f'<Relationships xmlns="{package}">{{}}</Relationships>'
        sheets = "".join(
            f'<Relationship Id="rId{n}" Type="{rel}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        book.writestr("_rels/.rels", links.format(
            f'<Relationship Id="rId1" Type="{rel}/officeDocument" Target="xl/workbook.xml"/>'
        ))  # fmt: skip
        book.writestr("xl/_rels/workbook.xml.rels", links.format(sheets))
        for n, one in enumerate(names, 1):
            data = body if one == name else ""
            book.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f"<worksheet {main}><sheetData>{data}</sheetData></worksheet>",
            )


def letters(at: int) -> str:
    """The name of a column, A is 0."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name
