"""The components as template tags; a builtin library, so no page loads it. Each has its line in ui/README.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, CheckboxInput
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from giaoban.core import numbers
from giaoban.ui import drawing, maps  # noqa: F401 (maps teaches `draw` a shape)
from giaoban.ui.charts import draw
from giaoban.ui.looks import look

register = template.Library()

MISSING = numbers.MISSING
Number = int | Decimal | Fraction


# ---- icons and states -------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, size: int = 18) -> SafeString:
    """An icon beside a word; hidden from screen readers, for the word says it."""
    return drawing.icon(str(name), size)


@register.simple_tag
def badge(word: str, tone: str = "quiet", icon: str = "circle") -> SafeString:
    """A word with a shape and a tone."""
    return drawing.badge(word, tone, str(icon))


@register.simple_tag
def state(code: str, word: str = "") -> SafeString:
    """The badge of a state of `ui.looks`; `word` says it more exactly ("Quá hạn 3 ngày")."""
    return drawing.state(str(code), word)


# ---- numbers and dates ------------------------------------------------------------------------------------------


def _absent(value: object) -> bool:
    return value is None or value == ""


@register.filter
def number(value: Number | None, places: int = 0) -> str:
    """1234567 → 1.234.567; missing is a dash, never 0."""
    return MISSING if _absent(value) else numbers.vi_number(value, places)


@register.filter
def percent(value: Number | None, places: int = 2) -> str:
    """Fraction(68, 73) → 93,15%. The value is the ratio itself, not yet times a hundred."""
    if _absent(value):
        return MISSING
    exact = Fraction(value)
    return numbers.vi_percent(exact.numerator, exact.denominator, places)


@register.filter
def points(value: Number | None) -> str:
    """A difference of rates, in points: Decimal("6.11") → +6,11 điểm %."""
    if _absent(value):
        return MISSING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + numbers.points(value)


@register.filter
def day(value: date | datetime | None) -> str:
    """05/09/2025."""
    if _absent(value):
        return MISSING
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return value.strftime("%d/%m/%Y")


@register.filter
def long_day(value: date | None) -> str:
    """ngày 05 tháng 9 năm 2025: days below 10 and months 1 and 2 take a zero (NĐ 30/2020, Phụ lục I)."""
    if _absent(value):
        return MISSING
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


@register.filter
def moment(value: datetime | None) -> str:
    """14:05 05/09/2025, in local time."""
    if _absent(value):
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%H:%M %d/%m/%Y")


@register.filter
def until(due: date | None, today: date) -> str:
    """How far a due day is from today: "còn 3 ngày", "hôm nay", "quá 2 ngày"."""
    if due is None:
        return MISSING
    left = (due - today).days
    if left == 0:
        return _("today")
    if left > 0:
        return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}
    return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": -left}


@register.simple_tag
def ratio(numerator: int | None, denominator: int | None, places: int = 2) -> SafeString:
    """A rate with the counts it comes from: 95,38% (1.239/1.299)."""
    if numerator is None or not denominator:
        return format_html('<span class="missing">{}</span>', MISSING)
    return format_html(
        '<span class="rate">{}</span> <span class="of">{}/{}</span>',
        numbers.vi_percent(numerator, denominator, places),
        numbers.vi_number(numerator, 0),
        numbers.vi_number(denominator, 0),
    )


@register.simple_tag
def missing(reason: str) -> SafeString:
    """A figure that is not there, and why."""
    return format_html('<span class="missing" title="{0}">{1}<span class="why"> {0}</span></span>', reason, MISSING)


# ---- page frame -------------------------------------------------------------------------------------------------


@register.filter
def tone(level: str) -> str:
    """The tone of a Django message level."""
    return {"success": "good", "warning": "warn", "error": "bad"}.get(level, "info")


@register.simple_tag
def crumb(label: str, href: str = "") -> SafeString:
    """One step of "where I am"."""
    if href:
        return format_html('<li><a href="{}">{}</a></li>', href, label)
    return format_html("<li>{}</li>", label)


@register.simple_tag(takes_context=True)
def here(context: template.Context, **changes: Any) -> str:
    """The address of this view with some filters changed: {% here page=2 %}. An empty value drops the filter."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Sequence[Any], label: str = "") -> dict[str, Any]:
    return {"items": items, "label": label}


