"""The same rules, the same verdict: generated expressions over generated sheets, in the browser and in Python.

A million cases with SCALE=full, 40,000 otherwise. Each is the published tree, the cells of a sheet and what is typed
into them, as the entry page carries them; verdicts, exact amounts and the cells read must be equal. Baseline: how long
Python takes for the same cases.

    benchmarks/bench_formula.py [--cases N] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "giaoban.settings")

import django  # noqa: E402

django.setup()

import stand  # noqa: E402

from tests.generative import formula_cases as made  # noqa: E402
from tests.generative.chromium import CHROMIUM, call, page_with  # noqa: E402

BATCH = 5000


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--cases", type=int, default=1_000_000 if os.environ.get("SCALE") == "full" else 40_000)
    arguments.add_argument("--seed", type=int, default=1_000_000)
    chosen = arguments.parse_args()
    if not CHROMIUM.exists():
        stand.said("no browser: apt-get install chromium; nothing is measured")
        return
    carried = [cell.carried() for cell in made.CELLS]
    spent = {"Python": 0.0, "browser": 0.0}
    different, verdicts = 0, {"True": 0, "False": 0, "unknown or missing": 0, "an amount": 0}
    with page_with({"answers.js": made.BROWSER}) as page:
        for batch in range(0, chosen.cases, BATCH):
            start = time.perf_counter()
            pairs = list(made.cases(min(BATCH, chosen.cases - batch), chosen.seed + batch))
            between = time.perf_counter()
            found = call(page, "answers.js", "answers", [asked for asked, _ in pairs], carried)
            spent["Python"] += between - start
            spent["browser"] += time.perf_counter() - between
            for (asked, expected), answer in zip(pairs, found, strict=True):
                said = expected["said"]
                verdicts[str(said) if isinstance(said, bool) else "an amount" if said else "unknown or missing"] += 1
                if answer != expected:
                    different += 1
                    stand.said(f"DIFFERENT: {asked} Python {expected} browser {answer}")
    stand.said(f"{chosen.cases:,} cases: {different} different. {verdicts}")
    stand.said(f"browser {spent['browser']:.0f} s with the way there and back")
    stand.said(f"Python {spent['Python']:.0f} s with making the cases")
    stand.said(f"ratio browser : Python {spent['browser'] / spent['Python']:.2f}")
    stand.said(f"goal: none different over a million: {stand.verdict(different == 0)}")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
