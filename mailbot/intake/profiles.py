"""What is known of the providers whose servers differ from the standard, and how one is told from what it says.

A profile is a guess: what a server offers after login decides what is asked of it. The guess says how careful we are
with logins and polls, what must be said before a folder opens, and which remedy helps a refused login.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

Choice = Literal["auto", "netease", "tencent", "aliyun", "coremail", "exchange", "dovecot", "generic"]
"""What the settings may name; `auto` goes by the server's own words."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The facts of one provider. `says` is looked for in greeting and ID answer, `hosts` are ends of its host names.

    `introduce`: ID is sent before SELECT though it is not offered. `idle`: a push may be waited for where IDLE is
    offered. `pace`: least seconds between two rounds without one. `wary`: refused logins soon lock the account.
    `offers`: what it was seen to offer after login, told by `mailbot check` where a server differs. `remedy`: what
    mends a refused login there. `evidence`: where all this was seen.
    """

    name: Choice
    evidence: str
    says: str = ""
    hosts: tuple[str, ...] = ()
    introduce: bool = False
    idle: bool = True
    pace: int = 0
    wary: bool = False
    offers: frozenset[str] = frozenset()
    remedy: str = (
        "check user and password, and that IMAP is switched on for this account; many providers want the authorization "
        "code (授权码) made in their web mail instead of the password"
    )


@dataclass(frozen=True, slots=True)
class Signs:
    """What a server shows of itself: its name, its first line, its ID answer (RFC 2971) as one text."""

    host: str
    greeting: str = ""
    identity: str = ""


_OWN_CODE: Final = (
    "switch IMAP on in the web mail ({where}) and write the authorization code (授权码) made there, not the login "
    "password, into the password file; a code ends when the login password is changed"
)

PROFILES: Final = (
    Profile(
        "netease",
        "greeting 'Coremail System IMap Server Ready(163com[...])', or 'IMAP4 ready' before login; capabilities "
        "XLIST SPECIAL-USE ID LITERAL+ UIDPLUS (offlineimap3 #71); 'SELECT Unsafe Login' until ID is sent (imapclient "
        "#544, himalaya #651); no IDLE (S22.Imap #167)",
        says=r"imap server ready\((163|126|yeah|188|netease|qiye)",
        hosts=("163.com", "126.com", "188.com", "yeah.net", "netease.com"),
        introduce=True,
        pace=120,
        wary=True,
        offers=frozenset({"ID", "UIDPLUS", "XLIST"}),
        remedy=_OWN_CODE.format(where="设置 → POP3/SMTP/IMAP"),
    ),
    Profile(
        "tencent",
        "greeting 'QQMail XMIMAP4Server ready' and capabilities XLIST MOVE IDLE NAMESPACE CHILDREN ID UIDPLUS "
        "(imap.qq.com by telnet); one text for five causes of a refused login (cursor-auto-free #294); fresh logins "
        "every 15 s end in refused ones (hermes-agent #92753)",
        says=r"qqmail|xmimap4server",
        hosts=("qq.com", "foxmail.com"),
        pace=120,
        wary=True,
        offers=frozenset({"ID", "IDLE", "MOVE", "UIDPLUS", "XLIST"}),
        remedy=_OWN_CODE.format(where="设置 → 账号 → POP3/IMAP/SMTP; 企业邮箱: 设置 → 客户端设置")
        + "; the same words stand for too many logins, which pass by themselves",
    ),
    Profile(
        "aliyun",
        "greeting 'AliYun IMAP Server Ready', capabilities IDLE XLIST UIDPLUS ID SASL-IR, PERMANENTFLAGS without "
        "'\\*', SEARCH by content BAD (go-imap #412, #638)",
        says=r"aliyun imap server",
        hosts=("mxhichina.com", "aliyun.com", "alibaba-inc.com"),
        offers=frozenset({"ID", "IDLE", "UIDPLUS", "XLIST"}),
        remedy="switch IMAP on in the web mail (设置 → 客户端设置); where 三方客户端安全密码 is on, that one is wanted",
    ),
    Profile(
        "coremail",
        "ID answer 'Coremail Imap', vendor 'Mailtech' (offlineimap3 #71 on NetEase, whose server is a relative); "
        "ENABLE may hang it (neomutt #1689)",
        says=r"coremail|mailtech",
        introduce=True,
        pace=120,
        offers=frozenset({"ID", "UIDPLUS", "XLIST"}),
        remedy=_OWN_CODE.format(where="设置 → 客户端设置; the administrator may have to allow IMAP"),
    ),
    Profile(
        "exchange",
        "greeting 'The Microsoft Exchange IMAP4 service is ready' (MailKit's ImapEngine); capabilities UIDPLUS ID "
        "IDLE NAMESPACE, no MOVE at outlook.office365.com (wildduck #943); passwords are no longer taken there",
        says=r"microsoft exchange",
        hosts=("office365.com", "outlook.com", "outlook.cn", "partner.outlook.cn"),
        offers=frozenset({"ID", "IDLE", "UIDPLUS"}),
        remedy="Exchange Online takes no password: give the account an [oauth2] table; on the office's own Exchange "
        "IMAP must be switched on for the mailbox, and the user be written as DOMAIN\\user or as the address",
    ),
    Profile(
        "dovecot",
        "ID answer 'Dovecot'; greeting 'Dovecot ready.' (dovecot 2.3)",
        says=r"dovecot",
        offers=frozenset({"ID", "IDLE", "MOVE", "UIDPLUS"}),
    ),
)
GENERIC: Final = Profile("generic", "a server that says nothing of itself: only RFC 9051 is taken for granted")


def profile_of(choice: Choice, signs: Signs) -> Profile:
    """The profile that the settings name, or the one the server's words point to: its ID answer and greeting before
    its host name, since a provider's server also stands behind an office's own name."""
    if choice != "auto":
        return next((profile for profile in PROFILES if profile.name == choice), GENERIC)
    words = f"{signs.greeting}\n{signs.identity}".casefold()
    for profile in PROFILES:
        if re.search(profile.says, words):
            return profile if profile.name != "coremail" else _own_house(profile, signs)
    return _by_host(signs.host) or GENERIC


def _own_house(coremail: Profile, signs: Signs) -> Profile:
    """Coremail's server at NetEase's own hosts is NetEase's: its ID answer names the relative."""
    found = _by_host(signs.host)
    return found if found is not None and found.name == "netease" else coremail


def _by_host(host: str) -> Profile | None:
    name = host.rstrip(".").casefold()
    for profile in PROFILES:
        if any(name == end or name.endswith(f".{end}") for end in profile.hosts):
            return profile
    return None
