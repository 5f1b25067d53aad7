"""The project's own collection of hard mails: written here with their truth, kept in tests/fixtures/hard.

`python -m tools.hard` reads them all with the product and with mail-parser alone and prints who is right of how many;
`build` writes them anew; `spin` makes random ones by seed. All people and units are invented.
"""
