"""Transfer encodings as they are really labelled and damaged."""

import base64
import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mime.transfer import Content, decode_transfer, is_base64

DATA = bytes(range(256)) * 3


@pytest.mark.parametrize("label", ["base64", "BASE64", "base64;", " Base64 ", "base-64", "base64 (mime)"])
def test_base64_by_its_letters(label: str) -> None:
    assert is_base64(label)
    content = decode_transfer(base64.encodebytes(DATA), label)
    assert (content.data, content.mended) == (DATA, False)


@pytest.mark.parametrize("label", ["", "7bit", "8bit", "8bits", "binary", "nonsense"])
def test_other_labels_leave_the_bytes(label: str) -> None:
    assert decode_transfer(DATA, label).data == DATA


def test_quoted_printable() -> None:
    assert decode_transfer(b"=C3=FB=\r\n=B5=A5", "Quoted-Printable;").data == "名单".encode("gbk")


@pytest.mark.parametrize(
    "tail", [b"\n\n_______\nScanned by Gateway, all clear\n", b"\n-- \nMail scanned OK\n", b"\n\nScannedOK\n"]
)
@pytest.mark.parametrize("size", [57, 90, 91, 92])
def test_a_scanners_tail_is_not_taken_for_data(tail: bytes, size: int) -> None:
    content = decode_transfer(base64.encodebytes(DATA[:size]) + tail, "base64")
    assert (content.data, content.mended) == (DATA[:size], True)


@given(st.binary(max_size=200))
def test_missing_padding_loses_nothing(data: bytes) -> None:
    assert decode_transfer(base64.encodebytes(data).replace(b"=", b""), "base64").data == data


@given(st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x"]))
def test_any_bytes_decode_to_something(payload: bytes, label: str) -> None:
    assert isinstance(decode_transfer(payload, label).data, bytes)


def test_pieces_that_were_padded_each() -> None:
    first, second = bytes(range(100)), bytes(range(60, 200))
    payload = base64.b64encode(first) + b"\r\n" + base64.b64encode(second) + b"\r\n"
    assert decode_transfer(payload, "base64") == Content(first + second, mended=True)
    word = base64.b64encode(first) + b"\r\nConfidential\r\n"
    assert decode_transfer(word, "base64").data == first


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"])
def test_base64_that_nobody_declared(head: bytes) -> None:
    data = head + bytes(range(90))
    assert decode_transfer(base64.encodebytes(data), "7bit") == Content(data, mended=True)
    broken = b"UEsDB is how a zip begins, in base64"
    assert decode_transfer(broken, "") == Content(broken)


@pytest.mark.parametrize("name", ["x-uuencode", "UUENCODE", "x-uue"])
def test_uuencode_as_the_encoding(name: str) -> None:
    assert decode_transfer(b"begin 644 a\n" + binascii.b2a_uu(b"abc") + b"`\nend\n", name).data == b"abc"
    assert decode_transfer(b"none", name) == Content(b"none")
