"""Word documents built for tests, by python-docx and by hand where it cannot: tracked changes, text boxes, odd packages.
All people are invented."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

import docx
from docx.document import Document

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word(*parts: str | Sequence[Sequence[str]], change: Callable[[Document], None] | None = None) -> bytes:
    """Paragraphs and tables in order; `change` bends the finished document."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
            continue
        table = document.add_table(rows=len(part), cols=max(map(len, part)))
        for r, row in enumerate(part):
            for c, text in enumerate(row):
                table.cell(r, c).text = text
    if change:
        change(document)
    return saved(document)


def by_hand(body: str, *, namespace: str = W, member: str = "word/document.xml", before: str = "") -> bytes:
    """A package with nothing in it but this body."""
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{member}"/>'
        "</Relationships>"
    )
    document = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": "<Types/>", "_rels/.rels": relations, member: document})


def packed(members: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def paragraph(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def table(*rows: Sequence[str], properties: Sequence[str] = ()) -> str:
    """A table of finished cells; `properties` are those of the rows."""
    given = [*properties, *[""] * len(rows)]
    lines = (f"<w:tr><w:trPr>{what}</w:trPr>{''.join(row)}</w:tr>" for what, row in zip(given, rows, strict=False))
    return f"<w:tbl>{''.join(lines)}</w:tbl>"


def cell(*content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(content)}</w:tc>"


def texts(*values: str) -> list[str]:
    return [cell(paragraph(run(value))) for value in values]
