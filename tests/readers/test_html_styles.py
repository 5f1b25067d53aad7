"""What styles say: hidden or not, text or number, by the element's own style first."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.readers.html_styles import PLAIN, Look, class_looks, look, look_of


@pytest.mark.parametrize(
    ("style", "seen"),
    [
        ("", PLAIN),
        ("color:red", PLAIN),
        ("display:none", Look(hidden=True)),
        ("color:red; DISPLAY : none", Look(hidden=True)),
        ("visibility:collapse", Look(hidden=True)),
        ("mso-display:none", PLAIN),
        ("display:none-such", Look(hidden=True)),
        ('mso-number-format:"\\@"', Look(format="text")),
        ("mso-number-format:'\\@'", Look(format="text")),
        ("mso-number-format:\\@", Look(format="text")),
        ("vnd.ms-excel.numberformat:@", Look(format="text")),
        ("MSO-NUMBER-FORMAT:General", PLAIN),
        ('mso-number-format:""', PLAIN),
        ('mso-number-format:"0_ "', Look(format="number")),
        ("mso-number-format:0;display:none", Look(hidden=True, format="number")),
    ],
)
def test_one_style(style: str, seen: Look) -> None:
    assert look_of(style) == seen


def test_classes_of_a_style_sheet() -> None:
    sheet = """<!-- table {mso-x:y}
    .xl65 {mso-style-parent:style0; mso-number-format:"\\@";}
    td.xl66, .XL67
        {mso-number-format:0;}
    td {display:none}  .a .b {display:none}
    .xl68 {color:red} @media print { .xl69 {display:none} } -->"""
    assert class_looks(sheet) == {
        "xl65": Look(format="text"),
        "xl66": Look(format="number"),
        "xl67": Look(format="number"),
    }


@pytest.mark.parametrize(
    "sheet", ["a" * 3_000_000, "{" * 1_000_000, "}" * 1_000_000, ".a{" * 500_000, ",.a" * 500_000 + "{display:none}"]
)
def test_hostile_style_sheets_end_soon(sheet: str) -> None:
    started = time.process_time()
    class_looks(sheet)
    assert time.process_time() - started < 2


CLASSES = {"t": Look(format="text"), "n": Look(format="number"), "h": Look(hidden=True)}


@pytest.mark.parametrize(
    ("attributes", "seen"),
    [
        ({}, PLAIN),
        ({"class": "t"}, Look(format="text")),
        ({"class": "unknown T"}, Look(format="text")),
        ({"class": "n t"}, Look(format="number")),
        ({"class": "h t"}, Look(hidden=True, format="text")),
        ({"class": "t", "style": "mso-number-format:0"}, Look(format="number")),
        ({"class": "t", "style": "display:none"}, Look(hidden=True, format="text")),
        ({"hidden": "", "class": "n"}, Look(hidden=True, format="number")),
    ],
)
def test_an_element_by_its_style_and_its_classes(attributes: dict[str, str], seen: Look) -> None:
    assert look(attributes, CLASSES) == seen


@given(st.text(":;{}.,@\\\"'mso-nuberfatdiplyhe0 \n", max_size=200))
def test_any_text_is_a_style(text: str) -> None:
    look_of(text)
    for name, seen in class_looks(text).items():
        assert name == name.lower()
        assert seen != PLAIN
