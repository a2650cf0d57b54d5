"""Every address is public by a short list, or guarded; and nobody reaches what belongs to another unit.

Walks all addresses of the program as they are. A new address with an object in it fails here until `guarded.py` knows
how to make such an object in Tỉnh Mẫu.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.http import Http404
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from giaoban.journal.models import Event
from giaoban.people import middleware
from giaoban.people.roles import VERBS
from giaoban.people.words import VERB_WORDS, verb_word
from tests.promises.guarded import MAKERS, OPEN, OWNERS, REFUSALS, VALUES, Place
from tests.world import NOW

SOURCES = Path(__file__).resolve().parents[2] / "src" / "giaoban"

PUBLIC = {"people:sign-in", "people:sign-out", "ui:gallery", "indicators:worker", "quick:link"}
PUBLIC |= {"work:worker", "work:guest", "work:guest-calendar", "work:guest-paper"}
PUBLIC |= {"work:feed"}  # whoever holds the secret address
# A script keeps what it could not send, and asks its reader to sign in.
TOLD = {"indicators:autosave", "work:check-in-send"}
ACCOUNT = {"people:me", "people:password"}


def addresses() -> list[tuple[str, URLPattern, tuple[str, ...]]]:
    """Every address of the program: its name, its pattern, and the parameters in it."""
    found = []

    def walk(resolver: URLResolver, names: list[str]) -> None:
        for one in resolver.url_patterns:
            inside = [*names, one.namespace] if getattr(one, "namespace", None) else names
            if isinstance(one, URLResolver):
                walk(one, inside)
            else:
                found.append((":".join([*inside, one.name or str(one.pattern)]), one, tuple(one.pattern.converters)))

    walk(get_resolver(), [])
    return found


ADDRESSES = addresses()
OBJECTS = [name for name, _, parameters in ADDRESSES if parameters and name not in OPEN and name not in PUBLIC]


def filled(name: str, parameters: tuple[str, ...], values: dict[str, object]) -> str:
    return reverse(name, kwargs={parameter: values[parameter] for parameter in parameters})


def test_every_room_is_walked():
    rooms = {name.split(":")[0] for name, _, _ in ADDRESSES}
    rest = {"desk", "documents", "indicators", "intake", "notices", "orgs", "people", "quick", "reforms", "reports"}
    assert rooms == {"api", "ui", "work", "workbooks", *rest}


def test_one_click_sign_in_is_nowhere_outside_the_demonstration(db, rf, settings):
    """Not among the addresses, and its views refuse even if somebody put them there."""
    from giaoban.demo.urls import urlpatterns

    settings.DEMO = False
    assert "demo" not in {name.split(":")[0] for name, _, _ in ADDRESSES}
    for pattern in urlpatterns:
        for request in (rf.get("/"), rf.post("/")):
            with pytest.raises(Http404):
                pattern.callback(request, **{name: VALUES[name] for name in pattern.pattern.converters})


@pytest.mark.parametrize(("name", "pattern"), [row[:2] for row in ADDRESSES], ids=[row[0] for row in ADDRESSES])
def test_every_address_is_guarded_or_on_the_public_list(name, pattern):
    guard = getattr(pattern.callback, "guard", None)
    expected = "public" if name in PUBLIC else "account" if name in ACCOUNT else "signed_in"
    assert guard == expected, f"{name} has the guard {guard!r}: decorate the view with people.guards.signed_in"


def test_the_public_list_has_nothing_old():
    assert {name for name, _, _ in ADDRESSES} >= PUBLIC | ACCOUNT


@pytest.mark.parametrize(("name", "parameters"), [(n, p) for n, _, p in ADDRESSES if n not in PUBLIC])
def test_a_stranger_is_sent_to_sign_in(db, name, parameters):
    address = filled(name, parameters, VALUES)
    answers = [Client().get(address), Client().post(address)]
    if any(answer.status_code == 401 for answer in answers):  # a program is told, not sent
        assert name.startswith("api:") or name in TOLD, address
        assert {answer.status_code for answer in answers} == {401}, address
        return
    assert {answer.status_code for answer in answers} <= {302, 405}, address
    sent_to = {answer.headers["Location"] for answer in answers if answer.status_code == 302}
    assert sent_to and all(there.startswith("/vao/") for there in sent_to), address


# What belongs to another unit


@pytest.mark.parametrize("room", sorted({name.split(":")[0] for name in OBJECTS}))
def test_somebody_of_another_unit_is_refused(world, settings, monkeypatch, tmp_path, room):
    """All roles, but over another commune: neither looking nor pressing gets anywhere, and nothing is written."""
    assert room in MAKERS, f"tests/promises/guarded.py makes nothing for {room}"
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    settings.MEDIA_ROOT, settings.ANALYTICS_ROOT = tmp_path / "files", tmp_path / "analytics"
    place = Place(world)
    values = place.values(room)
    before = Event.objects.count()
    walkers = {name: place.client(name) for name in ("foreign", "foreign.administrator", OWNERS.get(room, "own"))}
    faults = []
    for name, parameters in ((name, one) for name, _, one in ADDRESSES if name in OBJECTS):
        if name.split(":")[0] != room:
            continue
        address = filled(name, parameters, values)
        for who in ("foreign", "foreign.administrator"):
            answers = [walkers[who].get(address).status_code, walkers[who].post(address).status_code]
            if not set(answers) <= REFUSALS or set(answers) == {405}:
                faults.append(f"{who} {name} {address}: GET {answers[0]}, POST {answers[1]}")
        own = walkers[OWNERS.get(room, "own")].get(address).status_code
        if own not in (200, 302, 405):
            faults.append(f"{name} {address} answers {own} even to those it belongs to: this proves nothing")
    assert not faults, "\n".join(faults)
    assert Event.objects.count() == before


# The journal page names every verb


def test_every_verb_of_the_journal_has_its_words():
    """Every "room.verb" text in the rooms' actions is known to the journal page, or is a right."""
    prefixes = {verb.split(".")[0] for verb in (*VERB_WORDS, *VERBS)}
    unknown = set()
    for path in SOURCES.rglob("*.py"):
        if not ({"actions", "loading", "demo"} & set(path.parts) or path.stem in ("actions", "loading")):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "verb" and isinstance(node.value, ast.Constant):
                text = node.value.value
            elif isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z_]+", str(node.value)):
                text = node.value if node.value.split(".")[0] in prefixes else ""
            else:
                continue
            if text and "." in text and verb_word(text) == text and text != "notice.read":
                unknown.add(f"{text} ({path.relative_to(SOURCES)})")
    assert not unknown, "give them words in people/words.py: " + ", ".join(sorted(unknown))
