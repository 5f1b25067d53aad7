"""The tables, by subject. They store and check; they never decide. A change here needs a migration beside it.

Names are plural, keys are the domain's own (a case's id, an effect's key), and every state column is held to its enum.
"""
