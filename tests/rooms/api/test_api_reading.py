"""Reading through the API: what the command line says, for those who may read, and nothing is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from giaoban.desk.management.commands.read import Source, one
from giaoban.journal.models import Event
from tests.files.drawn import pdf, typed
from tests.files.test_files_annexes import HEAD, WORK, workbook

ADDRESS = "/api/v1/readings/"
TEXT = "THÔNG BÁO\nKết luận tại hội nghị giao ban\n1. Phòng Nội vụ rà soát đội ngũ giáo viên trước ngày 15/3/2026.\n"


def send(client: Client, **given: object) -> tuple[int, dict]:
    response = client.post(ADDRESS, given)
    return response.status_code, response.json()


def test_a_text_becomes_marks(browser) -> None:
    status, told = send(browser("leader"), text=TEXT)
    assert status == 200
    (task,) = told["tasks"]
    assert (task["assignees"], task["due"]) == (["Phòng Nội vụ"], "2026-03-15")
    assert TEXT[task["start"] : task["end"]] == task["text"]
    assert "content" not in told and told["kind"] == "txt"


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.xlsx"])
def test_a_file_gives_what_the_command_line_gives(browser, tmp_path: Path, name: str) -> None:
    made = {
        "a.txt": TEXT.encode(),
        "a.pdf": pdf([typed(TEXT.splitlines())]),
        "a.xlsx": workbook([HEAD, [1, *WORK]]),
    }[name]
    (tmp_path / name).write_bytes(made)
    status, told = send(browser("leader"), file=SimpleUploadedFile(name, made))
    wanted = json.loads(json.dumps(one(Source(tmp_path / name, Path(name)), None).found))
    assert status == 200 and wanted["tasks"]
    assert told["tasks"] == [
        {key: value for key, value in task.items() if key in told["tasks"][n]} for n, task in enumerate(wanted["tasks"])
    ]
    for key in ("content", "kind", "pages", "rows"):
        assert told.get(key) == wanted.get(key)


def test_nothing_is_kept(browser) -> None:
    client = browser("leader")
    kept = sorted(Path(settings.MEDIA_ROOT).rglob("*")) if Path(settings.MEDIA_ROOT).exists() else []
    events = Event.objects.count()
    send(client, file=SimpleUploadedFile("a.txt", TEXT.encode()))
    assert Event.objects.count() == events
    assert (sorted(Path(settings.MEDIA_ROOT).rglob("*")) if Path(settings.MEDIA_ROOT).exists() else []) == kept


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "NothingToRead"),
        ({"text": "UBND TỈNH\nTUYỆT MẬT\nKế hoạch"}, "Marked"),
        ({"file": ("a.docx", b"hong")}, "Damaged"),
        ({"file": ("a.xlsm", b"PK\x03\x04")}, "Macros"),
        ({"file": ("a.txt", b" ")}, "Empty"),
    ],
)
def test_what_cannot_be_read_is_told_in_vietnamese(browser, given: dict, code: str) -> None:
    sent = {name: SimpleUploadedFile(*value) if isinstance(value, tuple) else value for name, value in given.items()}
    status, told = send(browser("leader"), **sent)
    assert (status, told["error"]["code"]) == (400, code)
    assert told["error"]["message"] and not told["error"]["message"].isascii()


def test_too_large_a_file_is_refused_before_it_is_read(browser, monkeypatch) -> None:
    monkeypatch.setattr("giaoban.files.opening.MEGABYTE", 2**20)
    status, told = send(browser("leader"), file=SimpleUploadedFile("a.txt", b"a" * (10 * 2**20 + 1)))
    assert (status, told["error"]["code"]) == (400, "TooLarge")


def test_only_who_may_read_documents(place, browser, monkeypatch) -> None:
    client = browser("leader")
    monkeypatch.setattr("giaoban.people.queries.may_anywhere", lambda actor, verb, on: verb != "reading.use")
    status, told = send(client, text=TEXT)
    assert (status, told["error"]["code"]) == (403, "NotAllowed")


def test_a_stranger_and_a_request_without_token_do_not_get_in(place, db) -> None:
    assert Client().post(ADDRESS, {"text": TEXT}).status_code == 401
    client = Client(enforce_csrf_checks=True)
    client.force_login(place.accounts["leader"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS, {"text": TEXT}).status_code == 403


def test_the_description_names_the_form_and_every_field_of_the_answer(browser) -> None:
    told = browser("leader").get(reverse("api:description")).json()
    (content,) = told["paths"][ADDRESS]["post"]["requestBody"]["content"].values()
    assert set(content["schema"]["properties"]) == {"text", "file"}
    answer = send(browser("leader"), text=TEXT)[1]
    assert answer.keys() <= told["components"]["schemas"]["Read"]["properties"].keys()
