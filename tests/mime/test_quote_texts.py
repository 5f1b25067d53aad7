"""Fresh text against history, on mails written as each client writes them: nothing old is new, nothing new is lost."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final

import pytest

from mailbot.mime.pages import html_text
from mailbot.mime.quotes import split_quote

FOLDER: Final = Path(__file__).parents[1] / "fixtures" / "quotes"
OLD: Final = ("2020070200000001", "500103199001011230", "13800000001", "作废，请重新")


def mails(name: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((FOLDER / name).read_text("utf-8"))["mail"]
    return found


CLIENTS, OTHERS = mails("clients.toml"), mails("others.toml")
ALL: Final = [pytest.param(mail, id=mail["name"]) for mail in (*CLIENTS, *OTHERS)]


@pytest.mark.parametrize("mail", ALL)
def test_only_the_new_words_are_fresh(mail: dict[str, str]) -> None:
    text = html_text(mail["html"]) if "html" in mail else mail["text"]
    fresh, quoted = split_quote(text)
    assert squeezed(fresh) == squeezed(mail["fresh"])
    assert not any(old in fresh for old in OLD)
    assert quoted or mail.get("whole")


def test_there_are_enough_of_them_and_each_is_another() -> None:
    assert len(CLIENTS) >= 40
    assert len(OTHERS) >= 40
    texts = [mail.get("text") or mail["html"] for mail in (*CLIENTS, *OTHERS)]
    assert len(set(texts)) == len(texts)


def squeezed(text: str) -> list[str]:
    """The lines that hold anything, their spaces as one."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]
