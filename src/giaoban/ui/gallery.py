"""The gallery: every component in every state, with sample words, on one page of the running product."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from giaoban.ui.charts import Bar, Bars, Break, Matrix, Multiples, Point, Trend
from giaoban.ui.looks import BAD, GOOD, INFO, LOOKS, TONES, WARN
from giaoban.ui.maps import Classes, Place, PointMap
from giaoban.ui.parts import Moment, Tab
from giaoban.ui.widgets import DayInput

YEARS = ("2021-2022", "2022-2023", "2023-2024", "2024-2025", "2025-2026")
COMMUNES = ("Bắc Hà", "Bảo Nhai", "Cốc Lầu", "Lùng Phình", "Bản Liền", "Tả Củ Tỷ")


class SampleForm(forms.Form):
    """A field of every kind, with the faults a person makes."""

    name = forms.CharField(label=_("Name of the unit"), help_text=_("As written in the decision that set it up."))
    day = forms.DateField(label=_("Last day"), widget=DayInput())
    pupils = forms.IntegerField(label=_("Pupils"), min_value=0, required=False)
    level = forms.ChoiceField(
        label=_("Level"), choices=[("MN", "Mầm non"), ("TH", "Tiểu học"), ("THCS", "Trung học cơ sở")]
    )
    way = forms.ChoiceField(
        label=_("Who approves"),
        widget=forms.RadioSelect,
        choices=[("xa", "Trường → xã → Sở"), ("so", "Trường → Sở")],
    )
    note = forms.CharField(label=_("Explanation"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(label=_("Evidence"), required=False)
    sure = forms.BooleanField(label=_("I have compared the figures with the school's books"))


def page(request: HttpRequest) -> HttpResponse:
    faulty = SampleForm(prefix="loi", data={"loi-pupils": "-3", "loi-level": "TH", "loi-day": "31/02/2026"})
    faulty.is_valid()
    return render(
        request,
        "ui/gallery.html",
        {
            "looks": {code: one for code, one in LOOKS.items() if code != "approved"},
            "tones": TONES,
            "form": SampleForm(initial={"level": "TH", "way": "xa", "day": date(2026, 1, 29)}),
            "faulty": faulty,
            "rows": rows(),
            "page": Paginator(range(3321), 50).get_page(request.GET.get("trang", 7)),
            "tabs": tabs(),
            "moments": moments(),
            "facts": facts(),
            "charts": charts(),
            "map": map_of_communes(),
            "today": date(2026, 1, 29),
            "soon": date(2026, 2, 3),
            "past": date(2026, 1, 20),
            "share": Fraction(68, 73),
            "gap": Decimal("6.11"),
        },
    )


page.guard = "public"  # type: ignore[attr-defined]  # samples only; ui stands below people and cannot import its guards


def rows() -> list[dict[str, Any]]:
    return [
        {"name": "Trường Mầm non Hoa Ban (mẫu)", "pupils": 312, "share": Fraction(298, 312), "state": "accepted"},
        {
            "name": "Trường Phổ thông dân tộc bán trú Trung học cơ sở số 2 Bản Liền (mẫu)",
            "pupils": 1204,
            "share": Fraction(1149, 1204),
            "state": "returned",
            "tone": "warn",
        },
        {"name": "Trường Tiểu học số 1 Bắc Hà (mẫu)", "pupils": None, "share": None, "state": "late", "tone": "bad"},
        {"name": "Trường THPT số 1 Bắc Hà (mẫu)", "pupils": 945, "share": Fraction(945, 945), "state": "submitted"},
    ]


def tabs() -> list[Tab]:
    return [
        Tab("Đang mở", "?", current=True, count=4),
        Tab("Quá hạn", "?tab=2", count=2),
        Tab("Đã khóa", "?tab=3", count=118),
        Tab("Tất cả", "?tab=4"),
    ]


def moments() -> list[Moment]:
    return [
        Moment(datetime(2026, 1, 28, 16, 40), "Duyệt số liệu", "Trần Văn Minh, Phòng VH-XH", "", GOOD, "badge-check"),
        Moment(datetime(2026, 1, 27, 9, 5), "Nộp lại", "Lý Thị Mai, Hiệu trưởng", "", INFO, "send"),
        Moment(
            datetime(2026, 1, 26, 14, 12),
            "Trả lại 2 ô",
            "Trần Văn Minh",
            "Số học sinh nữ lớp 9 lớn hơn tổng số học sinh lớp 9.",
            WARN,
            "undo-2",
        ),
        Moment(datetime(2026, 1, 23, 17, 0), "Quá hạn nộp", "", "", BAD, "triangle-alert"),
    ]


def facts() -> list[tuple[str, Any]]:
    return [
        ("Đơn vị chủ trì", "Phòng Văn hóa - Xã hội xã Bắc Hà"),
        ("Kỳ báo cáo", "Học kỳ I năm học 2025-2026"),
        ("Hạn nộp", "25/01/2026"),
        ("Số quyết định", None),
    ]


def charts() -> list[Any]:
    trend = Trend(
        "Tỷ lệ trường đạt chuẩn quốc gia",
        unit="%",
        points=[
            Point(y, v) for y, v in zip(YEARS, map(Decimal, ("41.2", "44.9", "46.3", "49.9", "52.11")), strict=True)
        ],
        plan=[Point("2024-2025", 48), Point("2025-2026", 46)],
        breaks=[Break("2025-2026", "1/7/2025: sáp nhập")],
        note="Tỉnh Lào Cai, theo bản đồ hôm nay",
    )
    gap = Trend(
        "Học sinh bỏ học",
        unit="em",
        places=0,
        points=[Point(y, v, estimated=v == 71) for y, v in zip(YEARS, (96, 71, None, 60, 52), strict=True)],
        note="Một năm không có số liệu thì đường đứt quãng; số ước tính là vòng rỗng",
    )
    bars = Bars(
        "Tỷ lệ chuyên cần theo xã",
        unit="%",
        bound=92,
        bound_label="Kế hoạch",
        bars=[
            Bar(name, value, href="?", tone=tone, own=name == "Bắc Hà")
            for name, value, tone in zip(
                COMMUNES,
                (Decimal("96.4"), Decimal("93.15"), 92, Decimal("90.7"), Decimal("88.2"), None),
                ("good", "good", "good", "bad", "bad", ""),
                strict=True,
            )
        ],
    )
    matrix = Matrix(
        "Nộp báo cáo theo tháng",
        columns=[f"T{month}" for month in (9, 10, 11, 12, 1)],
        rows=[
            ("Bắc Hà", ["done_on_time", "done_on_time", "done_on_time", "done_late", "submitted"]),
            ("Bảo Nhai", ["done_on_time", "done_late", "done_on_time", "done_on_time", "late"]),
            ("Cốc Lầu", ["done_on_time", "done_on_time", "returned", "done_on_time", "missing"]),
        ],
    )
    multiples = Multiples(
        "Tỷ lệ chuyên cần, từng xã",
        panels=[
            Trend(
                name,
                unit="%",
                points=[Point(y, Decimal(90 + (i * 3 + j * 2) % 9)) for j, y in enumerate(YEARS) if (i, j) != (2, 1)],
            )
            for i, name in enumerate(COMMUNES)
        ],
    )
    empty = Trend("Chưa có số liệu", unit="%", points=[Point("2025-2026", None)])
    return [trend, gap, bars, matrix, multiples, empty]


def map_of_communes() -> PointMap:
    """Six communes: four classes, one estimate, one without a figure."""
    values = (Decimal("96.4"), Decimal("93.15"), Decimal(92), Decimal("90.7"), Decimal("88.2"), None)
    spots = ((22.53, 104.29), (22.42, 104.35), (22.44, 104.21), (22.6, 104.39), (22.47, 104.42), (22.59, 104.46))
    places = [
        Place(
            f"Xã {name}",
            lat,
            lon,
            label=name,
            value=value,
            text="" if value is None else f"{value}%".replace(".", ","),
            href="?",
            estimated=name == "Cốc Lầu",
        )
        for name, value, (lat, lon) in zip(COMMUNES, values, spots, strict=True)
    ]
    return PointMap(
        "Tỷ lệ chuyên cần trên bản đồ",
        places=places,
        classes=Classes([value for value in values if value is not None]),
        unit="%",
    )
