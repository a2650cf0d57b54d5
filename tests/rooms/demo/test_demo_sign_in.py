"""One-click sign-in exists in the demonstration only, whatever the addresses say."""

import pytest
from django.test import Client, override_settings

from giaoban.demo import figures, play
from giaoban.demo.story import story
from giaoban.demo.views import GROUPS


@pytest.mark.django_db
@override_settings(DEMO=False, ROOT_URLCONF="giaoban.demo.urls_for_test")
def test_refused_outside_the_demonstration(monkeypatch):
    import sys
    import types

    from django.urls import include, path

    routes = types.ModuleType("giaoban.demo.urls_for_test")
    routes.urlpatterns = [path("demo/", include("giaoban.demo.urls"))]
    monkeypatch.setitem(sys.modules, "giaoban.demo.urls_for_test", routes)
    with override_settings(DEBUG=False):
        client = Client(raise_request_exception=False)
        assert client.post("/demo/vao/ct.baothang/").status_code == 404


def test_production_addresses_do_not_know_it(settings):
    from django.urls import NoReverseMatch, reverse

    assert not settings.DEMO
    with pytest.raises(NoReverseMatch):
        reverse("demo:welcome")


def test_every_person_is_offered_once_and_every_stop_has_somebody():
    offered = [user for _, users in GROUPS for user in users]
    assert sorted(offered) == sorted(person.user for person in story().people)
    assert {stop.user for stop in story().stops} <= set(offered)


def test_schools_are_made_up_and_say_so():
    schools = [*story().schools, *story().upper]
    assert len({school.name for school in schools}) == len(schools)
    assert all("Minh họa" in school.name for school in schools)
    assert sum(school.commune == "02905" for school in story().schools) == 30


@pytest.mark.parametrize("year", [2024, 2025])
def test_invented_figures_keep_the_balance_of_the_semester(year):
    for school in (*story().schools, *story().upper):
        known = figures.invent(school, year)
        for stage, grades in figures.GRADES.items():
            if f"hoc_sinh_dau_nam[cap={stage}]" not in known:
                continue
            now = sum(known[f"hoc_sinh[gioi={sex},lop={grade}]"] for sex in ("nam", "nu") for grade in grades)
            came, left = known[f"hoc_sinh_chuyen_den[cap={stage}]"], known[f"hoc_sinh_chuyen_di[cap={stage}]"]
            assert now == known[f"hoc_sinh_dau_nam[cap={stage}]"] + came - left - known[f"hoc_sinh_bo_hoc[cap={stage}]"]


def test_the_same_figures_every_time():
    school = story().schools[0]
    assert figures.invent(school, 2025) == figures.invent(school, 2025)
    assert figures.invent(school, 2025) != figures.invent(school, 2024)


@pytest.mark.django_db
def test_refuses_a_database_with_real_accounts():
    from giaoban.people.models import Account

    Account.objects.create(username="that", full_name="Người thật", fold="nguoi that")
    with pytest.raises(play.RealData):
        play.refuse_real_data()
