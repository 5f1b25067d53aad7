"""The pure steps of the flow, one file each, in the order `flow.py` calls them.

May import domain, rulebook and the protocols of domain; never an adapter, never each other's private parts. A step
takes frozen values and returns frozen values: what it needs from outside is looked up by the flow and handed in.
"""
