"""Workbooks written by hand, part by part, so that a test can bend exactly one thing. All people are invented."""

import io
import zipfile
from collections.abc import Iterable, Mapping

from mailbot.domain.content import media_type
from mailbot.domain.mail import Part

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
STYLES = (
    f'<?xml version="1.0"?><styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="14" applyNumberFormat="1"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def parts(sheets: Mapping[str, str], states: Mapping[str, str], names: str, strings: Iterable[str]) -> dict[str, str]:
    """The members of a package; `sheets` maps names to the XML inside `<worksheet>`."""
    entries = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{states.get(name, "visible")}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATION}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    return {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELS % f'<Relationship Id="rId1" Type="{_RELATION}/officeDocument" Target="xl/workbook.xml"/>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{_RELATION}">'
        f"<sheets>{entries}</sheets>{names}</workbook>",
        "xl/_rels/workbook.xml.rels": _RELS % links,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'<?xml version="1.0"?><sst xmlns="{MAIN}">'
        + "".join(f"<si><t>{text}</t></si>" for text in strings)
        + "</sst>",
    } | {
        f"xl/worksheets/sheet{n}.xml": f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{xml}</worksheet>'
        for n, xml in enumerate(sheets.values(), 1)
    }


def pack(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def xlsx(
    xml: str = "<sheetData/>",
    *,
    more: Mapping[str, str] | None = None,
    states: Mapping[str, str] | None = None,
    names: str = "",
    strings: Iterable[str] = (),
    extra: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """A workbook whose first sheet, 名单, holds `xml`."""
    return pack({**parts({"名单": xml, **(more or {})}, states or {}, names, strings), **(extra or {})})


def cell(ref: str, value: str | float | None = None, *, style: int = 0, tail: str = "") -> str:
    """One `<c>`: text inline, numbers as values; `tail` is XML inside it."""
    if isinstance(value, str):
        return f'<c r="{ref}" s="{style}" t="inlineStr"><is><t>{value}</t></is></c>'
    inner = "" if value is None else f"<v>{value!r}</v>"
    return f'<c r="{ref}" s="{style}">{tail}{inner}</c>'


def data(*rows: str) -> str:
    """`<sheetData>` of rows in order."""
    return "<sheetData>" + "".join(f'<row r="{n}">{row}</row>' for n, row in enumerate(rows, 1)) + "</sheetData>"


def roster_rows(count: int) -> str:
    """`count` people with invented numbers."""
    return data(
        *(
            cell(f"A{n}", n)
            + cell(f"B{n}", f"甲{n}")
            + cell(f"C{n}", f"5001031990{n:08d}")
            + cell(f"D{n}", 13800000000 + n)
            for n in range(1, count + 1)
        )
    )


def part_of(content: bytes) -> Part:
    """A part around bytes, its type told by content as in a mail."""
    return Part(number=1, name="a", sha256="0" * 64, size=len(content), type=media_type(content))
