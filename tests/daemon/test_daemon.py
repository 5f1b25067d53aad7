"""The daemon on real servers: mail in, letter out, and how it ends, fails, and takes over what changes."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot import daemon as module
from mailbot.assembly import StorageInUse
from mailbot.domain.effects import EffectState
from mailbot.domain.mail import MailState
from mailbot.domain.ports import Answer, PortError, SendState
from mailbot.intake.status import Condition
from mailbot.ledger.settings import Mode
from mailbot.outbound.smtp_door import SmtpSettings
from mailbot.platform.ledger import EmbeddedLedger
from mailbot.platform.registry import PlatformSettings
from mailbot.platform.worklist import Worklist
from mailbot.rulebook.problems import RulebookError
from mailbot.status_file import BoxStatus, read_status
from tests.daemon.site import Place, running, until
from tests.flow.office import roster
from tools.stories import units
from tools.stories.people import people
from tools.stories.post import when

A, B, C = people(820, 3)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clockwork's slow jobs several times a second."""
    monkeypatch.setattr(module, "RULES_SECONDS", 0.2)
    monkeypatch.setattr(module, "LETTERS_SECONDS", 0.2)


def test_once_fetches_does_what_is_due_and_ends(site: Place) -> None:
    site.deliver(roster(A), roster(B, unit=units.HOSPITAL, auth="none"))
    told: list[str] = []
    with site.daemon() as daemon:
        steps = daemon.once(told.append)
        assert told[0] == "roster: 2 mails"
        assert steps == len(told) - 1
        assert sorted(site.recipients) == sorted([units.PRIMARY.address, units.HOSPITAL.address])
        states = {line.state for line in daemon.parts.ledger.queries.mails()}
        assert states == {MailState.DONE}
        assert daemon.once() == 0, "nothing is due twice"
    assert len(site.sink.messages) == 2


def test_once_again_after_a_restart_does_nothing_twice(site: Place) -> None:
    site.deliver(roster(A))
    for _ in range(2):
        with site.daemon() as daemon:
            daemon.once()
    assert len(site.sink.messages) == 1


def test_a_running_daemon_answers_what_comes_and_ends_when_told(site: Place) -> None:
    site.deliver(roster(A))
    with running(site.daemon()) as life:
        until(lambda: len(site.sink.messages) == 1)
        site.deliver(roster(B, unit=units.HOSPITAL))
        until(lambda: len(site.sink.messages) == 2)
        began = time.monotonic()
        life.stop.set()
        until(lambda: life.end is not None)
        assert time.monotonic() - began < 8
    assert life.end is True
    assert site.recipients == [units.PRIMARY.address, units.HOSPITAL.address]


def test_an_idle_daemon_ends_at_once(site: Place) -> None:
    with running(site.daemon()) as life:
        until(lambda: life.daemon.boxes[0].status.condition.value == "ok")
        began = time.monotonic()
    assert time.monotonic() - began < 8
    assert life.end is True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_loop_that_dies_ends_the_daemon_and_says_so(site: Place) -> None:
    settings = PlatformSettings(site.folder / "storage", site.clock, "初始密码为000000", None, {})

    class Broken(EmbeddedLedger):
        def collect(self) -> list[Answer]:
            raise ZeroDivisionError

    with running(site.daemon(Broken(settings))) as life:
        until(lambda: life.end is not None)
        assert life.stop.is_set(), "nobody told it to end"
    assert life.end is False


def told(site: Place) -> Sequence[BoxStatus]:
    """What the daemon last wrote of its mailboxes."""
    status = read_status(site.folder / "storage")
    return status.mailboxes if status else ()


def test_once_leaves_word_of_its_mailboxes_also_when_one_refuses(site: Place) -> None:
    with site.daemon() as daemon:
        daemon.once()
    assert [(box.name, box.condition) for box in told(site)] == [("roster", Condition.OK)]
    site.password.write_text("wrong")
    with site.daemon() as daemon, pytest.raises(PortError):
        daemon.once()
    [box] = told(site)
    assert box.alarm
    assert "wrong" not in (box.last_error or "")


def test_a_status_that_cannot_be_written_ends_nothing(site: Place) -> None:
    (site.folder / "storage" / "status.json").mkdir()
    site.deliver(roster(A))
    with site.daemon() as daemon:
        daemon.once()
    assert len(site.sink.messages) == 1


