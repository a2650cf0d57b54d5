"""Every form we can write, by its code."""

from __future__ import annotations

from giaoban.core.refusal import Refused, sentence
from giaoban.reports import hoi_nghi, ket_luan, so_ket
from giaoban.reports.form import Form

FORMS: dict[str, Form] = {form.code: form for form in (so_ket.FORM, ket_luan.FORM, hoi_nghi.FORM)}


class UnknownForm(Refused):
    """No form has this code."""

    sentence = sentence("There is no form “%(form)s”; the forms are %(known)s.")
    field = "form"


def form(code: str) -> Form:
    """The form of a code."""
    if code not in FORMS:
        raise UnknownForm(form=code, known=", ".join(FORMS))
    return FORMS[code]
