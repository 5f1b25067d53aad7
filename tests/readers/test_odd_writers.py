"""Workbooks as programs other than Excel write them: the same cells, read in full and not quickly."""

import re
import zipfile
from collections.abc import Callable

import pytest

from mailbot.domain.content import XLSX
from mailbot.domain.document import Document
from mailbot.domain.limits import Limits
from mailbot.readers.find import read
from tests.readers.files import MAIN, cell, data, pack, part_of, parts, roster_rows

ROWS: tuple[tuple[str | int, ...], ...] = (
    ("姓名", "身份证号码", "手机号码"),
    ("甲", "500103199003070012", 13800000000),
)
SHARED = data(
    '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c>',
    '<c r="A2" t="s"><v>3</v></c><c r="B2" t="s"><v>4</v></c><c r="C2"><v>13800000000</v></c>',
)
STRINGS = ("姓名", "身份证号码", "手机号码", "甲", "500103199003070012")
INLINE = data(*("".join(cell(f"{'ABC'[c]}{r}", v) for c, v in enumerate(row)) for r, row in enumerate(ROWS, 1)))
SHEET, BOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TYPES, TEXTS = "[Content_Types].xml", "xl/sharedStrings.xml"
Members = dict[str, str]


def linked(members: Members) -> Members:
    """With the relation to the shared strings, as most programs write it."""
    relation = '<Relationship Id="rIdS" Type="http://x/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    return members | {LINKS: members[LINKS].replace("</Relationships>", relation + "</Relationships>")}


def shared(change: Callable[[Members], Members]) -> Members:
    return change(linked(parts({"名单": SHARED}, {}, "", STRINGS)))


def inline(change: Callable[[Members], Members]) -> Members:
    return change(parts({"名单": INLINE}, {}, "", ()))


def without(*names: str) -> Callable[[Members], Members]:
    return lambda members: {name: text for name, text in members.items() if name not in names}


def edited(name: str, old: str, new: str) -> Callable[[Members], Members]:
    return lambda members: members | {name: members[name].replace(old, new)}


def moved(old: str, new: str) -> Callable[[Members], Members]:
    return lambda members: {name.replace(old, new): text for name, text in members.items()}


def prefixed(members: Members) -> Members:
    """Every element of the sheet, the workbook and the texts behind a prefix, as some .NET programs write them."""
    out = dict(members)
    for name in (SHEET, BOOK, TEXTS):
        text = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", members[name])
        out[name] = text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')
    return out


WRITERS: dict[str, Members] = {
    "no shared strings": inline(without(TEXTS)),
    "shared strings that only the relation names": shared(edited(TYPES, "sharedStrings+xml", "x+xml")),
    "shared strings that only the content types name": parts({"名单": SHARED}, {}, "", STRINGS),
    "no content types": shared(without(TYPES)),
    "no styles": shared(without("xl/styles.xml")),
    "a wrong dimension": shared(edited(SHEET, "<sheetData>", '<dimension ref="A1"/><sheetData>')),
    "a dimension as large as the sheet": shared(
        edited(SHEET, "<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    ),
    "paths from the root": shared(edited(LINKS, 'Target="', 'Target="/xl/')),
    "paths with backslashes": shared(edited(LINKS, "worksheets/sheet1.xml", "worksheets\\sheet1.xml")),
    "paths that are escaped": shared(
        lambda members: edited(LINKS, "sheet1.xml", "sheet%201.xml")(moved("sheet1.xml", "sheet 1.xml")(members))
    ),
    "names in small letters": shared(moved("sharedStrings", "sharedstrings")),
    "byte order marks": {name: "\ufeff" + text for name, text in shared(dict).items()},
    "prefixes": shared(prefixed),
    "no references": shared(lambda m: m | {SHEET: re.sub(r' r="[A-Z]*[0-9]+"', "", m[SHEET])}),
    "a workbook part of another name": shared(
        lambda m: edited("_rels/.rels", "workbook.xml", "book1.xml")(moved("workbook.xml", "book1.xml")(m))
    ),
    "comments and instructions": shared(edited(SHEET, "<sheetData>", "<!-- x --><?y z?><sheetData><!-- r -->")),
    "values with spaces around": shared(edited(SHEET, "<v>13800000000</v>", "<v> 13800000000 </v>")),
}


def opened(content: bytes, limits: Limits) -> Document:
    return read(part_of(content), content, limits)


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_cells_whoever_wrote_them(name: str, limits: Limits) -> None:
    document = opened(pack(WRITERS[name]), limits)
    assert (document.type, document.fault, document.light) == (XLSX, None, False)
    (sheet,) = document.sheets
    assert (sheet.name, sheet.rows) == ("名单", ROWS)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_packed_or_not(method: int, limits: Limits) -> None:
    assert opened(pack(shared(dict), method), limits).sheets[0].rows == ROWS


def test_utf_16_inside(limits: Limits) -> None:
    members: dict[str, str | bytes] = dict(shared(dict))
    members[SHEET] = str(members[SHEET]).replace('version="1.0"', 'version="1.0" encoding="UTF-16"').encode("utf-16")
    assert opened(pack(members), limits).sheets[0].rows == ROWS


def test_a_long_list_whose_dimension_is_wrong(limits: Limits) -> None:
    """From a thousand rows on the quick reader says where content ends; it must not believe the dimension."""
    xml = roster_rows(1_500).replace("<sheetData>", '<dimension ref="A1:B2"/><sheetData>')
    document = opened(pack(parts({"名单": xml}, {}, "", ())), limits)
    assert (document.light, len(document.sheets[0].rows)) == (False, 1_500)
    assert document.sheets[0].rows[-1][3] == 13800001500


def test_a_text_index_that_leads_nowhere_goes_to_a_person_or_back(limits: Limits) -> None:
    document = opened(pack(shared(edited(SHEET, "<v>3</v>", "<v>99</v>"))), limits)
    assert document.fault is not None or document.light
