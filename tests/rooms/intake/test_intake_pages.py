"""The pages, walked without a browser: every step works by plain forms."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from giaoban.indicators.models import Effect
from giaoban.intake.models import Intake, Layout, State
from giaoban.jobs.models import Job
from giaoban.jobs.working import perform
from tests.rooms.intake import samples
from tests.rooms.people.office import Office


def upload(client: Client, content: bytes, name: str = "truong.xlsx") -> Intake:
    answer = client.post("/nap-bang/tep-moi/", {"file": SimpleUploadedFile(name, content), "series": ""})
    assert answer.status_code == 302
    return Intake.objects.latest("pk")


def series(client: Client, intake: Intake) -> None:
    answer = client.post(f"/nap-bang/{intake.pk}/day-so-lieu-moi/", {"series_code": "smas", "series_name": "SMAS"})
    assert answer.status_code == 302


def sent(client: Client, intake: Intake, **more: str) -> dict[str, str]:
    """What the page of meanings would send as it stands."""
    page = client.get(f"/nap-bang/{intake.pk}/nghia/")
    assert page.status_code == 200
    rows = page.context["labels"]
    data = {"target": "series", "series": "smas"}
    for one in rows:
        place = one["place"]
        data |= {f"use-{place}": one["use"], f"cell-{place}": one["cell"], f"kind-{place}": one["kind"]}
        data[f"factor-{place}"] = one["factor"]
    return data | more


def label_place(client: Client, intake: Intake, label: str) -> int:
    rows = client.get(f"/nap-bang/{intake.pk}/nghia/").context["labels"]
    return next(one["place"] for one in rows if label in one["label"])


@pytest.fixture
def client(office: Office) -> Client:
    return office.client("cv.so")


def test_the_list_says_what_belongs_here(client: Client, office: Office) -> None:
    page = client.get("/nap-bang/")
    assert page.status_code == 200 and b'type="file"' in page.content
    assert office.client("ht.tieuhoc").get("/nap-bang/").status_code == 403


def test_from_the_file_to_the_loaded_figures_and_back(client: Client) -> None:
    intake = upload(client, samples.xlsx(samples.SCHOOLS))
    assert client.get(f"/nap-bang/{intake.pk}/bang/").status_code == 200
    series(client, intake)
    answer = client.post(f"/nap-bang/{intake.pk}/bang/", {"kind": "SCHOOL_YEAR_START"})
    assert answer.status_code == 302
    data = sent(client, intake)
    pupils, classes, girls = (label_place(client, intake, words) for words in ("Số học sinh", "Số lớp", "nữ"))
    for place in (pupils, classes, girls):
        data |= {f"use-{place}": "figure", f"cell-{place}": "", f"new-{place}": "on"}
    answer = client.post(f"/nap-bang/{intake.pk}/nghia/", data)
    assert answer.status_code == 302, answer.context["faults"]
    page = client.get(f"/nap-bang/{intake.pk}/nap-thu/")
    tried = page.context["tried"]
    assert tried["counts"] == {"new": 9, "changed": 0, "same": 0}, tried
    assert tried["faults"]["total"] == 0 and tried["differs"]["agreeing"] == 3
    answer = client.post(f"/nap-bang/{intake.pk}/nap/", {"name": "Bảng trường SMAS"})
    assert answer.status_code == 302
    assert Effect.objects.count() == 0
    perform(Job.objects.latest("pk").pk)
    intake.refresh_from_db()
    assert intake.state == State.LOADED, Job.objects.latest("pk").words
    assert Effect.objects.filter(series="smas").count() == 9
    assert client.get(f"/nap-bang/{intake.pk}/").status_code == 200
    assert client.get("/nap-bang/cach-doc/").status_code == 200
    layout = Layout.objects.get()
    assert client.get(f"/nap-bang/cach-doc/{layout.pk}/").status_code == 200

    again = upload(client, samples.xlsx(samples.SCHOOLS))
    assert again.layout == layout and again.series_id == "smas"
    client.post(f"/nap-bang/{again.pk}/nap-thu/")
    page = client.get(f"/nap-bang/{again.pk}/nap-thu/")
    assert page.context["tried"]["counts"] == {"new": 0, "changed": 0, "same": 9}

    assert client.post(f"/nap-bang/{intake.pk}/rut/", {"why": ""}).status_code == 422
    assert client.post(f"/nap-bang/{intake.pk}/rut/", {"why": "nhầm tệp"}).status_code == 302
    intake.refresh_from_db()
    assert intake.state == State.WITHDRAWN and intake.result["withdrawn"] == 9
    assert sum(Effect.objects.values_list("present_delta", flat=True)) == 0
    assert client.get(f"/nap-bang/{intake.pk}/").status_code == 200


def test_a_file_that_is_no_table_is_refused_with_words(client: Client) -> None:
    answer = client.post("/nap-bang/tep-moi/", {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")}, follow=True)
    assert "không phải bảng" in answer.content.decode() or "PDF" in answer.content.decode()
    assert not Intake.objects.exists()
