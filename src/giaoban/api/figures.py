"""Figures: indicators, the periods that have any, and answers. Only units whose figures the actor may look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Path, Query, Router, Schema

from giaoban.analytics import naming
from giaoban.analytics import queries as analytics
from giaoban.analytics.queries import Answer, Area, AreaAnswer, Map
from giaoban.api import shapes
from giaoban.api.refusals import BadMap, LastBeforeFirst, NothingAsked, NotInSight, TooMuch
from giaoban.api.shapes import Stretch, gives
from giaoban.api.units import HIERARCHY, known_hierarchy
from giaoban.core import period as periods
from giaoban.core.period import Period
from giaoban.indicators import queries as indicators
from giaoban.indicators.models import REPORT_SERIES
from giaoban.orgs import queries as orgs
from giaoban.people import queries as people

router = Router(tags=["Số liệu"])
CATALOGUE = ["Danh mục"]
MOST_ANSWERS = 20_000
SERIES = Field(REPORT_SERIES, description="Nguồn: report là báo cáo của các đơn vị; mã khác trong `vocabulary/`.")


IndicatorCode = Annotated[str, Path(description="Mã chỉ tiêu, như trong danh mục.")]


class IndicatorFilters(Stretch):
    q: str = Field("", max_length=100, description="Tên hoặc mã, không cần dấu.")


class OfSeries(Schema):
    series: str = SERIES


class Question(Stretch):
    indicator: shapes.Texts = Field([], description="Mã chỉ tiêu; nhiều mã cách nhau bằng dấu phẩy.")
    period: shapes.Texts = Field([], description="Mã kỳ: 2025-2026.HK1; một dãy năm: 2010:2016.")
    map: str = Field(analytics.AS_WAS, description="as_was (như lúc đó), today (hôm nay) hoặc một ngày 2025-07-01.")
    where: shapes.Texts = Field([], description="Chỉ số liệu của đơn vị mang thuộc tính vào ngày của bản đồ: zone:III.")
    series: str = SERIES
    hierarchy: str = HIERARCHY
    against: Literal["previous", "last_year"] = Field("previous", description="So với kỳ trước hay cùng kỳ năm trước.")


class AnswerFilters(Question):
    unit: shapes.Numbers = Field([], description="Số của đơn vị; nhiều số cách nhau bằng dấu phẩy.")
    below: int | None = Field(None, description="Thay cho unit: mọi đơn vị ngay dưới đơn vị này trên bản đồ.")


class Ground(Stretch):
    level: str = Field("commune", description="Vùng ghép từ đơn vị cấp nào: province, commune hoặc school.")
    under: int | None = Field(None, description="Chỉ các vùng dưới đơn vị này.")
    hierarchy: str = HIERARCHY


class AreaFilters(Ground):
    first: date = Field(alias="from", description="Không thay đổi từ ngày này …")
    last: date = Field(alias="to", description="… đến ngày này.")


class AreaQuestion(Ground):
    indicator: shapes.Texts = Field([], description="Mã chỉ tiêu; nhiều mã cách nhau bằng dấu phẩy.")
    period: shapes.Texts = Field([], description="Mã kỳ; vùng không đổi từ ngày số liệu của kỳ đầu đến của kỳ cuối.")
    series: str = SERIES


@router.get(
    "indicators/",
    response=gives(shapes.IndicatorLines),
    summary="Các chỉ tiêu",
    url_name="indicators",
    openapi_extra={"x-example": "indicators/?q=chuyen can"},
    tags=CATALOGUE,
)
def indicator_list(request: HttpRequest, asked: Query[IndicatorFilters]) -> dict[str, Any]:
    """Danh mục chỉ tiêu; `q` lọc theo tên."""
    found = indicators.indicators(asked.q)
    total = found.count()
    return {"items": asked.cut(found), "total": total, "next": asked.next_of(request, total)}


@router.get(
    "indicators/{slug:code}/",
    response=gives(shapes.IndicatorDetail),
    summary="Một chỉ tiêu",
    url_name="indicator",
    tags=CATALOGUE,
)
def indicator(request: HttpRequest, code: IndicatorCode) -> dict[str, Any]:
    """Định nghĩa, nguồn và mọi phiên bản công thức của một chỉ tiêu."""
    found = indicators.indicators().filter(code=code).first()
    if found is None:
        raise Http404
    lines = ("code", "name", "unit", "places", "direction", "group", "definition", "source", "official_code")
    versions = indicators.formula_versions([code]).get(code, [])
    return {**{name: getattr(found, name) for name in lines}, "formulas": versions}


@router.get(
    "periods/",
    response=gives(list[shapes.PeriodLine]),
    summary="Các kỳ",
    url_name="periods",
    openapi_extra={"x-example": "periods/"},
    tags=CATALOGUE,
)
def period_list(request: HttpRequest, asked: Query[OfSeries]) -> list[dict[str, Any]]:
    """Những kỳ đã có số liệu, mới nhất trước."""
    found = [periods.parse(code) for code in indicators.period_codes(asked.series)]
    return [
        {
            "code": one.code,
            "label": one.label,
            "kind": one.kind.value,
            "first_day": one.start,
            "last_day": one.last_day,
            "data_day": one.data_day,
        }
        for one in sorted(found, key=lambda one: (one.data_day, one.code), reverse=True)
    ]


@router.get("answers/", response=gives(shapes.AnswerLines), summary="Hỏi số liệu tổng hợp", url_name="answers")
def answers(request: HttpRequest, asked: Query[AnswerFilters]) -> dict[str, Any]:
    """Mỗi chỉ tiêu × đơn vị × kỳ một trả lời. Tỷ lệ luôn tính sau khi đã cộng tử số và mẫu số."""
    spans, chosen, where = read(asked)
    today = request.today  # type: ignore[attr-defined]
    day = map_day(chosen, spans, today)
    if asked.below is None and not asked.unit:
        raise NothingAsked(name="unit", field="unit")
    in_sight(request, [asked.below] if asked.below is not None else asked.unit, day)
    every = asked.unit
    if asked.below is not None:
        every = list(orgs.children(asked.below, asked.hierarchy, day).values_list("unit_id", flat=True))
    units = asked.cut(list(dict.fromkeys(every)))
    bounded(len(asked.indicator) * len(units) * len(spans))
    found = analytics.ask(
        asked.indicator,
        units,
        spans,
        on=today,
        map=chosen,
        series=asked.series,
        hierarchy=asked.hierarchy,
        against=asked.against,
        steps=False,
        where=where,
    )
    names = {each: orgs.names(units, each) for each in {answer.day for answer in found}}
    return {
        "series": asked.series,
        "items": [line(answer, names[answer.day][answer.unit_id], asked.hierarchy) for answer in found],
        "total": len(every),
        "next": asked.next_of(request, len(every)),
    }


@router.get(
    "areas/",
    response=gives(shapes.AreaLines),
    summary="Vùng so sánh được",
    url_name="areas",
    openapi_extra={"x-example": "areas/?level=province&from=2025-06-30&to=2025-07-01&limit=5"},
)
def area_list(request: HttpRequest, asked: Query[AreaFilters]) -> dict[str, Any]:
    """Những vùng nhỏ nhất mà giữa hai ngày không có gì chuyển vào hay ra: so sánh qua lần sắp xếp, không ước tính."""
    known_hierarchy(asked.hierarchy)
    if asked.last < asked.first:
        raise LastBeforeFirst()
    found = analytics.areas(asked.level, asked.first, asked.last, under=asked.under, hierarchy=asked.hierarchy)
    shown = asked.cut(found)
    return {
        "first": asked.first,
        "last": asked.last,
        "items": [area_line(area, names) for area, names in named(shown)],
        "total": len(found),
        "next": asked.next_of(request, len(found)),
    }


@router.get(
    "areas/answers/",
    response=gives(shapes.AreaAnswers),
    summary="Hỏi số liệu của vùng so sánh được",
    url_name="area-answers",
)
def area_answers(request: HttpRequest, asked: Query[AreaQuestion]) -> dict[str, Any]:
    """Mỗi chỉ tiêu × vùng × kỳ một trả lời, như lúc đó. Vùng có đơn vị ngoài quyền xem thì chỉ đếm ở `hidden`."""
    spans = periods_of(asked)
    days = [span.data_day for span in spans]
    found = analytics.areas(asked.level, min(days), max(days), under=asked.under, hierarchy=asked.hierarchy)
    every = {unit for area in found for unit, _first, _end in area.members}
    today = request.today  # type: ignore[attr-defined]
    seen = people.in_sight(request.actor, "figure.view", every, today, min(max(days), today))  # type: ignore[attr-defined]
    visible = [area for area in found if seen.issuperset(unit for unit, _first, _end in area.members)]
    shown = asked.cut(visible)
    bounded(len(asked.indicator) * len(shown) * len(spans))
    told = analytics.ask_areas(asked.indicator, shown, spans, on=today, series=asked.series, hierarchy=asked.hierarchy)
    by_area: dict[int, list[AreaAnswer]] = {}
    for one in told:
        by_area.setdefault(one.area.number, []).append(one)
    return {
        "series": asked.series,
        "first": min(days),
        "last": max(days),
        "items": [
            area_line(area, names) | {"answers": [area_answer(one) for one in by_area.get(area.number, [])]}
            for area, names in named(shown)
        ],
        "hidden": len(found) - len(visible),
        "total": len(visible),
        "next": asked.next_of(request, len(visible)),
    }


# What is asked


def read(asked: Question) -> tuple[list[Period], Map, tuple[tuple[str, str], ...]]:
    """Periods, map and conditions of a question; refused by the name of the parameter that cannot be read."""
    return periods_of(asked), read_map(asked.map), naming.conditions(asked.where)


def periods_of(asked: Question | AreaQuestion) -> list[Period]:
    for name in ("indicator", "period"):
        if not getattr(asked, name):
            raise NothingAsked(name=name, field=name)
    known_hierarchy(asked.hierarchy)
    return list(dict.fromkeys(one for text in asked.period for one in periods.parse_many(text)))


def read_map(text: str) -> Map:
    if text in (analytics.AS_WAS, analytics.TODAY):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadMap(text=text) from None


def map_day(chosen: Map, spans: Sequence[Period], today: date) -> date:
    """The day by whose tree it is decided who may look: of several as they were the newest that has come."""
    if isinstance(chosen, date):
        return chosen
    return today if chosen == analytics.TODAY else min(max(span.data_day for span in spans), today)


def in_sight(request: HttpRequest, units: Iterable[int], day: date) -> None:
    """Refuse unless the actor may look at the figures of all of them: the same rule as on the overview."""
    asked = list(units)
    seen = people.in_sight(request.actor, "figure.view", asked, request.today, day)  # type: ignore[attr-defined]
    for unit in asked:
        if unit not in seen:
            orgs.unit(unit)
            raise NotInSight(unit=unit)


def bounded(number: int) -> None:
    if number > MOST_ANSWERS:
        raise TooMuch(n=number, most=MOST_ANSWERS)


# What is answered


def line(answer: Answer, name: str, hierarchy: str) -> dict[str, Any]:
    target_period, previous = answer.target_period, answer.previous_period
    return {
        "indicator": answer.indicator,
        "unit": {"id": answer.unit_id, "name": name},
        "period": answer.period.code,
        "value": exact(answer.value),
        "numerator": exact(answer.numerator),
        "denominator": exact(answer.denominator),
        "text": answer.text,
        "measure": answer.measure,
        "estimated": answer.estimated,
        "reported": answer.reported,
        "expected": answer.expected,
        "map": answer.map if isinstance(answer.map, str) else answer.map.isoformat(),
        "day": answer.day,
        "hierarchy": hierarchy,
        "formula_version": answer.formula_version,
        "target": worth(answer, answer.target, target_period, False),
        "gap": None if answer.gap is None else str(answer.gap),
        "previous": worth(answer, answer.previous, previous.code if previous else "", answer.previous_estimated),
        "change": None if answer.change is None else str(answer.change),
    }


def named(areas: list[Area]) -> Iterator[tuple[Area, dict[date, dict[int, str]]]]:
    """Each area with the names of its units on its first and last day; two queries for all."""
    if areas:
        days = {
            areas[0].start: {unit for area in areas for unit in area.first},
            areas[0].end: {unit for area in areas for unit in area.last},
        }
        names = {day: orgs.names(units, day) for day, units in days.items()}
        yield from ((area, names) for area in areas)


def area_line(area: Area, names: dict[date, dict[int, str]]) -> dict[str, Any]:
    return {
        "number": area.number,
        "first": [{"id": unit, "name": names[area.start][unit]} for unit in area.first],
        "last": [{"id": unit, "name": names[area.end][unit]} for unit in area.last],
    }


def area_answer(one: AreaAnswer) -> dict[str, Any]:
    return {
        "indicator": one.indicator,
        "period": one.period.code,
        "value": exact(one.value),
        "numerator": exact(one.numerator),
        "denominator": exact(one.denominator),
        "text": one.text,
        "measure": one.measure,
        "estimated": one.estimated,
        "reported": one.reported,
        "expected": one.expected,
        "day": one.day,
        "formula_version": one.formula_version,
    }


def worth(answer: Answer, value: Fraction | None, period: str, estimated: bool) -> dict[str, Any] | None:
    if value is None:
        return None
    return {"value": str(value), "text": answer.write(value), "period": period, "estimated": estimated}


def exact(value: Fraction | None) -> str | None:
    return None if value is None else str(value)
