"""The table of any indicators and units, and the way from any number to its source."""

import csv
import io
from fractions import Fraction

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from giaoban.core import period as periods
from giaoban.core.refusal import NotAllowed
from giaoban.desk import provenance, tables
from giaoban.desk.provenance import Provenance, Wanted
from giaoban.desk.tables import Asked
from giaoban.indicators import actions
from giaoban.indicators.models import Target
from giaoban.journal.actor import SYSTEM
from tests.rooms.desk.conftest import TODAY
from tests.rooms.indicators.place import FOUNDED, HK1, at
from tests.rooms.ui.markup import check

RATE, COUNT = "ty_le_bo_hoc", "so_hoc_sinh"


@pytest.fixture
def counted(place):
    """Two of three schools of Bắc Hà are approved: 3 of 500 left school in one, 6 of 600 in the other."""
    actions.define_indicator(
        by=SYSTEM, at=at(FOUNDED), code=COUNT, name="Số học sinh", unit="học sinh", places=0, expression="hoc_sinh",
        start=FOUNDED, direction="up", group="Quy mô",
    )  # fmt: skip
    round = place.open()
    place.accept(place.hand_in(round, "na_hoi"))
    place.accept(place.hand_in(round, "ban_pho", **{"bo_hoc[lop=6]": "5", "hoc_sinh": "600"}))
    for code, unit, value in (
        (RATE, "bac_ha", Fraction(1, 100)),
        (RATE, "ban_pho", Fraction(9, 1000)),
        (COUNT, "bac_ha", 1200),
    ):
        actions.set_target(
            by=place.actors["leader"], at=at(TODAY), indicator=code, unit_id=place.unit(unit), period_code=HK1,
            value=value,
        )  # fmt: skip
    return place


def board(place, who="leader", **changes):
    given = {"unit_id": place.unit("bac_ha"), "period": periods.parse(HK1), "map": "today", "codes": (RATE, COUNT)}
    return tables.board(place.actors[who], TODAY, Asked(**(given | changes)))


def texts(found):
    return {line.name: [field.text for field in line.fields] for line in found.lines}


def test_units_stand_in_the_rows_with_every_column_of_every_indicator(counted):
    said = texts(board(counted, columns=tables.COLUMNS))
    assert said["Xã Bắc Hà"] == [
        *("0,82%", "1,00%", "-0,18", "—", "—", "2/3"),
        *("1.100", "1.200", "-100", "—", "—", "2/3"),
    ]
    assert said["Trường Tiểu học Bản Phố"][:3] == ["1,00%", "0,90%", "+0,10"]
    assert said["Trường THCS Thải Giàng"][:2] == ["—", "—"]
    assert next(iter(said)) == "Xã Bắc Hà"


def test_missing_says_why_and_states_have_a_word(counted):
    lines = {line.name: line for line in board(counted).lines}
    assert lines["Trường THCS Thải Giàng"].fields[0].note == "chưa đơn vị nào trong 1 đơn vị có số liệu"
    assert [lines[name].fields[0].state for name in ("Xã Bắc Hà", "Trường Tiểu học Bản Phố")] == ["met", "not_met"]
    assert "Chưa đạt" in lines["Trường Tiểu học Bản Phố"].fields[0].mark


def test_turned_round_indicators_stand_in_the_rows(counted):
    found = board(counted, turned=True, columns=("gia-tri",))
    assert found.heads[0].name == "Xã Bắc Hà"
    assert texts(found)["Số học sinh"][0] == "1.100"


def test_sorted_by_any_column_with_missing_values_at_the_end(counted):
    up = [line.name for line in board(counted, sort=f"{RATE}.gia-tri", total=False).lines]
    down = [line.name for line in board(counted, sort=f"-{RATE}.gia-tri", total=False).lines]
    assert up[:2] == ["Trường Tiểu học Na Hối", "Trường Tiểu học Bản Phố"]
    assert down[:2] == ["Trường Tiểu học Bản Phố", "Trường Tiểu học Na Hối"]


def test_filtered_by_state_name_kind_and_indicators(counted):
    def names(**wanted):
        return [line.name for line in board(counted, total=False, **wanted).lines]

    assert names(state="not_met") == ["Trường Tiểu học Bản Phố"]
    assert names(named="na hoi") == ["Trường Tiểu học Na Hối"]
    assert names(units="lower_secondary") == ["Trường THCS Thải Giàng"]
    assert [one.code for one in board(counted, codes=(), text="bo hoc").chosen] == [RATE]
    assert [one.code for one in board(counted, codes=(), groups=("Quy mô",)).chosen] == [COUNT]
    assert len(board(counted, codes=(), groups=(tables.EVERY_GROUP,)).chosen) == 2


