"""What stands between a client and a real server and speaks in the server's name: scripted answers, and profiles of
providers that cannot be had here.

An actor lives as long as one connection. It sees the client's commands and the server's lines, never the bytes of a
literal or of a letter's body; `FaultProxy` feeds it.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol

Act = Literal["pass", "say", "swallow", "cut", "lose"]


@dataclass(frozen=True)
class Move:
    """What happens to one command. `pass`: it goes on (as `data`, where there is any); `say`: the server never sees
    it, the client gets `data`; `swallow` (SMTP's DATA): the letter is taken from the client and `data` is the answer to
    its final dot, the server sees neither; `cut`: the line ends here; `lose`: the command goes on, and the line ends
    before its answer (that to the final dot, for DATA) comes back."""

    act: Act = "pass"
    data: bytes = b""


PASS: Final = Move()


class Actor(Protocol):
    """Between one client and its server."""

    def command(self, line: bytes) -> Move: ...
    def answer(self, line: bytes) -> bytes: ...


class Plain:
    """Changes nothing; the others change one side of it."""

    def command(self, line: bytes) -> Move:
        return PASS

    def answer(self, line: bytes) -> bytes:
        return line


@dataclass
class Line:
    """One line of a script: from the `nth` command on (of all connections) that `pattern` is found in (small and
    capital letters alike), `times` times (0: always)."""

    pattern: bytes
    move: Move
    nth: int = 1
    times: int = 1
    seen: int = 0

    def due(self, command: bytes) -> bool:
        if not re.search(self.pattern, command, re.IGNORECASE):
            return False
        self.seen += 1
        return self.seen >= self.nth and (not self.times or self.seen < self.nth + self.times)


def say(pattern: str, answer: bytes | str, *, nth: int = 1, times: int = 1) -> Line:
    """The answer in place of the server's; `{tag}` in it is the command's own tag (IMAP)."""
    data = answer if isinstance(answer, bytes) else answer.encode()
    return Line(pattern.encode(), Move("say", data + b"\r\n"), nth, times)


def swallow(answer: bytes | str, *, nth: int = 1, times: int = 1) -> Line:
    """The letter is taken from the client, thrown away, and this is said to its final dot."""
    data = answer if isinstance(answer, bytes) else answer.encode()
    return Line(b"^DATA", Move("swallow", data + b"\r\n"), nth, times)


def lose(pattern: str, *, nth: int = 1, times: int = 1) -> Line:
    """The server does it, and the line breaks before it can say so."""
    return Line(pattern.encode(), Move("lose"), nth, times)


def cut(pattern: str, *, nth: int = 1, times: int = 1) -> Line:
    """The line breaks before the server hears it."""
    return Line(pattern.encode(), Move("cut"), nth, times)


class Script:
    """The lines of a script for all connections of a proxy, in order; every line counts for itself. May be changed
    while connections stand. `heard` are all commands so far."""

    def __init__(self, *lines: Line) -> None:
        self.lines: Sequence[Line] = lines
        self.heard: list[bytes] = []

    def __call__(self) -> "_Reader":
        return _Reader(self)


class _Reader(Plain):
    def __init__(self, script: Script) -> None:
        self._script = script

    def command(self, line: bytes) -> Move:
        self._script.heard.append(line)
        due = [one.move for one in self._script.lines if one.due(line)]
        return _tagged(due[0], line) if due else PASS


def _tagged(move: Move, command: bytes) -> Move:
    return Move(move.act, move.data.replace(b"{tag}", command.split(b" ", 1)[0]))


def _said(command: bytes, text: str) -> Move:
    return _tagged(Move("say", b"{tag} " + text.encode() + b"\r\n"), command)


def _verb(command: bytes) -> str:
    """The command without its tag, in capital letters; `UID` in front is dropped."""
    words = command.decode("latin-1").upper().split(maxsplit=1)
    return words[1].strip().removeprefix("UID ") if len(words) > 1 else ""


class Capped(Plain):
    """A server with these capabilities and none besides; without `keywords` it keeps only the flags of the standard."""

    def __init__(self, capabilities: str, *, keywords: bool = True) -> None:
        self._capabilities, self._keywords = capabilities.encode(), keywords

    def answer(self, line: bytes) -> bytes:
        line = re.sub(rb"(?i)^(\* CAPABILITY )[^\r\n]*", rb"\g<1>" + self._capabilities, line)
        line = re.sub(rb"(?i)\[CAPABILITY [^\]]*\]", b"[CAPABILITY " + self._capabilities + b"]", line)
        return line if self._keywords else re.sub(rb"(?i)(\[PERMANENTFLAGS \([^)]*?) ?\\\*", rb"\1", line)

    def _lacks(self, verb: str) -> bool:
        offered = self._capabilities.decode().split()
        return verb.split(" ", maxsplit=1)[0] in {"MOVE", "IDLE", "ID", "NAMESPACE", "ENABLE"} - set(offered)


class NetEase(Capped):
    """163, 126, yeah (Coremail): SELECT is refused until the client has said who it is (imapclient #544)."""

    def __init__(self) -> None:
        super().__init__("IMAP4rev1 XLIST SPECIAL-USE ID LITERAL+ STARTTLS UIDPLUS")
        self._known = False

    def command(self, line: bytes) -> Move:
        verb = _verb(line)
        self._known = self._known or verb.startswith("ID ")
        if verb.startswith(("SELECT", "EXAMINE")) and not self._known:
            text = "NO SELECT Unsafe Login. Please contact kefu@188.com for help"
            return _said(line, text)
        return _said(line, "BAD Parse command error") if self._lacks(verb) else PASS


class Aliyun(Capped):
    """qiye.aliyun.com: few capabilities, no keywords, and BAD for every search that is not by number (go-imap #412)."""

    def __init__(self) -> None:
        super().__init__("IMAP4rev1 IDLE XLIST UIDPLUS ID SASL-IR", keywords=False)

    def command(self, line: bytes) -> Move:
        verb = _verb(line)
        by_content = verb.startswith("SEARCH") and re.search(r"[()\[]|SUBJECT|HEADER|FROM|TEXT|BODY|KEYWORD", verb)
        return _said(line, "BAD invalid command or parameters") if by_content or self._lacks(verb) else PASS


class Tencent(Capped):
    """QQ and exmail: a search by content finds every mail (go-imap #206), ENVELOPE comes with broken quoting
    (mailcore2 #1220), no MOVE."""

    def __init__(self) -> None:
        super().__init__("IMAP4rev1 XLIST CHILDREN UIDPLUS IDLE NAMESPACE SPECIAL-USE AUTH=LOGIN ID")

    def command(self, line: bytes) -> Move:
        verb = _verb(line)
        if verb.startswith("SEARCH") and re.search(r"SUBJECT|HEADER|FROM|TO |TEXT|BODY", verb):
            head = re.match(rb"(?i)\S+ (?:UID )?SEARCH", line)
            return Move("pass", (head[0] if head else line.rstrip()) + b" ALL\r\n")
        if verb.startswith("FETCH") and re.search(r"ENVELOPE|BODYSTRUCTURE", verb):
            broken = b'* 1 FETCH (UID 1 ENVELOPE ("" "x" (("" NIL "a\\" "b.cn\\")) NIL NIL NIL NIL NIL NIL NIL))\r\n'
            return _tagged(Move("say", broken + b"{tag} OK FETCH Completed\r\n"), line)
        return _said(line, "BAD Command not supported") if self._lacks(verb) else PASS


QQ_LOGIN: Final = "NO Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy."
"""QQ's one sentence for five causes."""
QQ_535: Final = "535 登录失败，请使用授权码登录。".encode("gb18030")
"""What QQ's sending server says in GBK."""

PROFILES: Final[dict[str, Callable[[], Actor]]] = {"netease": NetEase, "aliyun": Aliyun, "tencent": Tencent}
