"""IMAP in: one connection and one thread a mailbox, raw bytes in the store before anything changes there.

Here live connecting and logging in, the cursor's rules, deadlines and reconnecting. Here may not live: parsing of mail,
any judgement about it, deleting or moving on the server, or knowledge of how the store keeps what it is given.
"""
