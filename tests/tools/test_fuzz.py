"""The fuzzer: its rounds follow from their seed, its laws can be broken, and the house keeps them for 300 rounds."""

from __future__ import annotations

import hashlib
import io
import random
import tempfile
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mailbot import contract
from tools.fuzz import __main__ as command
from tools.fuzz import parts
from tools.fuzz.judge import Done, Registry, drifted, wrong_files, wrong_people, wrong_round
from tools.fuzz.mutants import WHOLE, Mutant
from tools.fuzz.plan import INSIDE, Round, batch_size, planned
from tools.fuzz.pool import pool
from tools.fuzz.run import Report, fuzz, temporary_files_in

CI_SEED = 20_200_916
ROUNDS = 300
PIECES = 6


@pytest.mark.timeout(240)
@pytest.mark.parametrize("piece", range(PIECES))
def test_spoilt_mails_break_no_law(piece: int) -> None:
    size = ROUNDS // PIECES
    report = fuzz(CI_SEED, range(piece * size, (piece + 1) * size))
    assert report.wrong == []
    assert report.rounds == size
    assert report.accounts > 0, "mails that open nothing prove nothing"


def test_a_round_follows_from_its_seed_and_number() -> None:
    first, again, other = planned(5, 17), planned(5, 17), planned(6, 17)
    assert first == again
    assert (first.story, first.raw) != (other.story, other.raw)


def test_every_story_has_its_turn_before_one_comes_again() -> None:
    stories = [planned(1, number).story for number in range(batch_size())]
    assert len(set(stories)) == batch_size() == len(pool())


def test_most_rounds_spoil_something() -> None:
    raws = {good.story: good.raw for good in pool()}
    same = sum(planned(3, number).raw == raws[planned(3, number).story] for number in range(200))
    assert same < 60


GOOD = next(good for good in pool() if good.story.startswith("010-"))


@pytest.mark.parametrize("mutant", [*WHOLE, *INSIDE], ids=lambda mutant: mutant.name)
def test_a_mutant_changes_a_good_mail_and_takes_any_bytes(mutant: Mutant) -> None:
    changed = [mutant.spoil(random.Random(seed), GOOD.raw) != GOOD.raw for seed in range(40)]
    assert sum(changed) >= 2
    for odd in (b"", b"\r\n", b"no header", b"A: b\n\n", b"\0" * 50, GOOD.raw[:700], b"PK\x03\x04" * 40):
        assert isinstance(mutant.spoil(random.Random(1), odd), bytes)


def test_the_members_of_a_workbook_are_spoilt_and_stay_a_zip() -> None:
    def names(raw: bytes) -> list[str]:
        [block] = [block for block in parts.blocks(raw) if block.data.startswith(b"PK")]
        with zipfile.ZipFile(io.BytesIO(block.data)) as archive:
            assert archive.testzip() is None
            return sorted(archive.namelist())

    rng = random.Random(2)
    assert len(names(parts.member_lost(rng, GOOD.raw))) == len(names(GOOD.raw)) - 1
    assert names(parts.member_spoilt(rng, GOOD.raw)) == names(GOOD.raw)
    assert len(set(names(parts.member_doubled(rng, GOOD.raw)))) == len(names(GOOD.raw))


def test_an_attachment_of_another_mail_brings_its_people() -> None:
    given = next(one for one in (planned(1, n) for n in range(400)) if any("given" in word for word in one.how))
    own = next(good for good in pool() if good.story == given.story)
    assert given.people >= own.people


# The laws.

RAW = b"Received: x\r\nAuthentication-Results : mx.cqhrsp.com; dmarc=pass\r\n\r\nraw"


