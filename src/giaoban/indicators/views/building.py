"""The builder of sheets: every step is a plain form, so that it works by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core import formula as language
from giaoban.core.refusal import NotAllowed, Refused
from giaoban.indicators import drafting
from giaoban.indicators.actions import building as verbs
from giaoban.indicators.forms_catalogue import (
    CellsForm,
    ChecksForm,
    FilterForm,
    HeadingForm,
    LineForm,
    PublishForm,
    RuleForm,
    SectionForm,
    kind_choices,
)
from giaoban.indicators.models import Cell, Element, Sheet, SheetDraft
from giaoban.indicators.queries import building, reading
from giaoban.indicators.queries import catalogue as asking
from giaoban.indicators.views.catalogue import frame, split_of
from giaoban.indicators.views.frame import tell
from giaoban.indicators.views.shaping import require_manage
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to, sentences
from giaoban.ui.parts import Tab

FOUND = 40


def _find(request: HttpRequest, draft_id: int) -> SheetDraft:
    try:
        return asking.sheet_draft(request.actor, draft_id, request.today)
    except SheetDraft.DoesNotExist:
        raise Http404 from None


def _tabs(draft: SheetDraft, current: str) -> list[Tab]:
    rows = (
        ("draft", _("Lines of the sheet"), len(draft.data["lines"])),
        ("draft-rules", _("Rules"), len(draft.data["rules"])),
        ("draft-checks", _("Bounds of what is usual"), len(draft.data["checks"])),
        ("draft-heading", _("Heading"), 0),
        ("draft-preview", _("As units will see it"), 0),
    )
    return [
        Tab(words, reverse(f"indicators:{name}", args=[draft.pk]), name == current, count or None)
        for name, words, count in rows
    ]


def _built(draft: SheetDraft) -> building.Built:
    return building.built(draft, verbs.draft_faults(draft))


def _change(request: HttpRequest, draft_id: int, change: Callable[[drafting.Data], Any]) -> bool:
    """One step; what is refused is said on the next page."""
    try:
        verbs.change_draft(
            by=request.actor,
            at=request.now,
            on=request.today,
            draft_id=draft_id,
            change=change,
            seen=_seen(request.POST),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        tell(request, refused)
        return False
    return True


def _seen(data: QueryDict) -> int | None:
    text = data.get("seen", "")
    return int(text) if text.isdigit() else None


def _back(draft_id: int, anchor: str = "") -> HttpResponse:
    address = reverse("indicators:draft", args=[draft_id])
    return redirect(f"{address}#{anchor}" if anchor else address)


# Drafts


@signed_in
@require_GET
def drafts(request: HttpRequest) -> HttpResponse:
    """The sheets being built, and how to begin one."""
    require_manage(request)
    found = asking.sheet_drafts(request.actor, request.today)
    used = asking.sheets().order_by("name")
    context = {"drafts": found, "sheets": used}
    return render(request, "indicators/drafts.html", frame(request, "drafts") | context)


@signed_in
def draft_new(request: HttpRequest) -> HttpResponse:
    require_manage(request)
    form = HeadingForm(request.POST or None, new=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = verbs.begin_sheet(by=request.actor, at=request.now, on=request.today, **form.cleaned_data)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused)
        else:
            return redirect("indicators:draft", made.pk)
    context = {"form": form, "heading": _("A new sheet"), "back": reverse("indicators:drafts")}
    context |= {"list": _("Sheets being built"), "button": _("Begin")}
    return _page(request, "indicators/shaping.html", context)


@signed_in
@require_POST
def draft_from(request: HttpRequest, code: str) -> HttpResponse:
    """Go on with a published sheet, make its next version, or another one like it."""
    found = get_object_or_404(Sheet, code=code)
    verb = verbs.begin_copy if "copy" in request.POST else verbs.begin_from
    try:
        made = verb(by=request.actor, at=request.now, on=request.today, sheet=code)
    except NotAllowed:
        raise
    except Refused as refused:
        tell(request, refused)
        return redirect("indicators:sheet", found.pk)
    return redirect("indicators:draft", made.pk)


@signed_in
@require_GET
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Sections and lines; each line says who asks it and what is wrong with it."""
    found = _find(request, draft_id)
    made = _built(found)
    context = {"draft": found, "built": made, "tabs": _tabs(found, "draft"), "publish_form": PublishForm()}
    return render(request, "indicators/build.html", context | {"section_form": SectionForm()})


