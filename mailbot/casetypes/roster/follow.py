"""What a later mail is to a roster sent before: the whole list again, some of its rows, or what is wrong in it."""

from __future__ import annotations

import hashlib

from mailbot.casetypes.roster.amend import amended
from mailbot.casetypes.roster.completed import completed
from mailbot.casetypes.roster.items import items_of
from mailbot.casetypes.roster.lexicon import Lexicon
from mailbot.casetypes.roster.returned import amendments_of, case_of
from mailbot.casetypes.roster.told import told
from mailbot.casetypes.roster.versions import merge
from mailbot.domain.document import BODY, Document, Opened
from mailbot.domain.intents import Words
from mailbot.domain.kinds import Following, Manner
from mailbot.domain.outcome import CaseResult
from mailbot.domain.ports import Hasher
from mailbot.domain.records import RosterHeader, RosterRecord, Source


def following(
    record: RosterRecord, case: CaseResult, manner: Manner, hasher: Hasher, lexicon: Lexicon
) -> Following[RosterRecord]:
    """The record as it continues a case."""
    if record.correction:
        return amended(record, case, hasher, lexicon)
    whole = completed(record, case.header)
    return Following(whole, merge(items_of(whole, hasher, lexicon), case.items, manner))


def returned_record(record: RosterRecord, document: Document) -> RosterRecord:
    """The record of our own workbook of rows to correct, `record` being what any document gives."""
    return RosterRecord(
        record.source,
        RosterHeader(),
        (),
        digest=record.digest,
        correction=True,
        amendments=amendments_of(document),
        of_case=case_of(document),
    )


def told_record(opened: Opened, lexicon: Lexicon, words: Words) -> RosterRecord | None:
    """What the text of a mail without any file corrects; `None` where it is not understood to the last word."""
    if any(document.number != BODY for document in opened.documents):
        return None
    amendments = told(opened.mail.text, lexicon, words)
    if not amendments:
        return None
    digest = hashlib.sha256(opened.mail.text.encode()).hexdigest()
    source = Source(None, number=BODY)
    return RosterRecord(source, RosterHeader(), (), digest=digest, correction=True, amendments=amendments)
