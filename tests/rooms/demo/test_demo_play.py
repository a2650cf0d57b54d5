"""A play that was stopped goes on where it stopped, and nothing is played twice."""

import pytest

from giaoban.demo import play, scenes
from giaoban.journal.models import Event


@pytest.mark.django_db
def test_a_stopped_play_goes_on_without_playing_anything_twice(monkeypatch, settings, tmp_path):
    settings.HOME = tmp_path
    acted: list[str] = []
    fault = {"second": True}

    def first(tell):
        acted.append("first")

    def second(tell):
        acted.append("second")
        if fault.pop("second", False):
            raise KeyboardInterrupt

    at = play.moment(2024, 8, 1)
    monkeypatch.setattr(
        scenes, "SCENES", [play.Scene("first", "Một", first, at), play.Scene("second", "Hai", second, at)]
    )
    with pytest.raises(KeyboardInterrupt):
        list(play.play(lambda text: None))
    assert Event.objects.filter(verb=play.VERB).count() == 1, "a scene that was stopped leaves nothing"
    assert not (tmp_path / "demo_day").exists(), "not ready before its last scene"

    played = [scene.code for scene, *_ in play.play(lambda text: None)]
    assert played == ["second"]
    assert acted == ["first", "second", "second"]
    assert (tmp_path / "demo_day").read_text() == play.STORY.today.isoformat()
    assert list(play.play(lambda text: None)) == []


def test_scenes_have_codes_of_their_own():
    codes = [scene.code for scene in scenes.SCENES]
    assert len(set(codes)) == len(codes)