@register.inclusion_tag("ui/parts/timeline.html")
def timeline(items: Iterable[Any]) -> dict[str, Any]:
    return {"items": items}


@register.inclusion_tag("ui/parts/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Any, name: str = "trang") -> dict[str, Any]:
    """Pages of a list; `name` is the address parameter of the page number."""
    return {
        "page": page,
        "previous": here(context, **{name: page.previous_page_number()}) if page.has_previous() else "",
        "next": here(context, **{name: page.next_page_number()}) if page.has_next() else "",
        "numbers": [
            {"label": n, "href": here(context, **{name: n}) if isinstance(n, int) else "", "current": n == page.number}
            for n in page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
        ],
    }


@register.inclusion_tag("ui/parts/empty.html", name="empty")
@register.inclusion_tag("ui/parts/empty.html", name="empty_state")  # for use inside {% for %}, whose own word is empty
def empty(title: str, text: str = "", action: str = "", href: str = "", icon: str = "inbox") -> dict[str, Any]:
    """What belongs here, and the step that fills it."""
    return {"title": title, "text": text, "action": action, "href": href, "icon": icon}


@register.inclusion_tag("ui/parts/tile.html")
def tile(
    label: str, value: Any, note: str = "", href: str = "", state: str = "", word: str = "", unit: str = ""
) -> dict[str, Any]:
    """One number a person looks for first; the whole tile is its link."""
    return {
        "label": label,
        "value": numbers.vi_number(value, 0) if isinstance(value, int) else (MISSING if _absent(value) else value),
        "note": note,
        "href": href,
        "state": state,
        "word": word,
        "unit": unit,
        "tone": look(state).tone if state else "",
    }


@register.inclusion_tag("ui/parts/progress.html")
def progress(done: int, total: int, label: str = "", unit: str = "") -> dict[str, Any]:
    """done of total, with a bar; the words carry the meaning, the bar is a glance."""
    return {
        "done": done,
        "total": total,
        "label": label,
        "unit": unit,
        "share": f"{100 * done / total:.0f}" if total else 0,
    }


@register.inclusion_tag("ui/parts/search_box.html")
def search_box(
    action: str, name: str = "q", value: str = "", label: str = "", placeholder: str = "", live: str = ""
) -> dict[str, Any]:
    """A search field; with `live` (an address answering with <li> rows) results show while typing."""
    return {"action": action, "name": name, "value": value, "label": label, "placeholder": placeholder, "live": live}


@register.simple_block_tag
def alert(content: str, tone: str = "info", title: str = "") -> SafeString:
    """What happened and what next: {% alert "bad" title="…" %}…{% endalert %}."""
    shape = {"good": "circle-check", "warn": "triangle-alert", "bad": "octagon-alert"}.get(tone, "info")
    head = format_html("<p class=alert-title>{}</p>", title) if title else ""
    role = "alert" if tone == "bad" else "status"
    return format_html(
        '<div class="alert {}" role="{}">{}<div>{}{}</div></div>',
        tone,
        role,
        drawing.icon(shape, 20),
        head,
        mark_safe(content),  # noqa: S308
    )


@register.simple_block_tag
def card(content: str, title: str = "", href: str = "", note: str = "", flush: bool = False) -> SafeString:
    """A titled box; `flush` lets a table reach its edges."""
    return render_to_string(
        "ui/parts/card.html",
        {"content": mark_safe(content), "title": title, "href": href, "note": note, "flush": flush},  # noqa: S308
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str) -> SafeString:
    """A question before a dangerous verb; opened by <button type=button data-open="id">."""
    return render_to_string("ui/parts/dialog.html", {"content": mark_safe(content), "id": id, "title": title})  # noqa: S308


# ---- tables -----------------------------------------------------------------------------------------------------


@register.simple_block_tag
def table(
    content: str, caption: str, id: str = "", show_caption: bool = False, cards: bool = True, tall: bool = False
) -> SafeString:
    """The frame of a table: scrolls by itself, head and first column stay, cards on a phone."""
    return format_html(
        '<div class="table{}{}" tabindex="0" role="region" aria-label="{}">'
        "<table{}><caption{}>{}</caption>{}</table></div>",
        " cards" if cards else "",
        " tall" if tall else "",
        caption,
        format_html(' id="{}"', id) if id else "",
        "" if show_caption else mark_safe(' class="unseen"'),
        caption,
        mark_safe(content),  # noqa: S308 (the block's own markup, already escaped by the template)
    )


@register.simple_tag(takes_context=True)
def th(
    context: template.Context, label: str, sort: str = "", number: bool = False, unit: str = "", name: str = "xep"
) -> SafeString:
    """A column's head; with `sort` a link that sorts by it, up and down ("?xep=ten", "?xep=-ten")."""
    inner: SafeString | str = conditional_escape(label)
    if unit:
        inner = format_html("{} <small>({})</small>", inner, unit)
    kind = mark_safe(' class="n"') if number else ""
    if not sort:
        return format_html('<th scope="col"{}>{}</th>', kind, inner)
    current = context["request"].GET.get(name, "")
    order, shape, following = "none", "chevrons-up-down", sort
    if current == sort:
        order, shape, following = "ascending", "arrow-up", f"-{sort}"
    elif current == f"-{sort}":
        order, shape, following = "descending", "arrow-down", sort
    address = here(context, **{name: following, "trang": ""})
    return format_html(
        '<th scope="col"{} aria-sort="{}"><a href="{}">{}{}</a></th>',
        kind,
        order,
        address,
        inner,
        drawing.icon(shape, 14),
    )


@register.simple_tag
def td(value: Any, kind: str = "number", places: int = 0, reason: str = "") -> SafeString:
    """A cell of figures: {% td row.value "percent" %}; missing shows a dash with its reason."""
    if _absent(value):
        return format_html('<td class="n">{}</td>', missing(reason or _("no figure yet")))
    shown = {
        "number": lambda: number(value, places),
        "percent": lambda: percent(value, places or 2),
        "points": lambda: points(value),
    }
    return format_html('<td class="n">{}</td>', shown[kind]())


# ---- forms ------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, help: str = "", width: str = "") -> dict[str, Any]:
    """Label above, help, the error at the field; width: short | medium | wide."""
    return {
        "field": bound,
        "help": help or bound.help_text,
        "width": width,
        "check": isinstance(bound.field.widget, CheckboxInput),
        "group": bound.use_fieldset,
    }


@register.inclusion_tag("ui/parts/errors.html")
def errors(form: BaseForm) -> dict[str, Any]:
    """The summary at the top: each fault links to its field."""
    return {
        "form": form,
        "faults": [
            (form[name] if name != "__all__" else None, fault) for name, found in form.errors.items() for fault in found
        ],
    }


@register.inclusion_tag("ui/parts/fields.html")
def fields(form: BaseForm) -> dict[str, Any]:
    """Summary and every visible field, in order."""
    return {"form": form}


@register.simple_tag
def facts(pairs: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> SafeString:
    """A definition list of what is known; empty values show a dash."""
    rows = pairs.items() if isinstance(pairs, Mapping) else pairs
    inner = format_html_join(
        "", "<div><dt>{}</dt><dd>{}</dd></div>", ((k, MISSING if _absent(v) else v) for k, v in rows)
    )
    return format_html('<dl class="facts">{}</dl>', inner)


# ---- charts -----------------------------------------------------------------------------------------------------


@register.simple_tag
def chart(description: Any) -> SafeString:
    """A chart of `ui.charts` or `ui.maps`, drawn as SVG; the former with its table behind it."""
    return draw(description)
