"""`python -m tools.bench.forks COUNT`: what one fork per mail costs a process that has the parsers loaded.

Reads the limits as JSON, prints processor seconds. The process is as large as the reader's zygote and as quiet: nothing
is collected any more.
"""

from __future__ import annotations

import gc
import sys

from mailbot.domain.limits import Limits
from mailbot.opening import warm_up
from tools.bench import bare
from tools.bench.usage import seconds


def main(count: int) -> None:
    """Warm up as the zygote does, then fork."""
    warm_up(Limits.model_validate_json(sys.stdin.read()))
    gc.collect()
    gc.freeze()
    print(seconds(lambda: bare.fork(count)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
