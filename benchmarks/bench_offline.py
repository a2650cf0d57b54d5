"""Ten thousand random connects and disconnects (generated): nothing typed is lost, nothing overwritten unseen.

Two people type into one report through the module the entry page uses (`offline.js`), in a real browser; lines break
before the server hears and after it has answered, answers are lost, batches come twice and late, pages crash, sessions
end. Every figure is followed to its end. 10,000 connects and disconnects, 300,000 with SCALE=full. Baseline in the same
run: the same plays against a server that takes whatever comes last, as a plain autosave does.

    benchmarks/bench_offline.py [--connects N] [--seed N]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

import stand  # noqa: E402

from tests.generative.chromium import CHROMIUM, call, page_with  # noqa: E402

PLAY = Path(__file__).resolve().parents[1] / "tests" / "generative" / "offline_play.js"


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    arguments.add_argument("--connects", type=int, default=300_000 if os.environ.get("SCALE") == "full" else 10_000)
    arguments.add_argument("--seed", type=int, default=1)
    chosen = arguments.parse_args()
    if not CHROMIUM.exists():
        stand.said("no browser: apt-get install chromium; nothing is measured")
        return
    with page_with({"play.js": PLAY.read_text(encoding="utf-8")}) as page:
        start = time.perf_counter()
        found = call(page, "play.js", "campaign", chosen.seed, chosen.connects)  # raises, naming the seed, on any loss
        seconds = time.perf_counter() - start
        plays = min(found["plays"], 500)
        caught = call(page, "play.js", "careless", chosen.seed, plays)
    names = {"connects": "connects and disconnects", "typed": "figures typed", "crashes": "crashes"}
    names |= {"doubled": "late or doubled batches", "conflicts": "conflicts chosen"}
    stand.said(f"{', '.join(f'{found[name]:,} {words}' for name, words in names.items())}, in {seconds:.1f} s")
    stand.said("0 lost, 0 silent overwrites")
    stand.said(f"baseline, the last one to send wins: losses in {caught} of {plays} plays (here 0)")
    reached = stand.verdict(found["connects"] >= 10_000, at_any_scale=True)
    stand.said(f"goal: 0 lost, 0 silent overwrites over 10,000: {reached}")


if __name__ == "__main__":
    main()
