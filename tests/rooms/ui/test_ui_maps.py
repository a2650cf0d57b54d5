"""A map of points: classes that are honest about equal values, shapes beside colours, light with thousands."""

from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from giaoban.ui.charts import draw
from giaoban.ui.maps import CLASSES, MANY, Classes, Frame, Place, PointMap, weighted

decimals = st.integers(0, 50).map(Decimal)


def described(places, **more) -> PointMap:
    classes = Classes([place.value for place in places if place.value is not None])
    return PointMap("Tỷ lệ chuyên cần", places=places, classes=classes, unit="%", **more)


def place(no: int, value: str | None = None, **more) -> Place:
    known = None if value is None else Decimal(value)
    return Place(f"Xã {no}", 21 + no / 10, 104 + no / 7, value=known, text=value or "—", **more)


@given(st.lists(decimals, min_size=1, max_size=60))
def test_classes_hold_every_value_once_and_never_part_equal_ones(values):
    classes = Classes(values)
    assert 1 <= len(classes.listed) <= CLASSES
    assert sum(one.number for one in classes.listed) == len(values)
    for value in values:
        assert classes.of(value).first <= value <= classes.of(value).last
    bounds = [(one.first, one.last) for one in classes.listed]
    assert all(one[1] < other[0] for one, other in pairwise(bounds))
    assert [one.step for one in classes.listed] == sorted({one.step for one in classes.listed})


def test_a_hundred_different_values_fall_into_five_equal_classes():
    classes = Classes([Decimal(n) for n in range(100)])
    assert [one.number for one in classes.listed] == [20] * 5
    assert [one.word for one in classes.listed] == ["rất thấp", "thấp", "trung bình", "cao", "rất cao"]
    assert Classes([Decimal(7)] * 9).listed[0].word == "trung bình"
    assert Classes([]).listed == ()


@given(st.lists(st.tuples(st.floats(8.5, 23.4), st.floats(102.1, 109.5)), min_size=1, max_size=60))
def test_every_near_place_lies_inside_the_frame(points):
    frame = Frame.around(points)
    west, east = min(points, key=lambda one: one[1]), max(points, key=lambda one: one[1])
    assert frame.at(*west)[0] <= frame.at(*east)[0]
    if len(points) < 8:
        assert all(frame.holds(*frame.at(*one)) for one in points)


def test_an_archipelago_does_not_make_its_mainland_a_speck():
    mainland = [place(no) for no in range(12)]
    islands = Place("Đặc khu Trường Sa", 9.7, 114.4)
    html = draw(described([*mainland, islands]))
    assert "nằm ngoài khung" in html
    frame = Frame.around([(one.lat, one.lon) for one in [*mainland, islands]])
    assert frame.at(mainland[-1].lat, mainland[-1].lon)[0] - frame.at(mainland[0].lat, mainland[0].lon)[0] > 300


def test_word_and_shape_stand_beside_the_colour():
    html = draw(described([place(0, "10"), place(1, "20"), place(2, "30", estimated=True), place(3)]))
    for word in ("thấp", "trung bình", "cao", "không có số", "ước tính"):
        assert f"<strong>{word}</strong>" in html
    assert '<g class="m0">' in html and 'class="m4 est"' in html and 'class="ring"' in html
    assert "<title>Xã 2: 30, ước tính</title>" in html
    radii = [int(html.split(f'class="{kind}"')[1].split(' r="')[1].split('"')[0]) for kind in ("m2", "m3")]
    assert radii[0] < radii[1], "a higher class is a larger circle"


def test_a_point_with_an_address_is_a_link_with_its_name():
    html = draw(described([place(0, "10", href="/ban-do/?don-vi=1"), place(1, "20")]))
    assert '<a href="/ban-do/?don-vi=1" class="m2">' in html and ">Xã 0</text>" in html


def test_names_are_escaped():
    html = draw(described([Place("<b>Xã</b>", 21, 105, value=Decimal(1), text="<1>")]))
    assert "<b>" not in html and "&lt;b&gt;" in html


def test_the_whole_country_stays_light():
    places = [
        Place(
            f"Xã Tên Khá Dài {no}",
            9 + no % 140 / 10,
            102 + no % 70 / 10,
            Decimal(no % 97),
            text="95,38%",
            note="Tỉnh Lào Cai",
        )
        for no in range(3321)
    ]
    html = draw(described(places, ground=[(one.lat, one.lon) for one in places], whole=True))
    assert len(places) > MANY
    assert len(html.encode()) < 500_000
    assert html.count("<title>") == 3321 and "<a " not in html


def test_the_middle_is_weighted_by_area():
    assert weighted([(10, 100, 1), (20, 110, 3)]) == (17.5, 107.5)
    assert weighted([]) is None
