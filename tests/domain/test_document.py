"""What a reader says survives the way out of its child: every cell keeps its value and its type."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailbot.domain.document import Cell, Document, Fault, FaultKind, Merge, Opened, Sheet, Special
from mailbot.domain.mail import Mail, Part

TEXT = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
SPECIALS = st.builds(Special, kind=st.sampled_from(["error", "no_value", "date"]), text=TEXT)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), TEXT, SPECIALS
)
SHEETS = st.builds(
    Sheet,
    name=TEXT,
    index=st.integers(0, 9),
    visible=st.booleans(),
    rows=st.lists(st.lists(CELLS, max_size=4).map(tuple), max_size=4).map(tuple),
    hidden_rows=st.frozensets(st.integers(1, 9)),
    hidden_columns=st.frozensets(st.integers(1, 9)),
    merges=st.just((Merge(top=1, left=1, bottom=1, right=5),)),
)


def document(sheet: Sheet) -> Document:
    return Document(number=1, name="名单.xlsx", sha256="0" * 64, family="workbook", sheets=(sheet,))


@given(SHEETS)
def test_a_mail_comes_out_of_the_child_as_it_went_in(sheet: Sheet) -> None:
    opened = Opened(mail=Mail(subject="名单", headers={"received": ("a", "b")}), documents=(document(sheet),))
    back = Opened.model_validate_json(opened.model_dump_json(), strict=True)
    assert back == opened
    cells = [cell for row in back.documents[0].sheets[0].rows for cell in row]
    assert [type(cell) for cell in cells] == [type(cell) for row in sheet.rows for cell in row]


@pytest.mark.parametrize(
    "cell", [1, 1.0, True, "1", "", None, 13812345678.0, 10**17, 5e17, "true", "null", math.inf, "2020-07-15"]
)
def test_cells_that_look_alike_stay_apart(cell: Cell) -> None:
    sheet = Sheet(name="a", index=0, rows=((cell,),))
    back = Sheet.model_validate_json(sheet.model_dump_json(), strict=True).rows[0][0]
    assert type(back) is type(cell)
    assert back == cell


def test_a_number_that_is_none_is_not_an_empty_cell() -> None:
    sheet = Sheet(name="a", index=0, rows=((math.nan,),))
    back = Sheet.model_validate_json(sheet.model_dump_json(), strict=True).rows[0][0]
    assert isinstance(back, float)
    assert math.isnan(back)


@pytest.mark.parametrize(
    "text",
    [
        '{"name": "a", "index": 0, "surprise": 1}',
        '{"name": "a"}',
        '{"name": "a", "index": "0"}',
        '{"name": "a", "index": 0, "rows": [[[1]]]}',
        '{"name": "a", "index": 0, "rows": [[{"kind": "formula", "text": "=1"}]]}',
        "[]",
        "",
    ],
)
def test_what_a_hostile_child_says_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Sheet.model_validate_json(text, strict=True)


def test_records_do_not_change() -> None:
    part = Part(number=1, name="a", sha256="0" * 64, size=1, type="text/plain")
    with pytest.raises(ValidationError):
        part.number = 2  # type: ignore[misc]  # the fault under test


def test_an_unread_part_says_why() -> None:
    fault = Fault(kind=FaultKind.BOMB, detail="200:1")
    unread = Document(number=2, name="x.zip", sha256="1" * 64, family="unread", fault=fault)
    assert Document.model_validate_json(unread.model_dump_json(), strict=True).fault == fault


def test_headers_are_found_by_their_small_name() -> None:
    mail = Mail(headers={"received": ("top", "below")})
    assert mail.header("received") == ("top", "below")
    assert mail.header("list-id") == ()
