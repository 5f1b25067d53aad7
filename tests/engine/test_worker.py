"""Single steps: what breaks a mail ends with a person, and a letter's bytes are stored before they are sent."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from mailbot.domain.effects import EffectState, LetterKind, Person, Verb
from mailbot.domain.letters import Composed, LetterView
from mailbot.domain.mail import Arrival, MailState, StoredMail
from mailbot.domain.ports import (
    About,
    EffectEnd,
    EffectJob,
    LetterJob,
    LoginRefused,
    Note,
    PortError,
    SendResult,
    SendState,
    nothing_to_note,
)
from mailbot.engine.runner import Loop, clockwork, drain
from mailbot.engine.worker import EFFECTS_AT_ONCE, Pauses, Worker
from tests.engine.test_once import Site, job

NOW = datetime(2020, 9, 1, 2, 0, tzinfo=UTC)
PAUSES = Pauses(mail=timedelta(minutes=1), effect=timedelta(minutes=5), letter=timedelta(minutes=1))


class Stopped:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


@dataclass
class Steps:
    """The engine's side of a ledger, in memory: what is due, and a diary of every commit in order."""

    mails: list[StoredMail] = field(default_factory=list)
    effects: list[EffectJob] = field(default_factory=list)
    letters: list[LetterJob] = field(default_factory=list)
    diary: list[str] = field(default_factory=list)
    ends: list[EffectEnd] = field(default_factory=list)
    taken: bool = False
    full: int = 0
    results: list[SendResult] = field(default_factory=list)

    def recover(self, now: datetime) -> None:
        self.diary.append(f"recover {now}")

    def claim_mail(self, now: datetime) -> StoredMail | None:
        assert now == NOW
        return self.mails.pop(0) if self.mails else None

    def set_aside(self, mail: StoredMail, reason: str, now: datetime) -> None:
        self.diary.append(f"set_aside {mail.id}: {reason} {now:%H}")

    def put_back(self, mail: StoredMail, reason: str, retry_at: datetime, *, counts: bool = True) -> None:
        uncounted = "" if counts else " uncounted"
        self.diary.append(f"put_back {mail.id}: {reason} +{(retry_at - NOW).seconds}{uncounted}")

    def claim_effects(self, limit: int, now: datetime) -> list[EffectJob]:
        assert (limit, now) == (EFFECTS_AT_ONCE, NOW)
        out, self.effects = self.effects, []
        return out

    def conclude(self, ends: Sequence[EffectEnd], now: datetime) -> None:
        assert now == NOW
        self.ends += ends
        self.diary.append("conclude")

    def due_letter(self, now: datetime) -> LetterJob | None:
        assert now == NOW
        return self.letters.pop(0) if self.letters else None

    def letter_view(self, key: str, now: datetime) -> LetterView:
        return LetterView(key, LetterKind.RESULT, "hr@unit.cn", "<1@x>", now, "名单", None, (), (), trusted=True)

    def store_letter(self, key: str, composed: Composed, now: datetime) -> None:
        assert now == NOW
        self.diary.append(f"store {key} {len(composed.raw)}")

    def start_sending(self, key: str, now: datetime) -> bool:
        assert now == NOW
        self.diary.append(f"sending {key}")
        return not self.taken

    def handing_over(self, key: str, now: datetime) -> None:
        assert now == NOW
        self.diary.append(f"dot {key}")

    def conclude_letter(self, key: str, result: SendResult, now: datetime) -> None:
        assert now == NOW
        if self.full:
            self.full -= 1
            raise PortError("the disk is full", retry=True)
        self.results.append(result)
        self.diary.append(f"{result.state} {key} {result.detail}".strip())


@dataclass
class Post:
    """Composer and courier in one, with a diary shared with the ledger."""

    diary: list[str]
    refuses: PortError | None = None
    down: PortError | None = None

    def compose(self, view: LetterView) -> Composed:
        if self.refuses:
            raise self.refuses
        return Composed("roster/result", view.subject, b"letter")

    def send(self, to: str, raw: bytes, mark: str = "", before_dot: Note = nothing_to_note) -> SendResult:
        if self.down:
            raise self.down
        assert mark == "k"
        before_dot()
        self.diary.append(f"smtp {to} {raw!r}")
        return SendResult(SendState.SENT)


def mail(number: int, attempts: int = 1) -> StoredMail:
    return StoredMail(number, Arrival("gx", "INBOX", 1, number, NOW), "gx@x.cn", "00", 1, MailState.WORKING, attempts)


