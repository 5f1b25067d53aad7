"""Any order of wishes, confirmations, error files, restarts: no row is written twice, none is done by itself."""

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from openpyxl import load_workbook

from mailbot.domain.ports import PortError, RowResult
from mailbot.platform.worklist import Worklist
from tests.examples import examples
from tests.platform.people import person, settings, wish

PEOPLE = st.lists(st.integers(0, 6), min_size=1, max_size=4)
MESSAGES = {
    "该用户已被分配过激活码": RowResult.ALREADY,
    "工号不存在": RowResult.REJECTED,
    "系统繁忙请稍后": RowResult.UNKNOWN,
}


class Life(RuleBasedStateMachine):
    """A worklist and a model of it: what each key must answer, and what was told to the caller."""

    def __init__(self) -> None:
        super().__init__()
        self.home = tempfile.TemporaryDirectory()
        self.folder = Path(self.home.name)
        self.expected: dict[str, RowResult] = {}
        self.told: Counter[str] = Counter()
        self.open()

    def open(self) -> None:
        self.worklist = Worklist(settings(self.folder, batch_size="3"))

    def teardown(self) -> None:
        self.worklist.close()
        self.home.cleanup()

    @rule(numbers=PEOPLE)
    def ask(self, numbers: list[int]) -> None:
        fresh = [n for n in dict.fromkeys(numbers) if self.expected.get(f"account:{n}") not in ENDED]
        for answer in self.worklist.ensure_accounts([wish(n) for n in fresh]):
            assert answer.result is self.expected.setdefault(answer.key, RowResult.PENDING)

    @precondition(lambda self: bool(self.expected))
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        keys = data.draw(st.lists(st.sampled_from(sorted(self.expected)), max_size=3))
        waiting = {key for key in keys if self.expected[key] is RowResult.PENDING}
        assert self.worklist.confirm("王芳", keys=keys) == len(waiting)
        self.expected |= dict.fromkeys(waiting, RowResult.DONE)

    @rule(number=st.integers(0, 6), message=st.sampled_from(sorted(MESSAGES)))
    def feed(self, number: int, message: str) -> None:
        path = self.folder / "错误.csv"
        path.write_text(f"用户名,错误信息\n{person(number).phone},{message}\n", "utf-8")
        fed = self.worklist.feed_errors(path, "李强")
        key = f"account:{number}"
        if self.expected.get(key) is RowResult.PENDING:
            assert fed.answered == 1
            self.expected[key] = MESSAGES[message]
        else:
            assert fed.answered == 0

    @rule()
    def collect(self) -> None:
        for answer in self.worklist.collect():
            assert answer.result is self.expected[answer.key]
            assert answer.result is not RowResult.PENDING
            self.told[answer.key] += 1

    @rule()
    def restart(self) -> None:
        self.worklist.close()
        self.open()
        self.told.clear()

    @rule()
    def confirm_nothing(self) -> None:
        with pytest.raises(PortError, match="no batch"):
            self.worklist.confirm("王芳", batch="9999")

    @invariant()
    def nobody_is_told_twice_by_one_process(self) -> None:
        assert max(self.told.values(), default=0) <= 1

    @invariant()
    def every_person_stands_in_one_workbook(self) -> None:
        phones: Counter[object] = Counter()
        for path in (self.folder / "worklist").glob("待注册-*.xlsx"):
            rows = load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True)
            phones.update(row[0] for row in rows)
        assert phones == Counter(person(int(key.rpartition(":")[2])).phone for key in self.expected)

    @invariant()
    def the_counts_are_those_of_the_model(self) -> None:
        counts: Counter[str] = Counter()
        for batch in self.worklist.batches():
            counts.update(batch.counts)
        assert counts == Counter(result.value for result in self.expected.values())


ENDED = (RowResult.REJECTED, RowResult.UNKNOWN)
Life.TestCase.settings = examples(8, steps=10)
TestLife = Life.TestCase
