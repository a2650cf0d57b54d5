"""Background work: mine, how far it is, stop it, let it go on. Every page reads without a script, by reloading."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from giaoban.core.refusal import Refused
from giaoban.jobs import actions, queries
from giaoban.jobs.models import Job, State
from giaoban.people.guards import signed_in
from giaoban.people.refusals import sentences

PAGE = 30


@require_safe
@signed_in
def mine(request: HttpRequest) -> HttpResponse:
    """What this person asked for, the newest first."""
    found = Paginator(queries.visible(request.actor), PAGE).get_page(request.GET.get("trang"))
    return render(request, "desk/jobs/list.html", {"jobs": found, "worker_lives": _lives()})


@require_safe
@signed_in
def one(request: HttpRequest, job_id: int) -> HttpResponse:
    return render(request, "desk/jobs/job.html", _context(_job(request, job_id)))


@require_safe
@signed_in
def part(request: HttpRequest, job_id: int) -> HttpResponse:
    """The part of a page that shows a job, fetched again while it runs."""
    return render(request, "desk/parts/progress.html", _context(_job(request, job_id)))


@require_POST
@signed_in
def stop(request: HttpRequest, job_id: int) -> HttpResponse:
    return _ask(request, job_id, actions.stop)


@require_POST
@signed_in
def again(request: HttpRequest, job_id: int) -> HttpResponse:
    return _ask(request, job_id, actions.again)


def _ask(request: HttpRequest, job_id: int, verb: Callable[..., Job]) -> HttpResponse:
    found = _job(request, job_id)
    try:
        verb(by=request.actor, at=request.now, job_id=found.pk)
    except Refused as refused:
        messages.error(request, sentences(refused)[0])
    if request.headers.get("HX-Request"):
        return render(request, "desk/parts/progress.html", _context(_job(request, job_id)))
    return redirect("desk:job", job_id)


def _job(request: HttpRequest, job_id: int) -> Job:
    try:
        return queries.job_for(request.actor, job_id)
    except Job.DoesNotExist:
        raise Http404 from None


def _context(job: Job) -> dict[str, object]:
    waits = job.state == State.WAITING
    return {"job": job, "worker_lives": _lives(), "ahead": queries.ahead(job) if waits else 0}


def _lives() -> bool:
    return queries.worker_lives(timezone.now())