def test_the_address_holds_the_whole_view(counted, browser):
    asked = board(counted, sort=f"{RATE}.chenh", turned=False, columns=("gia-tri", "chenh"), total=False).asked
    page = browser("leader").get(f"{reverse('desk:table')}?{asked.query()}")
    assert page.status_code == 200 and page.context["board"].asked == asked


def test_the_page_is_sound_and_links_each_number_to_its_source(counted, browser):
    page = browser("leader").get(reverse("desk:table"), {"don-vi": counted.unit("bac_ha"), "ky": HK1})
    check(page.content.decode())
    assert f"/so-lieu/nguon/?chi-tieu={RATE}&amp;don-vi={counted.unit('bac_ha')}&amp;ky={HK1}" in page.content.decode()


def test_nobody_looks_at_a_table_of_units_that_are_not_theirs(counted, browser):
    with pytest.raises(NotAllowed):
        board(counted, "sin_chai_leader")
    page = browser("sin_chai_leader").get(reverse("desk:table"), {"don-vi": counted.unit("bac_ha"), "ky": HK1})
    assert page.status_code == 403


def test_exports_hold_what_is_seen_as_numbers(counted, browser):
    address = {"don-vi": counted.unit("bac_ha"), "ky": HK1, "chi-tieu": f"{RATE},{COUNT}", "dang": "xlsx"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(browser("leader").get(reverse("desk:table"), address).content))
    rows = book.get_sheet_by_index(0).to_python()
    place = next(n for n, row in enumerate(rows) if row[0] == "Đơn vị")
    heads, first = rows[place], rows[place + 1]
    assert first[0] == "Xã Bắc Hà"
    assert first[1:4] == [0.0082, 0.01, -0.18]  # a rate as Excel keeps it; a difference of rates in points
    assert heads[1] == "Tỷ lệ bỏ học (%) – Giá trị" and first[heads.index("Số học sinh (học sinh) – Giá trị")] == 1100
    text = b"".join(browser("leader").get(reverse("desk:table"), address | {"dang": "csv"}).streaming_content)
    assert text.startswith(b"\xef\xbb\xbf")
    assert ["Xã Bắc Hà", "0,82%", "1,00%"] in [row[:3] for row in csv.reader(io.StringIO(text.decode()), delimiter=";")]


# Where a number comes from


def source(place, who="leader", unit="bac_ha", code=RATE):
    found = Provenance(place.actors[who], TODAY, Wanted(code, place.unit(unit), periods.parse(HK1), "today"))
    found.look  # noqa: B018
    return found


def test_a_rate_is_taken_apart_into_its_sides_and_units(counted):
    found = source(counted)
    assert found.in_words == "Học sinh bỏ học : Học sinh"
    assert found.in_numbers == "9 : 1.100"
    assert [(line.name, line.values) for line in found.lines] == [
        ("Trường Tiểu học Bản Phố", ("6", "600")),
        ("Trường Tiểu học Na Hối", ("3", "500")),
    ]
    assert found.sources.again == found.sources.answer.value == Fraction(9, 1100)


def test_a_unit_shows_its_cells_with_their_past(counted):
    found = source(counted, unit="na_hoi")
    assert [told.held.label for told in found.told][-1] == "Học sinh"
    words = [moment.what for moment in found.told[-1].moments]
    assert words == ["Từ đây được tính vào tổng: 500 học sinh", "Duyệt: Cán bộ xã kiểm tra", "Nộp số: 500 học sinh"]


def test_the_page_of_a_source_is_sound_and_exports(counted, browser):
    where = {"chi-tieu": RATE, "don-vi": counted.unit("bac_ha"), "ky": HK1}
    check(browser("leader").get(reverse("desk:source"), where).content.decode())
    check(browser("leader").get(reverse("desk:source"), where | {"don-vi": counted.unit("na_hoi")}).content.decode())
    book = browser("leader").get(reverse("desk:source"), where | {"dang": "xlsx"}).content
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert rows[-1][2:4] == [9, 1100]