def worker(steps: Steps, flow: object = None, post: Post | None = None, site: Site | None = None) -> Worker:
    def nothing(_mail: StoredMail) -> None:
        steps.diary.append("flow")

    post = post or Post(steps.diary)
    return Worker(steps, flow if callable(flow) else nothing, site or Site(), post, post, Stopped(), PAUSES)


def test_nothing_due_is_said() -> None:
    idle = worker(Steps())
    assert [idle.mail(), idle.effects(), idle.collect(), idle.letter()] == [False] * 4


def test_a_mail_goes_through_the_flow_once() -> None:
    steps = Steps(mails=[mail(1)])
    assert worker(steps).mail()
    assert steps.diary == ["flow"]


@pytest.mark.parametrize(
    ("fault", "entry"),
    [
        (PortError("child died", retry=True), "put_back 1: child died +60 uncounted"),
        (PortError("no header at all", retry=False), "set_aside 1: no header at all 02"),
    ],
)
def test_a_fault_carries_the_one_bit_that_matters(fault: PortError, entry: str) -> None:
    steps = Steps(mails=[mail(1)])

    def flow(_mail: StoredMail) -> None:
        raise fault

    assert worker(steps, flow).mail()
    assert steps.diary == [entry]


def test_an_unforeseen_failure_puts_the_mail_back_without_its_message() -> None:
    steps = Steps(mails=[mail(1)])

    def flow(_mail: StoredMail) -> None:
        raise ValueError("500103199001011234 is in here")

    assert worker(steps, flow).mail()
    assert steps.diary[0].startswith("put_back 1: ValueError in test_worker.py:")
    assert "5001" not in steps.diary[0]


def test_effects_are_concluded_in_one_commit_whatever_their_verb() -> None:
    steps = Steps(effects=[job(1), job(2, verb=Verb.GRANT), job(3)])
    assert worker(steps).effects()
    assert steps.diary == ["conclude"]
    assert {end.key: end.state for end in steps.ends} == {f"key-{n}": EffectState.DONE for n in (1, 2, 3)}


def test_effects_reach_the_platform_in_its_own_batches() -> None:
    class Small(Site):
        sizes: list[int] = []  # noqa: RUF012 - one test's own record

        def find(self, people: Sequence[Person]) -> list:  # type: ignore[type-arg]
            self.sizes.append(len(people))
            return super().find(people)

    site = Small()
    steps = Steps(effects=[job(n, attempts=2) for n in range(120)])
    worker(steps, site=site).effects()
    assert site.sizes == [50, 50, 20]
    assert len(steps.ends) == 120


def test_the_bytes_are_stored_and_the_intent_committed_before_the_letter_leaves() -> None:
    steps = Steps(letters=[LetterJob("k", "hr@unit.cn", "<1@x>", 1, None)])
    assert worker(steps).letter()
    assert steps.diary == ["store k 6", "sending k", "dot k", "smtp hr@unit.cn b'letter'", "sent k"]


def test_a_stored_letter_is_never_rendered_again() -> None:
    steps = Steps(letters=[LetterJob("k", "hr@unit.cn", "<1@x>", 2, b"as it was")])
    post = Post(steps.diary, refuses=PortError("would not render", retry=False))
    assert worker(steps, post=post).letter()
    assert steps.diary == ["sending k", "dot k", "smtp hr@unit.cn b'as it was'", "sent k"]


def test_a_letter_that_another_took_is_not_sent() -> None:
    steps = Steps(letters=[LetterJob("k", "hr@unit.cn", "<1@x>", 1, b"x")], taken=True)
    assert worker(steps).letter()
    assert steps.diary == ["sending k"]


def test_a_letter_that_cannot_be_rendered_waits_for_a_person() -> None:
    steps = Steps(letters=[LetterJob("k", "hr@unit.cn", "<1@x>", 1, None)])
    post = Post(steps.diary, refuses=PortError("template: 未知", retry=False))
    assert worker(steps, post=post).letter()
    assert steps.diary == ["conclude"]
    assert steps.ends[0].state is EffectState.UNCERTAIN


@pytest.mark.parametrize(
    ("fault", "about"),
    [
        (PortError("certificate expired", retry=True), About.LINE),
        (PortError("no password file", retry=False), About.LOGIN),
        (LoginRefused("535 login", retry=True), About.LOGIN),
    ],
)
def test_case_44_a_way_out_that_is_shut_is_none_of_the_letters(fault: PortError, about: About) -> None:
    steps = Steps(letters=[LetterJob("k", "hr@unit.cn", "<1@x>", 1, b"x")])
    assert worker(steps, post=Post(steps.diary, down=fault)).letter()
    assert steps.results == [SendResult(SendState.DEFERRED, str(fault), about, offered=False)]


