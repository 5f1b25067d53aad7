"""IMAP in: one connection and one thread a mailbox, raw bytes in the store before anything changes there.

Here live connecting and logging in, the cursor's rules, deadlines and reconnecting, and what is done besides fetching:
moving handled mails, comparing with the server, watching the Sent folder. Here may not live: parsing of mail, any
judgement about it, deleting for good, or knowledge of how the store keeps what it is given.
"""
