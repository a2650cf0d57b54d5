"""Every address is public by a short list, or guarded; and nobody reaches what belongs to another unit.

Walks all addresses of the program as they are. A new address with an object in it fails here until `guarded.py` knows
how to make such an object in Tỉnh Mẫu.
"""

from __future__ import annotations

from pathlib import Path

SOURCES = Path(__file__).resolve().parents[2] / "src" / "giaoban"

PUBLIC = {"people:sign-in", "people:sign-out", "ui:gallery", "indicators:worker", "quick:link"}
PUBLIC |= {"work:worker", "work:guest", "work:guest-calendar"}
# A script keeps what it could not send, and asks its reader to sign in.
TOLD = {"indicators:autosave", "work:check-in-send"}
