"""One page for every verb of administration: what will happen, the form, one button."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from giaoban.core.refusal import Refused
from giaoban.people.refusals import add_to


@dataclass(frozen=True)
class VerbPage:
    """A page that does one thing. `consequences` are the sentences a person reads before pressing the button."""

    heading: str
    button: str
    back: str
    consequences: Sequence[str] = ()
    danger: bool = False
    crumbs: Sequence[tuple[str, str]] = ()
    datalist: Sequence[Any] = field(default_factory=tuple)
    fields: dict[str, str] = field(default_factory=dict)


def perform(
    request: HttpRequest, form: forms.Form, page: VerbPage, act: Callable[[dict[str, Any]], object]
) -> HttpResponse:
    """Show the form; when it is sent and right, do the verb and go back. A refusal is shown at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Refused as refused:
            add_to(form, refused, page.fields)
        else:
            return redirect(page.back)
    return render(request, "people/verb.html", {"form": form, "page": page})
