"""The settings: what loads, what is refused with which words, and that no secret ever stands or shows in them."""

from datetime import date, time
from pathlib import Path

import pytest

from mailbot.config import ConfigError, Settings, load_settings
from mailbot.credentials import make_key
from mailbot.domain.decisions import Automation
from mailbot.init_text import init_text

FOLDERS = Path(__file__).with_name("config")
GOOD = FOLDERS / "good" / "mailbot.toml"
BAD = sorted(folder for folder in FOLDERS.iterdir() if folder.name[0].isdigit())


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = GOOD.read_text("utf-8")
    assert old in text
    path = tmp_path / "mailbot.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


def load(tmp_path: Path, old: str, new: str) -> Settings:
    return load_settings(changed(tmp_path, old, new))


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_bad_settings_are_refused_with_line_and_remedy(folder: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load_settings(folder / "mailbot.toml")
    said = "".join(problem.replace(f"{folder}/", "") + "\n" for problem in told.value.problems)
    assert said == (folder / "expected.txt").read_text("utf-8")


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_no_refusal_repeats_a_secret(folder: Path) -> None:
    with pytest.raises(ConfigError) as told:
        load_settings(folder / "mailbot.toml")
    assert "8831" not in str(told.value)


def test_an_alarm_has_a_command_a_webhook_or_both_and_none_is_set_at_first(tmp_path: Path) -> None:
    assert not load_settings(GOOD).alarm.is_set
    assert load_settings(GOOD).mailbox[0].sent_folder == "auto"
    both = '[alarm]\ncommand = ["notify", "--urgent"]\nwebhook = "https://robot.example/send"\n\n[staff]'
    alarm = load(tmp_path, "[staff]", both).alarm
    assert alarm.is_set
    assert (alarm.command, alarm.webhook) == (("notify", "--urgent"), "https://robot.example/send")
    assert load(tmp_path, "[staff]", '[alarm]\nwebhook = "http://127.0.0.1:9/x"\n\n[staff]').alarm.is_set
    secret = load(tmp_path, "[staff]", '[alarm]\nwebhook_file = "secrets/webhook"\n\n[staff]').alarm.secret
    assert secret is not None
    assert secret.file == tmp_path / "secrets" / "webhook"


def test_good_settings_have_careful_defaults() -> None:
    settings = load_settings(GOOD)
    assert settings.site.mode == "rehearsal"
    assert settings.site.zone == "Asia/Shanghai"
    assert settings.site.authserv_id is None
    assert not settings.site.whole_cells
    assert settings.site.undo_minutes == 0
    assert settings.mailbox[0].tls == "tls"
    assert settings.mailbox[0].folder == "INBOX"
    assert (settings.mailbox[0].profile, settings.mailbox[0].oauth2) == ("auto", None)
    assert (settings.mailbox[0].handled_folder, settings.mailbox[0].person_folder) == ("", "")
    assert settings.smtp.tls == "tls"
    assert settings.smtp.envelope == ""
    assert settings.staff.digest_at == time(8)
    assert settings.automation == {}
    assert settings.import_book.columns == {"工号": "user_name", "姓名": "name"}
    assert settings.import_book.whole
    assert (settings.trust.dkim, settings.trust.resolver) == ("off", None)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('columns = { "身份证号码" = "id_number" }', "import_book.columns.身份证号码 must be 'user_name'"),
        ('columns = { "姓名" = "name" }', "no column holds user_name or phone"),
        ("columns = {}", "no column holds user_name or phone"),
        ('whole = "yes"', "import_book.whole must be true or false"),
        ("whoel = true", "did you mean whole"),
    ],
)
def test_an_import_table_that_cannot_serve_or_would_show_id_numbers_is_refused(
    tmp_path: Path, table: str, said: str
) -> None:
    with pytest.raises(ConfigError) as told:
        load(tmp_path, "[platform]", f"[import_book]\n{table}\n\n[platform]")
    assert said in str(told.value)


def test_the_import_tables_columns_keep_their_order(tmp_path: Path) -> None:
    columns = '{ "姓名" = "name", "工号" = "phone", "部门" = "empty" }'
    settings = load(tmp_path, "[platform]", f"[import_book]\nwhole = false\ncolumns = {columns}\n\n[platform]")
    assert list(settings.import_book.columns.items()) == [("姓名", "name"), ("工号", "phone"), ("部门", "empty")]
    assert not settings.import_book.whole


def test_paths_count_from_the_file_and_not_from_where_we_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = load_settings(GOOD)
    assert settings.site.storage == GOOD.parent / "storage"
    assert settings.mailbox[0].password_file == GOOD.parent / "secrets" / "imap-roster"


def test_an_absolute_path_stays(tmp_path: Path) -> None:
    settings = load(tmp_path, 'storage = "storage"', 'storage = "/var/lib/mailbot"')
    assert settings.site.storage == Path("/var/lib/mailbot")


