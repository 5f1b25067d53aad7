"""mail-parser over the clean mail and our own walk give the same bytes, on every hard mail we have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.limits import MailLimits
from mailbot.mime import extract
from mailbot.mime.extract import by_mailparser, by_walk, contents
from mailbot.mime.marks import Mark, Marks
from mailbot.mime.repair import repair
from mailbot.mime.tree import Leaf, leaves, parse_tree
from tests.mime.mails import FILE, MAILS


def found(raw: bytes, limits: MailLimits) -> list[Leaf]:
    marks = Marks()
    return list(leaves(parse_tree(repair(raw, limits, marks), limits, marks), limits, marks))


@pytest.mark.parametrize("name", MAILS)
def test_both_readings_agree(name: str, limits: MailLimits) -> None:
    parts = found(MAILS[name], limits)
    assert by_mailparser(parts, Marks()) == by_walk(parts)


@given(st.data())
def test_both_readings_agree_on_damaged_mails(limits: MailLimits, data: st.DataObject) -> None:
    raw = bytearray(MAILS[data.draw(st.sampled_from(sorted(MAILS)))])
    for _ in range(data.draw(st.integers(0, 5))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    parts = found(bytes(raw), limits)
    assert by_mailparser(parts, Marks()) == by_walk(parts)


@pytest.mark.parametrize("fault", [ValueError, AttributeError, None])
def test_our_own_reading_stands_in(
    fault: type[Exception] | None, limits: MailLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(parts: list[Leaf], marks: Marks) -> list[bytes]:
        if fault is not None:
            raise fault
        return []

    monkeypatch.setattr(extract, "by_mailparser", broken)
    marks = Marks()
    assert FILE in contents(found(MAILS["rfc 2231"], limits), marks)
    assert Mark.SECOND_READER in marks


def test_damaged_base64_is_marked(limits: MailLimits) -> None:
    marks = Marks()
    assert contents(found(MAILS["base64 with a tail"], limits), marks) == [FILE]
    assert Mark.TRANSFER in marks
