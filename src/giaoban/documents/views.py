"""Pages of the register. Thin: parse, one call, render."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from giaoban.core.refusal import NotAllowed, Refused
from giaoban.documents import actions, numbering, queries
from giaoban.documents.forms import (
    AddressForm,
    ArchiveFields,
    CorrectForm,
    FilterForm,
    ForceForm,
    LinkForm,
    RegisterForm,
    UnlinkForm,
)
from giaoban.documents.models import Document, Relation
from giaoban.documents.naming import Circle, below, ids
from giaoban.documents.plain import text_of
from giaoban.documents.serving import download
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people
from giaoban.people.guards import signed_in
from giaoban.people.refusals import add_to
from giaoban.ui.parts import Tab

PAGE = 30
SHOWN = 200  # units of a cascade listed at first: those that are late come first
OPENED = 20  # branches that stand open; with more, each is opened by hand
DIRECTIONS = {"den": "IN", "di": "OUT"}
MINE = "cua-toi"


@signed_in
@require_GET
def documents(request: HttpRequest) -> HttpResponse:
    """The register: my unit's, or all I may read; incoming, outgoing, or sent to us and not received yet."""
    view = request.GET.get("so", "")
    form = FilterForm(request.GET or None, on=request.today)
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    before = request.GET.get("truoc", "")
    found = queries.found(
        request.actor, request.today, _wanted(request, view, chosen), int(before) if before.isdecimal() else None
    )
    waiting = list(queries.unreceived(request.actor, request.today)[:PAGE])
    context = {
        "form": form,
        "found": found,
        "older": _with(request, truoc=str(found.older)) if found.older else "",
        "newest": _with(request, truoc="") if before else "",
        "waiting": waiting,
        "rows": _rows(request, found.documents),
        "filtered": bool(request.GET.keys() & {"q", "loai", "tu", "den", "noi", "nam", "hieu_luc", "vao_ngay"}),
        "may_register": people.may_anywhere(request.actor, "document.register", request.today),
        "may_handle": people.may_anywhere(request.actor, "document.propose", request.today)
        or people.may_anywhere(request.actor, "document.note", request.today),
        "tabs": _register_tabs(view),
    }
    return render(request, "documents/list.html", context)


def _wanted(request: HttpRequest, view: str, chosen: dict[str, Any]) -> queries.Wanted:
    """What the filters ask for; an issuer that the tree does not know is looked for by its words."""
    text, issuer = chosen.get("q", ""), chosen.get("noi", "").strip()
    issuer_id = _issuer(Circle(request.today, request.actor.unit_id), issuer)[0] if issuer else None
    if issuer and issuer_id is None:
        text = f'{text} "{issuer}"'
    year = chosen.get("nam")
    return queries.Wanted(
        text=text,
        type=chosen.get("loai", ""),
        issuer_id=issuer_id,
        since=max(filter(None, [chosen.get("tu"), date(year, 1, 1) if year else None]), default=None),
        until=min(filter(None, [chosen.get("den"), date(year, 12, 31) if year else None]), default=None),
        in_force=chosen.get("hieu_luc", False) or chosen.get("vao_ngay") is not None,
        force_on=chosen.get("vao_ngay"),
        direction=DIRECTIONS.get(view, ""),
        unit_id=request.actor.unit_id if view in DIRECTIONS or view == MINE else None,
    )


def _with(request: HttpRequest, **changes: str) -> str:
    """This page's address with other parameters; an empty one is left out."""
    asked = request.GET.copy()
    for name, value in changes.items():
        asked.pop(name, None)
        if value:
            asked[name] = value
    return f"?{asked.urlencode()}"


def _register_tabs(view: str) -> list[Tab]:
    address = reverse("documents:list")
    named = [("", _("All I may read")), ("den", _("Incoming")), ("di", _("Outgoing")), (MINE, _("My unit’s register"))]
    return [Tab(label, f"{address}?so={code}" if code else address, current=view == code) for code, label in named]


