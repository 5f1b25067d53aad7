"""Killable, limited child processes for what reads hostile bytes.

`parent.Sandbox` is the door. A zygote, started as a fresh program before any secret exists, has the parsers loaded and
forks one child per mail; only bytes go in, one bounded JSON comes out. What the child runs is a dotted name: this room
knows no reader.
"""
