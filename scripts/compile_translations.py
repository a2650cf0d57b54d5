"""Compile every translation catalogue (.po) of the product to the .mo that Django reads."""

import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent / "src" / "giaoban"


def main() -> int:
    for catalogue in sorted(ROOT.rglob("locale/*/LC_MESSAGES/*.po")):
        target = catalogue.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < catalogue.stat().st_mtime:
            polib.pofile(str(catalogue)).save_as_mofile(str(target))
    return 0


if __name__ == "__main__":
    sys.exit(main())
