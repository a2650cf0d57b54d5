"""What a page may send: the decree's heading, and one form for each thing a decree does; each gives steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from giaoban.core.refusal import Refused
from giaoban.core.text import nfc
from giaoban.orgs import queries as orgs
from giaoban.orgs import spelling
from giaoban.orgs.decree import (
    Become,
    Close,
    Establish,
    Mark,
    Move,
    Place,
    Reclassify,
    Rename,
    Reopen,
    Step,
)
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY, Attribute, Kind, Lineage, Link
from giaoban.people.refusals import sentences
from giaoban.reforms.actions import Heading
from giaoban.reforms.naming import Around, foundings, free_key, parents_of
from giaoban.ui.widgets import DayInput

FILE_LIMIT = 5 * 2**20
PARTS = 4  # how many parts the page of a division offers; a table takes any number
BOTH = "both"
UNIT_HELP = _("Code, or name without accents if you like; where a name fits several units, id: and the number.")


class HeadingForm(forms.Form):
    """The decree itself."""

    on = forms.DateField(
        label=_("First day of the new state"), widget=DayInput, help_text=_("Past, today or a day to come.")
    )
    number = forms.CharField(label=_("Number of the decision"), max_length=60, required=False)
    decided_on = forms.DateField(label=_("Day of the decision"), widget=DayInput, required=False)
    issuer = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    title = forms.CharField(
        label=_("About"),
        max_length=400,
        required=False,
        help_text=_("Left empty, it is called after what it does."),
    )

    def heading(self, otherwise: str) -> Heading:
        data = self.cleaned_data
        return Heading(
            on=data["on"],
            title=data["title"] or otherwise,
            number=data["number"],
            decided_on=data["decided_on"],
            issuer=data["issuer"],
        )


class ReasonForm(forms.Form):
    why = forms.CharField(label=_("Why it is undone"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


def unit_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, **{"help_text": UNIT_HELP, **options})


def lines_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 4}), **options)


def kind_field(**options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Kind of unit"), **options)


LEVELS = {
    "country": _("Country"),
    "province": _("Province"),
    "district": _("District"),
    "commune": _("Commune"),
    "school": _("Schools and centres"),
    "place": _("Places"),
}


def kind_choices(empty: Any = None) -> list[Any]:
    """Kinds grouped by the level they stand at."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in Kind.objects.all():
        groups.setdefault(kind.level, []).append((kind.code, kind.name))
    found: list[Any] = [(LEVELS.get(level, level), kinds) for level, kinds in groups.items()]
    return [("", empty), *found] if empty is not None else found


class ActForm(forms.Form):
    """One thing a decree does. `others` are the steps of the draft's other parts, so that names may mean those."""

    words: ClassVar[Promise | str] = ""
    help: ClassVar[Promise | str] = ""
    icon: ClassVar[str] = "git-merge"

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        on: date | None,
        near: int | None = None,
        others: Iterable[Mapping[str, Any]] = (),
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files, initial=dict(initial or {}))
        self.others = list(others)
        self.on = on
        self.around = Around(on, near, foundings(self.others)) if on else None
        self._steps: list[Step] = []
        self.prepare()

    def prepare(self) -> None:
        """Fill choices that lie in the record."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and self.around is not None:
            self._steps = self.build(data, self.around)
        return data

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        """The steps; a name that means nothing is shown at its field by `look_up`."""
        raise NotImplementedError

    @property
    def steps(self) -> list[Step]:
        return self._steps

    @property
    def title(self) -> str:
        """What a decree of this alone is called."""
        return str(self.words)

    def look_up(self, name: str, find: Any) -> Any:
        """What the field's text means, or None with the reason at the field."""
        text = self.cleaned_data.get(name, "")
        if not text.strip():
            return None
        try:
            return find(text)
        except Refused as refused:
            for line in sentences(refused):
                self.add_error(name, line)
            return None

    def key(self, name: str, mine: Iterable[str] = ()) -> str:
        return free_key(name, [*(step["key"] for step in self.others if step["do"] == "establish"), *mine])

    @property
    def plain(self) -> list[Any]:
        """The fields shown one below another."""
        return list(self)

    def raw(self) -> dict[str, str]:
        """What was typed, to be shown again when the part is changed."""
        return {name: self.data.get(name, "") for name in self.fields if isinstance(self.data.get(name, ""), str)}


