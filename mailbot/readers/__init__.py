"""From a part's bytes to a `Document`: one module per format family, found by discovery, chosen by content.

A module here that has a `READER` is a reader. Nothing here raises for what a file contains: a file that cannot be
read is a `Fault`. Runs in the sandbox's child, whose limits hold what the readers' own bounds do not.
"""