def _rows(request: HttpRequest, page: list[Document]) -> list[dict[str, Any]]:
    """Of each document where it stands for the acting unit: its own, or sent to it and received or not."""
    unit = request.actor.unit_id
    queries.with_addressees(page, people.own_units(request.actor, request.today))
    names = orgs.names({each.owner_unit_id for each in page}, request.today)
    return [
        {
            "document": each,
            "owner": "" if each.owner_unit_id == unit else names.get(each.owner_unit_id, ""),
            "sent": next(iter(each.sent_here), None),  # type: ignore[attr-defined]
        }
        for each in page
    ]


@signed_in
def register(request: HttpRequest) -> HttpResponse:
    """Enter a document in the acting unit's register."""
    unit, on = request.actor.unit_id, request.today
    people.require(request.actor, "document.register", unit, on)
    circle = Circle(on, unit, below(unit, on))
    direction = "OUT" if request.GET.get("so") == "di" else "IN"
    form = RegisterForm(
        request.POST or None,
        request.FILES or None,
        on=on,
        circle=circle,
        counts=numbering.counter_of(unit) is not None,
        initial={"direction": direction},
    )
    twins: list[Document] = []
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            entered = _enter(request, circle, data)
        except actions.Duplicate as refused:
            twins = queries.duplicates(request.actor, data["symbol"], data["issued_on"], on)
            add_to(form, refused)
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"issuer_text": "issuer", "target": "implements", "due_on": "plan_due_on"})
        else:
            return redirect(entered)
    context = {
        "form": form,
        "twins": twins,
        "offered": list(circle.offered),
        "next_symbol": queries.next_symbol(unit, "TB", on),
        "unit_name": orgs.body_name(unit, on),
    }
    return render(request, "documents/register.html", context, status=422 if form.errors else 200)


def _enter(request: HttpRequest, circle: Circle, data: dict[str, Any]) -> Document:
    """Register, and in the same step say what it implements."""
    issuer_id, issuer_text = _issuer(circle, data["issuer"])
    upload = data["file"]
    content = (upload.name, upload.read()) if upload else None
    return actions.register_and_link(
        by=request.actor,
        at=request.now,
        implements=data["implements"],
        numbered="" if data["symbol"] else data["type"],
        clause=data["clause"],
        owner_id=request.actor.unit_id,
        direction=data["direction"],
        symbol=data["symbol"],
        subject=data["subject"],
        issued_on=data["issued_on"],
        issuer_id=issuer_id,
        issuer_text=issuer_text,
        type=data["type"].partition(":")[2],
        signer=data["signer"],
        signer_title=data["signer_title"],
        urgency=data["urgency"],
        recipients_text=data["recipients_text"],
        addressee_ids=ids(data["addressees"]),
        received_on=data["received_on"],
        reply_due_on=data["reply_due_on"],
        plan_due_on=data["plan_due_on"],
        effective_on=data["effective_on"],
        expires_on=data["expires_on"],
        **{name: data[name] for name in ArchiveFields.base_fields},
        text=data["text"] or text_of(content),
        file=content,
        secrecy=data["secrecy"],
        again=data["again"],
    )


def _issuer(circle: Circle, text: str) -> tuple[int | None, str]:
    """The unit when the tree knows the name; always the words as printed."""
    if not text.strip():
        return None, ""
    found = [each for each in orgs.resolve_name(text, circle.on, circle.near) if each.unit_id is not None]
    for name, unit_ids in circle.offered.items():
        if name == text.strip() and len(unit_ids) == 1:
            return unit_ids[0], text
    return (found[0].unit_id if found and found[0].score >= 90 else None), text


def get(request: HttpRequest, document_id: int) -> Document:
    try:
        return queries.document(request.actor, document_id, request.today)
    except Document.DoesNotExist:
        raise Http404 from None


