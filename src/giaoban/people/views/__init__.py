"""Signing in and out, choosing a position, one's own password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from giaoban.core.refusal import Refused
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.people import actions, queries
from giaoban.people.forms import OwnPasswordForm, SignInForm
from giaoban.people.guards import account_only, choose, public
from giaoban.people.lockout import remaining_wait
from giaoban.people.refusals import add_to


class SignIn(LoginView):
    form_class = SignInForm
    template_name = "people/sign_in.html"
    redirect_authenticated_user = True


sign_in = public(SignIn.as_view())


def locked_out(request: HttpRequest, response: HttpResponse | None, credentials: dict[str, Any]) -> HttpResponse:
    """After too many failed tries: say how long to wait. Names that do not exist are locked alike."""
    form = SignInForm(request, initial={"username": credentials.get("username", "")})
    context = {"form": form, "wait": remaining_wait(credentials.get("username", ""), timezone.now())}
    return render(request, "people/sign_in.html", context, status=429)


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("people:sign-in")


@account_only
def me(request: HttpRequest) -> HttpResponse:
    """Which position to act in; the one page that needs none."""
    held = list(queries.positions_of(request.user, request.today))
    following = _safe_next(request)
    if request.method == "POST":
        chosen = request.POST.get("position", "")
        if chosen in {str(one.position_id) for one in held}:
            choose(request, int(chosen))
            return redirect(following or settings.LOGIN_REDIRECT_URL)
        messages.error(request, _("You do not hold this position today."))
    context = {
        "held": [_seat(one, request) for one in held],
        "next": following,
        "many": len(held) > 1,
    }
    return render(request, "people/me.html", context)


def _seat(one: Any, request: HttpRequest) -> dict[str, Any]:
    return {
        "holding": one,
        "actor": queries.actor_of(one),
        "unit": orgs.body_name(one.position.unit_id, request.today),
        "roles": [role.label for role in queries.roles_held(one.position_id, request.today)],
        "current": request.position is not None and one.position_id == request.position.pk,
    }


@account_only
def password(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = request.user
        by = request.actor or Actor(account.pk, None, None, account.full_name)
        try:
            actions.change_own_password(
                by=by, at=request.now, account=account, old=form.cleaned_data["old"], new=form.cleaned_data["new"]
            )
        except Refused as refused:
            add_to(form, refused, {"password": "new"})
        else:
            update_session_auth_hash(request, account)
            messages.info(request, _("The new password holds from now on; other devices were signed out."))
            return redirect(_safe_next(request) or "people:me")
    return render(request, "people/password.html", {"form": form, "next": _safe_next(request)})


def _safe_next(request: HttpRequest) -> str:
    """Where to go on, if it is a page of ours."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if safe else ""
