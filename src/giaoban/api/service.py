"""The API itself: its operations, and what they say when something cannot be answered."""

from __future__ import annotations

from django.http import Http404
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.renderers import JSONRenderer

from giaoban.api import figures, reading, refusals, tasks, units
from giaoban.core.refusal import Refused


class Readable(JSONRenderer):
    """Vietnamese as it is written, not as escapes."""

    json_dumps_params = {"ensure_ascii": False}


service = NinjaAPI(
    title="Giao Ban",
    version="1",
    description="Đọc đơn vị, chỉ tiêu và số liệu tổng hợp; đọc một văn bản thành việc, số liệu, dẫn chiếu. "
    "Mỗi trả lời số liệu nói rõ bản đồ, ngày, phiên bản công thức, "
    "số đơn vị đã báo cáo và phải báo cáo, và có phải ước tính hay không.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Readable(),
)
service.add_router("", units.router)
service.add_router("", figures.router)
service.add_router("", reading.router)
service.add_router("", tasks.router)
service.add_exception_handler(Refused, refusals.refused)
service.add_exception_handler(Http404, refusals.missing)
service.add_exception_handler(ValidationError, refusals.unreadable)
