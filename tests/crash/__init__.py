"""The crash test: the process is killed at every place it names, restarted, drained, and judged from outside.

What survives (mail servers, platform, judge) lives in the process of pytest; what dies (`victim.py`) in a child.
"""
