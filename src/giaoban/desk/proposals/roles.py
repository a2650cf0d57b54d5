"""Who leads and who takes part: marks say what the text says, here the role is settled, and offered both ways if open.

"Chủ trì, phối hợp với X" under Y makes Y lead. A bare "phối hợp với X" under Y says that X does the work and Y helps,
so X is offered as lead first. Leaders who are named direct the work; they are no unit that does it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from giaoban.core.text import fold
from giaoban.desk.proposals.marks import flat
from giaoban.desk.proposals.naming import OFFERED, SURE, Choice, Names, together


@dataclass(frozen=True)
class Role:
    """One way to share the work: who leads, and with whom."""

    lead: Choice
    partners: tuple[Choice, ...] = ()
    why: str = ""

    @property
    def value(self) -> str:
        """For a form: the lead's ids, a bar, the partners' ids."""
        return f"{self.lead.value}|{','.join(choice.value for choice in self.partners)}"


@dataclass(frozen=True)
class Question:
    """What a person must say. `kind`: lead (nobody leads), name (which unit is it), group (which units are meant).

    A question of a name carries it, so that the answer can be remembered as another name of the unit.
    """

    kind: str
    words: str
    name: str = ""
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Settled:
    """What became of the names of one item."""

    roles: tuple[Role, ...] = ()
    leads: tuple[Choice, ...] = ()
    partners: tuple[Choice, ...] = ()
    leader: str = ""
    questions: tuple[Question, ...] = ()
    open: bool = False
    """Whether the text can be meant in two ways that a person must choose between."""


@dataclass(frozen=True)
class Named:
    """The names of one item as the reader found them, put in their places by the words around them."""

    assignees: tuple[str, ...]
    coordinators: tuple[str, ...]
    leader: str = ""
    bare: bool = False
    """The item begins "phối hợp với": what it names does the work."""
    directors: tuple[str, ...] = ()
    """Leaders who were named where a unit is expected."""


_TITLE = (
    r"(?:uy vien )?(?:pho |nguyen )?(?:bi thu|chu tich|giam doc|chanh van phong|chanh thanh tra|truong phong|"
    r"truong ban|hieu truong|chu nhiem|vu truong|cuc truong|bo truong)"
)
_DEPUTY = re.compile(r"\bpho (?:bi thu|chu tich|giam doc|chanh|truong phong|truong ban|chu nhiem|bo truong)\b")
_PEOPLE = re.compile(
    r"^(?:cac )?(?:pho )?(?:hieu truong|giao vien|ban giam hieu|can bo|nhan vien|vien chuc|cong chuc|to truong|"
    r"hoc sinh|cha me|phu huynh|ca nhan|thu truong|nguoi dung dau|to chuyen mon)\b"
)
_DIRECTS = r"(?:truc tiep |chiu trach nhiem |tiep tuc |thuong xuyen |theo doi,? ?)*(?:chi dao|phu trach)"
_LEADER = re.compile(
    rf"(?<!\w)(?:dong chi|d/c) (?P<who>(?:(?!\b(?:ban|cong tac|su|viec) chi dao)[^.;:\n]){{3,100}}?),? {_DIRECTS}\b"
)
_BARE = re.compile(
    r"^(?:\W*)(?:(?:chu dong|tich cuc|tang cuong|tiep tuc|thuong xuyen|lam tot cong tac|kip thoi),? )*phoi hop\b"
)
_LEADS = re.compile(r"\bchu tri\b")


def placed(text: str, assignees: Iterable[str], coordinators: Iterable[str]) -> Named:
    """Names in their places: leaders apart, and whom the item itself calls its partner among those it names."""
    plain, back = flat(text)
    units, directors, helpers = [], [], []
    given = list(dict.fromkeys(assignees))
    some_lead = any(_after(plain, name).startswith("chu tri") for name in given)
    for name in given:
        after = _after(plain, name)
        if _is_leader(name, after):
            directors.append(name)
        elif some_lead and after.startswith("phoi hop"):
            helpers.append(name)
        else:
            units.append(name)
    leader = ", ".join(directors)
    if not leader and (found := _LEADER.search(plain)):
        leader = text[back[found.start("who")] : back[found.end("who") - 1] + 1].strip(" ,")
        units = [name for name in units if fold(name) not in fold(leader)]
    partners = [name for name in dict.fromkeys([*coordinators, *helpers]) if name not in units]
    bare = bool(_BARE.match(plain)) and not _LEADS.search(plain[:60])
    return Named(tuple(units), tuple(partners), leader[:200], bare and bool(partners), tuple(directors))


def settle(named: Named, names: Names) -> Settled:
    """Roles by the best reading of each name; what could not be understood is asked."""
    own = [(name, names.choices(name)) for name in named.assignees]
    others = [(name, names.choices(name)) for name in named.coordinators]
    leads = [found[0] for _name, found in own if found]
    meant = [found[0] for _name, found in others if found]
    partners = [choice for choice in meant if choice.score >= SURE]
    roles = _roles(named, leads, partners, meant)
    asked = [*_unknown(own, bool(leads)), *_unknown([one for one in others if _proper(*one)], True)]
    if not roles:
        roles, asked = _from_directors(named, partners, names), [_nobody(named), *asked]
    rest = [choice for _name, found in own for choice in found]
    offered = tuple(dict.fromkeys(_lasting([*(role.lead for role in roles), *rest])))[: OFFERED + 2]
    first = roles[0].partners if roles else tuple(partners)
    return Settled(tuple(roles), offered, first, named.leader, tuple(asked), named.bare and len(roles) > 1)


def _roles(named: Named, leads: list[Choice], partners: list[Choice], meant: list[Choice]) -> list[Role]:
    """The ways to share the work; `meant` are partners whatever they score, since a bare item makes them lead."""
    if not leads and not (named.bare and meant):
        return []
    if named.bare and meant:
        why = _("the item says “phối hợp với”: what it names leads")
        first = Role(_all(meant), tuple(leads), why)
        other = [Role(_all(leads), tuple(partners), _("the heading leads"))] if leads else []
        return [_distinct(role) for role in (first, *other)]
    found = [Role(_all(leads), tuple(partners))]
    if len(leads) > 1:
        found.append(Role(leads[0], (*leads[1:], *partners), _("the first one leads, the others take part")))
    return [_distinct(role) for role in found]


def _distinct(role: Role) -> Role:
    """Nobody is the partner of themselves."""
    lead = set(role.lead.units)
    kept = [replace(one, value=",".join(str(unit) for unit in one.units if unit not in lead)) for one in role.partners]
    return replace(role, partners=tuple(dict.fromkeys(one for one in kept if one.value)))


def _all(choices: list[Choice]) -> Choice:
    return choices[0] if len(choices) == 1 else together(choices)


def _lasting(choices: Iterable[Choice]) -> list[Choice]:
    """Each set of units once, as it was called first."""
    seen: dict[str, Choice] = {}
    for choice in choices:
        seen.setdefault(choice.value, choice)
    return list(seen.values())


def _from_directors(named: Named, partners: list[Choice], names: Names) -> list[Role]:
    """Only a leader is named: the body they belong to is offered, and still asked about."""
    found = [names.choices(name)[:1] for name in named.directors]
    return [
        Role(replace(choices[0], score=min(choices[0].score, SURE - 10)), tuple(partners), _("the leader's own body"))
        for choices in found
        if choices
    ]


def _nobody(named: Named) -> Question:
    unknown = [name for name in named.assignees if name]
    if unknown:
        return Question("lead", _("Who leads? “%(name)s” is no unit known here.") % {"name": "; ".join(unknown)})
    return Question("lead", _("Who leads? The text names nobody."))


def _unknown(named: Iterable[tuple[str, tuple[Choice, ...]]], somebody: bool) -> list[Question]:
    """Names that a person must explain; people of a unit ("giáo viên") are none where a unit is known beside them."""
    asked = []
    for name, found in named:
        if not found and somebody and _PEOPLE.match(fold(name)):
            continue
        if not found:
            words = _("Which unit is “%(name)s”?") % {"name": name}
            asked.append(Question("name", words, name))
        elif found[0].score < SURE:
            kind = "group" if len(found[0].units) > 1 else "name"
            words = _("Is “%(name)s” %(meant)s?") % {"name": name, "meant": found[0].label}
            asked.append(Question(kind, words, name, found))
    return asked


def _proper(name: str, found: tuple[Choice, ...]) -> bool:
    """Whether a partner's name is worth a question: a name of its own, or a group; "đơn vị", "cá nhân" is nobody."""
    return any(sign.isupper() for sign in name) or bool(found)


def _is_leader(name: str, after: str) -> bool:
    """A deputy, or the head whom the words that follow let direct the work; other heads stand for their unit."""
    plain = fold(name)
    if _DEPUTY.search(plain):
        return True
    return bool(re.match(_TITLE, plain)) and bool(re.match(rf",? ?{_DIRECTS}\b", after))


def _after(text: str, name: str) -> str:
    """What follows a name in the folded text."""
    called = re.sub(r"\s+", " ", fold(name))
    place = text.find(called)
    return text[place + len(called) :].lstrip(" ,:") if place >= 0 and called else ""
