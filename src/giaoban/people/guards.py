"""What stands before a view: somebody signed in, acting in a position that holds today."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.cache import add_never_cache_headers

from giaoban.people.models import Account

View = Callable[..., HttpResponse]
Instead = Callable[[HttpRequest, str], HttpResponse]
SESSION_POSITION = "position"


def signed_in(view: View) -> View:
    """Let only those pass who are signed in and act in a position; others go to sign in, or to choose one."""
    return _guard(view, needs_position=True)


def account_only(view: View) -> View:
    """Let those pass who are signed in, though they have not chosen a position yet: /toi/ and the password page."""
    return _guard(view, needs_position=False)


def signed_in_or(instead: Instead) -> Callable[[View], View]:
    """`signed_in` for a door that is no page: `instead` answers who lacks something, given the page that mends it."""
    return lambda view: _guard(view, needs_position=True, instead=instead)


def public(view: View) -> View:
    """Say aloud that a view is open to anybody; the list of them is checked in tests/promises/test_guards.py."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def _guard(view: View, *, needs_position: bool, instead: Instead | None = None) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        elsewhere = _missing(request, needs_position)
        response = (instead or _go)(request, elsewhere) if elsewhere else view(request, *args, **kwargs)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # on a shared computer "back" shows nothing after signing out
        return response

    guarded.guard = "signed_in" if needs_position else "account"  # type: ignore[attr-defined]
    return guarded


def _missing(request: HttpRequest, needs_position: bool) -> str:
    """Where to go first, if anything is missing."""
    if not request.user.is_authenticated:
        return settings.LOGIN_URL
    if needs_position and request.user.must_change_password:
        return "people:password"
    if needs_position and request.actor is None:  # type: ignore[attr-defined]
        return "people:me"
    return ""


def _go(request: HttpRequest, name: str) -> HttpResponse:
    back = request.get_full_path() if request.method == "GET" and not request.headers.get("HX-Request") else ""
    address = resolve_url(name) + (f"?next={quote(back)}" if back and back != "/" else "")
    if request.headers.get("HX-Request"):  # a part of a page cannot become the sign-in page: the whole page goes there
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def enter(request: HttpRequest, account: Account, position_id: int | None = None) -> None:
    """Start a session for an account that has already proved who they are, acting in a position."""
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    choose(request, position_id)


def choose(request: HttpRequest, position_id: int | None) -> None:
    """Keep in the session which position acts; that it is held is checked again on every request."""
    if position_id is None:
        request.session.pop(SESSION_POSITION, None)
    else:
        request.session[SESSION_POSITION] = position_id
