"""The learning platform behind one protocol (`mailbot.domain.ports.Platform`): what a site can ask for and knows.

One adapter is one module with an `open_platform(settings)`, found by its name (`registry.load`). Adapters import
the domain and their own library only; who calls them how often, and what a letter says of it, is decided elsewhere.
"""
