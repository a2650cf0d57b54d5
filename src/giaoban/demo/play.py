"""Play the story, scene by scene. A scene is one transaction and leaves one line in the journal: whoever stops the play
goes on later where it stopped, and nothing is played twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from giaoban.demo.story import story
from giaoban.journal.actions import writing
from giaoban.journal.actor import SYSTEM
from giaoban.journal.models import Event
from giaoban.people.models import Account

STORY = story()
VERB = "demo.scene"
Tell = Callable[[str], None]


class RealData(Exception):
    """Cơ sở dữ liệu này đã có tài khoản thật: bản trình diễn không chạy trên đó."""

    def __str__(self) -> str:
        return str(self.__doc__)


@dataclass(frozen=True)
class Scene:
    code: str
    title: str
    enact: Callable[[Tell], None]
    at: datetime  # when its last act happens, for the journal


def refuse_real_data() -> None:
    """The demonstration plays only in a database that it made itself."""
    if Account.objects.exists() and not Event.objects.filter(verb=VERB).exists():
        raise RealData()


def play(tell: Tell) -> Iterator[tuple[Scene, int, int, float]]:
    """Enact what has not been enacted yet; after each scene (scene, number, of how many, seconds)."""
    from giaoban.demo.scenes import SCENES

    played = set(Event.objects.filter(verb=VERB).values_list("data__scene", flat=True))
    for number, scene in enumerate(SCENES, start=1):
        if scene.code in played:
            continue
        tell(scene.title)
        began = time.monotonic()
        with writing(by=SYSTEM, at=scene.at, verb=VERB, data={"scene": scene.code}):
            scene.enact(tell)
        yield scene, number, len(SCENES), time.monotonic() - began
    (settings.HOME / "demo_day").write_text(STORY.today.isoformat())


def moment(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment in Viet Nam."""
    return timezone.make_aware(datetime(year, month, day, hour, minute))
