"""Forms by which the catalogue is edited: elements, indicators, dimensions, a formula from a day, text files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from giaoban.core import period as periods
from giaoban.core.refusal import Refused
from giaoban.indicators.models import Dimension, Element, Indicator
from giaoban.indicators.queries import bounds, catalogue, counted, reading
from giaoban.indicators.queries import texts as published
from giaoban.orgs import queries as orgs
from giaoban.people.refusals import add_to
from giaoban.ui.widgets import DayInput

CODE_HELP = _("Letters without marks, digits and underscores. It stands in formulas and never changes.")
DIRECTIONS = [("up", _("higher")), ("down", _("lower")), ("none", _("neither"))]


class Suggesting(forms.TextInput):
    """A text field with the values already in use; anything else may be written too."""

    template_name = "indicators/parts/suggesting.html"

    def __init__(self, values: list[str]) -> None:
        super().__init__()
        self.values = values

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        list_id = f"{name}-known"
        context = super().get_context(name, value, {**(attrs or {}), "list": list_id})
        return context | {"list_id": list_id, "values": self.values}


class FilterForm(forms.Form):
    """What the lists are narrowed to. The names stand in the address."""

    q = forms.CharField(label=_("Words, code or official code"), required=False, max_length=100)
    group = forms.ChoiceField(label=_("Subject"), required=False)
    unit = forms.ChoiceField(label=_("Unit of count"), required=False)
    system = forms.ChoiceField(label=_("Code system"), required=False)
    dimension = forms.ChoiceField(label=_("Split by"), required=False)
    asked = forms.ChoiceField(
        label=_("Asked on a sheet"), required=False, choices=[("", _("all")), ("yes", _("yes")), ("no", _("no"))]
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("in use")), ("retired", _("no longer used")), ("all", _("all"))],
    )

    def __init__(self, table: type[Element] | type[Indicator], data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="loc-%s")
        for name, field in (("group", "group"), ("unit", "unit"), ("system", "code_system")):
            values = catalogue.known_values(table, field)
            self.fields[name].choices = [("", _("all")), *((value, value) for value in values)]
        if table is Element:
            self.fields["dimension"].choices = [("", _("all")), *Dimension.objects.values_list("code", "name")]
        else:
            del self.fields["dimension"], self.fields["asked"]
        if len(self.fields["system"].choices) == 1:
            del self.fields["system"]

    @property
    def wanted(self) -> dict[str, str]:
        """What was asked, without what is not among the choices."""
        self.is_valid()
        found = {name: self.cleaned_data.get(name, "") for name in self.fields}
        found["text"] = found.pop("q")
        return found


class TextForm(forms.Form):
    """What elements and indicators have in common."""

    name = forms.CharField(label=_("Name in the catalogue"), max_length=300)
    code = forms.CharField(label=_("Code"), max_length=60, help_text=CODE_HELP)
    unit = forms.CharField(label=_("Unit of count"), max_length=60)
    group = forms.CharField(label=_("Subject"), required=False, max_length=120)
    definition = forms.CharField(
        label=_("What exactly is meant"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    source = forms.CharField(
        label=_("Source"),
        required=False,
        max_length=300,
        help_text=_("The document it comes from, with its number."),
    )
    official_code = forms.CharField(label=_("Official code"), required=False, max_length=40)
    code_system = forms.CharField(
        label=_("Whose code it is"), required=False, max_length=60, help_text=_("For example: TT 19/2017/TT-BGDĐT")
    )

    table: type[Element] | type[Indicator] = Element

    def __init__(self, data: Any = None, initial: Mapping[str, Any] | None = None, code: str = "") -> None:
        super().__init__(data, initial=initial)
        self.known = code
        if code:
            del self.fields["code"]
        for name in ("unit", "group", "code_system"):
            values = catalogue.known_values(self.table, name)
            self.fields[name].widget = Suggesting(values)
            self.fields[name].widget.is_required = self.fields[name].required

    def texts(self) -> dict[str, Any]:
        """The arguments of the verb."""
        return {**self.cleaned_data, "code": self.known or self.cleaned_data["code"]}


class ElementForm(TextForm):
    """An element: what is counted, how it behaves over time and over units, by what it is split."""

    stock = forms.TypedChoiceField(
        label=_("Over time"),
        coerce=lambda text: text == "yes",
        choices=[("yes", _("a count on the data day, never added over time")), ("no", _("adds up over time"))],
        widget=forms.RadioSelect,
        initial="yes",
    )
    over_units = forms.ChoiceField(
        label=_("Over units"),
        choices=[("sum", _("is added up")), ("none", _("is shown, never added up"))],
        widget=forms.RadioSelect,
        initial="sum",
        help_text=_("A printed rate without its counts cannot be added up."),
    )
    scale = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=9, initial=0)
    dimensions = forms.MultipleChoiceField(
        label=_("Split by"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each combination becomes a cell with a number of its own. It cannot be changed later."),
    )
    field_order = ("name", "code", "unit", "stock", "over_units", "scale", "dimensions", "group", "definition",
                   "source", "official_code", "code_system")  # fmt: skip

    def __init__(self, data: Any = None, element: Element | None = None, fixed: bool = False) -> None:
        initial = None
        if element is not None:
            names = ("name", "unit", "over_units", "scale", "group", "definition", "source", "official_code",
                     "code_system")  # fmt: skip
            initial = {name: getattr(element, name) for name in names} | {"stock": "yes" if element.stock else "no"}
        super().__init__(data, initial=initial, code=element.code if element else "")
        self.element = element
        if element is None:
            self.fields["dimensions"].choices = list(Dimension.objects.values_list("code", "name"))
        else:
            del self.fields["dimensions"]
        if fixed:
            for name in MEANING:
                self.fields[name].disabled = True

    def texts(self) -> dict[str, Any]:
        found = super().texts()
        if self.element is not None:
            found["dimensions"] = sorted(one.code for one in self.element.dimensions.all())
        return found


MEANING = ("unit", "stock", "over_units", "scale")
"""What a figure means: fixed once there are figures."""


class IndicatorForm(TextForm):
    """An indicator; when it is new, with its first formula."""

    table = Indicator

    places = forms.IntegerField(label=_("Decimals"), min_value=0, max_value=6, initial=2)
    direction = forms.ChoiceField(label=_("Better when"), choices=DIRECTIONS, widget=forms.RadioSelect, initial="none")
    expression = forms.CharField(
        label=_("Formula"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "data-formula": "amount"}),
        help_text=_("Codes of quantities with + − × ÷ and brackets, for example: bo_hoc / hoc_sinh"),
    )
    start = forms.DateField(label=_("Valid from"), widget=DayInput())
    field_order = ("name", "code", "unit", "expression", "start", "places", "direction", "group", "definition",
                   "source", "official_code", "code_system")  # fmt: skip

    def __init__(self, data: Any = None, indicator: Indicator | None = None, initial: Any = None) -> None:
        if indicator is not None:
            names = ("name", "unit", "places", "direction", "group", "definition", "source", "official_code",
                     "code_system")  # fmt: skip
            initial = {name: getattr(indicator, name) for name in names}
        super().__init__(data, initial=initial, code=indicator.code if indicator else "")
        self.first = indicator.formulas.first() if indicator else None
        if indicator is not None:
            del self.fields["expression"], self.fields["start"]
        self.fields["unit"].label = _("Unit of measure")

    def texts(self) -> dict[str, Any]:
        found = super().texts()
        if self.first is not None:
            given = {"expression": self.first.expression, "start": self.first.start}
            found |= given | {"formula_source": self.first.source}
        return found


class TryForm(forms.Form):
    """For which unit and period a formula is tried."""

    unit = forms.CharField(label=_("Unit"), max_length=200)
    period = forms.ChoiceField(label=_("Period"))

    def __init__(self, data: Any = None, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, prefix="thu")
        codes = sorted(counted.period_codes(), reverse=True)
        known = sorted((periods.parse(code) for code in codes), key=lambda one: one.end, reverse=True)
        self.fields["period"].choices = [(one.code, one.label) for one in known]


class FormulaForm(forms.Form):
    """Another formula, from a day on."""

    expression = forms.CharField(
        label=_("Formula"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "data-formula": "amount"}),
        help_text=_("Codes of quantities with + − × ÷ and brackets, for example: bo_hoc / hoc_sinh"),
    )
    start = forms.DateField(label=_("Valid from"), widget=DayInput())
    source = forms.CharField(label=_("Source"), required=False, max_length=300)


MEMBER = re.compile(r"\s*([A-Za-z0-9_.\-]+)\s*[=:\t]\s*(\S.*?)\s*")


class DimensionForm(forms.Form):
    """A dimension: its members a line each."""

    name = forms.CharField(label=_("Name in the catalogue"), max_length=200)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=CODE_HELP)
    members = forms.CharField(
        label=_("Members"),
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_("One a line in their order on forms, code = name: for example 6 = grade 6. None is ever removed."),
    )

    def __init__(self, data: Any = None, dimension: Dimension | None = None) -> None:
        initial = None
        if dimension is not None:
            lines = [f"{one.code} = {one.name}" for one in dimension.members.all()]
            initial = {"name": dimension.name, "members": "\n".join(lines)}
        super().__init__(data, initial=initial)
        self.known = dimension.code if dimension else ""
        if dimension is not None:
            del self.fields["code"]

    def clean_members(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["members"].splitlines(), start=1):
            if not line.strip():
                continue
            parts = MEMBER.fullmatch(line)
            if parts is None:
                self.add_error("members", _("Line %(n)s is not written as code = name.") % {"n": number})
            elif parts[1] in found:
                said = _("Line %(n)s: the code “%(code)s” stands twice.") % {"n": number, "code": parts[1]}
                self.add_error("members", said)
            else:
                found[parts[1]] = parts[2]
        return found

    def texts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "code": self.known or self.cleaned_data["code"]}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class FileForm(forms.Form):
    """A text file to take in."""

    file = forms.FileField(label=_("Text file (.toml or .csv)"))


def publish(form: TextForm | DimensionForm, verb: Any, *, by: Any, at: Any) -> Any:
    """Do it, or show at the form why not; None then."""
    if not form.is_valid():
        return None
    kind = {ElementForm: published.ELEMENT, IndicatorForm: published.INDICATOR, DimensionForm: published.DIMENSION}
    given = form.texts()
    try:
        if not form.known and published.row(kind[type(form)], given["code"]) is not None:
            form.add_error("code", _("This code is already in use."))
            return None
        return verb(by=by, at=at, **given)
    except Refused as refused:
        add_to(form, refused)
    return None


# The builder of sheets


ASKED_FAMILIES = ("school", "centre", "office", "area")
ENDED_LEVELS = ("country", "district")  # districts ended on 1/7/2025; the country is asked nothing


def kind_choices() -> list[tuple[str, str]]:
    """Kinds of unit that can be asked for figures, schools first."""
    found = [one for one in orgs.kinds() if one.family in ASKED_FAMILIES and one.level not in ENDED_LEVELS]
    found.sort(key=lambda one: ASKED_FAMILIES.index(one.family))
    return [(one.code, one.name) for one in found]


class HeadingForm(forms.Form):
    """What a sheet is called and who is asked."""

    name = forms.CharField(label=_("Name of the sheet"), max_length=300)
    code = forms.CharField(label=_("Code"), max_length=60, help_text=CODE_HELP)
    kinds = forms.MultipleChoiceField(label=_("Kinds of unit asked"), widget=forms.CheckboxSelectMultiple)
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    change_percent = forms.IntegerField(
        label=_("A change is pointed out from (%)"), min_value=1, max_value=1000, initial=30
    )
    change_least = forms.IntegerField(label=_("… and from at least"), min_value=0, max_value=100_000, initial=5)

    def __init__(self, data: Any = None, initial: Any = None, *, new: bool = False, fixed_code: bool = False) -> None:
        super().__init__(data, initial=initial)
        self.fields["kinds"].choices = kind_choices()
        if new:
            del self.fields["change_percent"], self.fields["change_least"]
        if fixed_code:
            del self.fields["code"]


class LineForm(forms.Form):
    """One line: its own words, whom it is asked of, whether it may be left empty."""

    label = forms.CharField(
        label=_("Words on the sheet"), required=False, max_length=400, help_text=_("Empty: the name in the catalogue.")
    )
    expression = forms.CharField(
        label=_("Formula"), widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "data-formula": "amount"})
    )
    unit = forms.CharField(label=_("Unit"), required=False, max_length=60)
    help = forms.CharField(label=_("Help beside the line"), required=False, max_length=400)
    section = forms.ChoiceField(label=_("Section"))
    level = forms.TypedChoiceField(
        label=_("Indent"),
        coerce=int,
        choices=[(0, _("a line of its own")), (1, _("of which")), (2, _("of which, below")), (3, _("third level"))],
    )
    required = forms.BooleanField(label=_("Must be filled in or explained"), required=False)
    kinds = forms.MultipleChoiceField(
        label=_("Asked of these kinds only"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: all kinds of the sheet."),
    )

    def __init__(self, data: Any = None, initial: Any = None, *, sheet: Mapping[str, Any], total: bool) -> None:
        super().__init__(data, initial=initial)
        self.fields["section"].choices = [(name, name or _("(no section)")) for name in sheet["sections"]]
        names = dict(kind_choices())
        self.fields["kinds"].choices = [(code, names.get(code, code)) for code in sheet["kinds"]]
        if len(sheet["kinds"]) < 2:
            del self.fields["kinds"]
        if total:
            del self.fields["required"]
            self.fields["label"].required = True
            self.fields["label"].help_text = ""
        else:
            del self.fields["expression"], self.fields["unit"]


class CellsForm(forms.Form):
    """Which cells of an element come onto the sheet, and how."""

    section = forms.CharField(label=_("Section"), required=False, max_length=200)
    total = forms.BooleanField(
        label=_("Begin with the total, computed from them"),
        required=False,
        help_text=_("The total is added up while the parts are typed; it is not asked."),
    )
    level = forms.TypedChoiceField(
        label=_("Level of the lines"),
        coerce=int,
        choices=[(0, _("a line of its own")), (1, _("of which")), (2, _("of which, below"))],
    )
    required = forms.BooleanField(label=_("Must be filled in or explained"), required=False, initial=True)
    kinds = forms.MultipleChoiceField(
        label=_("Asked of these kinds only"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None marked: all kinds of the sheet."),
    )

    def __init__(self, data: Any = None, initial: Any = None, *, sheet: Mapping[str, Any], parts: bool) -> None:
        super().__init__(data, initial=initial)
        self.fields["section"].widget = Suggesting([name for name in sheet["sections"] if name])
        names = dict(kind_choices())
        self.fields["kinds"].choices = [(code, names.get(code, code)) for code in sheet["kinds"]]
        if len(sheet["kinds"]) < 2:
            del self.fields["kinds"]
        if not parts:
            del self.fields["total"]


class SectionForm(forms.Form):
    name = forms.CharField(label=_("Name of the section"), max_length=200)


class RuleForm(forms.Form):
    """A relation between lines, with the sentence its reader sees."""

    left = forms.ChoiceField(label=_("This line"), required=False)
    sign = forms.ChoiceField(label=_("compared with"), required=False)
    right = forms.ChoiceField(label=_("that line"), required=False)
    expression = forms.CharField(
        label=_("Formula"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "data-formula": "condition"}),
        help_text=_(
            "Or write it: codes with + − × ÷, compared by = < <= > >=, joined by and, or, not. "
            "[ky=nam_truoc] reads the same period of last year, [ky=truoc] the period before."
        ),
    )
    sentence = forms.CharField(
        label=_("Sentence shown when it does not hold"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    severity = forms.ChoiceField(
        label=_("What follows then"),
        widget=forms.RadioSelect,
        choices=[("hard", _("it must be corrected or explained")), ("warning", _("it is pointed out"))],
        initial="hard",
    )

    def __init__(self, data: Any = None, initial: Any = None, *, lines: list[tuple[str, str]]) -> None:
        super().__init__(data, initial=initial)
        for name in ("left", "right"):
            self.fields[name].choices = [("", _("choose a line")), *lines]
        self.fields["sign"].choices = [(sign, reading.signs()[sign]) for sign in ("<=", "=", ">=", "<", ">", "!=")]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not found.get("expression", "").strip():
            if found.get("left") and found.get("right"):
                found["expression"] = f"{found['left']} {found['sign'] or '<='} {found['right']}"
            else:
                self.add_error("expression", _("Choose two lines, or write the formula."))
        return found


class ChecksForm(forms.Form):
    """The bounds of what is usual: each method on or off, with its thresholds. Stored as `Sheet.checks`."""

    def __init__(self, data: Any = None, *, stored: Mapping[str, Any], elements: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.stored = stored
        known = {kind: {**_check_defaults(kind), **dict(stored.get(kind, {}))} for kind in bounds.USED}
        for kind, names in bounds.USED.items():
            self.fields[f"{kind}-on"] = forms.BooleanField(
                label=check_words()[kind], required=False, initial=kind in stored
            )
            for name in names:
                self.fields[f"{kind}-{name}"] = _check_field(name, known[kind][name], elements)
        self.fields["except"] = forms.MultipleChoiceField(
            label=_("Not applied to"),
            required=False,
            choices=elements,
            initial=stored.get("except", []),
            widget=forms.CheckboxSelectMultiple,
        )

    @property
    def methods(self) -> list[tuple[str, Any, list[Any]]]:
        """(what it does, its switch, its thresholds) for the page."""
        return [
            (check_help()[kind], self[f"{kind}-on"], [self[f"{kind}-{name}"] for name in names])
            for kind, names in bounds.USED.items()
        ]

    def checks(self) -> dict[str, Any]:
        """As the sheet stores them."""
        found: dict[str, Any] = {}
        for kind, names in bounds.USED.items():
            if self.cleaned_data[f"{kind}-on"]:
                given = {name: self.cleaned_data[f"{kind}-{name}"] for name in names}
                if "limit" in given:
                    given["limit"] = given["limit"].replace(",", ".")
                found[kind] = {name: value for name, value in given.items() if value is not None}
        if self.cleaned_data["except"]:
            found["except"] = sorted(self.cleaned_data["except"])
        return found


def check_words() -> dict[str, Any]:
    return {
        bounds.CHANGE: _("Change against the period before"),
        bounds.YEAR_ON_YEAR: _("Change against the same period of last year"),
        bounds.PEERS: _("Against units of the same kind and size"),
        bounds.MODIFIED_Z: _("Against the unit's own middle (median)"),
        bounds.ZSCORE: _("Against the unit's own average"),
    }


def check_help() -> dict[str, Any]:
    return {
        bounds.CHANGE: _("Points out a figure that rose or fell by more than so many percent."),
        bounds.YEAR_ON_YEAR: _("A fall and a rise may have bounds of their own."),
        bounds.PEERS: _("Compares with similar units in the period before; needs enough of them."),
        bounds.MODIFIED_Z: _("Holds even when one earlier figure was wild; the usual bound is 3.5."),
        bounds.ZSCORE: _("Distance in standard deviations; the usual bound is 3."),
    }


def _check_defaults(kind: str) -> dict[str, Any]:
    one = bounds.Check(**bounds.TYPICAL.get(kind, {}))
    found = {name: getattr(one, name) for name in bounds.USED[kind]}
    return found | ({"limit": str(float(found["limit"])).removesuffix(".0")} if "limit" in found else {})


def _check_field(name: str, initial: Any, elements: list[tuple[str, str]]) -> forms.Field:
    words = {
        "ask": _("asks for an explanation (otherwise only shown)"),
        "percent": _("Percent"),
        "least": _("and by at least"),
        "down": _("Fall (%)"),
        "up": _("Rise (%)"),
        "limit": _("Bound"),
        "at_least": _("From how many figures"),
        "method": _("Method"),
        "size": _("Size by"),
    }
    label = words[name]
    if name == "ask":
        return forms.BooleanField(label=label, required=False, initial=initial)
    if name == "method":
        choices = [("quartiles", _("quartiles")), ("mad", _("median and its deviation"))]
        return forms.ChoiceField(label=label, choices=choices, initial=initial)
    if name == "size":
        return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *elements], initial=initial)
    if name == "limit":
        return forms.RegexField(r"^\d{1,3}([.,]\d{1,2})?$", label=label, initial=initial)
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, initial=initial)


class PublishForm(forms.Form):
    publish_on = forms.DateField(
        label=_("From which day it holds"), required=False, widget=DayInput(), help_text=_("Empty: at once.")
    )
