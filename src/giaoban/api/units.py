"""Units: found, one with its whole life, what stands below, what changed between two days. Public master data."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction
from typing import Annotated, Any

from django.db.models import Max, Min, QuerySet
from django.http import Http404, HttpRequest
from ninja import Field, Path, Query, Router, Schema

from giaoban.analytics import naming
from giaoban.api import shapes
from giaoban.api.refusals import LastBeforeFirst, UnknownHierarchy
from giaoban.api.shapes import Stretch, gives
from giaoban.core.text import fold
from giaoban.indicators.models import Series
from giaoban.orgs import queries as orgs
from giaoban.orgs.models import TERRITORY, Change, Closure, Code, Decision, Lineage, Snapshot
from giaoban.orgs.queries.between import WHATS, Difference, between, inside, scope

router = Router(tags=["Đơn vị"])
ON = Field(None, description="Vào ngày (2025-06-30); để trống: hôm nay.")
HIERARCHY = Field(TERRITORY, description="Hệ: mã trong `vocabulary/`, mặc định là địa bàn (TERRITORY).")


UnitId = Annotated[int, Path(description="Số của đơn vị, như trong địa chỉ trang của nó: 1 là Việt Nam.")]
DecreeId = Annotated[int, Path(description="Số của lần sắp xếp, như trong danh sách.")]


class AtDay(Schema):
    on: date | None = ON


class OfDay(Stretch):
    on: date | None = ON
    hierarchy: str = HIERARCHY


class UnitFilters(OfDay):
    q: str = Field("", max_length=100, description="Tên (không cần dấu), mã hoặc tên gọi khác.")
    kind: shapes.Texts = Field([], description="Chỉ các loại này; nhiều loại cách nhau bằng dấu phẩy.")
    under: int | None = Field(None, description="Chỉ đơn vị này và các đơn vị bên dưới.")
    has: shapes.Texts = Field([], description="Chỉ đơn vị mang các thuộc tính này vào ngày ấy: zone:III.")


class Between(Stretch):
    first: date = Field(alias="from", description="Ngày trước.")
    last: date = Field(alias="to", description="Ngày sau.")
    under: int | None = Field(None, description="Chỉ đơn vị này và các đơn vị bên dưới, vào một trong hai ngày.")
    hierarchy: str = HIERARCHY


class DecreeFilters(Stretch):
    first: date | None = Field(None, alias="from", description="Có hiệu lực từ ngày này.")
    last: date | None = Field(None, alias="to", description="Có hiệu lực trước ngày này.")


@router.get(
    "units/",
    response=gives(shapes.UnitLines),
    summary="Tìm, liệt kê đơn vị",
    url_name="units",
    openapi_extra={"x-example": "units/?q=bac ha&limit=5"},
)
def units(request: HttpRequest, asked: Query[UnitFilters]) -> dict[str, Any]:
    """Có `q`: tìm theo tên, gần đúng nhất trước. Không có `q`: tất cả đơn vị của ngày, theo loại và tên."""
    on = _day(request, asked.on)
    known_hierarchy(asked.hierarchy)
    if asked.under is not None:
        orgs.unit(asked.under)
    having = _having(asked.has, on)
    if asked.q.strip():
        return _search(asked, on, having)
    found = orgs.living(on).select_related("kind").order_by("kind__order", "fold", "unit_id")
    if asked.kind:
        found = found.filter(kind__in=asked.kind)
    if asked.under is not None:
        found = found.filter(unit__in=orgs.descendants(asked.under, asked.hierarchy, on, include_self=True))
    for units in having:
        found = found.filter(unit__in=units)
    total = found.count()
    return {"on": on, "items": map(_line, asked.cut(found)), "total": total, "next": asked.next_of(request, total)}


def _having(texts: list[str], on: date) -> list[QuerySet[Any, int]]:
    """For each condition the units that meet it on the day."""
    return [orgs.having(attribute, value, on) for attribute, value in naming.conditions(texts)]


def _search(asked: UnitFilters, on: date, having: list[QuerySet[Any, int]]) -> dict[str, Any]:
    """A search has no pages: who does not find it among the best writes more of the name."""
    hits = orgs.search(asked.q, on, asked.kind or None, asked.under, asked.limit)
    full = len(hits) == asked.limit
    for units in map(set, having):
        hits = [hit for hit in hits if hit.unit_id in units]
    lines = [
        {
            "id": hit.unit_id,
            "name": hit.name,
            "body_name": hit.body_name,
            "kind": hit.kind,
            "kind_name": hit.kind_name,
            "code": hit.code,
            "path": hit.path,
        }
        for hit in hits
    ]
    return {"on": on, "items": lines, "total": None if full else len(hits), "next": None}


@router.get(
    "units/{int:unit_id}/children/",
    response=gives(shapes.UnitLines),
    summary="Đơn vị trực thuộc",
    url_name="children",
    openapi_extra={"x-example": "units/1/children/"},
)
def children(request: HttpRequest, unit_id: UnitId, asked: Query[OfDay]) -> dict[str, Any]:
    """Các đơn vị đứng ngay dưới đơn vị này trong một hệ, vào một ngày."""
    on = _day(request, asked.on)
    known_hierarchy(asked.hierarchy)
    orgs.unit(unit_id)
    found = orgs.children(unit_id, asked.hierarchy, on)
    total = found.count()
    return {"on": on, "items": map(_line, asked.cut(found)), "total": total, "next": asked.next_of(request, total)}


@router.get(
    "units/{int:unit_id}/",
    response=gives(shapes.UnitDetail),
    summary="Một đơn vị",
    url_name="unit",
    openapi_extra={"x-example": "units/1/"},
)
def unit(request: HttpRequest, unit_id: UnitId, asked: Query[AtDay]) -> dict[str, Any]:
    """Đơn vị vào một ngày và cả quá trình của nó: tên, loại, mã, cấp trên, đơn vị trước và sau khi sắp xếp."""
    day = _day(request, asked.on)
    orgs.unit(unit_id)
    rows = list(Snapshot.objects.filter(unit=unit_id).select_related("kind").order_by("start"))
    span = Snapshot.objects.filter(unit=unit_id).aggregate(first=Min("start"), end=Max("end"))
    shown = next((row for row in reversed(rows) if row.start <= day), rows[0])
    return {
        "id": unit_id,
        "on": day,
        "exists": shown.start <= day < shown.end,
        **_called(shown),
        "short_name": shown.short_name,
        "level": shown.kind.level,
        "codes": _codes(unit_id, day),
        "first_day": span["first"],
        "last_day": None if span["end"] == date.max else span["end"] - timedelta(days=1),
        "places": _places(unit_id, day),
        "attributes": _attributes(unit_id, day),
        "predecessors": _heirs(orgs.predecessors(unit_id), "predecessor"),
        "successors": _heirs(orgs.successors(unit_id), "successor"),
        "timeline": [
            {
                "day": line.day,
                "what": line.what,
                "text": line.text,
                "hierarchy": line.hierarchy,
                "parent": line.parent_id,
                "decision": _decision(line.decision),
            }
            for line in orgs.history(unit_id)
        ],
    }


@router.get(
    "changes/",
    response=gives(shapes.Differences),
    summary="Khác nhau giữa hai ngày",
    url_name="changes",
    openapi_extra={"x-example": "changes/?from=2025-06-30&to=2025-07-01&limit=5"},
)
def changes(request: HttpRequest, asked: Query[Between]) -> dict[str, Any]:
    """Những đơn vị đã thành lập, kết thúc, đổi tên, đổi loại hoặc chuyển cấp trên sau `from`, đến hết `to`."""
    known_hierarchy(asked.hierarchy)
    if asked.last <= asked.first:
        raise LastBeforeFirst()
    if asked.under is not None:
        orgs.unit(asked.under)
    found = _differences(asked)
    shown = asked.cut(found)
    units = [one.unit_id for one in shown]
    was, now = orgs.snapshots(units, asked.first), orgs.snapshots(units, asked.last)
    before = orgs.names({one.parent_was for one in shown if one.parent_was}, asked.first)
    after = orgs.names({one.parent_now for one in shown if one.parent_now}, asked.last)
    made_of = _lineage(asked, "successor", "predecessor", units, asked.first)
    became = _lineage(asked, "predecessor", "successor", units, asked.last)
    return {
        "first": asked.first,
        "last": asked.last,
        "hierarchy": asked.hierarchy,
        "total": len(found),
        "next": asked.next_of(request, len(found)),
        "items": [
            {
                "unit": {"id": one.unit_id, "name": (now.get(one.unit_id) or was[one.unit_id]).name},
                "what": [what for what in WHATS if what in one.what],
                "before": _state(was.get(one.unit_id), one.parent_was, before),
                "after": _state(now.get(one.unit_id), one.parent_now, after),
                "predecessors": made_of.get(one.unit_id, []),
                "successors": became.get(one.unit_id, []),
            }
            for one in shown
        ],
    }


@router.get(
    "decrees/",
    response=gives(shapes.DecreeLines),
    summary="Các lần sắp xếp",
    url_name="decrees",
    openapi_extra={"x-example": "decrees/?limit=5"},
)
def decrees(request: HttpRequest, asked: Query[DecreeFilters]) -> dict[str, Any]:
    """Mỗi lần sắp xếp: một quyết định, hoặc một thay đổi riêng lẻ, với ngày có hiệu lực; mới nhất trước."""
    found = orgs.changes(asked.first, asked.last)
    total = found.count()
    return {"items": map(_change, asked.cut(found)), "total": total, "next": asked.next_of(request, total)}


@router.get(
    "decrees/{int:decree_id}/", response=gives(shapes.DecreeDetail), summary="Một lần sắp xếp", url_name="decree"
)
def decree(request: HttpRequest, decree_id: DecreeId) -> dict[str, Any]:
    """Đơn vị nào thành lập, đơn vị nào kết thúc và thành gì."""
    done = orgs.changes().filter(pk=decree_id).first()
    if done is None:
        raise Http404
    founded, ended, became = orgs.founded_by(done), orgs.ended_by(done), orgs.became(done)
    after = orgs.names({*founded, *(new for rows in became.values() for new, _share in rows)}, done.on)
    before = orgs.names({*ended, *became}, done.on - timedelta(days=1))

    def named(units: Iterable[int], names: dict[int, str]) -> list[dict[str, Any]]:
        return [{"id": unit, "name": names[unit]} for unit in units]

    return {
        **_change(done),
        "founded": named(founded, after),
        "ended": named(ended, before),
        "became": [
            {
                "unit": {"id": old, "name": before[old]},
                "successors": [{"unit": {"id": new, "name": after[new]}, "share": str(share)} for new, share in rows],
            }
            for old, rows in became.items()
        ],
    }


@router.get(
    "vocabulary/",
    response=gives(shapes.Vocabulary),
    summary="Các mã",
    url_name="vocabulary",
    openapi_extra={"x-example": "vocabulary/"},
    tags=["Danh mục"],
)
def vocabulary(request: HttpRequest) -> dict[str, Any]:
    """Hệ, loại đơn vị, nguồn số liệu và thuộc tính: những mã mà các tham số nhận."""
    return {
        "hierarchies": orgs.hierarchies().values("code", "name"),
        "kinds": orgs.kinds().values("code", "name"),
        "series": Series.objects.order_by("code").values("code", "name"),
        "attributes": orgs.attributes().values("code", "name", "values", "source"),
    }


def _lineage(asked: Between, side: str, other: str, units: list[int], day: date) -> dict[int, list[dict[str, Any]]]:
    """For each unit the other ends of its lineage between the two days, called as on the day given."""
    rows = Lineage.objects.filter(on__gt=asked.first, on__lte=asked.last, **{f"{side}__in": units})
    found = list(rows.select_related("decision").order_by("on", "-main", "pk"))
    names = orgs.names({getattr(row, f"{other}_id") for row in found}, day)
    told: dict[int, list[dict[str, Any]]] = {}
    for row in found:
        told.setdefault(getattr(row, f"{side}_id"), []).append(_heir(row, getattr(row, f"{other}_id"), names))
    return told


def _differences(asked: Between) -> list[Difference]:
    """Those of the whole country, or of the unit and of what it was made of and became; by kind and name."""
    found = between(asked.first, asked.last, asked.hierarchy)
    if asked.under is not None:
        before, after = scope(asked.under, asked.first, asked.last)
        units = inside(before, asked.first, asked.hierarchy) | inside(after, asked.last, asked.hierarchy)
        found = [one for one in found if one.unit_id in units]
    order = dict(orgs.kinds().values_list("code", "order"))

    def place(one: Difference) -> tuple[int, str, int]:
        state = one.now or one.was
        return (order[state.kind], fold(state.name), one.unit_id) if state else (len(order) + 999, "", one.unit_id)

    return sorted(found, key=place)


# What is told of a unit


def _day(request: HttpRequest, asked: date | None) -> date:
    return asked or request.today  # type: ignore[attr-defined]


def known_hierarchy(code: str) -> None:
    if not orgs.hierarchies().filter(code=code).exists():
        raise UnknownHierarchy(code=code)


def _called(row: Snapshot) -> dict[str, str]:
    return {
        "name": row.name,
        "body_name": row.body_name,
        "kind": row.kind_id,
        "kind_name": row.kind.name,
        "code": row.code,
    }


def _line(row: Snapshot) -> dict[str, Any]:
    return {"id": row.unit_id, "path": None, **_called(row)}


def _codes(unit_id: int, on: date) -> dict[str, str]:
    rows = Code.objects.filter(unit=unit_id, start__lte=on).order_by("start")
    return {scheme: code for scheme, code in dict(rows.values_list("scheme", "code")).items() if code}


def _places(unit_id: int, on: date) -> list[dict[str, Any]]:
    """Every hierarchy in which something stands above the unit; two queries however many there are."""
    rows = Closure.objects.filter(descendant=unit_id, depth__gt=0, start__lte=on, end__gt=on).order_by("-depth")
    above: dict[str, list[int]] = {}
    for hierarchy, ancestor in rows.values_list("hierarchy_id", "ancestor_id"):
        above.setdefault(hierarchy, []).append(ancestor)
    names = orgs.names({unit for chain in above.values() for unit in chain}, on)
    found = []
    for one in orgs.hierarchies():
        path = [{"id": unit, "name": names[unit]} for unit in above.get(one.code, [])]
        if path:
            found.append({"hierarchy": one.code, "name": one.name, "parent": path[-1], "path": path})
    return found


def _attributes(unit_id: int, on: date) -> list[dict[str, Any]]:
    return [
        {
            "code": attribute.code,
            "name": attribute.name,
            "value": value,
            "value_name": attribute.values.get(value, value),
            "of": source,
        }
        for attribute, value, source in orgs.attributes_of(unit_id, on)
    ]


def _heirs(rows: Iterable[Lineage], side: str) -> list[dict[str, Any]]:
    """The other ends of lineage rows; a predecessor is called as on its last day."""
    found = list(rows)
    days: dict[date, set[int]] = {}
    for row in found:
        days.setdefault(row.on, set()).add(getattr(row, f"{side}_id"))
    back = timedelta(days=1 if side == "predecessor" else 0)
    names = {day: orgs.names(units, day - back) for day, units in days.items()}
    return [_heir(row, getattr(row, f"{side}_id"), names[row.on]) for row in found]


def _heir(row: Lineage, other: int, names: dict[int, str]) -> dict[str, Any]:
    return {
        "unit": {"id": other, "name": names[other]},
        "on": row.on,
        "share": str(Fraction(row.numerator, row.denominator)),
        "basis": row.basis,
        "basis_name": row.get_basis_display(),
        "estimated": row.estimated,
        "decision": _decision(row.decision),
    }


def _state(row: Snapshot | None, parent: int | None, names: dict[int, str]) -> dict[str, Any] | None:
    if row is None:
        return None
    above = {"id": parent, "name": names[parent]} if parent else None
    return {"name": row.name, "kind": row.kind_id, "code": row.code, "parent": above}


def _change(done: Change) -> dict[str, Any]:
    return {
        "id": done.pk,
        "on": done.on,
        "title": str(done),
        "decision": _decision(done.decision),
        "undone": done.undone_at is not None,
    }


def _decision(found: Decision | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"number": found.number, "date": found.date, "issuer": found.issuer, "title": found.title}
