"""Tasks out of an assignment annex: what the file would do, or the tasks given, as on the page /viec/nhap/."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router
from ninja.files import UploadedFile

from giaoban.api import shapes
from giaoban.api.shapes import gives
from giaoban.files import opening
from giaoban.people import queries as people
from giaoban.work.exchange import taking
from giaoban.work.exchange.taking import Source

router = Router(tags=["Nhiệm vụ"])


@router.post("tasks/annex/", response=gives(shapes.Annex), summary="Nhập phụ lục phân công", url_name="annex")
def annex(
    request: HttpRequest,
    document: str = Form("", description="Số, ký hiệu văn bản giao đã vào sổ; trống: giao trực tiếp."),
    unit: int | None = Form(None, description="Số của đơn vị giao; trống: đơn vị của vị trí đang dùng."),
    dry_run: bool = Form(True, description="Chỉ thử, không giao."),
    file: UploadedFile = File(..., description="Tệp XLSX hoặc DOCX, không quá 10 MB."),  # noqa: B008  # as above
) -> dict[str, Any]:
    """Thử hoặc giao mọi dòng không có lỗi, tất cả hoặc không dòng nào; cần quyền giao việc của đơn vị."""
    actor, on = request.actor, request.today  # type: ignore[attr-defined]
    name, limits = file.name or "", opening.Limits()
    if (file.size or 0) > limits.bytes:
        raise opening.TooLarge(name=name, most=limits.bytes // opening.MEGABYTE)
    giver = unit or next(iter(people.acts_for(actor, "task.assign", on)), actor.unit_id)
    given: dict[str, Any] = {
        "by": actor,
        "at": request.now,  # type: ignore[attr-defined]
        "name": name,
        "content": file.read(),
        "source": Source(giver, taking.document_numbered(actor, document, on)),
    }
    trial = taking.tried(**given)
    made = [] if dry_run or not trial.new else taking.take_in(**given)
    return {
        "new": len(trial.new),
        "known": len(trial.known),
        "faults": [
            {"sheet": fault.line.sheet, "cell": fault.at, "words": fault.words}
            for row in trial.rows
            for fault in row.faults
        ],
        "assigned": [task.pk for task in made],
    }