def test_sources_are_for_who_may_look(counted, browser):
    where = {"chi-tieu": RATE, "don-vi": counted.unit("bac_ha"), "ky": HK1}
    assert browser("sin_chai_leader").get(reverse("desk:source"), where).status_code == 403
    assert browser("leader").get(reverse("desk:source"), {"ky": HK1}).status_code == 404
    assert browser("leader").get(reverse("desk:source"), where | {"ky": "x"}).status_code == 404


def test_an_unknown_indicator_is_refused_by_name(counted):
    with pytest.raises(provenance.NoSuchIndicator):
        source(counted, code="khong_co").indicator  # noqa: B018


# Plans


def test_plans_stand_beside_what_came_of_them_with_their_rest(counted, browser):
    actions.share_out(
        by=counted.actors["leader"], at=at(TODAY), indicator=COUNT, unit_id=counted.unit("bac_ha"), period_code=HK1,
        parts={counted.unit("na_hoi"): Fraction(500)},
    )  # fmt: skip
    page = browser("leader").get(reverse("desk:targets"), {"don-vi": counted.unit("bac_ha"), "nam": "2025-2026"})
    check(page.content.decode())
    lines = {line.target.indicator_id: line for line in page.context["plans"].lines}
    assert (lines[COUNT].value, lines[COUNT].rest, lines[COUNT].parts) == ("1.200", "700", 1)
    assert lines[RATE].rest == "" and lines[RATE].row.state == "met"


def test_a_plan_is_set_changed_and_withdrawn_in_the_browser(counted, browser):
    leader, unit = browser("leader"), counted.unit("bac_ha")
    page = f"{reverse('desk:targets')}?don-vi={unit}"
    given = {"viec": "dat", "chi-tieu": RATE, "ky": HK1, "gia-tri": "1,5", "cau": "giảm còn 1,5%"}
    assert leader.post(page, given).status_code == 302
    newest = Target.objects.filter(indicator=RATE, unit=unit).latest("no")
    assert (newest.value, newest.no, newest.sentence) == (Fraction(15, 1000), 2, "giảm còn 1,5%")
    assert "không phải là số" in leader.post(page, given | {"gia-tri": "nhiều"}).content.decode()
    assert leader.post(page, {"viec": "rut", "chi-tieu": RATE, "ky": HK1, "ly-do": "Thay kế hoạch"}).status_code == 302
    assert Target.objects.filter(indicator=RATE, unit=unit).latest("no").withdrawn


def test_a_plan_is_shared_out_in_the_browser_and_faults_stay_beside_their_part(counted, browser):
    leader, total = browser("leader"), Target.objects.get(indicator=COUNT)
    page = reverse("desk:target", args=[total.pk])
    proposed = leader.get(page, {"theo": "deu"})
    check(proposed.content.decode())
    assert [line.text for line in proposed.context["found"].lines if line.text] == ["400", "400", "400"]
    na_hoi, ban_pho = (f"phan-{counted.unit(name)}" for name in ("na_hoi", "ban_pho"))
    bad = leader.post(page, {na_hoi: "700", ban_pho: "x"})
    assert bad.status_code == 200 and [line.fault for line in bad.context["found"].lines if line.fault]
    over = leader.post(page, {na_hoi: "700", ban_pho: "600"}).content.decode()
    assert "vượt 100 so với kế hoạch 1.200" in over and 'value="700"' in over
    assert leader.post(page, {na_hoi: "700", ban_pho: "400"}).status_code == 302
    assert leader.get(page).context["found"].rest_text == "100"


def test_a_table_of_plans_is_read_with_all_its_faults(counted, browser):
    from django.core.files.uploadedfile import SimpleUploadedFile

    leader = browser("leader")
    page = f"{reverse('desk:targets')}?don-vi={counted.unit('bac_ha')}"

    def load(text):
        return leader.post(page, {"viec": "nhap", "tep": SimpleUploadedFile("ke-hoach.csv", text.encode())})

    heads = "Chỉ tiêu;Đơn vị;Kỳ;Kế hoạch\n"
    bad = load(heads + f"khong_co;Trường Tiểu học Na Hối;{HK1};5\n{COUNT};Không đâu;{HK1};nhiều\n").content.decode()
    assert "Dòng 2" in bad and bad.count("Dòng 3") == 2
    assert load(heads + f"Số học sinh;Trường Tiểu học Na Hối;{HK1};520\n").status_code == 302
    assert Target.objects.filter(unit=counted.unit("na_hoi"), indicator=COUNT).latest("no").value == 520
    assert "tên cột" in load("a;b\n1;2\n").content.decode()