@signed_in
@require_GET
def document(request: HttpRequest, document_id: int, slug: str = "") -> HttpResponse:
    """One document: its text with what was asked out of it, and its fields."""
    found = get(request, document_id)
    if request.path != found.get_absolute_url():
        return redirect(found)
    sent = queries.addressee(request.actor, found, request.today)
    owns = people.may(request.actor, "document.register", found.owner_unit_id, request.today)
    context = {
        "document": found,
        "tabs": tabs_of(found, "text"),
        "sent": sent,
        "may_receive": sent is not None
        and sent.received_at is None
        and people.may(request.actor, "document.receive", sent.unit_id, request.today),
        "may_correct": owns,
        "may_read": people.may_anywhere(request.actor, "reading.use", request.today),
        "owner_name": orgs.body_name(found.owner_unit_id, request.today),
        "follows": queries.follows(request.actor, found, request.today),
        "force": queries.in_force(found, request.today),
        "type_system": found.get_system_display(),
    }
    return render(request, "documents/document.html", context)


@signed_in
def correct(request: HttpRequest, document_id: int) -> HttpResponse:
    """Put a wrong entry right, with a reason that the journal keeps."""
    found = get(request, document_id)
    people.require(request.actor, "document.register", found.owner_unit_id, request.today)
    initial = {name: getattr(found, name) for name in CorrectForm.base_fields if hasattr(found, name)}
    form = CorrectForm(request.POST or None, has_text=bool(found.text), initial=initial)
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        reason = changes.pop("reason")
        try:
            return redirect(actions.correct(by=request.actor, at=request.now, document=found, reason=reason, **changes))
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"target": "issued_on", "received_on": "issued_on"})
    context = {"form": form, "document": found}
    return render(request, "documents/correct.html", context, status=422 if form.errors else 200)


@signed_in
@require_GET
def cascade(request: HttpRequest, document_id: int, slug: str = "") -> HttpResponse:
    """What became of the document: which plans implement it, and which units have none yet."""
    found = get(request, document_id)
    return _cascade(request, found)


