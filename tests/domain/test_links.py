"""Which links mean a file that is not in the mail: forms of the mail services in use, cloud disks, and near misses."""

import tomllib

import pytest

from mailbot.data import rules_dir
from mailbot.domain.links import CloudLinks, holds_cloud_link
from mailbot.domain.mail import Link, Mail

TABLE = CloudLinks.model_validate(tomllib.loads((rules_dir() / "links.toml").read_text(encoding="utf-8")))


def mail(url: str, words: str = "", text: str = "请查收", *, signed: bool = False) -> Mail:
    return Mail(text=text, links=(Link(url=url, words=words, signed=signed),))


@pytest.mark.parametrize(
    "url",
    [
        "http://mail.qq.com/cgi-bin/ftnExs_download?t=exs_ftn_download&k=1",
        "https://wx.mail.qq.com/ftn/download?func=3&key=1",
        "https://exmail.qq.com/cgi-bin/ftnExs_download?k=2",
        "https://mail.163.com/large-attachment-download/index.html?p=X",
        "https://dashi.163.com/html/cloud-attachment-download/?key=9",
        "http://u.163.com/8KzWq",
        "https://qiye.aliyun.com/alimail/openLinks/downloadMimeMetaDiskBigAttach?id=netdiskid%3A",
        "https://mail.unit.gov.cn/coremail/common/nf/dl?x=1",
        "https://pan.baidu.com/s/1bXq7",
        "https://share.weiyun.com/9xK2",
        "https://www.alipan.com/s/abc",
        "https://1drv.ms/x/s!Aq",
        "https://unit-my.sharepoint.com/:x:/g/personal/abc",
        "https://PAN.BAIDU.COM:443/s/1",
        "https://user@pan.baidu.com/s/1",
        "https://cloud.189.cn/t/abc",
    ],
)
def test_a_file_elsewhere(url: str) -> None:
    assert holds_cloud_link(mail(url), TABLE)


@pytest.mark.parametrize(
    "words",
    [
        "从QQ邮箱发来的超大附件",
        "名单.xlsx 来自网易邮箱的云附件",
        "文件中转站",
        "大附件下载（30天内有效）",
        "超 大 附 件",
    ],
)
def test_words_beside_a_link_on_a_server_of_ones_own(words: str) -> None:
    assert holds_cloud_link(mail("https://mail.college.example/x?id=7", words), TABLE)
    assert holds_cloud_link(mail("https://mail.college.example/x?id=7", text=words), TABLE)


@pytest.mark.parametrize(
    "one",
    [
        mail("https://www.unit.example/"),
        mail("https://mail.qq.com/"),
        mail("https://dashi.163.com/", "发自网易邮箱大师"),
        mail("https://pan.baidu.com/s/1", "我的资料", signed=True),
        mail("https://pan.baidu.com.evil.example/s/1"),
        mail("https://notpan-baidu.com/s/1"),
        mail("https://evil.example/?u=https://pan.baidu.com/s/1"),
        Mail(text="附件超大，超大附件发不出去，已改用普通附件"),
        mail("https://www.unit.example/", "百度网盘", signed=True),
        mail("https://www.cqrl.cn/course", "公需科目学习平台"),
    ],
)
def test_no_file_elsewhere(one: Mail) -> None:
    assert not holds_cloud_link(one, TABLE)


def test_an_office_without_a_table_is_told_of_none() -> None:
    assert not holds_cloud_link(mail("https://pan.baidu.com/s/1"), CloudLinks())
