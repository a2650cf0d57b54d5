"""Two people reword one conclusion in their browsers: the later one sees all three wordings, nothing is lost."""

from __future__ import annotations

import pytest

from giaoban.work import actions
from giaoban.work.models import Conclusion
from tests.rooms.work.test_work_conclusions import session
from tests.rooms.work.world import World, at, client


@pytest.mark.usefixtures("today")
def test_the_later_of_two_sees_what_stood_what_was_saved_and_their_own(world: World) -> None:
    meeting = session(world)
    conclusion = actions.conclude(by=world.chu_tich, at=at(), meeting=meeting, text="Các trường nộp hồ sơ")
    address = f"/hop/{meeting.pk}/ket-luan/{conclusion.pk}/"
    chair, secretary = client(world.chu_tich), client(world.chuyen_vien)
    assert 'name="version" value="1"' in secretary.get(meeting.get_absolute_url()).content.decode()
    first = chair.post(address, {"text": "Các trường nộp hồ sơ trước 20/01", "heading": "", "version": 1})
    assert first.status_code < 400
    second = secretary.post(address, {"text": "Các trường gửi hồ sơ về Phòng", "heading": "", "version": 1})
    page = second.content.decode()
    assert second.status_code == 422
    for wording in ("Các trường nộp hồ sơ<", "Các trường nộp hồ sơ trước 20/01", "Các trường gửi hồ sơ về Phòng"):
        assert wording in page
    assert 'name="version" value="2"' in page
    chosen = {"text": "Các trường gửi hồ sơ về Phòng trước 20/01", "heading": "", "version": 2}
    assert secretary.post(address, chosen).status_code < 400
    conclusion = Conclusion.objects.get()
    assert (conclusion.text, conclusion.version) == (chosen["text"], 3)
    assert [each.text for each in conclusion.wordings.all()] == [
        "Các trường nộp hồ sơ",
        "Các trường nộp hồ sơ trước 20/01",
        "Các trường gửi hồ sơ về Phòng trước 20/01",
    ]
