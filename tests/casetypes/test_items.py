"""Items, effects, claims and the fingerprint of a roster."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.document import Cell
from mailbot.domain.effects import Person, Verb
from mailbot.domain.records import RosterRecord
from tests.casetypes.support import (
    HASHER,
    HEAD,
    document,
    kind,
    labels,
    official,
    person_id,
    phone_of,
    records,
    rulebook,
    sheet,
)

CAMPAIGN = rulebook().campaign
ROWS: list[tuple[Cell, ...]] = [
    (1, "陈 晓一", person_id(1), phone_of(1), "语文组"),
    (2, "李二", person_id(2)[:17], phone_of(2), None),
    (3, "王三", person_id(3), None, None),
]


def fingerprint(record: RosterRecord) -> str:
    return kind().wants(record, HASHER).fingerprint


def test_an_item_carries_its_place_and_the_values_to_register() -> None:
    first, second, _ = kind().items(official(ROWS), HASHER)
    assert first.identity == HASHER.search(person_id(1))
    values = {"name": "陈晓一", "id_number": person_id(1), "phone": phone_of(1), "remark": "语文组"}
    assert first.values == {**values, "raw": {"name": "陈 晓一"}}, "with what stood there where it is something else"
    place = {"attachment": "报名名单.xlsx", "member": None, "sheet": "Sheet1", "row": 6, "panel": 1, "serial": "1"}
    assert first.place == place
    assert (second.identity, second.values["id_number"]) == (None, None)


def test_the_effect_names_the_wanted_end_and_the_person() -> None:
    items = kind().items(official(ROWS), HASHER)
    first = kind().effect(items[0], CAMPAIGN, HASHER)
    assert first is not None
    assert first.key == f"open_account:2020:{HASHER.search(person_id(1))}"
    assert (first.verb, first.items) == (Verb.OPEN_ACCOUNT, (1,))
    assert first.person == Person("陈晓一", person_id(1), phone_of(1))
    assert [kind().effect(item, CAMPAIGN, HASHER) for item in items[1:]] == [None, None]
    assert [claim.key for claim in kind().claim_keys(items[0], CAMPAIGN, HASHER)] == [
        f"account:2020:{HASHER.search(person_id(1))}",
        f"phone:2020:{HASHER.search(phone_of(1))}",
    ]
    assert kind().claim_keys(items[1], CAMPAIGN, HASHER) == ()


def test_the_same_person_asks_for_the_same_effect_whoever_sends_the_list() -> None:
    a = kind().items(official(ROWS[:1]), HASHER)[0]
    (other,) = records(document(sheet([("手机", "姓名", "证件号"), (phone_of(1), "陈晓一", person_id(1))])))
    b = kind().items(other, HASHER)[0]
    effects = kind().effect(a, CAMPAIGN, HASHER), kind().effect(b, CAMPAIGN, HASHER)
    assert effects[0] is not None
    assert effects[1] is not None
    assert effects[0].key == effects[1].key


def test_no_hash_and_no_key_shows_a_number() -> None:
    wants = kind().wants(official(ROWS), HASHER)
    assert (len(wants.people), len(wants.phones), len(wants.orders)) == (2, 2, 1)
    text = repr(wants)
    assert person_id(1) not in text
    assert phone_of(1) not in text


def test_people_are_those_whose_three_values_are_known_once_each() -> None:
    record = official([*ROWS, ROWS[0]])
    assert kind().people(record) == (Person("陈晓一", person_id(1), phone_of(1)),)


@given(st.randoms(use_true_random=False))
def test_the_fingerprint_knows_a_resend_by_what_it_says(rng: random.Random) -> None:
    rows = ROWS.copy()
    rng.shuffle(rows)
    renumbered = [(n, *row[1:]) for n, row in enumerate(rows, start=1)]
    (resent,) = records(document(sheet([(), *labels(), HEAD, *renumbered], "再发"), name="新文件.xlsx", number=7))
    assert fingerprint(resent) == fingerprint(official(ROWS))


@given(st.integers(0, 2), st.integers(1, 4))
def test_the_fingerprint_changes_with_any_value(row: int, column: int) -> None:
    rows = [list(cells) for cells in ROWS]
    rows[row][column] = "改" if column in (1, 4) else "13900000000" if column == 3 else person_id(9)
    assert fingerprint(official(rows)) != fingerprint(official(ROWS))


def test_the_fingerprint_changes_with_unit_and_order() -> None:
    prints = {
        fingerprint(records(document(sheet([*labels(unit, order), HEAD, *ROWS])))[0])
        for unit, order in (("某校", "2020000001"), ("某校", "2020000002"), ("某医院", "2020000001"))
    }
    assert len(prints) == 3


def test_two_different_empty_lists_are_not_the_same_content() -> None:
    a, b = (records(document(sheet([*labels(), HEAD]), name=name))[0] for name in ("a.xlsx", "b.xlsx"))
    assert fingerprint(a) != fingerprint(b)


def test_the_header_as_printed() -> None:
    assert kind().header(official(ROWS)) == {
        "unit": "重庆市某中学",
        "contact": "周敏",
        "contact_phone": "023-60000000",
        "tax_id": None,
        "order_no": "202007120001",
    }


def test_places_of_the_header_and_of_fields_without_a_column() -> None:
    record = records(document(sheet([*labels(), ("姓名", "身份证号"), ("陈晓一", person_id(1))])))[0]
    assert kind().where(record, 0, "unit").cell == "A2"
    nowhere = kind().where(record, 0, None)
    assert (nowhere.attachment, nowhere.sheet, nowhere.row) == ("报名名单.xlsx", "Sheet1", None)
    phone = kind().where(record, 1, "phone")
    assert (phone.row, phone.column, phone.cell) == (6, None, None)