def body(kind: str, name: str) -> str:
    """What the committee of an area is called when nobody says otherwise: UBND xã Bắc Hà."""
    area = Kind.objects.filter(pk=kind, family="area").exists()
    return spelling.governing_body(name) if area else ""


class EstablishForm(ActForm):
    words = _("Establish a unit")
    help = _("A new unit, also a new site of a school (điểm trường).")
    icon = "plus"

    kind = kind_field()
    name = forms.CharField(label=_("Name of the unit"), max_length=200)
    body_name = forms.CharField(
        label=_("Name of the governing body"), max_length=240, required=False, help_text=_("Such as UBND xã Bắc Hà.")
    )
    place = unit_field(_("Lies in"), help_text=_("The commune it lies in; for a site, its school. Code or name."))
    manager = unit_field(_("Managed by"), required=False, help_text=_("Left empty: the unit it lies in. Code or name."))
    guide = unit_field(
        _("Professionally guided by"), required=False, help_text=_("Such as the Department. Code or name.")
    )
    school_code = forms.CharField(label=_("School code"), max_length=40, required=False)
    own_code = forms.CharField(label=_("Code of the Statistics Office"), max_length=40, required=False)

    def prepare(self) -> None:
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        place = self.look_up("place", around.place)
        manager = self.look_up("manager", around.place) or place
        parents: dict[str, Place] = {TERRITORY: place, MANAGEMENT: manager}
        if guide := self.look_up("guide", around.place):
            parents[PROFESSIONAL] = guide
        codes = {"moet": data["school_code"], "gso": data["own_code"]}
        name = nfc(data["name"]).strip()
        return [
            Establish(
                key=self.key(name),
                kind=data["kind"],
                name=name,
                body_name=data["body_name"] or body(data["kind"], name),
                parents=parents,
                codes={scheme: code.strip() for scheme, code in codes.items() if code.strip()},
            )
        ]

    @property
    def title(self) -> str:
        return gettext("Establish %(name)s") % {"name": self.cleaned_data["name"]}


class RenameForm(ActForm):
    words = _("Rename a unit")
    help = _("The unit stays the same; what was written before keeps the old name.")
    icon = "pencil"

    unit = unit_field(_("Unit"))
    name = forms.CharField(label=_("New name"), max_length=200)
    body_name = forms.CharField(label=_("New name of the governing body"), max_length=240, required=False)
    short_name = forms.CharField(label=_("Short name"), max_length=120, required=False)

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        unit = self.look_up("unit", around.unit)
        if not unit:
            return []
        name, there = nfc(data["name"]).strip(), orgs.snapshot(unit, around.on)
        called = data["body_name"] or body(there.kind_id if there else "", name)
        return [Rename(unit, name, called, data["short_name"])]

    @property
    def title(self) -> str:
        return gettext("Rename %(unit)s to %(name)s") % {
            "unit": self.cleaned_data["unit"],
            "name": self.cleaned_data["name"],
        }


class ReclassifyForm(ActForm):
    words = _("Change a unit's kind")
    help = _("A commune becomes a ward, a school gains a level. A new name may come with it.")
    icon = "shapes"

    unit = unit_field(_("Unit"))
    kind = kind_field()
    name = forms.CharField(label=_("New name"), max_length=200, required=False)
    body_name = forms.CharField(label=_("New name of the governing body"), max_length=240, required=False)

    def prepare(self) -> None:
        self.fields["kind"].choices = kind_choices()  # type: ignore[attr-defined]

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        unit = self.look_up("unit", around.unit)
        if not unit:
            return []
        steps: list[Step] = [Reclassify(unit, data["kind"])]
        if data["name"].strip():
            name = nfc(data["name"]).strip()
            steps.append(Rename(unit, name, data["body_name"] or body(data["kind"], name)))
        return steps

    @property
    def title(self) -> str:
        return f"{self.words}: {self.cleaned_data['unit']}"


