"""Stories 120 to 129: rows that a person must look at; the sender is not told what makes us doubt."""

from __future__ import annotations

from typing import Final

from tools.stories import units
from tools.stories.cells import Row, rows
from tools.stories.clients import FOXMAIL, NETEASE, OUTLOOK
from tools.stories.model import Arrived, story
from tools.stories.people import Person, id_number, numbered, of, people, person, wrong_check
from tools.stories.sheets import OFFICIAL_HEADS, Sheet
from tools.stories.submit import Submission

PARTIAL: Final = ("partial", "held")


def _hold(one: Person, code: str, **cells: object) -> Row:
    return Row(one, "hold", (code,), **cells)  # type: ignore[arg-type]  # cells by column, as Row has them


@story("120-names-for-a-person")
def _() -> Arrived:
    """A Latin letter in a Han name, a remark beside it, a character of a private font."""
    typed = (
        *rows(people(400, 2)),
        _hold(person(402), "name.latin_in_han", name="谭A敏"),
        _hold(person(403), "name.remark", name="冉建国（返聘）"),
        _hold(person(404), "name.private_use_char", name="邓\ue863华"),
        Row(of("ROBERT WILSON", 405)),
    )
    sheet = Sheet(units.COLLEGE, typed)
    return Submission((sheet,), *PARTIAL, client=FOXMAIL).arrived()


@story("121-id-numbers-for-a-person")
def _() -> Arrived:
    """A region of no edition, a passport, two permits of foreigners, a child and a very old man."""
    staff = people(410, 4)
    typed = (
        *rows(people(416, 2)),
        _hold(numbered("16010119830715002", 410), "id.region_unknown"),
        _hold(staff[1], "id.other_document", id_number="E12345678"),
        _hold(staff[2], "id.foreigner_pr", id_number="USA110085031201"),
        _hold(staff[3], "id.foreigner_pr", id_number=id_number("95015619850312001")),
        _hold(numbered("50010320120910002", 414), "id.age_unusual"),
        _hold(numbered("51020219350910003", 415), "id.age_unusual"),
    )
    sheet = Sheet(units.HOSPITAL, typed)
    return Submission((sheet,), *PARTIAL, client=NETEASE).arrived()


@story("122-sex-and-birth-columns")
def _() -> Arrived:
    """Extra columns that contradict the number make a person look; those that agree do not."""
    heads = (OFFICIAL_HEADS[0], OFFICIAL_HEADS[1], ("sex", "性别"), ("birth", "出生年月"), *OFFICIAL_HEADS[2:])
    staff = people(420, 4)

    def more(one: Person, *, other: bool = False, year: int = 0) -> dict[str, str]:
        man = int(one.id_number[16]) % 2 == 1
        return {
            "sex": "女" if man != other else "男",
            "birth": f"{int(one.id_number[6:10]) + year}-{one.id_number[10:12]}",
        }

    typed = (
        Row(staff[0], extra=dict(more(staff[0], other=True))),
        Row(staff[1], extra=dict(more(staff[1], other=True))),
        _hold(staff[2], "id.sex_mismatch", extra=more(staff[2])),
        _hold(staff[3], "id.birth_mismatch", extra=more(staff[3], other=True, year=1)),
    )
    sheet = Sheet(units.DESIGN, typed, heads=heads)
    return Submission((sheet,), *PARTIAL, client=OUTLOOK).arrived()


@story("123-hidden-rows")
def _() -> Arrived:
    """Rows that the clerk hid are read, shown to a person, and not registered by themselves."""
    staff = people(430, 5)
    hidden = tuple(Row(one, "hold", ("row.hidden",), hidden=True) for one in staff[2:4])
    sheet = Sheet(units.BUREAU, (*rows(staff[:2]), *hidden, *rows(staff[4:])))
    return Submission((sheet,), *PARTIAL, client=FOXMAIL).arrived()


@story("124-remarks-that-decide")
def _() -> Arrived:
    """Remarks that say paid already, left, does not take part, changed the number."""
    words = ("已缴费", "8月已离职", "本人不参加", "已换号", "已自行购买", "退休")
    staff = people(440, 8)
    said = tuple(_hold(one, "row.remark", remark=word) for one, word in zip(staff[2:], words, strict=True))
    sheet = Sheet(units.PRIMARY, (*rows(staff[:2]), *said))
    return Submission((sheet,), *PARTIAL).arrived()


@story("125-hold-outweighs-ask")
def _() -> Arrived:
    """Rows to ask and rows to hold in one roster; a row with both is held; good rows go ahead."""
    staff = people(452, 4)
    both = Row(
        staff[2], "hold", ("row.remark", "id.checksum"), id_number=wrong_check(staff[2].id_number), remark="已离职"
    )
    asked = Row(staff[3], "ask", ("phone.missing",), phone=None, unknown=("phone",))
    sheet = Sheet(units.MACHINES, (*rows(staff[:2]), both, asked))
    return Submission((sheet,), *PARTIAL, client=FOXMAIL).arrived()


@story("126-nothing-but-doubt")
def _() -> Arrived:
    """No good row and one for a person: the case is held."""
    staff = people(458, 2)
    typed = (
        _hold(staff[0], "row.remark", remark="已自行缴费"),
        Row(staff[1], "ask", ("id.checksum",), id_number=wrong_check(staff[1].id_number)),
    )
    sheet = Sheet(units.CLINIC, typed)
    return Submission((sheet,), "hold", "held", client=NETEASE).arrived()
