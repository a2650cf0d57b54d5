"""Reading: a text or a file goes in, its marks come out, as `giaoban read --json` gives them. Nothing of it is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile

from giaoban.api import shapes
from giaoban.api.refusals import NothingToRead
from giaoban.api.shapes import gives
from giaoban.core.refusal import NotAllowed
from giaoban.files import opening
from giaoban.people import queries as people
from giaoban.reading.filed import read_file

router = Router(tags=["Đọc văn bản"])
PASTED = "van-ban.txt"


@router.post("readings/", response=gives(shapes.Read), summary="Đọc một văn bản", url_name="read", exclude_unset=True)
def read(
    request: HttpRequest,
    text: str = Form("", description="Nội dung văn bản; hoặc gửi tệp ở `file`."),
    file: UploadedFile | None = File(  # noqa: B008  # how django-ninja says it
        None, description="Tệp TXT, HTML, DOCX, PDF, XLSX hay ảnh quét, không quá 10 MB."
    ),
) -> dict[str, Any]:
    """Việc, số liệu, dẫn chiếu, cuộc họp, chỗ mâu thuẫn, mỗi dấu có vị trí. Không lưu gì; cần quyền đọc văn bản."""
    if not people.may_anywhere(request.actor, "reading.use", request.today):  # type: ignore[attr-defined]
        raise NotAllowed()
    if file is None:
        if not text.strip():
            raise NothingToRead()
        return _told(read_file(PASTED, text.encode()))
    name, size = file.name or "", file.size or 0
    limits = opening.Limits()
    if size > limits.bytes:
        raise opening.TooLarge(name=name, most=limits.bytes // opening.MEGABYTE)
    return _told(read_file(name, file.read(), limits))


def _told(found: dict[str, Any]) -> dict[str, Any]:
    return {**found, "notes": [_(note) for note in found["notes"]]}
