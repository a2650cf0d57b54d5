"""The description of the API: as OpenAPI for programs, as a page for people. Both come from the same document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from giaoban.api import shapes
from giaoban.api.service import service
from giaoban.people.guards import View, signed_in

STRETCH = ("limit", "offset")  # every long answer has them: they stand last


def asked_again(view: View) -> View:
    """The answer belongs to one person and may have changed: a browser asks again, with the ETag it holds."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    return answered


def document() -> dict[str, Any]:
    return service.get_openapi_schema(path_prefix=reverse("api:page"))


@require_safe
def description(request: HttpRequest) -> JsonResponse:
    """The OpenAPI document."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    required: bool
    help: SafeString


@dataclass(frozen=True)
class Operation:
    """One address as the page shows it."""

    method: str
    address: str
    anchor: str
    summary: str
    help: SafeString
    group: str
    parameters: list[Parameter]
    answer: str
    example: str
    """An address that answers, to be opened; none where it would need the number of a unit."""

    @property
    def answer_name(self) -> str:
        """The shape of the answer, or of each of its items."""
        return self.answer.removesuffix("[]")


@dataclass(frozen=True)
class Shape:
    """What an operation gives: the fields of one schema."""

    name: str
    help: SafeString
    fields: list[Parameter]


@signed_in
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All operations and shapes, for people."""
    told = document()
    context = {"operations": list(_operations(told)), "shapes": list(_shapes(told))}
    return render(request, "api/page.html", context)


def _operations(told: dict[str, Any]) -> Iterator[Operation]:
    for address, methods in told["paths"].items():
        method, one = next(iter(methods.items()))
        given = one["responses"][200]["content"]["application/json"]["schema"]
        yield Operation(
            method=method.upper(),
            address=address,
            anchor=one["operationId"],
            summary=one["summary"],
            help=_words(one),
            group=one.get("tags", [""])[0],
            parameters=sorted(
                [
                    *(
                        Parameter(row["name"], _type(row["schema"]), row["required"], _words(row["schema"]))
                        for row in one.get("parameters", [])
                    ),
                    *_sent(one),
                ],
                key=lambda row: row.name in STRETCH,
            ),
            answer=_type(given),
            example=f"{reverse('api:page')}{one['x-example']}" if "x-example" in one else "",
        )


def _sent(one: dict[str, Any]) -> Iterator[Parameter]:
    """The fields of a form that is sent."""
    for content in one.get("requestBody", {}).get("content", {}).values():
        required = content["schema"].get("required", ())
        for name, field in content["schema"].get("properties", {}).items():
            yield Parameter(name, _type(field), name in required, _words(field))


def _shapes(told: dict[str, Any]) -> Iterator[Shape]:
    """What answers are made of; the shapes of parameters stand at their operations."""
    for name, shape in told["components"]["schemas"].items():
        if not hasattr(shapes, name):
            continue
        required = set(shape.get("required", ()))
        fields = [
            Parameter(field, _type(one), field in required, _words(one))
            for field, one in shape.get("properties", {}).items()
        ]
        yield Shape(name, _words(shape), fields)


def _words(told: dict[str, Any]) -> SafeString:
    """The description, with what stands between backquotes as code."""
    pieces = told.get("description", "").split("`")
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", piece) if n % 2 else piece,) for n, piece in enumerate(pieces))
    )


def _type(schema: dict[str, Any]) -> str:
    """A type in one line: "date", "UnitLine[]", "string | null"."""
    if "$ref" in schema:
        return schema["$ref"].rpartition("/")[2]
    for key in ("anyOf", "allOf", "oneOf"):
        if key in schema:
            return " | ".join(_type(one) for one in schema[key])
    if schema.get("type") == "array":
        return f"{_type(schema.get('items', {}))}[]"
    if "additionalProperties" in schema:
        return f"{{string: {_type(schema['additionalProperties'])}}}"
    return schema.get("format") or schema.get("type") or "any"