class MoveForm(ActForm):
    words = _("Move units")
    help = _("Under another unit: a school to another commune, a site to another school.")
    icon = "arrow-right-left"

    units = lines_field(_("Units that move"), help_text=_("One a line: code, or name without accents if you like."))
    hierarchy = forms.ChoiceField(label=_("In which hierarchy"))
    parent = unit_field(
        _("New place"), required=False, help_text=_("Left empty, the units leave this hierarchy. Code or name.")
    )

    def prepare(self) -> None:
        known = [(one.code, one.name) for one in orgs.hierarchies()]
        self.fields["hierarchy"].choices = [(BOTH, _("Place and management")), *known]  # type: ignore[attr-defined]

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        units = self.look_up("units", around.units) or []
        parent = self.look_up("parent", around.place)
        codes = [TERRITORY, MANAGEMENT] if data["hierarchy"] == BOTH else [data["hierarchy"]]
        return [Move(unit, code, parent) for unit in units for code in codes]

    @property
    def title(self) -> str:
        return f"{self.words}: {', '.join(self.cleaned_data['units'].splitlines()[:3])}"


class MergeForm(ActForm):
    words = _("Merge units")
    help = _("A new unit takes the place of several. What stood below them, open work and seats go along.")
    icon = "git-merge"

    units = lines_field(_("Units that merge"), help_text=_("One a line: code, or name without accents if you like."))
    kind = kind_field(required=False)
    name = forms.CharField(label=_("Name of the new unit"), max_length=200)
    body_name = forms.CharField(
        label=_("Name of the governing body"), max_length=240, required=False, help_text=_("Such as UBND xã Bắc Hà.")
    )
    place = unit_field(
        _("Lies in"), required=False, help_text=_("Left empty, it stands wherever the first unit stood. Code or name.")
    )
    own_code = forms.CharField(
        label=_("Code of the Statistics Office"), max_length=40, required=False, help_text=_("It may be one of theirs.")
    )
    school_code = forms.CharField(label=_("School code"), max_length=40, required=False)

    def prepare(self) -> None:
        self.fields["kind"].choices = kind_choices(_("As the first of them"))  # type: ignore[attr-defined]

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        units = self.look_up("units", around.units) or []
        place = self.look_up("place", around.place)
        if len(units) < 2:
            if not self.errors:
                self.add_error("units", ValidationError(_("A merger needs at least two units.")))
            return []
        first = orgs.snapshot(units[0], around.on)
        parents = parents_of(units[0], around.on)
        if place:
            parents |= {TERRITORY: place, MANAGEMENT: place}
        name = nfc(data["name"]).strip()
        key = self.key(name)
        codes = {"gso": data["own_code"], "moet": data["school_code"]}
        kind = data["kind"] or (first.kind_id if first else "")
        founding = Establish(
            key=key,
            kind=kind,
            name=name,
            body_name=data["body_name"] or body(kind, name),
            parents=parents,
            codes={scheme: code.strip() for scheme, code in codes.items() if code.strip()},
        )
        return [founding, *(Become(unit, key) for unit in units)]

    @property
    def title(self) -> str:
        units = ", ".join(line.strip() for line in self.cleaned_data["units"].splitlines() if line.strip())
        return gettext("Merge %(units)s into %(name)s") % {"units": units, "name": self.cleaned_data["name"]}