@signed_in
def draft_heading(request: HttpRequest, draft_id: int) -> HttpResponse:
    found = _find(request, draft_id)
    names = ("name", "kinds", "source", "change_percent", "change_least")
    initial = {name: found.data[name] for name in names} | {"code": found.code}
    form = HeadingForm(request.POST or None, initial=initial, fixed_code=found.sheet_id is not None)
    if request.method == "POST" and form.is_valid():
        common: dict[str, Any] = {"by": request.actor, "at": request.now, "on": request.today, "draft_id": draft_id}
        try:
            verbs.change_heading(**common, **form.cleaned_data)
        except Refused as refused:
            add_to(form, refused)
        else:
            return _back(draft_id)
    context = {"draft": found, "form": form, "tabs": _tabs(found, "draft-heading"), "title": _("Heading")}
    return _page(request, "indicators/build_form.html", context)


@signed_in
@require_POST
def draft_discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    _find(request, draft_id)
    verbs.discard_draft(by=request.actor, at=request.now, on=request.today, draft_id=draft_id)
    messages.info(request, _("The draft was discarded."))
    return redirect("indicators:drafts")


@signed_in
@require_POST
def draft_publish(request: HttpRequest, draft_id: int) -> HttpResponse:
    found = _find(request, draft_id)
    form = PublishForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(line for lines in form.errors.values() for line in lines))
        return _back(draft_id)
    code = found.code
    try:
        made = verbs.publish_draft(
            by=request.actor,
            at=request.now,
            on=request.today,
            draft_id=draft_id,
            seen=_seen(request.POST),
            publish_on=form.cleaned_data["publish_on"],
        )
    except NotAllowed:
        raise
    except Refused as refused:
        tell(request, refused)
        return _back(draft_id)
    if made is None:
        return _back(draft_id)
    return redirect("indicators:sheet", code)


# Lines


