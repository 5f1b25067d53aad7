"""`mailbot init DIR`: the settings file, the site's key and a place for every password. Never overwrites anything."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Annotated

import typer

from mailbot.assembly import open_rules
from mailbot.cli.exits import ExitCode
from mailbot.cli.options import OFFICE_ZONE
from mailbot.cli.output import line
from mailbot.cli.rehearsal import rehearsal_site
from mailbot.clock import SystemClock
from mailbot.credentials import make_key
from mailbot.init_text import init_text

SETTINGS = "mailbot.toml"
SECRETS = "secrets"
KEY = "site.key"
_PASSWORD = re.compile(r'^password_file\s*=\s*"secrets/([A-Za-z0-9._-]+)"', re.MULTILINE)
_README = """\
每个文件一个密码，只写密码本身，占一行，权限 600（chmod 600 文件名）。
网易、腾讯等信箱填写在网页邮箱中生成的授权码，不是登录密码，并须先在网页邮箱开启 IMAP/SMTP。
site.key 由 mailbot init 生成：查重与签名用。丢失后旧数据无法比对，请与数据库分开备份，不要改动。
"""


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(help="Write a commented mailbot.toml in rehearsal mode, the site's key, and places for passwords.")(
        init
    )


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where the site is set up; made when it is not there")],
) -> None:
    """Set a site up. What stands already stays as it is, and that is said."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = _made(folder)
    except OSError as fault:
        line(f"mailbot init: {fault.filename or folder}: {fault.strerror}")
        raise typer.Exit(ExitCode.FAILED) from None
    for text in made:
        line(text)
    _next(folder)


def _made(folder: Path) -> list[str]:
    campaign = open_rules(rehearsal_site(None, folder, {}, caps=False)).current.campaign.code
    today = SystemClock().now().astimezone(OFFICE_ZONE).date()
    text = init_text(campaign=campaign, start_date=today)
    secrets = folder / SECRETS
    told = [_write(folder / SETTINGS, text, 0o640)]
    secrets.mkdir(mode=0o700, exist_ok=True)
    secrets.chmod(0o700)
    told.append(_key(secrets / KEY))
    told += [_write(secrets / name, "", 0o600) for name in dict.fromkeys(_PASSWORD.findall(text))]
    told.append(_write(secrets / "README.txt", _README, 0o600))
    return told


def _key(path: Path) -> str:
    try:
        make_key(path)
    except FileExistsError:
        return f"kept   {path}"
    return f"wrote  {path}"


def _write(path: Path, text: str, mode: int) -> str:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return f"kept   {path}"
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return f"wrote  {path}"


def _next(folder: Path) -> None:
    settings = folder / SETTINGS
    line("")
    line("Next:")
    line(f"  1. put the real addresses and servers into {settings}")
    line(f"  2. write each password into its empty file below {folder / SECRETS} (one line)")
    line(f"  3. mailbot check --config {settings}")
    line(f"  4. mailbot run --config {settings}")
    line("The site starts in rehearsal: it reads mail, but nothing leaves. mailbot mode switches it later.")
