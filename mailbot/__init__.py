"""mailbot runs the mailboxes of a public office: it reads, checks, decides by rules and answers.

Here: the version, and nothing else. The build reads it from this line.
"""

__version__ = "0.1.0"