class DivideForm(ActForm):
    words = _("Divide a unit")
    help = _("New units take the place of one. Where its schools and its figures go is said here, or decided later.")
    icon = "split"

    unit = unit_field(_("Unit that is divided"))
    basis = forms.ChoiceField(label=_("The shares are"), choices=[])

    def prepare(self) -> None:
        bases = Lineage._meta.get_field("basis").choices or []
        known = {value: words for value, words in bases if value != Lineage.WHOLE}
        self.fields["basis"].choices = list(known.items())  # type: ignore[attr-defined]
        for number in range(1, PARTS + 1):
            needed = number <= 2
            said = {"n": number}
            self.fields[f"name_{number}"] = forms.CharField(
                label=gettext("Part %(n)s: name") % said,
                max_length=200,
                required=needed,
                widget=forms.TextInput(attrs={"placeholder": gettext("Part %(n)s") % said}),
            )
            self.fields[f"share_{number}"] = forms.CharField(
                label=gettext("Part %(n)s: share") % said,
                max_length=20,
                required=False,
            )
            self.fields[f"below_{number}"] = forms.CharField(
                label=gettext("Part %(n)s: units below that go to it") % said,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2, "class": "brief"}),
            )

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        unit = self.look_up("unit", around.unit)
        numbers = [n for n in range(1, PARTS + 1) if data.get(f"name_{n}", "").strip()]
        shares = self._shares(numbers)
        if not unit or shares is None:
            return []
        told = any(data[f"share_{number}"].strip() for number in numbers)
        basis = data["basis"] if told else Lineage.EQUAL
        there = orgs.snapshot(unit, around.on)
        parents = parents_of(unit, around.on)
        steps: list[Step] = []
        keys: list[str] = []
        for number, share in zip(numbers, shares):
            name = nfc(data[f"name_{number}"]).strip()
            key = self.key(name, keys)
            keys.append(key)
            kind = there.kind_id if there else ""
            steps.append(Establish(key=key, kind=kind, name=name, body_name=body(kind, name), parents=parents))
            steps.append(Become(unit, key, share, basis))
            for child in self.look_up(f"below_{number}", around.units) or []:
                steps += [
                    Move(child, code, key) for code, above in parents_of(child, around.on).items() if above == unit
                ]
        return steps

    @property
    def parts(self) -> list[tuple[int, Any, Any, Any]]:
        """The fields of each part, for a table: its number, name, share, and what goes to it."""
        return [
            (number, self[f"name_{number}"], self[f"share_{number}"], self[f"below_{number}"])
            for number in range(1, PARTS + 1)
        ]

    @property
    def plain(self) -> list[Any]:
        return [self["unit"], self["basis"]]

    def _shares(self, numbers: list[int]) -> list[Fraction] | None:
        """As typed; equal where none is; None with a word at the field that is wrong."""
        typed = [self.cleaned_data[f"share_{number}"].strip() for number in numbers]
        if not any(typed):
            return [Fraction(1, len(numbers))] * len(numbers)
        found = []
        for number, text in zip(numbers, typed):
            share = read_share(text)
            if share is None:
                self.add_error(f"share_{number}", ValidationError(_("A share is written like 1/2, 0,4 or 40%.")))
                return None
            found.append(share)
        if sum(found) != 1:
            self.add_error(f"share_{numbers[0]}", ValidationError(_("The shares of the parts must sum to one.")))
            return None
        return found

    @property
    def title(self) -> str:
        return gettext("Divide %(unit)s") % {"unit": self.cleaned_data["unit"]}


def read_share(text: str) -> Fraction | None:
    """ "1/2", "0,4", "40%": a part of one; None where it is none."""
    cleaned = text.replace(",", ".").replace(" ", "")
    percent = cleaned.endswith("%")
    try:
        share = Fraction(cleaned.removesuffix("%")) / (100 if percent else 1)
    except (ValueError, ZeroDivisionError):
        return None
    return share if 0 < share <= 1 else None


class CloseForm(ActForm):
    words = _("Close units")
    help = _("They end without a successor; their figures and papers stay readable. Open work is decided on later.")
    icon = "circle-x"

    units = lines_field(_("Units that end"), help_text=_("One a line: code, or name without accents if you like."))

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        return [Close(unit) for unit in self.look_up("units", around.units) or []]

    @property
    def title(self) -> str:
        return f"{self.words}: {', '.join(self.cleaned_data['units'].splitlines()[:3])}"


