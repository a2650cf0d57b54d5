"""The pages of background work: mine, how far, whether anybody works, stop, let it go on."""

from __future__ import annotations

import pytest
from django.utils import timezone

from giaoban.jobs import actions, working
from giaoban.jobs.models import Job, State, Worker
from tests.rooms.jobs import handlers  # noqa: F401 - registers what these tests ask for
from tests.rooms.people.office import Office, seat_somebody
from tests.world import NOW


@pytest.fixture
def office(world) -> Office:
    made = Office(world)
    for name in ("mot", "hai"):
        seat_somebody(made, name, f"Người {name}", world["binh_minh"])
    return made


@pytest.fixture
def job(office, tmp_path) -> Job:
    arguments = {"file": str(tmp_path / "out"), "to": 3}
    by = office.actor("mot")
    return actions.enqueue(
        by=by, at=NOW, name="tests.count", title="Đọc 1.000 tệp", arguments=arguments, link="/so-lieu/"
    )


def said(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_says_plainly_that_nobody_works(office, job):
    page = said(office.client("mot"), f"/chay-nen/{job.pk}/")
    assert "Hiện không có tiến trình nào" in page and "Chờ đến lượt" in page and "hx-get" in page
    now = timezone.now()
    Worker.objects.create(host="may", pid=7, started_at=now, beat_at=now)
    page = said(office.client("mot"), f"/chay-nen/{job.pk}/")
    assert "Hiện không có tiến trình nào" not in page and "Bắt đầu trong vài giây" in page


def test_shows_the_result_and_asks_no_more(office, job):
    working.perform(job.pk)
    part = said(office.client("mot"), f"/chay-nen/{job.pk}/phan/")
    assert "3/3" in part and 'href="/so-lieu/"' in part and "hx-get" not in part


def test_stop_and_go_on_from_the_page(office, job):
    client = office.client("mot")
    assert client.post(f"/chay-nen/{job.pk}/dung/").status_code == 302
    job.refresh_from_db()
    assert job.state == State.STOPPED
    assert "Làm tiếp" in said(client, f"/chay-nen/{job.pk}/")
    assert "Đã dừng" in client.post(f"/chay-nen/{job.pk}/dung/", headers={"HX-Request": "true"}).content.decode()
    client.post(f"/chay-nen/{job.pk}/tiep/")
    job.refresh_from_db()
    assert job.state == State.WAITING


def test_the_list_is_mine_alone(office, job):
    assert "Đọc 1.000 tệp" in said(office.client("mot"), "/chay-nen/")
    assert "Chưa có việc chạy nền" in said(office.client("hai"), "/chay-nen/")
    assert office.client("hai").get(f"/chay-nen/{job.pk}/").status_code == 404
    assert office.client("hai").post(f"/chay-nen/{job.pk}/dung/").status_code == 404
