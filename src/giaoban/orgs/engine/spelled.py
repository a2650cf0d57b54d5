"""How names and codes must be written, whoever asks."""

from __future__ import annotations

import re

from giaoban.core.refusal import Refused
from giaoban.orgs import refusals
from giaoban.orgs.founding import SCHEMES

CODE_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,38}\Z")


def name_faults(name: str, body_name: str = "", short_name: str = "") -> list[Refused]:
    faults: list[Refused] = []
    if not name.strip():
        faults.append(refusals.EmptyName())
    for label, text, most in (("name", name, 200), ("body_name", body_name, 240), ("short_name", short_name, 120)):
        if len(text) > most:
            faults.append(refusals.LongText(text=text[:30], most=most, field=label))
    return faults


def code_form_fault(scheme: str, code: str) -> Refused | None:
    if scheme not in SCHEMES:
        return refusals.UnknownScheme(scheme=scheme)
    if not CODE_FORM.match(code):
        return refusals.BadCode(code=code, scheme=scheme)
    return None
