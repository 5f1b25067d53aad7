"""The settings file that `mailbot init` writes: commented, loadable as it stands, in rehearsal mode."""

from __future__ import annotations

from datetime import date

_TEXT = """\
# mailbot 的站点设置。改完后运行：mailbot check
# 业务规定（费用、时限、规则、用语）不在这里，在 rules/ 与 templates/。
# 密码不写在这里：每个密码单独存为一个文件（chmod 600），或由 systemd 的 LoadCredential 提供；
# 两者都写时，有 systemd 凭据用凭据，否则用文件。相对路径从本文件所在目录算起。

[site]
name       = "重庆市人力资源开发服务中心"   # 单位名称，显示在日志与状态里
storage    = "storage"                  # 数据库、原始邮件；只增不删，须纳入备份
campaign   = "{campaign}"                     # rules/campaigns/ 里的年度
mode       = "rehearsal"                # 初始模式：rehearsal 不发信、不办理；以后用 mailbot mode 切换
start_date = {start_date}               # 此日之前收到的邮件只存档，不办理、不回信
domain     = "cqhrsp.com"               # 回信的 Message-ID 所用的域名
# 本单位收信服务器写入 Authentication-Results 的名字；不写则所有发件人都视为未经验证
authserv_id = "mx.cqhrsp.com"
zone       = "Asia/Shanghai"           # 本单位所在时区；机器的时区无关紧要
key_file   = "secrets/site.key"         # 查重与签名用的密钥，由 mailbot init 生成；丢失后旧数据无法比对
key_credential = "site.key"            # 同一密钥的 systemd 凭据名
# whole_cells = true                    # 退回的名单中显示完整的身份证号、手机号（默认遮盖）
# undo_minutes = 0                      # 决定后多少分钟才在平台上办理，其间可以取消（mailbot draft cancel）
# rules     = "rules"                   # 默认用随程序安装的规则
# templates = "templates"               # 默认用随程序安装的信件模板

[[mailbox]]
account   = "roster"                    # 名单信箱；名字写入数据库，以后不要改
address   = "2020gxkm@cqhrsp.com"       # 邮箱地址
host      = "imap.cqhrsp.com"           # 服务器
port      = 993                         # 端口：IMAP 993，SMTP 465
tls       = "tls"                       # tls、starttls；plain 只许用于本机
user      = "2020gxkm@cqhrsp.com"       # 登录名
password_file       = "secrets/imap-roster"   # 网易、腾讯等信箱填授权码，并先在网页邮箱开启 IMAP
password_credential = "imap-roster"     # 同一密码的 systemd 凭据名
folder    = "INBOX"                     # 读取哪个文件夹
# profile  = "auto"                      # 服务商：auto 按服务器的应答识别；netease、tencent、aliyun、coremail、
#                                         exchange、dovecot、generic 为指定
# handled_folder = "已处理"               # 办结的邮件移入此文件夹，没有则新建；不写则不移动。邮件从不删除
# person_folder  = "待人工"               # 等待人工的邮件移入此文件夹；不写则不移动
# sent_folder = "auto"                  # 从中得知工作人员已另行回复：auto 自动查找，或写明文件夹，空为不看
# ca_file = "ca.pem"                    # 本单位自建 CA 的证书

# [mailbox.oauth2]                        # 不用密码，用 OAuth2 登录（如 Exchange Online）；此时删去 password_file。
#                                         [smtp] 可同样写 [smtp.oauth2]
# token_url = "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"
# client_id = "00000000-0000-0000-0000-000000000000"
# scope     = "https://outlook.office365.com/IMAP.AccessAsUser.All offline_access"
# refresh_token_file = "secrets/imap-roster-refresh"   # 或 refresh_token_credential；换发的新令牌写回此文件
# client_secret_file = "secrets/imap-roster-client"    # 或 client_secret_credential；公共客户端没有
# command   = ["/usr/local/bin/mail-token", "roster"]  # 或由本单位的程序在第一行打印访问令牌，不写以上各项

[[mailbox]]
account   = "proof"                     # 缴费凭证与承诺书信箱
address   = "cqgxkm@cqhrsp.com"
host      = "imap.cqhrsp.com"
port      = 993
user      = "cqgxkm@cqhrsp.com"
password_file       = "secrets/imap-proof"
password_credential = "imap-proof"

[smtp]
host      = "smtp.cqhrsp.com"
port      = 465
tls       = "tls"
user      = "2020gxkm@cqhrsp.com"
password_file       = "secrets/smtp"
password_credential = "smtp"
sender    = "2020gxkm@cqhrsp.com"       # 信件的发件人
envelope  = ""                          # 退信地址；空为不收退信。服务商不许为空时，填一个有人看的信箱

[staff]
digest_to = "gxkm-staff@cqhrsp.com"     # 每天早上的工作清单发给谁
digest_at = 08:00:00                    # 几点发；休息日不发

[alarm]                                 # 出了故障怎样通知工作人员；不写则只能靠 mailbot health 查看
# command = ["/usr/local/bin/notify"]   # 运行的程序及其参数（列表，不经 shell），通知从标准输入读取
# webhook = "https://127.0.0.1/alarm"   # 以 POST 接收 JSON 的地址，企业微信、钉钉的群机器人可直接使用
# webhook_file       = "secrets/webhook"   # 地址中带密钥时，单独存为一个文件（chmod 600）
# webhook_credential = "webhook"        # 同一地址的 systemd 凭据名

[platform]
adapter   = "worklist"                  # 学习平台：worklist 生成导入工作簿和待办清单，由工作人员在平台上办理
# data    = "worklist.toml"             # 工作簿的列名与平台的报错用语，默认用随程序安装的
# options = {{ batch_size = "200" }}      # 只有该适配器懂的选项：worklist 的每份导入表行数

[import_book]                           # 告知已注册的信所附、供单位批量分配激活码的“导入人员”表
# whole   = false                       # 留空，由单位自己填；默认写明用户名（手机号码）与姓名，只发给经验证的发件人
# columns = {{ "工号" = "user_name", "姓名" = "name" }}   # 表头 = 内容：user_name、phone、name、serial、unit、empty

[trust]                                 # 收信服务器不写 Authentication-Results 时，怎样核对发件人
dkim      = "off"                       # check：核对邮件的 DKIM 签名，只向下面的域名服务器查询公钥
# resolver  = "127.0.0.1"               # 域名服务器的 IP 地址（本单位信得过的）
# resolver_port = 53                    # 该域名服务器的端口
# timeout_seconds = 5                   # 每封信的查询总时限；超时作“无从得知”，由人核对

[automation]                            # 不写则按年度规定：off、confirm、trusted、clean
# roster  = "trusted"
"""


def init_text(*, campaign: str, start_date: date) -> str:
    """The text for a new site. `credentials.make_key` makes the key it names, the office writes the passwords."""
    return _TEXT.format(campaign=campaign, start_date=start_date.isoformat())
