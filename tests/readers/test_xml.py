"""Elements one by one, and texts: nothing is resolved, nothing piles up, runs are joined and ruby is left out."""

import io

import pytest
from lxml import etree
from openpyxl.cell.text import Text
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring

from mailbot.readers.strings import read_strings, string_of
from mailbot.readers.xml import elements


def shared(items: str, before: str = "") -> io.BytesIO:
    return io.BytesIO(f'{before}<sst xmlns="{SHEET_MAIN_NS}">{items}</sst>'.encode())


def test_elements_come_whole_and_in_order_and_are_let_go_of() -> None:
    source = io.BytesIO(b"<a>" + b"".join(b"<b><c>%d</c></b><x/>" % n for n in range(50)) + b"</a>")
    seen = []
    for element in elements(source, "b"):
        seen.append(element.findtext("c"))
        assert len(list(element.itersiblings(preceding=True))) <= 2  # type: ignore[attr-defined]  # lxml's
    assert seen == [str(n) for n in range(50)]


def test_comments_and_instructions_are_nothing() -> None:
    source = io.BytesIO(b"<a><!-- b --><b><?x y?>1<!-- 2 --></b></a>")
    assert [element.text for element in elements(source, "b")] == ["1"]


@pytest.mark.parametrize("declared", ['<!ENTITY e "expanded">', '<!ENTITY e SYSTEM "file:///etc/hostname">', ""])
def test_a_document_type_is_refused(declared: str) -> None:
    with pytest.raises(ValueError, match="document type"):
        read_strings(shared("<si><t>a</t></si>", f"<!DOCTYPE sst [{declared}]>"))


def test_what_is_no_xml_is_a_syntax_error() -> None:
    with pytest.raises(SyntaxError):
        read_strings(io.BytesIO(b"<sst><si>"))


def test_an_endless_text_is_refused_before_it_fills_the_memory() -> None:
    with pytest.raises(SyntaxError):
        read_strings(shared("<si><t>" + "x" * 11_000_000 + "</t></si>"))


ITEMS = (
    "<si><t>王芳</t></si>",
    '<si><t xml:space="preserve"> 前后 </t></si>',
    "<si><r><rPr><b/></rPr><t>红</t></r><r><t>字</t></r></si>",
    "<si><t>重庆</t><rPh sb='0' eb='2'><t>chóngqìng</t></rPh></si>",
    "<si/>",
    "<si><t/></si>",
    "<si><t>开头</t><r><t>和一段</t></r></si>",
)


@pytest.mark.parametrize("item", ITEMS)
def test_a_text_is_what_openpyxl_says_it_is(item: str) -> None:
    found = read_strings(shared(item))
    element = fromstring(shared(item).getvalue())[0]
    expected = Text.from_tree(element)  # type: ignore[arg-type]  # the stub's protocol is narrower than the code
    assert expected is not None
    assert found == [expected.content]


def test_an_escaped_underscore() -> None:
    assert read_strings(shared("<si><t>a_x005F_b</t></si>")) == ["a_b"]


def test_a_text_in_a_cell() -> None:
    element = etree.fromstring(f'<is xmlns="{SHEET_MAIN_NS}"><r><t>分</t></r><r/><r><t>段</t></r></is>')
    assert string_of(element) == "分段"  # type: ignore[arg-type]  # lxml's element serves as one