def done(*people: tuple[str, str, str], silent: bool = False) -> tuple[Done, Registry]:
    """A round of one good person, in which these got accounts."""
    good = ("谭丽华", "500103196203010007", "13800020413")
    one = Round(0, "story", ("flip",), RAW, (), frozenset({good}), silent)
    effects = [
        contract.EffectOut(
            verb="open_account",
            key=f"k{number}",
            person=contract.EffectPerson(name=name, id_number=id_number, phone=phone),
            year=None,
            row=number,
            state="done",
        )
        for number, (name, id_number, phone) in enumerate(people)
    ]
    line = cast("contract.Line", SimpleNamespace(cases=[SimpleNamespace(effects=effects)], sha256="", replies=[]))
    registry = Registry()
    opened = registry.enter(one, line)
    mail = cast("Any", SimpleNamespace(state="done", last_error=None))
    return Done(one, line, mail, 0.1, opened), registry


def test_the_people_of_the_good_mail_may_have_accounts() -> None:
    assert list(wrong_people(*done(("谭丽华", "500103196203010007", "13800020413")))) == []


@pytest.mark.parametrize(
    "person",
    [
        ("谭丽", "500103196203010007", "13800020413"),
        ("谭丽华", "500103196203010007", "13800020414"),
        ("谭丽华", "510202197004013737", "13800020413"),
    ],
)
def test_anybody_else_is_a_breach(person: tuple[str, str, str]) -> None:
    assert len(list(wrong_people(*done(person)))) == 1


def test_without_a_server_that_vouches_nobody_has_an_account() -> None:
    good, registry = done(("谭丽华", "500103196203010007", "13800020413"))
    forged = replace(good, round=replace(good.round, raw=b"X-Authentication-Results: mx; dmarc=pass\r\n\r\n"))
    assert len(list(wrong_people(forged, registry))) == 1


def test_behind_a_silent_change_the_id_number_alone_speaks() -> None:
    name = done(("谭画华", "500103196203010007", "13800020413"), silent=True)
    assert list(wrong_people(*name)) == []
    assert len(drifted(*name)) == 1
    assert len(list(wrong_people(*done(("谭丽华", "510202197004013737", "13800020413"), silent=True)))) == 1


def test_an_account_is_counted_with_the_mail_that_opened_it() -> None:
    first, registry = done(("谭丽华", "500103196203010007", "13800020413"))
    assert registry.enter(first.round, first.line) == ()


def test_a_mail_that_breaks_waits_or_does_not_end_is_a_breach() -> None:
    one, _ = done()
    keeps = cast("Any", SimpleNamespace(cases=SimpleNamespace(raw=lambda _digest: RAW)))
    line = cast("contract.Line", SimpleNamespace(sha256=hashlib.sha256(RAW).hexdigest(), replies=[]))
    broken = cast("Any", SimpleNamespace(state="stored", last_error="KeyError in x.py:3"))
    bad = Done(one.round, line, broken, 99.0, ())
    assert len(wrong_round(bad, keeps, Path(), 25.0)) == 3
    lost = cast("Any", SimpleNamespace(cases=SimpleNamespace(raw=lambda _digest: b"other")))
    ended = cast("Any", SimpleNamespace(state="done", last_error=None))
    assert wrong_round(Done(one.round, line, ended, 0.1, ()), lost, Path(), 25.0) == ["the raw bytes are not kept"]


def test_stray_files_are_found(tmp_path: Path) -> None:
    storage, elsewhere = tmp_path / "storage", tmp_path / "elsewhere"
    digest = hashlib.sha256(b"raw").hexdigest()
    (storage / "blobs" / digest[:2]).mkdir(parents=True)
    elsewhere.mkdir()
    (storage / "blobs" / digest[:2] / digest).write_bytes(b"raw")
    assert list(wrong_files(storage, elsewhere)) == []
    (storage / "blobs" / digest[:2] / digest).write_bytes(b"other")
    (storage / "x.part").write_bytes(b"")
    with temporary_files_in(elsewhere):
        Path(tempfile.mkstemp()[1]).write_bytes(b"left")
    assert len(list(wrong_files(storage, elsewhere))) == 3


def test_the_command_tells_breaches_by_its_exit(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.told(Report(rounds=3, ends={"done": 3}, drift=["d"]), drift=True) == 0
    assert "3 rounds: 3 done" in capsys.readouterr().out
    assert command.told(Report(rounds=3, wrong=["round 1: broke"]), drift=False) == 1
    assert "round 1: broke" in capsys.readouterr().out
