"""Pictures of earlier cases: the very same, those that look alike, and none besides, however many there are."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.outcome import Lookups, Wanted
from mailbot.ledger.db import Database
from mailbot.ledger.ledger import Ledger
from mailbot.ledger.pictures import ALIKE, MOST, bands
from mailbot.ledger.tables.proof import case_pictures, look_bands
from tests.examples import examples
from tests.ledger.proofs import proof
from tests.ledger.test_plans import scans
from tests.ledger.world import HASHER, NOW, S, case, finished, person, watched

LOOKS = st.integers(0, 2**64 - 1)
BITS = st.integers(0, 63)


def hexed(looks: int) -> str:
    return f"{looks:016x}"


def asked(ledger: Ledger, *pictures: tuple[str, str]) -> Lookups:
    pixels, looks = zip(*pictures, strict=True)
    return ledger.cases.lookups(Wanted(99, "0" * 64, None, pictures=pixels, looks=looks))


def keep(ledger: Ledger, case_id: str, *pictures: tuple[str, str], uid: int = 1, who: int = 1) -> None:
    finished(ledger, replace(proof(case_id, who=who, order=f"T{uid}000001"), pictures=pictures), uid=uid)


def test_the_same_picture_is_found_with_the_orders_and_people_of_its_case(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("aa", hexed(5)))
    [use] = asked(ledger, ("aa", hexed(5))).pictures["aa"]
    assert (use.case_id, use.distance) == ("2020-000001", 0)
    assert use.orders == (HASHER.search("T1000001"),)
    assert use.people == (HASHER.search(person(1).id_number),)


def test_a_picture_that_nobody_sent_is_not_in_the_answer(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("aa", hexed(0)))
    assert asked(ledger, ("bb", hexed(2**64 - 1))).pictures == {}


def test_one_that_looks_the_very_same_is_still_not_the_same_picture(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("aa", hexed(77)))
    [use] = asked(ledger, ("bb", hexed(77))).pictures["bb"]
    assert use.distance == 1


def test_the_limit_is_eight_bits_wherever_they_are(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("aa", hexed(0)))
    near = sum(1 << bit for bit in range(0, 64, 8))
    assert int.bit_count(near) == ALIKE
    assert asked(ledger, ("bb", hexed(near))).pictures["bb"][0].distance == ALIKE
    assert asked(ledger, ("bb", hexed(near | 2))).pictures == {}


@given(own=LOOKS, flips=st.sets(BITS, max_size=12))
def test_whoever_is_alike_shares_a_band_one_bit_away(own: int, flips: set[int]) -> None:
    other = own
    for bit in flips:
        other ^= 1 << bit
    shared = [int.bit_count(a ^ b) <= 1 for a, b in zip(bands(own), bands(other), strict=True)]
    assert any(shared) or len(flips) > ALIKE


@given(looks=LOOKS)
def test_the_bands_of_a_hash_lie_in_rooms_of_their_own_and_hold_every_bit(looks: int) -> None:
    cut = bands(looks)
    assert [band // 8192 for band in cut] == [0, 1, 2, 3, 4]
    assert sum(int.bit_count(band % 8192) for band in cut) == int.bit_count(looks)


@examples(20, unless=[HealthCheck.function_scoped_fixture])
@given(known=st.lists(LOOKS, min_size=1, max_size=8, unique=True), flips=st.sets(BITS, max_size=10), pick=st.data())
def test_the_index_finds_what_a_comparison_with_all_finds(
    ledger: Ledger, known: list[int], flips: set[int], pick: st.DataObject
) -> None:
    _empty(ledger.db)
    _stand(ledger.db, known)
    own = pick.draw(st.sampled_from(known))
    for bit in flips:
        own ^= 1 << bit
    wanted = {int.bit_count(own ^ one) or 1 for one in known if int.bit_count(own ^ one) <= ALIKE}
    found = asked(ledger, ("new", hexed(own))).pictures.get("new", ())
    assert ({use.distance for use in found}) == ({min(wanted)} if wanted else set())


def _empty(db: Database) -> None:
    with db.write("test") as unit:
        unit.conn.execute(case_pictures.delete())
        unit.conn.execute(look_bands.delete())


def _stand(db: Database, known: list[int]) -> None:
    """All these pictures in one case, which is made where it is missing."""
    with db.write("test") as unit:
        stands = unit.conn.exec_driver_sql("SELECT count(*) FROM cases").scalar_one()
        if not stands:
            unit.conn.exec_driver_sql(
                "INSERT INTO cases (id, kind, version, row_version, state, outcome, source, header, provisional,"
                " rulebook, waits, results, opened_at, changed_at)"
                " VALUES ('c', 'payment_proof', 1, 1, 'held', 'hold', '{}', '{}', 0, 'r', 0, 0, ?, ?)",
                (str(NOW), str(NOW)),
            )
        rows = [{"case_id": "c", "pixels": f"p{one}", "looks": hexed(one)} for one in known]
        unit.conn.execute(case_pictures.insert(), rows)
        bits = {(band, hexed(one)) for one in known for band in bands(one)}
        unit.conn.execute(look_bands.insert(), [{"band": band, "looks": looks} for band, looks in sorted(bits)])


def test_hashes_that_are_none_are_kept_as_none(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("aa", ""), ("bb", "no hash"), ("", hexed(1)))
    found = asked(ledger, ("aa", "xyz"), ("cc", ""), ("", ""))
    assert list(found.pictures) == ["aa"]


def test_a_case_is_told_once_by_its_nearest_picture_and_the_nearest_first(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("a1", hexed(0b111)), ("a2", hexed(0b11)), uid=1, who=1)
    keep(ledger, "2020-000002", ("b1", hexed(0)), uid=2, who=2)
    uses = asked(ledger, ("new", hexed(0)), ("b1", hexed(0)))
    assert [(use.case_id, use.distance) for use in uses.pictures["new"]] == [("2020-000002", 1), ("2020-000001", 2)]
    assert [(use.case_id, use.distance) for use in uses.pictures["b1"]] == [("2020-000002", 0), ("2020-000001", 2)]


def test_a_picture_in_very_many_cases_is_told_of_a_few(ledger: Ledger) -> None:
    with ledger.db.write("test") as unit:
        for n in range(MOST + 5):
            unit.conn.exec_driver_sql(
                "INSERT INTO cases (id, kind, version, row_version, state, outcome, source, header, provisional,"
                " rulebook, waits, results, opened_at, changed_at)"
                " VALUES (?, 'payment_proof', 1, 1, 'held', 'hold', '{}', '{}', 0, 'r', 0, 0, ?, ?)",
                (f"c{n:03}", str(NOW), str(NOW)),
            )
        rows = [{"case_id": f"c{n:03}", "pixels": "logo", "looks": hexed(0)} for n in range(MOST + 5)]
        unit.conn.execute(case_pictures.insert(), rows)
    uses = asked(ledger, ("logo", hexed(0))).pictures["logo"]
    assert len(uses) == MOST
    assert uses[0].case_id == f"c{MOST + 4:03}"


def test_a_later_version_adds_its_pictures_and_a_roster_has_none(ledger: Ledger) -> None:
    first = replace(proof("2020-000001"), pictures=(("aa", hexed(1)),))
    finished(ledger, first, uid=1)
    seen = ledger.cases.load_case("2020-000001").result
    later = replace(seen, version=2, effects=(), claims=(), pictures=(("aa", hexed(1)), ("bb", hexed(2**63))))
    finished(ledger, later, uid=2)
    finished(ledger, case("2020-000003", [S.HELD], people=[9]), uid=3)
    found = asked(ledger, ("aa", ""), ("bb", ""))
    assert {key: [use.case_id for use in uses] for key, uses in found.pictures.items()} == {
        "aa": ["2020-000001"],
        "bb": ["2020-000001"],
    }


def test_asking_reads_no_table_from_end_to_end(ledger: Ledger) -> None:
    keep(ledger, "2020-000001", ("aa", hexed(5)))
    with watched(ledger) as statements:
        asked(ledger, ("aa", hexed(5)), ("bb", hexed(6)))
    assert scans(ledger, statements) == []


def test_a_mail_without_pictures_asks_nothing_about_them(ledger: Ledger) -> None:
    with watched(ledger) as statements:
        ledger.cases.lookups(Wanted(99, "0" * 64, None))
    assert not [text for text in statements if "pictures" in text or "look_bands" in text]
