"""Any order of commits keeps the ledger's laws: the state table, the fold, one effect a key, letters behind their effects."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mailbot.domain.decisions import VERDICT_STATE, Decision, Verdict
from mailbot.domain.effects import SETTLED, TRUE_OF_THE_WORLD, EffectState, LetterKind
from mailbot.domain.mail import StoredMail
from mailbot.domain.outcome import Claim, ClaimTaken, StaleCase
from mailbot.domain.ports import EffectEnd, SendResult, SendState
from mailbot.domain.states import MOVES, IllegalMove, ItemState, fold
from mailbot.ledger.settings import Mode
from tests.examples import examples
from tests.ledger.world import MINUTE, NOW, TERMS, case, composed, effect, fresh, new_mail, result

E = EffectState
S = ItemState
PEOPLE = st.integers(1, 6)
DECIDED = st.sampled_from([S.APPROVED, S.HELD, S.AWAITING_SENDER, S.CLOSED])
ENDS = st.sampled_from([E.DONE, E.ALREADY, E.PENDING, E.CONFLICT, E.REJECTED, E.UNCERTAIN, E.PLANNED])
ITEMS = st.lists(st.tuples(DECIDED, PEOPLE), min_size=1, max_size=4, unique_by=lambda pair: pair[1])


def near(old: ItemState, new: ItemState) -> bool:
    """Whether a commit may take an item from one state to the other: by at most three moves of the table."""
    reached = {old}
    for _ in range(3):
        reached |= {after for state in reached for after in MOVES[state]}
    return new in reached


class LedgerMachine(RuleBasedStateMachine):
    """One ledger, and what the world saw of it."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.ledger = fresh(Path(self.folder.name), terms=replace(TERMS, caps=None))
        self.now = NOW + timedelta(days=1)
        self.uid = 0
        self.states: dict[tuple[str, int], ItemState] = {}
        self.true_keys: set[str] = set()
        self.sent: set[str] = set()
        self.bytes_of: dict[str, bytes] = {}

    def teardown(self) -> None:
        report = self.ledger.audit.verify()
        with self.ledger.db.read() as conn:
            assert conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        self.ledger.close()
        self.folder.cleanup()
        assert report.intact, report

    def _claimed(self) -> StoredMail:
        self.uid += 1
        self.ledger.mails.store([new_mail(self.uid)], None)
        mail = self.ledger.steps.claim_mail(self.now)
        assert mail is not None
        return mail

    @rule(items=ITEMS, kind=st.sampled_from([LetterKind.RECEIPT, LetterKind.RESULT, None]))
    def mail_comes(self, items: list[tuple[ItemState, int]], kind: LetterKind | None) -> None:
        mail = self._claimed()
        given = case(f"2020-{mail.id:06d}", [state for state, _ in items], people=[who for _, who in items])
        taken = {claim.key for one in self.ledger.queries.cases() for claim in self._claims(one.id)}
        if any(claim.key in taken for claim in given.claims):
            try:
                self.ledger.cases.finish(mail, result(mail, given, kind=kind))
                raise AssertionError("a taken claim was given twice")
            except ClaimTaken:
                given = replace(given, claims=tuple(c for c in given.claims if c.key not in taken))
        self.ledger.cases.finish(mail, result(mail, given, kind=kind))

    def _claims(self, case_id: str) -> tuple[Claim, ...]:
        return self.ledger.cases.load_case(case_id).result.claims

    @rule(limit=st.integers(1, 5), ends=st.lists(ENDS, min_size=5, max_size=5), crash=st.booleans())
    def engine_delivers(self, limit: int, ends: list[EffectState], crash: bool) -> None:
        jobs = self.ledger.steps.claim_effects(limit, self.now)
        assert not self.true_keys & {job.key for job in jobs}, "what is true of the world is never asked for again"
        if crash:
            self.ledger.steps.recover(self.now)
            return
        said = [
            EffectEnd(job.key, end, "x", self.now if end is E.PLANNED else None)
            for job, end in zip(jobs, ends, strict=False)
        ]
        self.ledger.steps.conclude(said, self.now)
        self.true_keys |= {end.key for end in said if end.state in TRUE_OF_THE_WORLD}

    @rule(end=ENDS)
    def platform_answers(self, end: EffectState) -> None:
        for waiting in self.ledger.queries.effects([EffectState.PENDING], limit=1):
            self.ledger.steps.conclude([EffectEnd(waiting.key, end, "answer", self.now)], self.now)
            self.true_keys |= {waiting.key} if end in TRUE_OF_THE_WORLD else set()

    @rule(said=st.sampled_from(SendState), crash=st.booleans())
    def letter_goes(self, said: SendState, crash: bool) -> None:
        job = self.ledger.steps.due_letter(self.now)
        if job is None:
            return
        assert job.key not in self.sent
        self._nothing_open_behind(job.key)
        if job.raw is None:
            self.ledger.steps.store_letter(job.key, composed(f"{job.key} {self.now}"), self.now)
            self.bytes_of[job.key] = composed(f"{job.key} {self.now}").raw
        else:
            assert job.raw == self.bytes_of[job.key]
        assert self.ledger.steps.start_sending(job.key, self.now)
        if crash:
            self.ledger.steps.recover(self.now)
            return
        self.ledger.steps.conclude_letter(job.key, SendResult(said), self.now)
        self.sent |= {job.key} if said is SendState.SENT else set()

    def _nothing_open_behind(self, key: str) -> None:
        with self.ledger.db.read() as conn:
            query = "SELECT state FROM effects JOIN letter_follows ON effect_key = effects.key WHERE letter_key = ?"
            found = {E(state) for state in conn.exec_driver_sql(query, (key,)).scalars()}
        assert found <= SETTLED | {E.PENDING}

    @rule(pick=st.integers(0, 50), verdict=st.sampled_from(Verdict), stale=st.booleans())
    def person_decides(self, pick: int, verdict: Verdict, stale: bool) -> None:
        cases = self.ledger.queries.cases()
        if not cases:
            return
        stored = self.ledger.cases.load_case(cases[pick % len(cases)].id)
        item = stored.result.items[pick % len(stored.result.items)]
        who = int(str(item.values["name"]).removeprefix("测试"))
        effects = (effect(item.number, who),) if verdict is Verdict.APPROVE else ()
        after = replace(item, state=VERDICT_STATE[verdict], decided_by="staff")
        seen = (stored.result.seen or 0) - (1 if stale else 0)
        given = replace(stored.result, seen=seen, items=(after,), effects=effects, claims=())
        decision = Decision("张工", "because", stored.result.case_id, seen, {item.number: verdict})
        try:
            self.ledger.cases.finish_case(given, (), decision, self.now)
        except StaleCase:
            assert stale
        except IllegalMove:
            assert VERDICT_STATE[verdict] not in MOVES[item.state]

    @rule(pick=st.integers(0, 50))
    def person_cancels(self, pick: int) -> None:
        planned = self.ledger.queries.effects([E.PLANNED]) or []
        if planned:
            self.ledger.drafts.cancel([planned[pick % len(planned)].key], "张工", "no", self.now)

    @rule(mode=st.sampled_from(Mode))
    def site_switches(self, mode: Mode) -> None:
        self.ledger.switches.set_mode(mode, "张工", self.now)
        drafts = [line.key for line in self.ledger.queries.effects([E.PLANNED], draft=True)]
        self.ledger.drafts.release(drafts[:2], "张工", self.now)

    @rule(minutes=st.sampled_from([1, 11, 300]))
    def time_passes(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @invariant()
    def laws_hold(self) -> None:
        for line in self.ledger.queries.cases():
            stored = self.ledger.cases.load_case(line.id)
            assert stored.state is fold(item.state for item in stored.result.items)
            running = [item.due_at for item in stored.result.items if item.state in (S.RECEIVED, S.HELD, S.APPROVED)]
            assert stored.result.due_at is not None or not [due for due in running if due]
            by_item: dict[int, list[EffectState]] = {}
            for planned in stored.result.effects:
                for number in planned.items:
                    by_item.setdefault(number, []).append(E(stored.effect_states[planned.key]))
            for item in stored.result.items:
                key = (line.id, item.number)
                assert near(self.states.get(key, S.RECEIVED), item.state)
                self.states[key] = item.state
                if item.state is S.FULFILLED:
                    assert all(state in TRUE_OF_THE_WORLD for state in by_item.get(item.number, []))
                if item.state is S.APPROVED:
                    assert any(state not in SETTLED for state in by_item[item.number])


LedgerMachine.TestCase.settings = examples(12, steps=25, unless=list(HealthCheck))
TestLedgerMachine = LedgerMachine.TestCase