def test_a_sender_whose_day_has_come_is_told_what_stands(site: Place) -> None:
    settings = PlatformSettings(site.folder / "storage", site.clock, "初始密码为000000")
    platform = Worklist(settings)
    site.deliver(roster(A, B))
    with running(site.daemon(platform)):
        until(lambda: len(site.sink.messages) == 1)
        platform.confirm("李平台", keys=platform.keys_at("0001", [2]))
        site.clock.set(when("2020-09-18 17:31"))
        until(lambda: len(site.sink.messages) == 2)
        platform.confirm("李平台", batch="0001")
        until(lambda: len(site.sink.messages) == 3)


def test_a_mailbox_that_cannot_be_reached_ends_nothing(site: Place) -> None:
    site.password.write_text("wrong")
    with running(site.daemon()) as life:
        until(lambda: life.daemon.boxes[0].status.failures > 0)
        assert life.end is None
        until(lambda: [box.alarm for box in told(site)] == [True])
        site.password.write_text("rig password")
    assert life.end is True


def test_a_sending_server_that_is_down_costs_a_letter_only_time(site: Place) -> None:
    site.deliver(roster(A))
    site.sink.script["MAIL"] = ["451 4.7.1 later"]
    with running(site.daemon()) as life:
        ledger = life.daemon.parts.ledger
        until(lambda: [stop.count for stop in ledger.stops.active(site.clock.now())] == [1])
        assert [letter.attempts for letter in ledger.queries.letters([EffectState.PLANNED])] == [0]
        assert site.sink.messages == []
        site.clock.advance(timedelta(minutes=2))
        until(lambda: len(site.sink.messages) == 1)
    assert life.end is True


def changed_rule(rules: Path, old: str, new: str) -> None:
    path = rules / "roster.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_rules_that_change_on_disk_are_taken_over(site: Place) -> None:
    with running(site.daemon()) as life:
        before = life.daemon.parts.rulebook.hash
        changed_rule(site.rules, "缺填表单位，请补充。", "缺填表单位，请写明全称。")
        until(lambda: life.daemon.parts.rulebook.hash != before)
        site.deliver(roster(A, header={"unit": None}))
        until(lambda: len(site.sink.messages) == 1)
        case = life.daemon.parts.ledger.queries.cases()[0]
        stored = life.daemon.parts.ledger.cases.load_case(case.id).result
        assert stored.rulebook == life.daemon.parts.rulebook.hash
        assert "缺填表单位，请写明全称。" in [finding.message for finding in stored.findings]


def test_bad_rules_leave_the_old_ones_in_force(site: Place) -> None:
    with running(site.daemon()) as life:
        parts = life.daemon.parts
        before = parts.rulebook.hash
        changed_rule(site.rules, 'when = "header.unit is None"', 'when = "header.unti is None"')
        until(lambda: not parts.rules.health.green)
        assert parts.rulebook.hash == before
        site.deliver(roster(A))
        until(lambda: len(site.sink.messages) == 1)
        changed_rule(site.rules, 'when = "header.unti is None"', 'when = "header.unit is None"')
        until(lambda: parts.rules.health.green)
    assert life.end is True


def test_a_daemon_does_not_start_on_bad_rules(site: Place) -> None:
    changed_rule(site.rules, 'when = "header.unit is None"', 'when = "header.unti is None"')
    with pytest.raises(RulebookError), site.daemon():
        pass
    changed_rule(site.rules, 'when = "header.unti is None"', 'when = "header.unit is None"')
    with site.daemon():
        """The lock of the failed start is free again."""


def test_a_second_daemon_on_one_storage_is_refused_and_the_first_goes_on(site: Place) -> None:
    site.deliver(roster(A))
    with site.daemon() as first:
        with pytest.raises(StorageInUse), site.daemon():
            pass
        first.once()
        assert len(site.sink.messages) == 1
    with site.daemon():
        """Free again."""


def test_the_settings_mode_is_that_of_the_first_start_only(site: Place) -> None:
    with site.daemon(mode="drafts") as first:
        assert first.parts.ledger.switches.mode() is Mode.DRAFTS
        first.parts.ledger.switches.set_mode(Mode.REHEARSAL, "张工", site.clock.now())
    with site.daemon(mode="live") as again:
        assert again.parts.ledger.switches.mode() is Mode.REHEARSAL


