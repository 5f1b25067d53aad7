"""Signatures: really signed mails, a real name server on loopback, and no pass for anything less."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import dkim
import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from mailbot.domain.signed import Signed
from mailbot.signatures import DkimCheck
from tests.examples import examples

UNIT = "unit-a.cn"
SELECTOR = "s2020"
MAIL = (
    b"From: =?utf-8?B?5byg5LiJ?= <hr@unit-a.cn>\r\nTo: 2020gxkm@cqhrsp.com\r\nSubject: roster\r\n"
    b"Date: Tue, 15 Sep 2020 10:00:00 +0800\r\nMessage-ID: <1@unit-a.cn>\r\n\r\nThree people, see below.\r\n"
)


@dataclass
class NameServer:
    """A name server of a few TXT records. `silent`: it takes questions and says nothing; `rcode` what it says of
    names that it does not know."""

    records: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    rcode: dns.rcode.Rcode = dns.rcode.NXDOMAIN
    asked: list[str] = field(default_factory=list)
    port: int = 0

    def answer(self, wire: bytes) -> bytes:
        question = dns.message.from_wire(wire)
        name = question.question[0].name.to_text().lower().rstrip(".")
        self.asked.append(name)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        text = self.records.get(name)
        if text is None:
            reply.set_rcode(self.rcode)
        else:
            pieces = " ".join(f'"{text[at : at + 200]}"' for at in range(0, max(1, len(text)), 200))
            reply.answer.append(dns.rrset.from_text(f"{name}.", 60, "IN", "TXT", pieces))
        return reply.to_wire(max_size=65535)


@contextmanager
def served(server: NameServer) -> Iterator[NameServer]:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    sock.settimeout(0.05)
    server.port = sock.getsockname()[1]
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                wire, peer = sock.recvfrom(4096)
            except TimeoutError:
                continue
            if not server.silent:
                sock.sendto(server.answer(wire), peer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield server
    finally:
        stop.set()
        thread.join()
        sock.close()


@dataclass(frozen=True)
class Key:
    """A pair: what signs, and what stands in the name server."""

    private: bytes
    record: str


def new_key() -> Key:
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = made.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = made.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return Key(private, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}")


@pytest.fixture(scope="module")
def key() -> Key:
    return new_key()


@pytest.fixture
def names(key: Key) -> Iterator[NameServer]:
    with served(NameServer({f"{SELECTOR}._domainkey.{UNIT}": key.record})) as server:
        yield server


def signed(key: Key, mail: bytes = MAIL, domain: str = UNIT, **options: object) -> bytes:
    """The mail with a signature on top."""
    options = {"canonicalize": (b"relaxed", b"relaxed"), **options}
    return bytes(dkim.sign(mail, SELECTOR.encode(), domain.encode(), key.private, **options)) + mail


def check(names: NameServer, raw: bytes, domain: str = UNIT, seconds: float = 3) -> Signed:
    return DkimCheck("127.0.0.1", names.port, seconds).check(raw, domain)


@pytest.mark.parametrize("canon", [(b"relaxed", b"relaxed"), (b"simple", b"simple"), (b"relaxed", b"simple")])
def test_a_good_signature_of_the_senders_domain_passes(names: NameServer, key: Key, canon: tuple[bytes, bytes]) -> None:
    assert check(names, signed(key, canonicalize=canon)) is Signed.PASS
    assert names.asked == [f"{SELECTOR}._domainkey.{UNIT}"]


def test_a_signature_of_the_domain_above_or_below_speaks_for_it(names: NameServer, key: Key) -> None:
    raw = signed(key)
    assert check(names, raw, f"mail.{UNIT}") is Signed.PASS
    names.records[f"{SELECTOR}._domainkey.mail.{UNIT}"] = key.record
    assert check(names, signed(key, domain=f"mail.{UNIT}")) is Signed.PASS


@pytest.mark.parametrize("domain", ["other.cn", "xunit-a.cn", "unit-a.cn.other.cn", "cn"])
def test_a_signature_of_another_domain_says_nothing_and_is_not_even_looked_at(
    names: NameServer, key: Key, domain: str
) -> None:
    names.records[f"{SELECTOR}._domainkey.{domain}"] = key.record
    assert check(names, signed(key, domain=domain)) is Signed.NONE
    assert names.asked == []


def test_a_mail_without_signatures_says_nothing(names: NameServer) -> None:
    assert check(names, MAIL) is Signed.NONE
    assert check(names, MAIL + b"DKIM-Signature: v=1; d=unit-a.cn\r\n") is Signed.NONE
    assert check(names, b"") is Signed.NONE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Three people", b"Four people"),
        (b"hr@unit-a.cn>\r\nTo", b"boss@unit-a.cn>\r\nTo"),
        (b"\r\n\r\nThree", b"\r\nFrom: other@unit-a.cn\r\n\r\nThree"),
        (b"see below.\r\n", b"see below.\r\nand one more\r\n"),
    ],
)
def test_what_was_changed_on_the_way_fails(names: NameServer, key: Key, old: bytes, new: bytes) -> None:
    raw = signed(key)
    assert old in raw
    assert check(names, raw.replace(old, new, 1)) is Signed.FAIL


def test_a_signature_of_the_beginning_only_is_none(names: NameServer, key: Key) -> None:
    """Behind `l=` anybody may append a list of their own."""
    raw = signed(key, length=True)
    assert b" l=" in raw
    assert check(names, raw) is Signed.NONE
    assert check(names, raw + b"appended\r\n") is Signed.NONE


def test_sha1_is_no_proof(names: NameServer, key: Key) -> None:
    assert check(names, signed(key, signature_algorithm=b"rsa-sha1")) is Signed.NONE
    assert names.asked == []


def test_another_key_and_a_revoked_one_fail(names: NameServer, key: Key) -> None:
    names.records[f"{SELECTOR}._domainkey.{UNIT}"] = new_key().record
    assert check(names, signed(key)) is Signed.FAIL
    names.records[f"{SELECTOR}._domainkey.{UNIT}"] = "v=DKIM1; p="
    assert check(names, signed(key)) is Signed.FAIL


def test_one_good_signature_among_bad_ones_is_enough(names: NameServer, key: Key) -> None:
    broken = signed(key).replace(b"bh=", b"bh=AAAA", 1).partition(b"From:")[0]
    assert check(names, broken + signed(key)) is Signed.PASS


def test_a_name_that_is_not_there_fails_and_a_broken_server_is_unknown(names: NameServer, key: Key) -> None:
    names.records.clear()
    assert check(names, signed(key)) is Signed.FAIL
    names.rcode = dns.rcode.SERVFAIL
    assert check(names, signed(key)) is Signed.UNKNOWN


def test_a_silent_server_is_unknown_within_the_deadline(names: NameServer, key: Key) -> None:
    names.silent = True
    raw = signed(key)
    many = raw.partition(b"From:")[0] * 3 + raw
    started = time.monotonic()
    assert check(names, many, seconds=0.5) is Signed.UNKNOWN
    assert time.monotonic() - started < 2


def test_no_server_at_all_is_unknown(key: Key) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert DkimCheck("127.0.0.1", port, 0.5).check(signed(key), UNIT) is Signed.UNKNOWN


def test_a_key_that_would_cost_hours_is_not_tried(names: NameServer, key: Key) -> None:
    names.records[f"{SELECTOR}._domainkey.{UNIT}"] = "v=DKIM1; k=rsa; p=" + "A" * 4000
    started = time.monotonic()
    assert check(names, signed(key)) is Signed.UNKNOWN
    assert time.monotonic() - started < 2


def test_a_mail_that_would_cost_hours_is_not_tried(names: NameServer, key: Key) -> None:
    raw = signed(key) + b" \t" * 1_000_000
    started = time.monotonic()
    assert check(names, raw) is Signed.UNKNOWN
    assert names.asked == []
    assert time.monotonic() - started < 2


def test_many_signatures_cost_few_questions(names: NameServer, key: Key) -> None:
    names.records.clear()
    raw = signed(key)
    one = raw.partition(b"From:")[0]
    assert check(names, one * 15 + raw) is Signed.FAIL
    assert len(names.asked) <= 3


HOSTILE: Mapping[bytes, bytes] = {
    b"d=unit-a.cn": b"d=unit-a.cn\x00.evil.cn",
    b"s=s2020": b"s=../../x",
    b"v=1": b"v=9",
    b"h=": b"h=::",
    b"bh=": b"bh=%%%",
    b"b=": b"b=====",
    b"c=relaxed/relaxed": b"c=strange/strange",
    b"a=rsa-sha256": b"a=",
    b"; s=": b"; t=99999999999; s=",
    b"; d=": b"; x=1; d=",
}


@pytest.mark.parametrize("old", sorted(HOSTILE))
def test_a_broken_signature_never_passes_and_never_raises(names: NameServer, key: Key, old: bytes) -> None:
    raw = signed(key)
    assert old in raw
    assert check(names, raw.replace(old, HOSTILE[old], 1)) is not Signed.PASS


@pytest.mark.parametrize(
    "record",
    [
        "",
        "v=DKIM1",
        "v=DKIM2; p=x",
        "p=x",
        "k=ed25519; p=AAAA",
        "v=DKIM1; p=MIIB",
        "v=DKIM1; k=rsa; s=tlsrpt; p=AA",
        ";",
    ],
)
def test_a_broken_key_never_passes_and_never_raises(names: NameServer, key: Key, record: str) -> None:
    names.records[f"{SELECTOR}._domainkey.{UNIT}"] = record
    assert check(names, signed(key)) in (Signed.FAIL, Signed.UNKNOWN)


@examples(60, unless=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 900), byte=st.integers(0, 255))
def test_no_changed_byte_raises(names: NameServer, key: Key, at: int, byte: int) -> None:
    raw = bytearray(signed(key))
    raw[at % len(raw)] = byte
    assert check(names, bytes(raw)) in set(Signed)