def test_settings_are_frozen() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings(GOOD).site.name = "x"  # type: ignore[misc]  # what is to be refused


def test_own_addresses_are_all_of_ours_in_lower_case(tmp_path: Path) -> None:
    settings = load(tmp_path, 'sender = "2020gxkm@cqhrsp.com"', 'sender = "Info@CQHRSP.com"\nenvelope = "b@cqhrsp.com"')
    assert settings.own_addresses == {
        "2020gxkm@cqhrsp.com", "info@cqhrsp.com", "b@cqhrsp.com",
    }  # fmt: skip


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_plain_text_to_this_machine_loads(tmp_path: Path, host: str) -> None:
    settings = load(tmp_path, 'host = "imap.cqhrsp.com"\nport = 993', f'host = "{host}"\nport = 143\ntls = "plain"')
    assert settings.mailbox[0].tls == "plain"


def test_tokens_instead_of_a_password(tmp_path: Path) -> None:
    table = '[mailbox.oauth2]\ncommand = ["/usr/local/bin/mail-token", "roster"]\n'
    settings = load(tmp_path, 'password_file = "secrets/imap-roster"\n', table)
    assert settings.mailbox[0].oauth2 is not None
    assert settings.mailbox[0].oauth2.command == ("/usr/local/bin/mail-token", "roster")
    assert settings.mailbox[0].has_secret
    assert not settings.mailbox[0].has_password


def test_folders_for_handled_mail_in_chinese(tmp_path: Path) -> None:
    folders = 'handled_folder = "已处理"\nperson_folder = "其他文件夹/待人工"\n\n[smtp]'
    box = load(tmp_path, "\n[smtp]", folders).mailbox[0]
    assert (box.handled_folder, box.person_folder) == ("已处理", "其他文件夹/待人工")


def test_smtp_without_a_login_loads(tmp_path: Path) -> None:
    old = 'user = "2020gxkm@cqhrsp.com"\npassword_file = "secrets/smtp"\n'
    assert load(tmp_path, old, "").smtp.user is None


def test_automation_levels_by_kind(tmp_path: Path) -> None:
    settings = load(tmp_path, "[staff]", '[automation]\nroster = "confirm"\n\n[staff]')
    assert settings.automation == {"roster": Automation.CONFIRM}


def test_options_of_the_adapter_are_handed_on(tmp_path: Path) -> None:
    settings = load(tmp_path, 'adapter = "worklist"', 'adapter = "worklist"\noptions = { batch_size = "200" }')
    assert settings.platform.options == {"batch_size": "200"}


def test_a_byte_order_mark_of_a_windows_editor_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_text(GOOD.read_text("utf-8"), "utf-8-sig")
    assert load_settings(path).site.name == "市人服中心"


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_text(GOOD.read_text("utf-8"), "gb18030")
    with pytest.raises(ConfigError, match="save it as UTF-8"):
        load_settings(path)


def test_no_file_names_the_verb_that_writes_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mailbot init"):
        load_settings(tmp_path / "mailbot.toml")


def test_the_file_that_init_writes_loads_in_rehearsal_mode(tmp_path: Path) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_text(init_text(campaign="2020", start_date=date(2020, 7, 7)), "utf-8")
    settings = load_settings(path)
    assert settings.site.mode == "rehearsal"
    assert settings.site.start_date == date(2020, 7, 7)
    assert [box.address for box in settings.mailbox] == ["2020gxkm@cqhrsp.com", "cqgxkm@cqhrsp.com"]
    assert settings.platform.adapter == "worklist"


def test_every_setting_stands_in_the_file_that_init_writes() -> None:
    text = init_text(campaign="2020", start_date=date(2020, 7, 7))
    settings = load_settings(GOOD)
    tables = [settings.site, settings.mailbox[0], settings.smtp, settings.staff, settings.platform]
    names = {name for table in tables for name in type(table).model_fields} | set(Settings.model_fields)
    rare = {"options"}
    assert {name for name in names - rare if name not in text} == set()


def test_printed_settings_hold_no_secret(tmp_path: Path) -> None:
    path = changed(tmp_path, 'storage = "storage"', 'storage = "s"')
    folder = tmp_path / "secrets"
    folder.mkdir()
    make_key(folder / "site.key")
    for name in ("imap-roster", "smtp"):
        (folder / name).write_text("geheim-8831\n", "ascii")
        (folder / name).chmod(0o600)
    settings = load_settings(path)
    secrets = settings.secrets({})
    assert secrets.password("roster")() == "geheim-8831"
    shown = repr(settings) + str(settings.model_dump()) + repr(secrets)
    assert "geheim" not in shown
    assert (folder / "site.key").read_text("ascii").strip() not in shown
