"""Whole documents of our own, each a genre, against marks made by hand after ../shared/reading/FORMAT.md."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from giaoban.reading import read

FOLDER = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.txt"))


def words(text):
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).casefold()))


@pytest.fixture(params=NAMES)
def pair(request):
    text = (FOLDER / f"{request.param}.txt").read_text(encoding="utf-8")
    return json.loads((FOLDER / f"{request.param}.json").read_text(encoding="utf-8")), read(text)


def test_tasks_with_who_and_when(pair):
    gold, found = pair
    keys = ("assignees", "coordinators", "due")
    wanted = [(words(task["text"]), *(task[key] for key in keys)) for task in gold["tasks"]]
    assert [(words(task["text"]), *(task[key] for key in keys)) for task in found["tasks"]] == wanted


def test_citations(pair):
    gold, found = pair
    wanted = {(mark["number"], mark["date"]) for mark in gold["citations"]}
    assert {(mark["number"], mark["date"]) for mark in found["citations"]} == wanted


def test_figures(pair):
    gold, found = pair

    def said(mark):
        return mark["value"], mark.get("numerator"), mark.get("denominator"), mark["change"]

    assert [said(mark) for mark in found["figures"]] == [said(mark) for mark in gold["figures"]]
    for mark, wanted in zip(found["figures"], gold["figures"], strict=True):
        assert mark["unit"].split()[0] == wanted["unit"].split()[0]


def test_meeting(pair):
    gold, found = pair
    meeting = found["meeting"] and {key: found["meeting"][key] for key in ("kind", "dates", "chairs")}
    assert meeting == gold["meeting"]


def test_flags(pair):
    gold, found = pair
    wanted = [(mark["kind"], words(mark["text"])) for mark in gold["flags"]]
    assert [(mark["kind"], words(mark["text"])) for mark in found["flags"]] == wanted
