"""The steps of the flow, one file each.

May import domain, rulebook and the protocols of domain; never an adapter, never each other's private parts. A step
takes frozen values and returns frozen values. It may read through the ports of its `House`, and writes nothing: what it
comes to is written by the flow, in commit 2.
"""
