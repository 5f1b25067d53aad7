"""What `mailbot check` tells of a mailbox that lets us in: what it holds, of what kind its server is, what it lacks."""

from __future__ import annotations

from mailbot.intake.account import Account
from mailbot.intake.faults import Refused
from mailbot.intake.folders import Listing, named, sent_among
from mailbot.intake.session import Session

_SHOWN = ("IDLE", "ID", "UIDPLUS", "MOVE", "SPECIAL-USE", "XLIST")


def look_over(account: Account, session: Session) -> list[str]:
    """One line on the account, one on the server's kind, one on the folders. Nothing is changed there.

    Raises `Lost` and `Refused`, the latter where the account's folder does not open.
    """
    server, folder = account.server, session.select()
    offers = [name for name in _SHOWN if name in session.capabilities]
    keywords = ", keywords" if session.keywords else ""
    limits = ", read-only" if folder.read_only else ""
    login = f"{server.host}:{server.port} ({server.tls}), logged in as {server.user}"
    holds = f"{account.folder} holds {folder.exists} mails{limits}"
    offer = f"offers {' '.join(offers) or 'no extension'}{keywords}"
    return [f"{account.name}: {login}, {holds}; {offer}", _kind(account, session), _folders(account, session)]


def _kind(account: Account, session: Session) -> str:
    """The profile, who chose it, and where the server is not as the profile has it."""
    profile = session.profile
    chosen = "found" if account.profile == "auto" else "named in the settings"
    less = sorted(profile.offers - session.capabilities)
    differs = f"; unlike what is known of it, it does not offer {', '.join(less)}" if less else ""
    return f"{account.name}: profile {profile.name} ({chosen}){differs}"


def _folders(account: Account, session: Session) -> str:
    try:
        listed = session.folders()
    except Refused as refused:
        return f"{account.name}: the folders are not told: {refused}"
    sent = sent_among(listed) or "none found"
    wanted = {"handled": account.handled_folder, "person": account.person_folder}
    told = [_wanted(listed, what, name, session) for what, name in wanted.items() if name]
    return "; ".join([f"{account.name}: sent mail lies in {sent}", *told])


def _wanted(listed: list[Listing], what: str, name: str, session: Session) -> str:
    if not session.moves:
        return f"{what}_folder is of no use: the server offers neither MOVE nor UIDPLUS, mails stay where they are"
    found = named(listed, name)
    return f"{what}_folder is {found}" if found else f"{what}_folder {name} will be made at the first mail"
