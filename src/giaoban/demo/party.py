"""A resolution of the province's Party committee on its way: received, studied, made into programmes, sent to cells."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from giaoban.demo import cast
from giaoban.demo.play import Tell, moment
from giaoban.demo.story import Commune, document, story
from giaoban.documents import actions as documents
from giaoban.documents.models import Document
from giaoban.orgs import queries as units
from giaoban.orgs.models import PARTY

STORY = story()
RESOLUTION, SUBJECT = "08-NQ/TU", "Nghị quyết về nâng cao chất lượng giáo dục vùng cao giai đoạn 2025-2030"
ISSUED, PLANS_DUE = date(2025, 10, 6), date(2025, 11, 15)
PROGRAMME = "12-CTr/ĐU"

# By the number of the commune in the story: who has not said that it came in, issued no programme, or issued it late.
SILENT, WITHOUT_PROGRAMME, TOO_LATE, NOT_STUDIED = (8,), (6, 8), (5,), (6, 7, 8)


def resolve(tell: Tell) -> None:
    """The resolution goes down to every commune's Party committee; what each has made of it by now."""
    at = moment(2025, 10, 6)
    party = cast.party_of_province().pk
    by = cast.acts("vp.tinhuy", at)
    made = documents.register(
        by=by, at=at, owner_id=party, direction="OUT", symbol=RESOLUTION, subject=SUBJECT, issued_on=ISSUED,
        issuer_id=party, signer="Bí thư Tỉnh ủy (minh họa)", text=document("nghi-quyet-tinh-uy"),
    )  # fmt: skip
    documents.send_down(by=by, at=at, document=made, levels=[documents.Level(["commune_party"], PLANS_DUE)])
    for number, one in enumerate(STORY.communes):
        if number not in SILENT:
            tell(f"Đảng ủy xã, phường: {number + 1}/{len(STORY.communes)}")
            _commune(made, one, number)


def _commune(resolution: Document, one: Commune, number: int) -> None:
    unit = cast.party_of(one.code).pk
    at = moment(2025, 10, 7 + number % 3, 8, 5 * number)
    clerk = cast.party_clerk(one)
    documents.receive(by=cast.acts(clerk, at), at=at, document=resolution, unit_id=unit)
    if number not in WITHOUT_PROGRAMME:
        at = moment(2025, 11, 24 if number in TOO_LATE else 4 + number)
        _programme(one, clerk, at, PROGRAMME if number == 0 else f"{12 + number}-CTr/ĐU")
    if number not in NOT_STUDIED:
        _study(resolution, unit, clerk, number)


def _programme(one: Commune, clerk: str, at: datetime, symbol: str) -> None:
    """The committee's own programme; that of xã Bảo Thắng goes on to its cells."""
    unit, by = cast.party_of(one.code).pk, cast.acts(clerk, at)
    made = documents.register_and_link(
        by=by, at=at, owner_id=unit, direction="OUT", symbol=symbol, issuer_id=unit, issued_on=at.date(),
        subject="Chương trình hành động thực hiện Nghị quyết số 08-NQ/TU của Tỉnh ủy", implements=RESOLUTION,
        signer="Bí thư Đảng ủy (minh họa)",
    )  # fmt: skip
    if any(units.descendants(unit, PARTY, at.date(), ["party_cell"])):
        level = documents.Level(["party_cell"], at.date() + timedelta(days=30))
        documents.send_down(by=by, at=at, document=made, levels=[level])


def _study(resolution: Document, unit: int, clerk: str, number: int) -> None:
    """Attended of expected less exempt; in xã Bảo Thắng 398 of 400, which is 99,5 %."""
    at = moment(2025, 12, 5 + number)
    members = documents.Heads(expected=412, exempt=12, attended=398) if number == 0 else _members(number)
    documents.record_study(
        by=cast.acts(clerk, at), at=at, document=resolution, unit_id=unit, classes=2 + number % 3,
        finished_on=at.date() - timedelta(days=1), heads={"key": documents.Heads(40, 0, 40), "member": members},
        plan_issued=True, plan_symbol=f"{30 + number}-KH/ĐU",
    )  # fmt: skip


def _members(number: int) -> documents.Heads:
    expected = 250 + 17 * number
    return documents.Heads(expected=expected, exempt=5 + number, attended=expected - 5 - number - number % 4)
