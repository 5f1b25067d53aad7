"""The builder of the fixture mails: invented people and units, workbooks as clerks bend them, mails as Chinese clients
write them, and beside each story the truth that its author declares. Nothing here is shipped with the product.

    python -m tools.stories build                 write tests/fixtures/mails
    python -m tools.stories expect [--only NNN]   run the program, rewrite expected.toml for review in a diff
    python -m tools.stories list                  the stories and what each proves
"""

from tools.stories.demo import DemoMail, demo_mails

__all__ = ["DemoMail", "demo_mails"]