def test_an_end_that_could_not_be_committed_comes_before_any_other_letter() -> None:
    steps = Steps(letters=[LetterJob("k", "a@b.cn", "<1@x>", 1, b"1"), LetterJob("k", "c@d.cn", "<2@x>", 1, b"2")])
    steps.full = 2
    working = worker(steps)
    for _ in range(2):
        with pytest.raises(PortError, match="full"):
            working.letter()
    assert [line for line in steps.diary if line.startswith("smtp")] == ["smtp a@b.cn b'1'"]
    assert working.letter()
    assert [line for line in steps.diary if not line.startswith("dot")] == [
        "sending k",
        "smtp a@b.cn b'1'",
        "sent k",
        "sending k",
        "smtp c@d.cn b'2'",
        "sent k",
    ]


@dataclass
class Kept:
    """A Sent folder: what lies there, or why it cannot be looked into."""

    ids: frozenset[str] = frozenset()
    down: PortError | None = None
    asked: list[tuple[Collection[str], datetime]] = field(default_factory=list)

    def holds(self, message_ids: Collection[str], since: datetime) -> frozenset[str]:
        self.asked.append((message_ids, since))
        if self.down:
            raise self.down
        return self.ids.intersection(message_ids)


UNKNOWN = LetterJob("k", "hr@unit.cn", "<1@x>", 1, b"x", unknown_since=NOW - timedelta(minutes=10))


def test_case_44_what_lies_among_the_sent_mails_is_not_sent_again() -> None:
    steps = Steps(letters=[UNKNOWN])
    sent = Kept(frozenset({"<1@x>"}))
    assert replace(worker(steps), sent=sent).letter()
    assert steps.diary == ["sending k", "sent k found among the mails that were sent"]
    assert sent.asked == [(("<1@x>",), NOW - timedelta(minutes=70))]


@pytest.mark.parametrize("sent", [Kept(), Kept(down=PortError("no IMAP", retry=True)), None])
def test_what_is_not_found_there_is_sent_again(sent: Kept | None) -> None:
    steps = Steps(letters=[UNKNOWN])
    assert replace(worker(steps), sent=sent).letter()
    assert steps.diary == ["sending k", "dot k", "smtp hr@unit.cn b'x'", "sent k"]


def test_nobody_looks_for_a_letter_that_cannot_have_been_taken() -> None:
    steps, sent = Steps(letters=[LetterJob("k", "hr@unit.cn", "<1@x>", 3, b"x")]), Kept(frozenset({"<1@x>"}))
    assert replace(worker(steps), sent=sent).letter()
    assert sent.asked == []


def test_a_drain_does_all_mails_before_effects_and_letters() -> None:
    steps = Steps(mails=[mail(1), mail(2)], effects=[job(1)], letters=[LetterJob("k", "a@b.cn", "<1@x>", 1, b"x")])
    seen: list[str] = []
    assert drain(worker(steps), seen.append) == 4
    assert seen == ["mail", "mail", "effects", "letter"]


def test_a_loop_beats_works_when_rung_and_ends_when_asked() -> None:
    beats: list[str] = []
    failed: list[str] = []
    work = [True, False]
    loop = Loop("mails", (lambda: bool(work) and work.pop(0),), sweep=0.01, beat=beats.append, failed=failed.append)
    loop.start()
    loop.ring()
    assert loop.stop(5)
    assert not failed
    assert set(beats) <= {"mails"}


def test_a_fault_that_passes_ends_no_loop() -> None:
    failed: list[str] = []
    turns: list[int] = []

    def full_disk() -> bool:
        turns.append(1)
        if len(turns) == 1:
            raise PortError("the disk is full", retry=True)
        return False

    loop = Loop("mails", (full_disk,), sweep=0.01, beat=lambda _: None, failed=failed.append)
    loop.start()
    while len(turns) < 3:
        loop.ring()
        time.sleep(0.01)
    assert loop.stop(5)
    assert not failed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_breaks_says_so() -> None:
    failed: list[str] = []

    def breaks() -> bool:
        raise OSError

    loop = Loop("mails", (breaks,), sweep=0.01, beat=lambda _: None, failed=failed.append)
    loop.start()
    assert loop.stop(5)
    assert failed == ["mails"]


def test_the_clockwork_never_skips_and_never_overlaps() -> None:
    scheduler = clockwork(UTC, {"sweep": (30.0, lambda: None)})
    scheduler.start(paused=True)
    job_ = scheduler.get_job("sweep")
    assert (job_.coalesce, job_.max_instances, job_.misfire_grace_time) == (True, 1, None)
    scheduler.shutdown()