def test_what_a_dead_owner_left_is_taken_up(site: Place) -> None:
    site.deliver(roster(A))
    with site.daemon() as daemon:
        daemon.boxes[0].poll_once()
        assert daemon.parts.ledger.steps.claim_mail(site.clock.now()) is not None
        daemon.boxes[0].close()
    with site.daemon() as heir:
        heir.once()
    assert site.recipients == [units.PRIMARY.address]


def digests(site: Place) -> list[str]:
    return [address for address in site.recipients if address == "staff@cqhrsp.com"]


def test_the_digest_goes_out_once_on_a_working_morning(site: Place) -> None:
    site.deliver(roster(A, auth="none"))
    with running(site.daemon(digest_at="08:00:00")) as life:
        until(lambda: digests(site))
        site.clock.advance(timedelta(hours=2))
        until(lambda: len(site.sink.messages) >= 2)
        time.sleep(0.5)
        assert len(digests(site)) == 1
        site.clock.set(when("2020-09-17 08:01"))
        until(lambda: len(digests(site)) == 2)
    assert life.end is True


@pytest.mark.parametrize(
    ("moment", "mode"),
    [
        ("2020-09-16 07:59", "live"),  # before its hour
        ("2020-09-19 10:00", "live"),  # a Saturday
        ("2020-10-05 10:00", "live"),  # the National Day holidays
        ("2020-09-16 10:00", "rehearsal"),
    ],
)
def test_no_digest_leaves_at_another_time_or_in_a_rehearsal(site: Place, moment: str, mode: str) -> None:
    site.clock.set(when(moment))
    with site.daemon(mode=mode, digest_at="08:00:00") as daemon:
        daemon.once()
    assert site.sink.messages == []


def test_a_working_weekend_has_its_digest(site: Place) -> None:
    site.clock.set(when("2020-09-27 09:00"))
    with site.daemon(digest_at="08:00:00") as daemon:
        daemon.once()
    assert digests(site) == ["staff@cqhrsp.com"]


def test_a_rehearsing_daemon_sends_nothing(site: Place) -> None:
    site.deliver(roster(A), roster(B, unit=units.HOSPITAL))
    with site.daemon(mode="rehearsal") as daemon:
        daemon.once()
        letters: Sequence[object] = daemon.parts.ledger.queries.letters([EffectState.PLANNED], draft=True)
        assert len(letters) == 2
    assert site.sink.messages == []


def test_both_signals_of_the_service_manager_stop_the_daemon() -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)
        stop = threading.Event()
        try:
            module.stop_on_signals(stop)
            signal.raise_signal(number)
            assert stop.is_set()
        finally:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(number, before)


def test_the_courier_is_what_the_settings_say(site: Place) -> None:
    with site.daemon() as daemon:
        limits = daemon.parts.rulebook.limits.outbound
        courier = module.courier_of(daemon.settings, daemon.secrets, daemon.wiring.clock, limits)
        assert courier.send("hr@unit.example", b"Subject: x\r\n\r\nx\r\n").state is SendState.SENT
        courier.close()
    [letter] = site.sink.messages
    assert (letter.sender.strip("<>"), letter.recipients) == ("", ("hr@unit.example",))


def test_a_letter_has_the_time_that_the_limits_give_it(site: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[SmtpSettings] = []
    with site.daemon() as daemon:
        monkeypatch.setattr(module, "SmtpCourier", made.append)
        short = daemon.parts.rulebook.limits.outbound.model_copy(update={"send_seconds": 7})
        module.courier_of(daemon.settings, daemon.secrets, daemon.wiring.clock, short)
        monkeypatch.undo()
    assert [settings.send_seconds for settings in made] == [7]


@pytest.mark.dovecot
def test_on_a_real_server_with_the_real_sandbox_mail_comes_in_and_a_letter_goes_out(dovecot_site: Place) -> None:
    dovecot_site.deliver(roster(A))
    with running(dovecot_site.daemon()) as life:
        until(lambda: len(dovecot_site.sink.messages) == 1)
        dovecot_site.deliver(roster(B, C, unit=units.HOSPITAL))
        until(lambda: len(dovecot_site.sink.messages) == 2)
    assert life.end is True
    assert dovecot_site.recipients == [units.PRIMARY.address, units.HOSPITAL.address]
