"""The ledger's schema, step by step, run at start (`migrate.py`). A step that was released never changes.

A new step: change the table classes, let Alembic write the difference (`tests/ledger/test_migrate.py` says when one is
missing), cut it into functions, and put a failpoint half-way.
"""
