"""The real servers of the rig: what they take, refuse, answer and send back."""

import re
import smtplib
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.rig.dovecot import Dovecot
from tests.rig.ports import LOOPBACK, free_port
from tests.rig.postfix import AT_RCPT, BOUNCING, SPAM, Postfix

OUR = "2020gxkm@cqhrsp.com"
ROBOT = "vacation@robot.example"
VACATION = 'require ["vacation"];\nvacation :days 1 :addresses ["vacation@robot.example"] "外出，请致电。";\n'

pytestmark = [pytest.mark.postfix, pytest.mark.dovecot, pytest.mark.sieve]


@pytest.fixture(scope="module")
def post() -> Iterator[Postfix]:
    with Dovecot(OUR, relay=free_port()) as home, Postfix(home) as server:
        yield server


def mail(sender: str, to: str, number: str = "1") -> bytes:
    return f"From: {sender}\r\nTo: {to}\r\nSubject: n\r\nMessage-ID: <{number}@x.example>\r\n\r\nhi\r\n".encode()


def held(post: Postfix, user: str) -> list[str]:
    with post.home.client(user) as client:
        client.select_folder("INBOX")
        uids = client.search()
        return [entry[b"BODY[]"].decode() for entry in client.fetch(uids, ["BODY.PEEK[]"]).values()] if uids else []


def until_held(post: Postfix, user: str, count: int) -> list[str]:
    give_up = time.monotonic() + 10
    while len(found := held(post, user)) < count:
        assert time.monotonic() < give_up, post.log
        time.sleep(0.05)
    return found


def submit(post: Postfix, to: str, number: str) -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP(LOOPBACK, post.submission, timeout=10) as client:
        client.login(OUR, post.home.password)
        return client.sendmail(OUR, [to], mail(OUR, to, number))


def test_the_world_hands_in_and_the_checks_are_written_on_top(post: Postfix) -> None:
    user = "in@cqhrsp.com"
    post.home.set_users(OUR, user)
    post.deliver("hr@school.example", [user], mail("hr@school.example", user))
    [found] = until_held(post, user, 1)
    assert "\nReceived: from client.example" in found
    assert "\nAuthentication-Results: mx.cqhrsp.com; spf=pass smtp.mailfrom=school.example; dmarc=pass" in found
    post.deliver("", [user], mail("robot@school.example", user))
    assert sum("Authentication-Results" in text for text in until_held(post, user, 2)) == 1, "nobody vouches for <>"


def test_submission_wants_a_login(post: Postfix) -> None:
    with smtplib.SMTP(LOOPBACK, post.submission, timeout=10) as client:
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="554"):
            client.sendmail(OUR, ["a@b.example"], mail(OUR, "a@b.example"))
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(OUR, "wrong")


@pytest.mark.parametrize("domain", list(AT_RCPT))
def test_a_domain_refuses_at_rcpt_as_the_table_says(post: Postfix, domain: str) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        submit(post, f"a@{domain}", "2")
    [(code, _text)] = refused.value.recipients.values()
    assert str(code) == AT_RCPT[domain][:3]


def test_a_letter_that_its_own_server_refuses_comes_back_as_a_report(post: Postfix) -> None:
    post.home.set_users(OUR)
    before = len(held(post, OUR))
    submit(post, f"a@{BOUNCING}", "late-1")
    submit(post, f"a@{SPAM}", "late-2")
    reports = "".join(until_held(post, OUR, before + 2)[before:])
    assert reports.count("report-type=delivery-status") == 2
    assert set(re.findall(r"Final-Recipient: rfc822; a@(\S+)", reports)) == {BOUNCING, SPAM}
    assert {"<late-1@x.example>", "<late-2@x.example>"} <= set(re.findall(r"Message-ID: (\S+)", reports))


def test_a_real_vacation_answers_once(post: Postfix) -> None:
    post.home.answer_by(ROBOT, VACATION)
    before = len(held(post, OUR))
    submit(post, ROBOT, "to-robot-1")
    answer = until_held(post, OUR, before + 1)[before]
    assert "Auto-Submitted: auto-replied (vacation)" in answer
    assert "In-Reply-To: <to-robot-1@x.example>" in answer


def alive(groups: set[int]) -> list[list[str]]:
    """The processes of these groups; who is dead and only not yet fetched by its parent is not counted."""
    found: list[list[str]] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # a process that ended while we looked
            name, _, rest = path.read_text("utf-8", "replace").rpartition(")")
            state, _, group = rest.split()[:3]
            if int(group) in groups and state != "Z":
                found.append([name])
    return found


def test_ending_leaves_no_process_behind() -> None:
    with Dovecot(OUR) as home, Postfix(home) as server:
        groups = {home.group, server.group}
        server.deliver("a@b.example", [OUR], mail("a@b.example", OUR))
        assert len(alive(groups)) > 6
    assert alive(groups) == []
    assert not server.top.exists()
    assert not home.top.exists()
