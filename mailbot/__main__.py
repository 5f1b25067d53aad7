"""`python -m mailbot`: the same door as the `mailbot` command."""

from mailbot.cli import main

if __name__ == "__main__":
    main()
