"""What the operations take and give. The descriptions are what the page of the API prints, so they are Vietnamese."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Schema
from pydantic import BeforeValidator

LIMIT, MOST = 100, 1000


def _pieces(given: Any) -> list[str]:
    """A repeated parameter, or one with commas: unit=1&unit=2 is unit=1,2."""
    many = given if isinstance(given, (list, tuple)) else [given]
    return [piece.strip() for text in many for piece in str(text).split(",") if piece.strip()]


Texts = Annotated[list[str], BeforeValidator(_pieces)]
Numbers = Annotated[list[int], BeforeValidator(_pieces)]


class Stretch(Schema):
    """Which part of a long answer."""

    limit: int = Field(LIMIT, ge=1, le=MOST, description=f"Số mục tối đa một lần (không quá {MOST}).")
    offset: int = Field(0, ge=0, le=10**7, description="Bỏ qua bấy nhiêu mục đầu.")

    def cut(self, things: Any) -> list[Any]:
        return list(things[self.offset : self.offset + self.limit])

    def next_of(self, request: HttpRequest, total: int) -> str | None:
        """The address of the next page; None after the last."""
        after = self.offset + self.limit
        if after >= total:
            return None
        asked = request.GET.copy()
        asked["offset"] = str(after)
        return f"{request.path}?{asked.urlencode()}"


class Fault(Schema):
    message: str = Field(description="Câu nói rõ lỗi, để người đọc.")
    field: str | None = Field(description="Tham số có lỗi.")


class FaultBody(Schema):
    code: str = Field(description="Mã lỗi, để chương trình đọc.")
    message: str
    field: str | None
    faults: list[Fault] = []


class Refusal(Schema):
    """Trả lời khi bị từ chối."""

    error: FaultBody


def gives(shape: Any) -> dict[Any, Any]:
    """What an operation answers with: this, or a refusal."""
    return {200: shape, frozenset({400, 401, 403, 404}): Refusal}


class Named(Schema):
    id: int
    name: str


class Coded(Schema):
    code: str
    name: str


class Decree(Schema):
    """Văn bản làm căn cứ."""

    number: str
    date: date | None
    issuer: str
    title: str


# Units


class UnitLine(Schema):
    """Một đơn vị vào một ngày."""

    id: int = Field(description="Số của đơn vị: không bao giờ đổi, không bao giờ dùng lại.")
    name: str
    body_name: str = Field(description="Tên cơ quan: “UBND xã Bắc Hà” của “Xã Bắc Hà”.")
    kind: str
    kind_name: str
    code: str
    path: str | None = Field(None, description="Đơn vị nằm ở đâu (khi tìm theo tên).")


class UnitLines(Schema):
    on: date
    items: list[UnitLine]
    total: int | None = Field(description="Tổng số; null khi tìm theo tên và còn nữa.")
    next: str | None = Field(description="Địa chỉ của trang sau.")


class Place(Schema):
    """Đơn vị đứng ở đâu trong một hệ, từ gốc xuống đơn vị cấp trên trực tiếp."""

    hierarchy: str
    name: str
    parent: Named | None
    path: list[Named]


class Heir(Schema):
    """Đơn vị trước hoặc sau khi sắp xếp."""

    unit: Named
    on: date
    share: str = Field(description="Phần được chuyển, là phân số: “1”, “1/2”.")
    basis: str
    basis_name: str
    estimated: bool = Field(description="Phần này là ước tính, không do văn bản nêu.")
    decision: Decree | None


class Held(Schema):
    """Một thuộc tính vào ngày ấy (khu vực I/II/III, xã biên giới …)."""

    code: str
    name: str
    value: str
    value_name: str
    of: int = Field(description="Đơn vị được ghi thuộc tính: chính nó, hoặc đơn vị cấp trên gần nhất.")


class Moment(Schema):
    """Một dòng trong quá trình của đơn vị."""

    day: date
    what: str = Field(description="exists, ended, name, kind, code, link")
    text: str
    hierarchy: str = Field(description="Hệ (của link) hoặc bảng mã (của code).")
    parent: int | None
    decision: Decree | None


class UnitDetail(Schema):
    id: int
    on: date = Field(description="Ngày được hỏi.")
    exists: bool = Field(description="Có hoạt động vào ngày ấy.")
    name: str
    body_name: str
    short_name: str
    kind: str
    kind_name: str
    level: str
    code: str = Field(description="Mã thường dùng: mã thống kê, hoặc mã trường.")
    codes: dict[str, str] = Field(description="Mọi mã vào ngày ấy: gso, moet, giaoban.")
    first_day: date | None = Field(description="Ngày đầu tiên.")
    last_day: date | None = Field(description="Ngày cuối cùng; null khi còn hoạt động.")
    places: list[Place] = Field(description="Chỗ đứng trong từng hệ.")
    attributes: list[Held] = Field(description="Thuộc tính vào ngày ấy, của chính nó hoặc thừa hưởng.")
    predecessors: list[Heir] = Field(description="Gồm từ những đơn vị nào.")
    successors: list[Heir] = Field(description="Đã thành những đơn vị nào.")
    timeline: list[Moment] = Field(description="Mọi thay đổi, cũ nhất trước.")


# What was decided, and what changed


class DecreeLine(Schema):
    """Một lần sắp xếp đơn vị."""

    id: int
    on: date = Field(description="Ngày có hiệu lực.")
    title: str
    decision: Decree | None
    undone: bool = Field(description="Đã hoàn tác.")


class DecreeLines(Schema):
    items: list[DecreeLine]
    total: int
    next: str | None


class Part(Schema):
    """Một đơn vị kế tiếp với phần của nó."""

    unit: Named
    share: str


class Became(Schema):
    """Một đơn vị đã thành những đơn vị nào."""

    unit: Named
    successors: list[Part]


class DecreeDetail(DecreeLine):
    founded: list[Named]
    ended: list[Named]
    became: list[Became]


class State(Schema):
    name: str
    kind: str
    code: str
    parent: Named | None


class Difference(Schema):
    """Một đơn vị khác đi giữa hai ngày."""

    unit: Named
    what: list[str] = Field(description="founded, ended, renamed, reclassified, moved")
    before: State | None
    after: State | None
    predecessors: list[Heir]
    successors: list[Heir]


class Differences(Schema):
    first: date = Field(description="Ngày trước.")
    last: date = Field(description="Ngày sau.")
    hierarchy: str
    items: list[Difference]
    total: int
    next: str | None


# Indicators and periods


class IndicatorLine(Schema):
    code: str
    name: str
    unit: str
    places: int
    direction: str = Field(description="up: càng cao càng tốt; down: càng thấp càng tốt; none.")
    group: str


class IndicatorLines(Schema):
    items: list[IndicatorLine]
    total: int
    next: str | None


class Formula(Schema):
    start: date = Field(description="Hiệu lực từ ngày: đây là phiên bản công thức ghi trong mỗi trả lời.")
    expression: str
    tree: Any
    source: str


class IndicatorDetail(IndicatorLine):
    definition: str
    source: str
    official_code: str
    formulas: list[Formula]


class PeriodLine(Schema):
    code: str
    label: str
    kind: str
    first_day: date
    last_day: date
    data_day: date = Field(description="Ngày số liệu: bản đồ “như lúc đó” là bản đồ ngày này.")


class AttributeLine(Schema):
    code: str
    name: str
    values: dict[str, str]
    source: str


class Vocabulary(Schema):
    """Các mã dùng trong tham số."""

    hierarchies: list[Coded]
    kinds: list[Coded]
    series: list[Coded]
    attributes: list[AttributeLine]


# Answers


class Worth(Schema):
    """Một giá trị kèm theo."""

    value: str = Field(description="Giá trị đúng, là phân số: “9/1000”.")
    text: str = Field(description="Cách viết cho người đọc: “0,90%”.")
    period: str = Field(description="Kỳ của giá trị này.")
    estimated: bool = Field(description="Ước tính.")


class AnswerLine(Schema):
    """Giá trị một chỉ tiêu của một đơn vị trong một kỳ trên một bản đồ, với mọi điều cần để tin nó."""

    indicator: str = Field(description="Mã chỉ tiêu.")
    unit: Named
    period: str = Field(description="Mã kỳ.")
    value: str | None = Field(description="Giá trị đúng, là phân số; 52,11% là một số gần 0,5211. null: chưa có.")
    numerator: str | None = Field(description="Tử số đúng; với số đếm là chính số ấy.")
    denominator: str | None = Field(description="Mẫu số đúng; null với số đếm.")
    text: str = Field(description="Cách viết cho người đọc: “52,11%”; “—” khi chưa có.")
    measure: str = Field(description="Đơn vị tính: %, học sinh …")
    estimated: bool = Field(description="Ước tính: có phần số liệu của đơn vị đã chia.")
    reported: int = Field(description="Số đơn vị đã có số liệu.")
    expected: int = Field(description="Số đơn vị phải báo cáo.")
    map: str = Field(description="Bản đồ đã dùng.")
    day: date = Field(description="Ngày của bản đồ.")
    hierarchy: str = Field(description="Hệ đã cộng theo.")
    formula_version: date | None = Field(description="Ngày bắt đầu của công thức đã dùng.")
    target: Worth | None = Field(description="Kế hoạch của kỳ, hoặc của năm chứa kỳ.")
    gap: str | None = Field(description="Hiệu với kế hoạch, tính trên số đã làm tròn (tỷ lệ: điểm %).")
    previous: Worth | None = Field(description="Kỳ trước cùng loại, hoặc cùng kỳ năm trước.")
    change: str | None = Field(description="Hiệu với kỳ trước, tính trên số đã làm tròn.")


class AnswerLines(Schema):
    series: str
    items: list[AnswerLine]
    total: int = Field(description="Số đơn vị được hỏi; trang chia theo đơn vị.")
    next: str | None


class AreaLine(Schema):
    """Một vùng so sánh được: cùng một địa bàn từ ngày đầu đến ngày cuối."""

    number: int = Field(description="Số của vùng trong câu trả lời này; không phải số đơn vị để lưu lại.")
    first: list[Named] = Field(description="Các đơn vị của vùng vào ngày đầu.")
    last: list[Named] = Field(description="Các đơn vị của vùng vào ngày cuối.")


class AreaLines(Schema):
    first: date
    last: date
    items: list[AreaLine]
    total: int
    next: str | None


class AreaAnswer(Schema):
    """Giá trị một chỉ tiêu của một vùng trong một kỳ, như lúc đó."""

    indicator: str = Field(description="Mã chỉ tiêu.")
    period: str = Field(description="Mã kỳ.")
    value: str | None = Field(description="Giá trị đúng, là phân số; null: chưa có.")
    numerator: str | None = Field(description="Tử số đúng.")
    denominator: str | None = Field(description="Mẫu số đúng; null với số đếm.")
    text: str = Field(description="Cách viết cho người đọc.")
    measure: str = Field(description="Đơn vị tính.")
    estimated: bool = Field(description="Chỉ khi số được nộp cho một kỳ sau ngày đơn vị đã chia.")
    reported: int = Field(description="Số đơn vị đã có số liệu.")
    expected: int = Field(description="Số đơn vị phải báo cáo.")
    day: date = Field(description="Ngày số liệu của kỳ: bản đồ như lúc đó.")
    formula_version: date | None = Field(description="Ngày bắt đầu của công thức đã dùng.")


class AreaWithAnswers(AreaLine):
    answers: list[AreaAnswer]


class AreaAnswers(Schema):
    series: str
    first: date
    last: date
    items: list[AreaWithAnswers]
    hidden: int = Field(description="Số vùng không hiện vì có đơn vị ngoài quyền xem.")
    total: int
    next: str | None


class Marked(Schema):
    """Một dấu trên văn bản: `text` là đoạn nguyên văn, đứng từ `start` đến trước `end`, đếm theo ký tự."""

    text: str
    start: int
    end: int
    why: str = Field("", description="Vì sao đoạn này được đánh dấu.")
    confidence: float | None = Field(None, description="Mức chắc chắn, từ 0 đến 1.")


class ReadTask(Marked):
    """Một việc được giao."""

    assignees: list[str] = Field(description="Đơn vị chủ trì, như văn bản viết.")
    coordinators: list[str] = Field(description="Đơn vị phối hợp.")
    due_text: str | None = Field(description="Thời hạn, như văn bản viết.")
    due: date | None = Field(description="Ngày cuối của thời hạn; không có khi lời văn không nêu ngày.")
    deliverable: str | None = Field(None, description="Sản phẩm, kết quả phải có.")
    leader: str | None = Field(None, description="Lãnh đạo phụ trách.")


class ReadChange(Schema):
    against: str = Field(description="target: so với kế hoạch; previous: so với kỳ trước.")
    value: float


class ReadFigure(Marked):
    """Một số liệu."""

    value: float
    unit: str
    numerator: int | None = None
    denominator: int | None = None
    change: ReadChange | None = Field(description="Tăng, giảm, vượt bao nhiêu.")


class ReadCitation(Marked):
    """Một văn bản được dẫn."""

    number: str
    date: str | None


class ReadFlag(Marked):
    """Một chỗ văn bản tự mâu thuẫn."""

    kind: str = Field(description="date, ratio hoặc sum.")


class ReadPerson(Marked):
    name: str
    title: str


class ReadMeeting(Schema):
    """Cuộc họp mà văn bản nói đến."""

    kind: str
    dates: list[date]
    chairs: list[str]


class ReadRow(Schema):
    """Một dòng của phụ lục phân công."""

    no: str
    work: str
    lead: str
    partners: str
    due: str
    deliverable: str
    leader: str
    note: str
    section: str = Field(description="Dòng đề mục ở trên.")
    start: int
    end: int
    work_start: int
    work_end: int
    at: int = Field(description="Dòng thứ mấy của bảng, đếm từ 0.")
    more: dict[str, str] = Field(description="Chữ của những cột khác, khi bố cục có chỉ ra.")


class AnnexFault(Schema):
    """Một lỗi của tệp, ghi theo ô."""

    sheet: str = Field(description="Tên trang tính; trống với DOCX.")
    cell: str = Field(description="Ô, ví dụ E5.")
    words: str


class Annex(Schema):
    """Tệp phụ lục được hiểu thế nào, và nhiệm vụ đã giao."""

    new: int = Field(description="Số dòng giao được, chưa là nhiệm vụ.")
    known: int = Field(description="Số dòng đã là nhiệm vụ của văn bản này.")
    faults: list[AnnexFault]
    assigned: list[int] = Field(description="Số của các nhiệm vụ vừa giao; trống khi chỉ thử.")


class Read(Schema):
    """Những gì đọc được từ một văn bản."""

    content: str | None = Field(None, description="Chữ đọc được, khi tệp không phải TXT: mọi vị trí đếm trong đó.")
    kind: str = Field(description="txt, html, docx, pdf, scan (ảnh quét) hoặc xlsx.")
    pages: int | None = Field(description="Số trang, với PDF và ảnh quét.")
    notes: list[str] = Field(description="Điều cần biết khi dùng kết quả, như chữ được nhận dạng từ ảnh.")
    meeting: ReadMeeting | None
    citations: list[ReadCitation]
    figures: list[ReadFigure]
    tasks: list[ReadTask]
    flags: list[ReadFlag]
    people: list[ReadPerson]
    rows: list[ReadRow] | None = Field(None, description="Các dòng của phụ lục phân công, nếu có.")
