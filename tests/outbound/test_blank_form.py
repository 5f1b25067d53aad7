"""The blank form: the words our own reader knows, text cells, room to write."""

from mailbot.domain.forms import Named
from mailbot.outbound.blank_form import blank_form
from tests.outbound.letters import campaign, roster_form, sheets

CONTENT = blank_form(roster_form(), campaign())


def rows() -> list[list[object]]:
    return [[cell.value for cell in line] for line in sheets(CONTENT)[0].iter_rows()]


def known(word: object, named: Named) -> bool:
    bare = str(word).split("（")[0].rstrip("：")
    return bare == named.label or bare in named.aliases


def test_the_title_names_campaign_and_form() -> None:
    title = str(rows()[0][0])
    assert "2020" in title
    assert any(word in title for word in roster_form().titles)


def test_headings_are_those_of_the_form_in_the_official_order() -> None:
    form = roster_form()
    headings = rows()[4]
    for word, name in zip(headings, ("serial", "name", "id_number", "phone", "remark"), strict=True):
        assert known(word, form.columns[name]), word


def test_every_label_has_an_empty_cell_beside_it() -> None:
    form = roster_form()
    found = {}
    for line in rows()[1:4]:
        for place in (0, 2):
            if line[place]:
                found[str(line[place])] = line[place + 1]
    assert set(found.values()) == {None}
    for name in ("unit", "contact", "tax_id", "contact_phone", "order_no"):
        assert any(known(word, form.labels[name]) for word in found), name


def test_the_cells_to_fill_are_text_so_that_no_digit_is_lost() -> None:
    sheet = sheets(CONTENT)[0]
    for line in sheet.iter_rows(min_row=6, max_col=5):
        assert {cell.number_format for cell in line} == {"@"}
    assert sheet["B2"].number_format == "@"


def test_there_is_room_for_many() -> None:
    numbered = [line[0] for line in rows()[5:]]
    assert numbered == [str(number) for number in range(1, 201)]


def test_the_same_form_gives_the_same_bytes() -> None:
    assert blank_form(roster_form(), campaign()) == CONTENT