def _cascade(
    request: HttpRequest, found: Document, forms: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    on = request.today
    owns = people.may(request.actor, "document.register", found.owner_unit_id, on)
    tree = queries.cascade(request.actor, found, on)
    circle = Circle(on, found.owner_unit_id, below(found.owner_unit_id, on) if owns else {})
    context = {
        "document": found,
        "tabs": tabs_of(found, "cascade"),
        "cascade": tree,
        "few": len(tree.root.below) <= OPENED,
        "duties": tree.duties if request.GET.get("tat-ca") else tree.duties[:SHOWN],
        "more_duties": len(tree.duties) > SHOWN and not request.GET.get("tat-ca"),
        "named": queries.named_in(request.actor, found, on),
        "owns": owns,
        "link_form": LinkForm(),
        "address_form": AddressForm(circle=circle),
        "unlink_form": UnlinkForm(),
        "offered": list(circle.offered),
        **(forms or {}),
    }
    return render(request, "documents/cascade.html", context, status=status)


@signed_in
@require_GET
def force(request: HttpRequest, document_id: int, slug: str = "") -> HttpResponse:
    """The document on a day, article by article: what stands, what later documents changed or ended."""
    found = get(request, document_id)
    form = ForceForm(request.GET or None)
    day = (form.cleaned_data["ngay"] if form.is_bound and form.is_valid() else None) or request.today
    seen = queries.on_day(found, day)
    named = [change.by.document.pk for change in (*seen.so_far, *seen.later) if change.by.document]
    follows = queries.follows(request.actor, found, request.today)
    context = {
        "document": found,
        "tabs": tabs_of(found, "force"),
        "form": form if form.is_bound and form.errors else ForceForm(initial={"ngay": day}),
        "found": seen,
        "readable": set(
            queries.for_actor(request.actor, request.today).filter(pk__in=named).values_list("pk", flat=True)
        ),
        "changes": [(relation, may) for relation, may in follows if relation.kind in queries.CHANGING],
    }
    return render(request, "documents/force.html", context)


def tabs_of(found: Document, current: str) -> list[Tab]:
    page = found.get_absolute_url()
    return [
        Tab(_("Text and tasks"), page, current=current == "text"),
        Tab(_("How it is carried out"), f"{page}trien-khai/", current=current == "cascade"),
        Tab(_("How it was studied"), f"{page}quan-triet/", current=current == "study"),
        Tab(_("In force on a day"), f"{page}hieu-luc/", current=current == "force"),
    ]


@signed_in
@require_GET
def file(request: HttpRequest, document_id: int) -> HttpResponse:
    """The kept file, always as a download: never opened on our own site."""
    found = get(request, document_id)
    if not found.file_hash:
        raise Http404
    return download(found.file_name, queries.file_content(found))


@signed_in
@require_POST
def receive(request: HttpRequest, document_id: int) -> HttpResponse:
    found = get(request, document_id)
    sent = queries.addressee(request.actor, found, request.today)
    unit = sent.unit_id if sent else request.actor.unit_id
    got = actions.receive(by=request.actor, at=request.now, document=found, unit_id=unit)
    messages.success(request, _("Received with arrival number %(number)s.") % {"number": got.arrival_number})
    return redirect(found)


@signed_in
@require_POST
def address(request: HttpRequest, document_id: int) -> HttpResponse:
    """Send the document on to more units."""
    found = get(request, document_id)
    form = AddressForm(
        request.POST, circle=Circle(request.today, found.owner_unit_id, below(found.owner_unit_id, request.today))
    )
    if form.is_valid():
        try:
            actions.address(
                by=request.actor,
                at=request.now,
                document=found,
                unit_ids=ids(each for each in form.cleaned_data["units"] if not each.group),
                group_ids=ids(each for each in form.cleaned_data["units"] if each.group),
                must_issue=form.cleaned_data["must_issue"] or form.cleaned_data["due_on"] is not None,
                due_on=form.cleaned_data["due_on"],
            )
        except NotAllowed:
            raise
        except Refused as refused:
            add_to(form, refused, {"addressees": "units"})
        else:
            return redirect(f"{found.get_absolute_url()}trien-khai/")
    return _cascade(request, found, {"address_form": form}, 422)


@signed_in
@require_POST
def link(request: HttpRequest, document_id: int) -> HttpResponse:
    """Say what this document follows from."""
    found = get(request, document_id)
    form = LinkForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        target = queries.cited(request.actor, data["symbol"], None, request.today)
        if target is None:
            form.add_error(
                "symbol", _("No document with this number is registered where you can see it, or several are.")
            )
        else:
            try:
                actions.link(
                    by=request.actor,
                    at=request.now,
                    source=found,
                    target=target,
                    kind=data["kind"],
                    clause=data["clause"],
                    basis=data["basis"],
                    from_on=data["from_on"],
                )
            except NotAllowed:
                raise
            except Refused as refused:
                add_to(form, refused, {"target": "symbol"})
            else:
                return redirect(f"{found.get_absolute_url()}trien-khai/")
    return _cascade(request, found, {"link_form": form}, 422)


@signed_in
@require_POST
def unlink(request: HttpRequest, document_id: int, relation_id: int) -> HttpResponse:
    found = get(request, document_id)
    relation = Relation.objects.filter(pk=relation_id, source=found).first()
    if relation is None:
        raise Http404
    form = UnlinkForm(request.POST)
    if form.is_valid():
        actions.unlink(by=request.actor, at=request.now, relation=relation, reason=form.cleaned_data["reason"])
        return redirect(f"{found.get_absolute_url()}trien-khai/")
    return _cascade(request, found, {"unlink_form": form}, 422)