@signed_in
@require_GET
def lines_add(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Find what is to be asked; each answer says whether another sheet already asks it."""
    found = _find(request, draft_id)
    form = FilterForm(Element, request.GET)
    listed = asking.listed_elements(**form.wanted)
    page = Paginator(listed, FOUND).get_page(request.GET.get("trang"))
    cells = Cell.objects.filter(element__in=[one.pk for one in page])
    of_element: dict[str, list[int]] = {}
    for cell, element in cells.values_list("pk", "element_id"):
        of_element.setdefault(element, []).append(cell)
    owners = asking.owner_sheets([one for many in of_element.values() for one in many], building.besides(found))
    here = {line["cell"].partition("[")[0] for line in found.data["lines"] if line["cell"]}
    for one in page:
        numbers = of_element.get(one.pk, [])
        one.cells_number = len(numbers)
        one.asked_by = sorted({owners[cell].name for cell in numbers if cell in owners})
        one.here = one.pk in here
    context = {"draft": found, "form": form, "page": page, "section": request.GET.get("muc", "")}
    return render(request, "indicators/build_find.html", context | {"filtered": any(request.GET.values())})


@signed_in
def lines_of_element(request: HttpRequest, draft_id: int, code: str) -> HttpResponse:
    """All cells of an element, or chosen ones, come onto the sheet in one step."""
    found = _find(request, draft_id)
    element = get_object_or_404(Element.objects.prefetch_related("dimensions__members"), code=code)
    cells = list(element.cells.all())
    here = {line["cell"] for line in found.data["lines"]}
    owners = asking.owner_sheets([cell.pk for cell in cells], building.besides(found))
    chosen = set(request.POST.getlist("cell")) if request.method == "POST" else {cell.key for cell in cells} - here
    for cell in cells:
        cell.asked_by, cell.here, cell.chosen = owners.get(cell.pk), cell.key in here, cell.key in chosen
    sections = [name for name in found.data["sections"] if name]
    initial = {"section": request.GET.get("muc", sections[-1] if sections else ""), "level": 1 if len(cells) > 1 else 0}
    initial["total"] = len(cells) > 1
    form = CellsForm(request.POST or None, initial=initial, sheet=found.data, parts=len(cells) > 1)
    fault = ""
    if request.method == "POST" and form.is_valid():
        keys = [cell.key for cell in _in_order(element, cells) if cell.key in chosen and not cell.here]
        if keys:
            section = form.cleaned_data["section"].strip()
            lines = _lines_for(element, {cell.key: cell for cell in cells}, keys, form.cleaned_data)
            if _change(request, draft_id, lambda data: drafting.add_lines(data, section, lines)):
                return _back(draft_id, f"dong-{found.data['next']}")
        else:
            fault = _("Choose at least one cell that is not yet on the sheet.")
    context = {"draft": found, "element": element, "split": split_of(element, cells), "form": form, "fault": fault}
    context["held"] = asking.held_elsewhere([cell.pk for cell in cells])
    return _page(request, "indicators/build_cells.html", context)


def _in_order(element: Element, cells: list[Cell]) -> list[Cell]:
    """As a person reads the table: row by row."""
    return [cell for _words, row in split_of(element, cells).rows for cell in row if cell is not None]


def _lines_for(
    element: Element, cells: Mapping[str, Cell], keys: list[str], given: Mapping[str, Any]
) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    common = {"kinds": given.get("kinds", [])}
    level = int(given["level"])
    if given.get("total") and len(keys) > 1:
        whole = element.code if len(keys) == len(cells) else " + ".join(keys)
        total = {"expression": whole, "label": element.name, "unit": element.unit, "level": max(0, level - 1)}
        lines.append(total | common)
    for key in keys:
        cell = cells[key]
        label = cell.label.partition(" – ")[2]
        words = (label[:1].upper() + label[1:]) if label and level else ""
        line = {"cell": key, "label": words, "level": level, "required": given["required"]}
        lines.append(line | common)
    return lines


@signed_in
def total_add(request: HttpRequest, draft_id: int) -> HttpResponse:
    """A computed line: a total or a rate of what stands on the sheet."""
    found = _find(request, draft_id)
    sheet = found.data if found.data["sections"] else found.data | {"sections": [""]}
    initial = {"section": request.GET.get("muc", sheet["sections"][-1]), "level": 0}
    form = LineForm(request.POST or None, initial=initial, sheet=sheet, total=True)
    if request.method == "POST" and form.is_valid() and _formula_stands(form):
        section = form.cleaned_data["section"]
        if _change(request, draft_id, lambda data: drafting.add_lines(data, section, [form.cleaned_data])):
            return _back(draft_id)
    context = {"draft": found, "form": form, "title": _("Add a computed line"), "names": _names(found)}
    return _page(request, "indicators/build_form.html", context)


def _formula_stands(form: LineForm | RuleForm, truth: bool = False) -> bool:
    """Whether the text is a formula; what it reads is checked over the whole sheet, where it is shown at the line."""
    try:
        tree = language.parse(form.cleaned_data["expression"])
        if language.is_truth(tree) != truth:
            raise (language.ConditionNeeded if truth else language.NumberNeeded)(position=1)
    except Refused as refused:
        form.add_error("expression", " ".join(sentences(refused)))
        return False
    return True


@signed_in
def line_edit(request: HttpRequest, draft_id: int, line_id: int) -> HttpResponse:
    found = _find(request, draft_id)
    try:
        line = drafting.line(found.data, line_id)
    except drafting.NoSuchLine:
        raise Http404 from None
    total = not line["cell"]
    form = LineForm(request.POST or None, initial=line, sheet=found.data, total=total)
    if request.method == "POST" and form.is_valid() and (not total or _formula_stands(form)):
        fields = dict(form.cleaned_data)
        section = fields.pop("section")
        if _change(request, draft_id, lambda data: drafting.change_line(data, line_id, fields, section)):
            return _back(draft_id, f"dong-{line_id}")
    cell = Cell.objects.filter(key=line["cell"]).first()
    title = cell.label if cell else line["label"] or line["expression"]
    context = {"draft": found, "form": form, "title": title, "cell": cell, "names": _names(found) if total else []}
    return _page(request, "indicators/build_form.html", context)


STEPS: Mapping[str, Callable[[drafting.Data, int], None]] = {
    "up": lambda data, line: drafting.move_line(data, line, -1),
    "down": lambda data, line: drafting.move_line(data, line, 1),
    "in": lambda data, line: drafting.shift_line(data, line, 1),
    "out": lambda data, line: drafting.shift_line(data, line, -1),
    "drop": drafting.drop_line,
}


@signed_in
@require_POST
def line_step(request: HttpRequest, draft_id: int, line_id: int) -> HttpResponse:
    """Up, down, deeper, less deep, away."""
    _find(request, draft_id)
    step = STEPS.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    _change(request, draft_id, lambda data: step(data, line_id))
    return _back(draft_id, f"dong-{line_id}")


@signed_in
@require_POST
def line_place(request: HttpRequest, draft_id: int, line_id: int) -> HttpResponse:
    """Where a line was dropped; the answer tells the page its new version."""
    _find(request, draft_id)
    before = request.POST.get("before", "")
    section = request.POST.get("section", "")
    place = int(before) if before.isdigit() else None
    try:
        changed = verbs.change_draft(
            by=request.actor,
            at=request.now,
            on=request.today,
            draft_id=draft_id,
            change=lambda data: drafting.place_line(data, line_id, section, place),
            seen=_seen(request.POST),
        )
    except NotAllowed:
        raise
    except Refused as refused:
        return JsonResponse({"fault": " ".join(sentences(refused))}, status=409)
    return JsonResponse({"seen": changed.version})


@signed_in
@require_POST
def section_step(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Add, rename, move or remove a section; which one stands in the form."""
    _find(request, draft_id)
    name, new = request.POST.get("section", ""), request.POST.get("name", "").strip()[:200]
    steps: dict[str, Callable[[drafting.Data], None]] = {
        "add": lambda data: drafting.add_section(data, new),
        "rename": lambda data: drafting.rename_section(data, name, new),
        "up": lambda data: drafting.move_section(data, name, -1),
        "down": lambda data: drafting.move_section(data, name, 1),
        "drop": lambda data: drafting.drop_section(data, name),
    }
    step = steps.get(request.POST.get("step", ""))
    if step is None:
        raise Http404
    if request.POST["step"] in ("add", "rename") and not new:
        messages.error(request, _("Please give it a name."))
    else:
        _change(request, draft_id, step)
    return _back(draft_id)


def _names(found: SheetDraft) -> list[tuple[str, str]]:
    """What a formula of this sheet may read: its cells, and the elements whose cells stand on it."""
    cells = building.cells_of(found)
    labels = {line["cell"]: line["label"] for line in found.data["lines"]}
    elements = dict.fromkeys(cell.element for cell in cells.values() if "[" in cell.key)
    own = [(key, labels.get(key) or cell.label) for key, cell in cells.items()]
    return own + [(one.code, _("%(name)s, all lines together") % {"name": one.name}) for one in elements]


# Rules and bounds


@signed_in
@require_GET
def rules(request: HttpRequest, draft_id: int) -> HttpResponse:
    found = _find(request, draft_id)
    made = _built(found)
    context = {"draft": found, "built": made, "tabs": _tabs(found, "draft-rules")}
    return render(request, "indicators/build_rules.html", context | {"suggestions": building.suggested(made)})


@signed_in
def rule_edit(request: HttpRequest, draft_id: int, rule_id: int = 0) -> HttpResponse:
    """A rule, by choosing two lines or by writing the formula; what it says is read back in words."""
    found = _find(request, draft_id)
    initial: dict[str, Any] = {}
    if rule_id:
        try:
            initial = drafting.rule(found.data, rule_id)
        except drafting.NoSuchLine:
            raise Http404 from None
    lines = _names(found)
    form = RuleForm(request.POST or None, initial=initial, lines=lines)
    context = {"draft": found, "form": form, "names": lines, "title": _("A rule of the sheet"), "rule": True}
    if request.method == "POST" and form.is_valid() and _formula_stands(form, truth=True):
        kept = {name: form.cleaned_data[name] for name in ("expression", "sentence", "severity")}
        if _change(request, draft_id, lambda data: drafting.put_rule(data, rule_id or None, **kept)):
            return redirect("indicators:draft-rules", draft_id)
    if initial:
        context["said"] = reading.reading(initial["expression"])
    return _page(request, "indicators/build_form.html", context)


@signed_in
@require_POST
def rule_step(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Remove a rule, or take over what the lines suggest."""
    found = _find(request, draft_id)
    number = request.POST.get("rule", "")
    if request.POST.get("step") == "drop" and number.isdigit():
        _change(request, draft_id, lambda data: drafting.drop_rule(data, int(number)))
    elif request.POST.get("step") == "suggested":
        wanted = set(request.POST.getlist("expression"))
        taken = [one for one in building.suggested(_built(found)) if one.expression in wanted]

        def add(data: drafting.Data) -> None:
            for one in taken:
                drafting.put_rule(data, None, expression=one.expression, sentence=one.sentence[:400], severity="hard")

        _change(request, draft_id, add)
    else:
        raise Http404
    return redirect("indicators:draft-rules", draft_id)


@signed_in
def checks(request: HttpRequest, draft_id: int) -> HttpResponse:
    """What is unusual on this sheet, as data: methods with their thresholds."""
    found = _find(request, draft_id)
    cells = building.cells_of(found)
    elements = [(one.code, one.name) for one in dict.fromkeys(cell.element for cell in cells.values())]
    form = ChecksForm(request.POST or None, stored=found.data["checks"], elements=elements)
    if form.is_bound and form.is_valid() and _change(request, draft_id, lambda data: data.update(checks=form.checks())):
        return _back(draft_id)
    context = {"draft": found, "form": form, "tabs": _tabs(found, "draft-checks")}
    return _page(request, "indicators/build_checks.html", context)


# As units will see it


@signed_in
@require_GET
def preview(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The sheet as a unit of a kind will see it: only its lines, in their places, nothing to type."""
    found = _find(request, draft_id)
    made = _built(found)
    names = dict(kind_choices())
    kinds = [(code, names.get(code, code)) for code in found.data["kinds"]]
    kind = request.GET.get("loai", kinds[0][0] if kinds else "")
    sections = [
        (section.name, [line for line in section.lines if not line.kinds or kind in line.kinds])
        for section in made.sections
    ]
    lines = [line for _name, lines in sections for line in lines]
    context = {
        "draft": found,
        "built": made,
        "kinds": kinds,
        "kind": kind,
        "sections": [(name, lines) for name, lines in sections if lines],
        "typed": sum(line.typed for line in lines),
        "shown": sum(line.owner is not None for line in lines),
        "tabs": _tabs(found, "draft-preview"),
    }
    return render(request, "indicators/build_preview.html", context)


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    wrong = request.method == "POST" and (bool(context["form"].errors) or bool(context.get("fault")))
    return render(request, template, context, status=422 if wrong else 200)
