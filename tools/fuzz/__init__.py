"""A seeded mutation fuzzer: good mails of the fixture tree are spoilt, and the whole house has to hold.

`python -m tools.fuzz --rounds 1000 --seed 7` runs every spoilt mail through the real reader's child and the whole flow
on a throwaway storage. Laws (`judge.py`): nothing crashes, nothing waits beyond its limit, the raw bytes are kept, no
file lies outside the storage, every mail ends, and nobody gets an account who does not stand in the good mail.
"""
