"""Every conversation judged again, turn by turn: what `replay` derives from the stored bytes and the frozen look-ups is
what the mails came to, whatever happened to their cases since."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from mailbot.cli import replay
from mailbot.cli.app import app
from mailbot.sandbox.parent import Sandbox
from tests.stories.test_stories import play
from tools.stories.tree import Told, read

CONVERSATIONS = [story for story in read() if len(story.mails) > 1]


@pytest.mark.usefixtures("one_zygote")
@pytest.mark.parametrize("story", CONVERSATIONS, ids=lambda story: story.name)
def test_a_conversation_comes_to_the_same_again(
    story: Told, tmp_path: Path, zygote: Sandbox, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(replay, "Sandbox", lambda *_settings: nullcontext(zygote))
    for number in range(len(story.mails)):
        play(story, [number], tmp_path, reveal=True)
    capfd.readouterr()
    app(["replay", "--json", "--storage", str(tmp_path / "storage")], standalone_mode=False)
    *mails, last = map(json.loads, capfd.readouterr().out.splitlines())
    assert [mail for mail in mails if not mail.get("same")] == []
    assert last["summary"]["same"] == len(story.mails)
