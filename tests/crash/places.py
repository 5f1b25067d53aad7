"""Every place where the scenario may kill the process, by name. `test_reference.py` holds this list to the truth."""

from typing import Final

_COMMITS: Final = (
    "claim_effects claim_mail conclude conclude_letter due_letter finish finish_case handing_over notice put_back recover "
    "redate redated set start_sending store store_letter swept"
)
PLACES: Final = (
    *(f"ledger.{name}.{side}_commit" for name in _COMMITS.split() for side in ("before", "after")),
    *(f"ledger.migrate.{part}" for part in ("begun", "half", "before_commit", "after_commit")),
    *(f"blob.{part}" for part in ("before_write", "half_written", "before_fsync", "after_fsync")),
    *(f"blob.{part}" for part in ("before_rename", "after_rename", "folders_synced")),
    *(f"intake.{part}" for part in ("fetched", "stored", "flagged")),
    "mail.before_flow",
    *(f"site.{part}_post" for part in ("before", "after")),
    *(f"effect.{part}" for part in ("before_act", "after_act", "before_conclude")),
    *(f"letter.{part}" for part in ("stored", "before_send", "after_send")),
    *(f"courier.{part}" for part in ("connected", "before_data", "before_dot", "after_dot", "answered")),
)
