"""The pages of the catalogue and of the builder: found, edited, refused at the field, nothing lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from giaoban.indicators import actions
from giaoban.indicators.actions import LineSpec
from giaoban.indicators.models import Dimension, Element, FormulaVersion, Indicator, Sheet, SheetDraft
from giaoban.journal.actor import SYSTEM
from giaoban.people import middleware
from tests.rooms.indicators.place import DUE, HK1, OPENED, Place, at

ACT = {"by": SYSTEM, "at": at(OPENED)}
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
Enter = Callable[[str], Client]


@pytest.fixture
def enter(place: Place, monkeypatch: pytest.MonkeyPatch) -> Enter:
    monkeypatch.setattr(middleware, "now", lambda: datetime(DUE.year, DUE.month, DUE.day, 15, 0, tzinfo=HANOI))

    def sign_in(who: str) -> Client:
        client = Client()
        account = place.accounts[who]
        type(account).objects.filter(pk=account.pk).update(must_change_password=False)
        client.force_login(type(account).objects.get(pk=account.pk), "django.contrib.auth.backends.ModelBackend")
        session = client.session
        session["position"] = place.actors[who].position_id
        session.save()
        return client

    return sign_in


@pytest.fixture
def officer(enter: Enter) -> Client:
    return enter("so_officer")


def page(name: str, *args: object) -> str:
    return reverse(f"indicators:{name}", args=args)


def text(response: HttpResponse) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


# Found


def test_the_list_is_searched_and_filtered(place: Place, officer: Client) -> None:
    actions.define_element(
        **ACT, code="phong_hoc", name="Phòng học kiên cố", unit="phòng", stock=True, group="Cơ sở vật chất",
        official_code="0412", code_system="TT 19/2017",
    )  # fmt: skip
    for query in ("?q=phong hoc kien", "?q=0412", "?group=Cơ sở vật chất", "?system=TT 19/2017", "?unit=phòng"):
        found = text(officer.get(page("elements") + query))
        assert "Phòng học kiên cố" in found and "Học sinh nữ" not in found, query
    assert "Phòng học kiên cố" not in text(officer.get(page("elements") + "?asked=yes"))
    assert "Học sinh bỏ học" in text(officer.get(page("elements") + "?dimension=lop"))
    actions.retire_element(**ACT, code="phong_hoc", reason="x")
    assert "Phòng học kiên cố" not in text(officer.get(page("elements")))
    assert "Phòng học kiên cố" in text(officer.get(page("elements") + "?state=retired"))
    assert officer.get(page("elements") + "?group=khong_co&state=x").status_code == 200


def test_the_lists_are_paged(place: Place, officer: Client, django_assert_max_num_queries: Callable) -> None:
    Element.objects.bulk_create(
        Element(code=f"e{n}", name=f"Số liệu {n}", unit="cái", stock=True, fold=f"so lieu {n}") for n in range(300)
    )
    with django_assert_max_num_queries(30):
        first = text(officer.get(page("elements")))
    assert first.count("/so-lieu-goc/e") <= 100 and "trang=2" in first


def test_an_element_shows_its_cells_as_a_table_and_where_they_are_asked(place: Place, officer: Client) -> None:
    actions.define_dimension(**ACT, code="gioi", name="Giới", members={"nam": "Nam", "nu": "Nữ"})
    element = actions.define_element(**ACT, code="hs", name="HS", unit="em", stock=True, dimensions=["lop", "gioi"])
    numbers = {cell.key: cell.pk for cell in element.cells.all()}
    shown = text(officer.get(page("element", "hs")))
    row = shown[shown.index('<th scope="row">Lớp 7</th>') :]
    place_of = [row.index(f">{numbers[key]}<") for key in ("hs[gioi=nam,lop=7]", "hs[gioi=nu,lop=7]")]
    assert place_of == sorted(place_of)
    assert "Báo cáo học kỳ" in text(officer.get(page("element", "bo_hoc")))


def test_an_indicator_says_numerator_denominator_and_its_editions(place: Place, officer: Client) -> None:
    actions.define_indicator(
        **ACT, code="ty_le_bo_hoc", name="Tỷ lệ học sinh bỏ học", unit="%", expression="bo_hoc / hoc_sinh",
        start=FormulaVersion.objects.get().start, direction="down",
    )  # fmt: skip
    shown = text(officer.get(page("indicator", "ty_le_bo_hoc")))
    assert "Tử số" in shown and "Học sinh bỏ học ÷ Học sinh" in shown
    assert "<del>Tỷ lệ bỏ học</del>" in shown and "<ins>Tỷ lệ học sinh bỏ học</ins>" in shown


# Edited


def test_a_new_element_from_the_browser(place: Place, officer: Client) -> None:
    given = {"name": "Thư viện", "code": "thu_vien", "unit": "thư viện", "stock": "yes", "over_units": "sum",
             "scale": "0", "dimensions": ["lop"]}  # fmt: skip
    assert officer.get(page("element-new")).status_code == 200
    wrong = officer.post(page("element-new"), given | {"code": "thư viện", "official_code": "1"})
    assert wrong.status_code == 422 and 'value="Thư viện"' in text(wrong) and "“thư viện” không phải mã" in text(wrong)
    taken = officer.post(page("element-new"), given | {"code": "hoc_sinh"})
    assert taken.status_code == 422 and Element.objects.get(pk="hoc_sinh").name == "Học sinh"
    assert officer.post(page("element-new"), given).status_code == 302
    assert Element.objects.get(pk="thu_vien").cells.count() == 2


def test_meaning_is_locked_on_the_form_once_there_are_figures(place: Place, officer: Client) -> None:
    place.type(place.report(place.open(), "na_hoi"), {"hoc_sinh": "500"})
    shown = text(officer.get(page("element-edit", "hoc_sinh")))
    assert "Đã có số liệu" in shown and re.search(r'name="unit"[^>]*disabled', shown)
    given = {"name": "Tổng số học sinh", "unit": "em", "stock": "no", "over_units": "none", "scale": "3"}
    assert officer.post(page("element-edit", "hoc_sinh"), given).status_code == 302
    found = Element.objects.get(pk="hoc_sinh")
    assert (found.name, found.unit, found.stock, found.scale) == ("Tổng số học sinh", "học sinh", True, 0)


def test_an_element_is_retired_and_brought_back_with_a_reason(place: Place, officer: Client) -> None:
    officer.post(page("element-turn", "to_chuc"), {"reason": ""})
    assert not Element.objects.get(pk="to_chuc").retired
    officer.post(page("element-turn", "to_chuc"), {"reason": "Bỏ theo thông tư mới"})
    assert Element.objects.get(pk="to_chuc").retired
    assert "Bỏ theo thông tư mới" in text(officer.get(page("element", "to_chuc")))
    officer.post(page("element-turn", "to_chuc"), {"reason": "Dùng lại"})
    assert not Element.objects.get(pk="to_chuc").retired


def test_dimensions_take_members_a_line_each(place: Place, officer: Client) -> None:
    given = {"name": "Lớp", "members": "6 = Lớp 6\n7 = Lớp 7\n8 = Lớp 8\n"}
    wrong = officer.post(page("dimension-edit", "lop"), given | {"members": "6 = Lớp 6\nlớp tám\n6 = a"})
    assert wrong.status_code == 422 and "Dòng 2" in text(wrong) and "lớp tám" in text(wrong)
    assert officer.post(page("dimension-edit", "lop"), given).status_code == 302
    assert Element.objects.get(pk="bo_hoc").cells.filter(key="bo_hoc[lop=8]").exists()
    made = officer.post(page("dimension-new"), {"name": "Giới", "code": "gioi", "members": "nam = Nam\nnu = Nữ"})
    assert made.status_code == 302 and Dimension.objects.get(pk="gioi").members.count() == 2


def test_a_formula_is_tried_on_real_figures_before_it_is_published(place: Place, officer: Client) -> None:
    place.accept(place.hand_in(place.open(), "na_hoi"))
    given = {"expression": "bo_hoc[lop=6] / hoc_sinh", "start": "01/02/2026", "source": "QĐ 9",
             "thu-unit": "Trường Tiểu học Na Hối", "thu-period": HK1}  # fmt: skip
    shown = text(officer.post(page("formula-new", "ty_le_bo_hoc"), given | {"try": "1"}))
    assert "0,40%" in shown and "0,60%" in shown, "two of five hundred, beside the three of the formula in force"
    assert FormulaVersion.objects.count() == 1
    missing = text(officer.post(page("formula-new", "ty_le_bo_hoc"), given | {"expression": "to_chuc", "try": "1"}))
    assert "thiếu số liệu" in missing
    unit = officer.post(page("formula-new", "ty_le_bo_hoc"), given | {"thu-unit": "zzzz", "try": "1"})
    assert "Không có đơn vị này" in text(unit)
    bad = officer.post(page("formula-new", "ty_le_bo_hoc"), given | {"expression": "bo_hoc / khong_co"})
    assert bad.status_code == 422 and "khong_co" in text(bad)
    assert officer.post(page("formula-new", "ty_le_bo_hoc"), given).status_code == 302
    assert FormulaVersion.objects.filter(source="QĐ 9").exists()


def test_a_new_indicator_with_its_first_formula(place: Place, officer: Client) -> None:
    given = {"name": "Tỷ lệ nữ", "code": "ty_le_nu", "unit": "%", "places": "2", "direction": "none",
             "expression": "hoc_sinh_nu / hoc_sinh", "start": "01/01/2026"}  # fmt: skip
    assert officer.post(page("indicator-new"), given | {"expression": "hoc_sinh_nu <"}).status_code == 422
    assert officer.post(page("indicator-new"), given).status_code == 302
    assert Indicator.objects.get(pk="ty_le_nu").formulas.count() == 1
    edited = {"name": "Tỷ lệ học sinh nữ", "unit": "%", "places": "1", "direction": "up"}
    assert officer.post(page("indicator-edit", "ty_le_nu"), edited).status_code == 302
    assert Indicator.objects.get(pk="ty_le_nu").places == 1
    officer.post(page("indicator-turn", "ty_le_nu"), {"reason": "Thử"})
    assert Indicator.objects.get(pk="ty_le_nu").retired


def test_names_are_completed_and_formulas_read_back(place: Place, officer: Client) -> None:
    assert "bo_hoc[lop=6]" in text(officer.get(page("formula-names") + "?q=bo_hoc[lop=6"))
    assert "bo_hoc" in text(officer.get(page("formula-names") + "?q=bỏ học"))
    said = text(officer.get(page("formula-read"), {"q": "hoc_sinh_nu <= hoc_sinh", "la": "condition"}))
    assert "“Học sinh nữ” không được lớn hơn “Học sinh”" in said
    assert "khong_co" in text(officer.get(page("formula-read"), {"q": "khong_co / 2"}))


@pytest.mark.parametrize("who", ["leader", "na_hoi_head", "viewer", "admin"])
def test_others_read_and_do_not_edit(place: Place, enter: Enter, who: str) -> None:
    client = enter(who)
    for name, args in (("element-new", ()), ("element-edit", ("hoc_sinh",)), ("indicator-new", ()), ("files", ()),
                       ("drafts", ()), ("dimension-edit", ("lop",)), ("formula-new", ("ty_le_bo_hoc",))):  # fmt: skip
        assert client.get(page(name, *args)).status_code == 403, name
    for name, args in (("elements", ()), ("element", ("hoc_sinh",)), ("dimension", ("lop",)), ("sheet", ("hoc_ky",))):
        assert client.get(page(name, *args)).status_code == 200, name
    assert page("element-edit", "hoc_sinh") not in text(client.get(page("element", "hoc_sinh")))


# Text files


def test_a_file_is_looked_at_and_then_taken_in(place: Place, officer: Client) -> None:
    whole = officer.get(page("catalogue-file")).content.decode()
    changed = whole.replace('name = "Học sinh"\n', 'name = "Số học sinh"\n')
    shown = officer.post(page("files"), {"file": SimpleUploadedFile("a.toml", changed.encode())})
    assert shown.status_code == 200 and "<ins>Số học sinh</ins>" in text(shown)
    assert Element.objects.get(pk="hoc_sinh").name == "Học sinh", "looking stores nothing"
    assert officer.post(page("files"), {"text": changed, "name": "a.toml", "store": "1"}).status_code == 302
    assert Element.objects.get(pk="hoc_sinh").name == "Số học sinh"
    assert "hoc_sinh_nu" in officer.get(page("table-file", "element")).content.decode()
    assert officer.get(page("table-file", "khac")).status_code == 404
    assert 'code = "hoc_ky"' in officer.get(page("sheet-file", "hoc_ky")).content.decode()
    assert officer.get(page("sheet-file", "khac")).status_code == 404


def test_faults_of_a_file_stand_on_the_page_with_their_lines(place: Place, officer: Client) -> None:
    bad = '[[element]]\ncode = "x"\nname = "X"\nunit = "cái"\nkind = "lạ"\n'
    shown = text(officer.post(page("files"), {"file": SimpleUploadedFile("a.toml", bad.encode())}))
    assert "Mục “kind” không thể là “lạ”" in shown and "Chưa lưu gì" in shown
    none = officer.post(page("files"), {})
    assert none.status_code == 422
    odd = officer.post(page("files"), {"file": SimpleUploadedFile("a.toml", b"\xff\xfe")})
    assert odd.status_code == 422 and "UTF-8" in text(odd)


# The builder


@pytest.fixture
def draft(place: Place, officer: Client) -> SheetDraft:
    actions.define_element(**ACT, code="phong_hoc", name="Phòng học", unit="phòng", stock=True, dimensions=["lop"])
    given = {"name": "Cơ sở vật chất", "code": "co_so", "kinds": ["primary", "lower_secondary"]}
    assert officer.get(page("draft-new")).status_code == 200
    officer.post(page("draft-new"), given)
    return SheetDraft.objects.get()


def test_a_sheet_is_built_page_by_page(place: Place, officer: Client, draft: SheetDraft) -> None:
    found = text(officer.get(page("draft-add", draft.pk) + "?q=phong"))
    assert "Phòng học" in found and "chưa hỏi ở đâu" in found
    assert "Báo cáo học kỳ" in text(officer.get(page("draft-add", draft.pk) + "?q=hoc sinh"))
    given = {"section": "I. Phòng", "cell": ["phong_hoc[lop=6]", "phong_hoc[lop=7]"], "total": "on", "level": "1",
             "required": "on"}  # fmt: skip
    none = officer.post(page("draft-cells", draft.pk, "phong_hoc"), given | {"cell": []})
    assert none.status_code == 422 and "I. Phòng" in text(none)
    officer.post(page("draft-cells", draft.pk, "phong_hoc"), given)
    officer.post(page("draft-cells", draft.pk, "hoc_sinh"), {"section": "I. Phòng", "cell": ["hoc_sinh"], "level": "0"})
    shown = text(officer.get(page("draft", draft.pk)))
    assert "Hỏi ở “Báo cáo học kỳ”" in shown and "2 ô phải nhập, 1 ô lấy từ biểu khác" in shown
    draft.refresh_from_db()
    assert [(line["label"], line["level"]) for line in draft.data["lines"]] == [
        ("Phòng học", 0), ("Lớp 6", 1), ("Lớp 7", 1), ("", 0),
    ]  # fmt: skip
    officer.post(page("draft-rule-new", draft.pk), {
        "left": "phong_hoc[lop=6]", "sign": "<=", "right": "hoc_sinh", "sentence": "Không quá.", "severity": "hard",
    })  # fmt: skip
    shown = text(officer.get(page("draft-rules", draft.pk)))
    assert "“Lớp 6” không được lớn hơn “Học sinh”" in shown
    preview = text(officer.get(page("draft-preview", draft.pk) + "?loai=primary"))
    assert preview.count("disabled") >= 2 and "từ “Báo cáo học kỳ”" in preview
    draft.refresh_from_db()
    done = officer.post(page("draft-publish", draft.pk), {"seen": draft.version, "publish_on": ""})
    assert done.headers["Location"] == page("sheet", "co_so")
    assert Sheet.objects.get(pk="co_so").rules.get().expression == "phong_hoc[lop=6] <= hoc_sinh"


def test_the_builder_says_which_other_system_already_holds_the_figures(
    place: Place, officer: Client, draft: SheetDraft
) -> None:
    address = page("draft-cells", draft.pk, "hoc_sinh")
    assert "Cơ sở dữ liệu ngành" not in text(officer.get(address))
    actions.define_series(**ACT, code="csdl", name="Cơ sở dữ liệu ngành")
    row = actions.SeriesRow(unit_id=place.unit("na_hoi"), period_code=HK1, cell_id=place.cells["hoc_sinh"], value=500)
    actions.import_series(**ACT, series="csdl", rows=[row])
    assert "“Cơ sở dữ liệu ngành” đã có số liệu này" in text(officer.get(address))


def test_lines_are_changed_moved_and_removed(place: Place, officer: Client, draft: SheetDraft) -> None:
    officer.post(page("draft-cells", draft.pk, "phong_hoc"), {
        "section": "I", "cell": ["phong_hoc[lop=6]", "phong_hoc[lop=7]"], "level": "0",
    })  # fmt: skip

    def order() -> list[str]:
        draft.refresh_from_db()
        return [line["cell"][-2] for line in draft.data["lines"]]

    officer.post(page("draft-step", draft.pk, 2), {"step": "up", "seen": draft_version(draft)})
    assert order() == ["7", "6"]
    placed = officer.post(page("draft-place", draft.pk, 2), {"section": "I", "before": "", "seen": draft.version})
    assert placed.json() == {"seen": draft.version + 1} and order() == ["6", "7"]
    stale = officer.post(page("draft-place", draft.pk, 2), {"section": "I", "before": "1", "seen": "0"})
    assert stale.status_code == 409 and order() == ["6", "7"]
    given = {"label": "Phòng lớp 6", "help": "Kể cả mượn", "section": "I", "level": "1", "kinds": ["primary"]}
    assert officer.post(page("draft-line", draft.pk, 1), given).status_code == 302
    draft.refresh_from_db()
    assert draft.data["lines"][0]["label"] == "Phòng lớp 6" and draft.data["lines"][0]["kinds"] == ["primary"]
    officer.post(page("draft-step", draft.pk, 1), {"step": "drop"})
    assert order() == ["7"]
    assert officer.get(page("draft-line", draft.pk, 1)).status_code == 404
    assert officer.post(page("draft-step", draft.pk, 2), {"step": "dance"}).status_code == 404


def draft_version(draft: SheetDraft) -> int:
    draft.refresh_from_db()
    return draft.version


def test_sections_computed_lines_and_bounds(place: Place, officer: Client, draft: SheetDraft) -> None:
    officer.post(page("draft-section", draft.pk), {"step": "add", "name": "I"})
    officer.post(page("draft-section", draft.pk), {"step": "add", "name": ""})
    officer.post(page("draft-section", draft.pk), {"step": "rename", "section": "I", "name": "I. Phòng"})
    officer.post(page("draft-cells", draft.pk, "phong_hoc"), {
        "section": "I. Phòng", "cell": ["phong_hoc[lop=6]"], "level": "0", "required": "on",
    })  # fmt: skip
    line = {"label": "Cộng", "expression": "phong_hoc +", "section": "I. Phòng", "level": "0"}
    bad = officer.post(page("draft-total", draft.pk), line)
    assert bad.status_code == 422 and "phong_hoc +" in text(bad)
    assert officer.post(page("draft-total", draft.pk), line | {"expression": "phong_hoc * 2"}).status_code == 302
    given = {"change-on": "on", "change-percent": "20", "change-least": "3", "change-ask": "on", "zscore-limit": "3,5",
             "zscore-at_least": "5", "zscore-least": "5", "modified_z-limit": "3.5", "modified_z-at_least": "5",
             "modified_z-least": "5", "peers-limit": "3", "peers-method": "quartiles", "peers-at_least": "8",
             "peers-least": "5", "year_on_year-down": "50", "year_on_year-up": "100", "year_on_year-least": "5",
             "zscore-on": "on", "except": ["phong_hoc"]}  # fmt: skip
    assert officer.post(page("draft-checks", draft.pk), given | {"zscore-limit": "x"}).status_code == 422
    assert officer.post(page("draft-checks", draft.pk), given).status_code == 302
    draft.refresh_from_db()
    assert draft.data["sections"] == ["I. Phòng"]
    assert draft.data["checks"] == {
        "change": {"percent": 20, "least": 3, "ask": True},
        "zscore": {"limit": "3.5", "at_least": 5, "least": 5, "ask": False},
        "except": ["phong_hoc"],
    }
    officer.post(page("draft-publish", draft.pk), {"seen": draft.version})
    assert Sheet.objects.get(pk="co_so").checks == draft.data["checks"]


def test_faults_keep_the_button_shut_and_are_named_at_the_line(
    place: Place, officer: Client, draft: SheetDraft
) -> None:
    shown = text(officer.get(page("draft", draft.pk)))
    assert "Cần sửa trước khi ban hành" in shown and re.search(r'data-open="publish" ?disabled', shown)
    officer.post(page("draft-publish", draft.pk), {"seen": draft.version})
    assert SheetDraft.objects.exists() and not Sheet.objects.filter(pk="co_so").exists()
    heading = {"name": "", "code": "co_so", "kinds": ["primary"], "change_percent": "30", "change_least": "5"}
    assert officer.post(page("draft-heading", draft.pk), heading).status_code == 422
    assert officer.post(page("draft-heading", draft.pk), heading | {"name": "Tên"}).status_code == 302


def test_a_used_sheet_offers_its_next_version(place: Place, officer: Client) -> None:
    assert "Sửa biểu mẫu" in text(officer.get(page("sheet", "hoc_ky")))
    place.open()
    assert "Làm bản mới" in text(officer.get(page("sheet", "hoc_ky")))
    officer.post(page("draft-from", "hoc_ky"))
    draft = SheetDraft.objects.get()
    assert "Thay cho" in text(officer.get(page("draft", draft.pk)))
    assert "Đang làm bản mới" in text(officer.get(page("sheet", "hoc_ky")))
    officer.post(page("draft-rule-step", draft.pk), {"step": "drop", "rule": str(draft.data["rules"][0]["id"])})
    suggestions = text(officer.get(page("draft-rules", draft.pk)))
    assert "hoc_sinh_nu &lt;= hoc_sinh" in suggestions
    officer.post(page("draft-rule-step", draft.pk), {"step": "suggested", "expression": ["hoc_sinh_nu <= hoc_sinh"]})
    draft.refresh_from_db()
    assert len(draft.data["rules"]) == 2
    officer.post(page("draft-publish", draft.pk), {"seen": draft.version})
    assert Sheet.objects.get(pk="hoc_ky").retired
    assert "Đã thay bằng" in text(officer.get(page("sheet", "hoc_ky")))


def test_a_sheet_is_retired_and_copied(place: Place, officer: Client) -> None:
    officer.post(page("draft-from", "hoc_ky"), {"copy": "1"})
    draft = SheetDraft.objects.get()
    assert draft.supersedes is None and draft.sheet is None
    officer.post(page("draft-discard", draft.pk))
    assert not SheetDraft.objects.exists()
    officer.post(page("sheet-retire", "hoc_ky"), {"reason": "Thôi dùng"})
    assert Sheet.objects.get(pk="hoc_ky").retired
    assert officer.post(page("sheet-retire", "khac"), {"reason": "x"}).status_code == 404


def test_another_unit_sees_nothing_of_a_draft(place: Place, enter: Enter, draft: SheetDraft) -> None:
    client = enter("officer")
    for name, args in (("draft", ()), ("draft-add", ()), ("draft-rules", ()), ("draft-preview", ()),
                       ("draft-heading", ()), ("draft-cells", ("phong_hoc",)), ("draft-line", (1,))):  # fmt: skip
        assert client.get(page(name, draft.pk, *args)).status_code == 404, name
    assert client.post(page("draft-publish", draft.pk)).status_code == 404
    assert LineSpec(cell="x").owns