class ReopenForm(ActForm):
    words = _("Open a unit again")
    help = _("A unit that was closed exists again, with the name and kind it had.")
    icon = "rotate-ccw"

    unit = unit_field(_("Unit that was closed"))
    place = unit_field(
        _("Lies in"), required=False, help_text=_("Left empty, it stands where it stood last. Code or name.")
    )

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        unit = self.look_up("unit", around.closed_unit)
        place = self.look_up("place", around.place)
        if not unit:
            return []
        parents: dict[str, Place] = {TERRITORY: place, MANAGEMENT: place} if place else _last_parents(unit, around.on)
        return [Reopen(unit, parents)]

    @property
    def title(self) -> str:
        return f"{self.words}: {self.cleaned_data['unit']}"


def _last_parents(unit: int, on: date) -> dict[str, Place]:
    """Under whom the unit stood last, of those that exist."""
    rows = Link.objects.filter(unit=unit, start__lt=on, parent__isnull=False).order_by("start")
    last = {code: parent for code, parent in rows.values_list("hierarchy_id", "parent_id") if parent}
    there = orgs.snapshots(last.values(), on)
    return {code: parent for code, parent in last.items() if parent in there}


class MarkForm(ActForm):
    words = _("Give an attribute")
    help = _("Zone I, II, III, border commune, new-rural standard: from a day, by a decision.")
    icon = "tag"

    units = lines_field(_("Units"), help_text=_("One a line: code, or name without accents if you like."))
    value = forms.ChoiceField(label=_("Attribute"))

    def prepare(self) -> None:
        choices: list[Any] = []
        for one in Attribute.objects.all():
            values = [(f"{one.code}={value}", words) for value, words in one.values.items()]
            choices.append((one.name, [*values, (f"{one.code}=", gettext("%(name)s: no longer") % {"name": one.name})]))
        self.fields["value"].choices = choices  # type: ignore[attr-defined]

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        attribute, _equals, value = data["value"].partition("=")
        return [Mark(unit, attribute, value) for unit in self.look_up("units", around.units) or []]

    @property
    def title(self) -> str:
        return f"{self.words}: {', '.join(self.cleaned_data['units'].splitlines()[:3])}"


class TableForm(ActForm):
    words = _("A whole decree from a table")
    help = _("A CSV or XLSX file, one step a row; every fault is named by row and column.")
    icon = "table-2"

    file = forms.FileField(label=_("CSV or XLSX file"), widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_LIMIT:
            raise ValidationError(_("The file is larger than 5 MB."))
        return file

    def build(self, data: dict[str, Any], around: Around) -> list[Step]:
        from giaoban.orgs.actions import steps_from_table

        try:
            return steps_from_table(data["file"].read(), data["file"].name, around.on)
        except Refused as refused:
            for line in sentences(refused):
                self.add_error("file", line)
            return []

    @property
    def title(self) -> str:
        return gettext("Decree from %(file)s") % {"file": self.cleaned_data["file"].name}

    def raw(self) -> dict[str, str]:
        return {"file": self.files["file"].name}


@dataclass(frozen=True)
class Act:
    """One thing a decree does: its place in the address, and its form."""

    code: str
    form: type[ActForm]

    @property
    def words(self) -> str:
        return str(self.form.words)

    @property
    def help(self) -> str:
        return str(self.form.help)

    @property
    def icon(self) -> str:
        return self.form.icon


ACTS: dict[str, Act] = {
    code: Act(code, form)
    for code, form in {
        "nhap": MergeForm,
        "chia": DivideForm,
        "thanh-lap": EstablishForm,
        "giai-the": CloseForm,
        "doi-ten": RenameForm,
        "doi-loai": ReclassifyForm,
        "chuyen": MoveForm,
        "lap-lai": ReopenForm,
        "thuoc-tinh": MarkForm,
        "quyet-dinh": TableForm,
    }.items()
}
