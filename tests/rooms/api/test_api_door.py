"""The door itself: who may come in, what is not sent twice, what it says of itself."""

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from giaoban.api.urls import urlpatterns
from giaoban.people.models import Account
from tests.rooms.ui.markup import check

UNITS = "/api/v1/units/"
SENT_TO = {"/api/v1/readings/", "/api/v1/tasks/annex/"}  # a document is sent in, an annex of tasks


def test_a_stranger_is_told_to_sign_in_and_sent_nowhere(db):
    response = Client().get(UNITS)
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_signed_in"
    assert "Đăng nhập" in response.json()["error"]["message"]


def test_who_must_choose_a_password_or_a_position_is_told_which(place, browser):
    client = browser("leader")
    Account.objects.filter(pk=place.accounts["leader"].pk).update(must_change_password=True)
    assert "mật khẩu" in client.get(UNITS).json()["error"]["message"]


def test_nothing_is_written_through_this_door(browser):
    client = browser("leader")
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(UNITS).status_code == 405


def test_a_write_would_need_the_token_of_the_session(place, browser):
    """django-ninja takes its views out of that check; here they are in it again, whatever is added later."""
    for pattern in urlpatterns:
        assert not getattr(pattern.callback, "csrf_exempt", False), pattern.name
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.accounts["leader"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(UNITS).status_code == 403


def test_what_has_not_changed_is_not_sent_again(place, browser):
    client = browser("leader")
    first = client.get(UNITS)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = client.get(UNITS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(UNITS, {"limit": 1}, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200


def test_an_unknown_address_below_is_not_found(browser):
    assert browser("leader").get("/api/v1/khong-co/").status_code == 404


def test_openapi_describes_every_operation_and_every_parameter(browser):
    told = browser("leader").get(reverse("api:description")).json()
    assert told["openapi"].startswith("3.")
    described = {re.sub(r"\{[^}]*\}", "*", address) for address in told["paths"]}
    served = {
        "/api/v1/" + re.sub(r"<[^>]*>", "*", str(pattern.pattern))
        for pattern in urlpatterns
        if pattern.name not in ("page", "description")
    }
    assert described == served
    for address, methods in told["paths"].items():
        assert set(methods) == ({"post"} if address in SENT_TO else {"get"})
        for parameter in next(iter(methods.values())).get("parameters", []):
            assert parameter["in"] == "path" or parameter["schema"].get("description"), (address, parameter["name"])
    assert "://" not in json.dumps(told["paths"])


def test_answers_have_the_shape_the_description_says(place, ask, browser):
    """Every field of the answer is named in the document, and every field it requires is there."""
    told = browser("leader").get(reverse("api:description")).json()
    shape = told["components"]["schemas"]["UnitDetail"]
    unit = ask("leader", f"units/{place.unit('bac_ha')}/")[1]
    assert unit.keys() == shape["properties"].keys() and set(shape["required"]) <= unit.keys()


def test_the_page_for_people_lists_what_the_document_says(browser):
    client = browser("leader")
    html = client.get(reverse("api:page")).content.decode()
    check(html)
    for address in client.get(reverse("api:description")).json()["paths"]:
        assert f"{'POST' if address in SENT_TO else 'GET'} {address}" in html
    assert "Số liệu" in html


@pytest.mark.parametrize("name", ["page", "description"])
def test_the_description_names_no_other_host(browser, name):
    text = browser("leader").get(reverse(f"api:{name}")).content.decode()
    assert not re.findall(r"https?://(?!www\.w3\.org)", text)
