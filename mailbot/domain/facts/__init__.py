"""The typed vocabulary of rule facts: one module a record, each a `Vocabulary` that the rule files are checked against.

A fact is named, typed and labelled here; how it is computed stands beside it. Rules, severities and sentences are not
here: they are data, in rules/*.toml.
"""
