"""`make demo`: the real daemon on sample mails, between an embedded IMAP and SMTP server on loopback.

It lives in September 2020: arrival times and the daemon's clock are injected. Everything it leaves lies in one folder.
"""
