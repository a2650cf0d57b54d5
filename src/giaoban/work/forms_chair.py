"""What the chair's screen sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.work.forms import area
from giaoban.work.models import AgendaItem


class LineForm(forms.Form):
    line = forms.CharField(label=_("Conclusion in one line"), widget=area(3))
    item = forms.ModelChoiceField(label=_("On the item"), queryset=AgendaItem.objects.none(), required=False)
    at_once = forms.BooleanField(label=_("Binds at once, as the chair says"), required=False)

    def __init__(self, *args: Any, items: Any, auto: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["item"].label_from_instance = lambda item: f"{item.order}. {item.title}"[:80]  # type: ignore[attr-defined]
        if auto:  # drawn again after one was noted: the next is typed at once
            self.fields["line"].widget.attrs["autofocus"] = True
