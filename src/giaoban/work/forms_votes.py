"""What the pages of votes may send."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.work.forms import area
from giaoban.work.models import AgendaItem, Motion
from giaoban.work.queries.votes import thresholds


class MotionForm(forms.Form):
    text = forms.CharField(label=_("What is voted on"), widget=area(2))
    item = forms.ModelChoiceField(label=_("About the item"), queryset=AgendaItem.objects.none(), required=False)
    way = forms.ChoiceField(label=_("How"), choices=Motion.Way.choices)
    per = forms.ChoiceField(label=_("Who has a vote"), choices=Motion.Per.choices)
    threshold = forms.ChoiceField(label=_("Carried by"))
    chair_votes = forms.BooleanField(label=_("The chair votes too"), required=False, initial=True)

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]
        self.fields["item"].label_from_instance = lambda item: item.title[:90]  # type: ignore[attr-defined]
        self.fields["threshold"].choices = [(each.code, each.name) for each in thresholds().values()]  # type: ignore[attr-defined]


class CountForm(forms.Form):
    in_favour = forms.IntegerField(label=_("In favour"), min_value=0)
    against = forms.IntegerField(label=_("Against"), min_value=0)
    abstain = forms.IntegerField(label=_("Abstention"), min_value=0)


class CancelVoteForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)
