"""The typed vocabulary of rule facts: one module a record, each a `Vocabulary` that the rule files are checked against."""
