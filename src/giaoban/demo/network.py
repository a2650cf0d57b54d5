"""The commune rearranges its schools: clusters, a school site moved to the centre, and a merger being prepared."""

from __future__ import annotations

from datetime import date

from giaoban.demo import cast
from giaoban.demo.play import Tell, moment
from giaoban.demo.story import School, story
from giaoban.journal.actor import SYSTEM
from giaoban.orgs import actions as orgs
from giaoban.orgs import decree
from giaoban.orgs import queries as units
from giaoban.orgs.models import MANAGEMENT, PROFESSIONAL, TERRITORY
from giaoban.reforms import actions as reforms
from giaoban.reforms.actions import Heading

STORY = story()
COMMUNE, BORDER = "02905", "02809"
CLUSTERS = "CLUSTER"
MERGING = ("02905:primary:8", "02905:primary:9")


def rearrange(tell: Tell) -> None:
    tell("Lập cụm trường của xã Bảo Thắng")
    _clusters()
    tell("Chuyển một điểm trường về điểm chính")
    _one_site_less()
    tell("Dự thảo nhập hai trường tiểu học")
    _merger_to_come()


def _clusters() -> None:
    """Two clusters of schools, in a hierarchy of their own; and a border commune is marked as such."""
    at, on = moment(2025, 8, 20), date(2025, 8, 20)
    orgs.name_hierarchy(
        by=SYSTEM, at=at, code=CLUSTERS, name="Cụm trường",
        help="Các trường gần nhau sinh hoạt chuyên môn, thi và kiểm tra chéo cùng nhau.",
    )  # fmt: skip
    here = cast.commune(COMMUNE).pk
    schools = STORY.commune(COMMUNE).schools
    steps: list[decree.Step] = []
    for number in (1, 2):
        key = f"cluster-{number}"
        name = f"Cụm trường số {number} xã Bảo Thắng"
        steps.append(decree.Establish(key=key, kind="cluster", name=name, parents={MANAGEMENT: here}))
        steps += [
            decree.Move(cast.school_unit(school).pk, CLUSTERS, key)
            for school in schools
            if school.number % 2 == number % 2
        ]
    by = cast.acts("quantri", at)
    orgs.carry_out(by=by, at=at, on=on, steps=steps, title="Chia cụm trường năm học 2025-2026")
    orgs.mark(by=by, at=at, on=on, unit=cast.commune(BORDER), attribute="border", value="dat_lien")


def _one_site_less() -> None:
    at, on = moment(2026, 1, 5), date(2026, 1, 5)
    school = _school("02905:primary:2")
    site = units.children(cast.school_unit(school).pk, TERRITORY, on).filter(kind="school_site").last()
    assert site is not None
    reform = reforms.draft(
        by=cast.acts("quantri", at),
        at=at,
        heading=Heading(
            on=on, number="06/QĐ-UBND", decided_on=date(2026, 1, 3), issuer="UBND xã Bảo Thắng",
            title=f"Chuyển học sinh {site.name} về điểm chính của {school.name}",
        ),
        parts=[_part("giai-the", {"units": f"id:{site.unit_id}"}, [decree.Close(site.unit_id)])],
    )  # fmt: skip
    reforms.apply(by=cast.acts("quantri", at), at=at, reform=reform)


def _merger_to_come() -> None:
    """A draft, so that whoever looks can see what it would do, apply it and take it back."""
    at, on = moment(2026, 1, 28), date(2026, 8, 1)
    merging = [_school(key) for key in MERGING]
    old = [cast.school_unit(school).pk for school in merging]
    name, key = "Trường Tiểu học Minh họa Liên Sơn", "lien-son"
    here, so = cast.commune(COMMUNE).pk, cast.department().pk
    founding = decree.Establish(
        key=key, kind="primary", name=name, parents={TERRITORY: here, MANAGEMENT: here, PROFESSIONAL: so}
    )
    typed = {"units": "\n".join(f"id:{unit}" for unit in old), "name": name, "kind": "primary"}
    reforms.draft(
        by=cast.acts("quantri", at),
        at=at,
        heading=Heading(
            on=on,
            number="Dự thảo",
            issuer="UBND xã Bảo Thắng",
            title="Nhập " + " và ".join(school.name for school in merging),
        ),
        parts=[_part("nhap", typed, [founding, *(decree.Become(unit, key) for unit in old)])],
    )


def _part(act: str, typed: dict[str, str], steps: list[decree.Step]) -> dict[str, object]:
    return {"act": act, "data": typed, "steps": decree.to_json(steps)}


def _school(key: str) -> School:
    return next(one for one in STORY.schools if one.key == key)
