"""Every change of this room: a table begun, pointed at, tried, loaded, taken back; layouts and names remembered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from giaoban.core.numbers import vi_number
from giaoban.core.refusal import NotAllowed
from giaoban.core.text import fold, nfc
from giaoban.files import grids, keeping
from giaoban.indicators import actions as indicators
from giaoban.indicators import queries as figures
from giaoban.indicators.actions import SeriesRow
from giaoban.indicators.models import Report, Round, Series
from giaoban.intake import proposing, queries, refusals, trying
from giaoban.intake import spec as specs
from giaoban.intake.models import Intake, Layout, Loaded, Meaning, State, Target
from giaoban.intake.reading import Key
from giaoban.intake.spec import FIGURE, Meant, Spec
from giaoban.jobs import actions as jobs
from giaoban.journal.actions import writing
from giaoban.journal.actor import Actor
from giaoban.orgs import queries as orgs
from giaoban.orgs.queries.heirs import heirs
from giaoban.people import queries as people

BATCH = 2_000
JOB = "intake.load"


def who(by: Actor) -> str:
    return f"{by.name}, {by.title}" if by.title else by.name


def today(at: datetime) -> date:
    return timezone.localdate(at)


# Begin and point


def begin(*, by: Actor, at: datetime, name: str, content: bytes, series: str = "", sheet: str | None = None) -> Intake:
    """Keep the file and guess how it is to be read; nothing of it counts yet."""
    on = today(at)
    unit = queries.owner(by, on)
    with writing(by=by, at=at, verb="intake.begin", unit_id=unit) as entry:
        digest = keeping.keep(queries.root(), content)
        path = keeping.path_of(queries.root(), digest)
        found = grids.sheets(nfc(name), path)
        made = Intake(
            unit_id=unit,
            file_name=nfc(name)[:255],
            file_hash=digest,
            sheets=[{"name": one.name, "rows": one.rows, "columns": one.columns} for one in found],
            sheet=sheet if sheet is not None else found[0].name,
            series=Series.objects.filter(pk=series).first() if series else None,
            made_at=at,
            made_by=who(by),
        )
        _guess(made, on)
        made.save(force_insert=True)
        entry.subject = made
        entry.data |= {"file": made.file_name, "hash": digest}
    return made


def choose_sheet(*, by: Actor, at: datetime, intake: Intake, sheet: str) -> Intake:
    """Another worksheet of the file: guessed anew."""
    with writing(by=by, at=at, verb="intake.point", subject=intake, unit_id=intake.unit_id) as entry:
        found = _draft(by, at, intake)
        if sheet not in {one["name"] for one in found.sheets}:
            raise grids.NoSuchSheet(name=found.file_name, sheet=sheet)
        entry.skip = sheet == found.sheet
        if not entry.skip:
            found.sheet, found.layout = sheet, None
            _guess(found, today(at))
            _keep(found)
    return found


def guess_again(*, by: Actor, at: datetime, intake: Intake) -> Intake:
    """Throw away what was pointed at."""
    with writing(by=by, at=at, verb="intake.point", subject=intake, unit_id=intake.unit_id):
        found = _draft(by, at, intake)
        found.layout = None
        _guess(found, today(at), use_layout=False)
        _keep(found)
    return found


def _guess(found: Intake, on: date, *, use_layout: bool = True) -> None:
    """The spec of the sheet; a layout for such a head is used where there is one."""
    grid = grid_of(found)
    names = queries.meanings(found.unit_id)
    series = found.series_id or ""
    known = queries.known_labels(found.unit_id, series)
    spec = proposing.propose(grid, owner=found.unit_id, today=on, series=series, known=known, names=names)
    layout = queries.fitting(found.unit_id, spec.columns) if use_layout else None
    if layout is None and not series and not found.series_id:
        series = _likely_series(spec)
        if series:
            found.series_id = series
            known = queries.known_labels(found.unit_id, series)
            spec = proposing.propose(grid, owner=found.unit_id, today=on, series=series, known=known, names=names)
    if layout is not None:
        found.layout = layout
        found.series_id = found.series_id or layout.series_id
        spec = proposing.propose(
            grid,
            owner=found.unit_id,
            today=on,
            series=found.series_id or "",
            known=known,
            names=names,
            layout=layout.spec,
        )
    found.spec = spec.to_json()
    found.tried = {}


def _likely_series(spec: Spec) -> str:
    """A table by province and year that no report gives is the statistics office's."""
    from_office = spec.level == "province"
    return "gso" if from_office and Series.objects.filter(pk="gso").exists() else ""


def grid_of(found: Intake, most: int = grids.HELD) -> grids.Grid:
    return grids.grid(found.file_name, queries.file_of(found), found.sheet, most=most)


def point(
    *,
    by: Actor,
    at: datetime,
    intake: Intake,
    spec: Spec,
    target: str = Target.SERIES,
    series: str = "",
    round_id: int | None = None,
    relabel: bool = False,
) -> Intake:
    """Keep what was pointed at. `relabel`: columns have another role now, so labels are looked for anew."""
    with writing(by=by, at=at, verb="intake.point", subject=intake, unit_id=intake.unit_id) as entry:
        found = _draft(by, at, intake)
        before = (found.spec, found.target, found.series_id, found.round_id)
        for meant in spec.targets.values():
            _check_factor(meant)
        found.target = target
        changed_series = target == Target.SERIES and series and series != found.series_id
        if target == Target.SERIES:
            found.series, found.round = Series.objects.filter(pk=series).first() if series else None, None
        else:
            found.round = Round.objects.filter(pk=round_id).first() if round_id else None
            found.series = None
        if relabel or changed_series:
            kept = (
                {label: one for label, one in spec.targets.items() if one.use != specs.LEAVE}
                if changed_series
                else spec.targets
            )
            spec = proposing.with_labels(
                grid_of(found),
                spec.changed(targets=kept),
                found.series_id or "",
                today(at),
                queries.known_labels(found.unit_id, found.series_id or ""),
            )
        found.spec = spec.to_json()
        found.tried = {}
        entry.skip = before == (found.spec, found.target, found.series_id, found.round_id)
        _keep(found)
    return found


def _check_factor(meant: Meant) -> None:
    if not meant.factor:
        return
    try:
        specs.factors(meant.factor)
    except specs.BadFactor:
        raise refusals.BadFactor(text=meant.factor) from None


def answer(*, by: Actor, at: datetime, intake: Intake, names: Mapping[str, str]) -> Intake:
    """Say what names mean ({plain name: unit:12, total, skip}); remembered for the office's other tables."""
    with writing(by=by, at=at, verb="intake.name", subject=intake, unit_id=intake.unit_id) as entry:
        found = _draft(by, at, intake)
        for text, meaning in names.items():
            kind, _, number = meaning.partition(":")
            unit = int(number) if kind == "unit" and number.isdecimal() else None
            if kind not in ("unit", "total", "skip") or (kind == "unit" and unit is None):
                continue
            Meaning.objects.update_or_create(
                owner_id=found.unit_id,
                text=text[:200],
                defaults={"kind": kind, "unit_id": unit, "at": at, "by": who(by)},
            )
        spec = Spec.from_json(found.spec)
        found.spec = spec.changed(names={**spec.names, **names}).to_json()
        found.tried = {}
        entry.data["names"] = dict(names)
        entry.skip = not names
        _keep(found)
    return found


def define_series(*, by: Actor, at: datetime, code: str, name: str) -> Series:
    """A series for a source nobody has named yet."""
    if Series.objects.filter(pk=code).exists():
        raise refusals.SeriesTaken(code=code)
    if not code.isascii() or not code.replace("_", "").isalnum() or len(code) > 20:
        raise refusals.BadSeriesCode(code=code)
    if not name.strip():
        raise refusals.NoName(field="series_name")
    return indicators.define_series(by=by, at=at, code=code, name=nfc(name).strip())


def define_cell(*, by: Actor, at: datetime, name: str, series: str, scale: int = 0, rate: bool = False) -> str:
    """A new element for a label the catalogue has nothing for; the key of its one cell."""
    words = " ".join(nfc(name).split())[:300]
    if not words:
        raise refusals.NoName()
    plain = "_".join("".join(one if one.isalnum() else " " for one in fold(words)).split())
    code = base = f"{series or 'bang'}_{plain}"[:54].rstrip("_")
    number = 2
    while figures.elements().filter(pk=code).exists():
        held = figures.element(code)
        if held.name == words and held.scale == scale:
            return code
        code, number = f"{base}_{number}", number + 1
    indicators.define_element(
        by=by,
        at=at,
        code=code,
        name=words,
        unit="%" if rate else "đơn vị",
        stock=True,
        over_units="none" if rate else "sum",
        scale=scale,
        group="Nạp từ bảng",
    )
    return code


# Try


def try_out(*, by: Actor, at: datetime, intake: Intake, progress: Callable[[int], None] | None = None) -> Intake:
    """The dry run; what it says is kept with the intake until something changes."""
    found = _draft(by, at, intake, lock=False)
    _check_ready(found)
    made = trying.faults_first(found, today(at), progress) or trying.plan(found, today(at), progress=progress)
    with writing(by=by, at=at, verb="intake.try", subject=found, unit_id=found.unit_id) as entry:
        entry.skip = True
        found.tried = {**trying.kept(made, found, today(at)), "at": at.isoformat(), "by": who(by)}
        Intake.objects.filter(pk=found.pk).update(tried=found.tried)
    return found


def _check_ready(found: Intake) -> Spec:
    spec = Spec.from_json(found.spec)
    if found.target == Target.SERIES and not found.series_id:
        raise refusals.NoSeries()
    if found.target == Target.ROUND and not found.round_id:
        raise refusals.NoRound()
    if not any(one.use == FIGURE for one in spec.targets.values()):
        raise refusals.NothingPointed()
    if not spec.places(specs.NAME, specs.CODE) and spec.unit_id is None:
        raise refusals.NoUnits()
    return spec


# Load


def ask_load(*, by: Actor, at: datetime, intake: Intake, leave_faults: bool = False) -> Intake:
    """Let a worker load it, with progress."""
    with writing(by=by, at=at, verb="intake.ask", subject=intake, unit_id=intake.unit_id) as entry:
        entry.skip = True
        found = _draft(by, at, intake)
        _check_ready(found)
        job = jobs.enqueue(
            by=by,
            at=at,
            name=JOB,
            title=f"Nạp bảng: {found.file_name}",
            arguments={"intake": found.pk, "leave_faults": leave_faults},
            unit_id=found.unit_id,
            link=f"/nap-bang/{found.pk}/",
        )
        found.job = job
        _keep(found)
    return found


def load(
    *,
    by: Actor,
    at: datetime,
    intake: Intake,
    leave_faults: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Intake:
    """Write what the dry run showed: all of it in one transaction, or nothing. Loading again writes nothing."""
    if Intake.objects.filter(pk=intake.pk, state=State.LOADED).exists():  # a worker died after its work was done
        return queries.intake(by, intake.pk, today(at))
    found = _draft(by, at, intake, lock=False)
    _check_ready(found)
    total = sum(one["rows"] for one in found.sheets if one["name"] == found.sheet) or 1

    def seen(rows: int) -> None:
        if progress:
            progress(min(rows, total), 2 * total)

    made = trying.plan(found, today(at), progress=seen, judged=False)
    reading = made.reading
    if reading.questions:
        raise refusals.StillQuestions(n=len(reading.questions))
    if reading.faults and not leave_faults:
        raise refusals.StillFaults(n=len(reading.faults))
    if not reading.figures:
        raise refusals.NothingToLoad()
    if progress:
        progress(total, 2 * total)
    with writing(by=by, at=at, verb="intake.load", subject=found, unit_id=found.unit_id) as entry:
        locked = _draft(by, at, intake)
        if locked.target == Target.SERIES:
            result = _into_series(by, at, locked, made)
        else:
            result = _into_drafts(by, at, locked, made)
        result |= {"faults": len(reading.faults), "missing": reading.missing}
        locked.state, locked.loaded_at, locked.loaded_by, locked.result = State.LOADED, at, who(by), result
        _keep(locked)
        entry.data |= {"file": locked.file_name, "hash": locked.file_hash, **result}
        entry.skip = not result["written"]
    return locked


def _into_series(by: Actor, at: datetime, found: Intake, made: trying.Plan) -> dict[str, int]:
    _check_reach(by, {unit for unit, _, _ in made.reading.figures}, today(at))
    rows = [SeriesRow(unit, code, cell, one.value) for (unit, code, cell), one in made.reading.figures.items()]
    source = f"{found.file_name} ({found.file_hash[:12]})"
    written = indicators.import_series(by=by, at=at, series=str(found.series_id), rows=rows, source=source)
    kept = [
        Loaded(
            intake=found,
            series_id=found.series_id,
            unit_id=key[0],
            period_code=key[1],
            cell_id=key[2],
            value=figure.value,
            before=made.before.get(key),
            preliminary=figure.preliminary,
            address=figure.address,
        )
        for key, figure in made.reading.figures.items()
        if made.kind(key, figure) != trying.SAME or made.remarked(key, figure)
    ]
    Loaded.objects.bulk_create(kept, batch_size=BATCH)
    counts = made.counts
    return {
        "written": written,
        "new": counts[trying.NEW],
        "changed": counts[trying.CHANGED],
        "same": counts[trying.SAME],
        "marked": len(kept) - written,
    }


def _check_reach(by: Actor, wanted: set[int], on: date) -> None:
    """Figures of one's own area; a province's office also loads what is printed of other provinces."""
    if by.is_system:
        return
    reached = set(people.units_where(by, queries.LOAD, on).values_list("descendant_id", flat=True))
    after = heirs(wanted - reached, on)
    outside = {unit for unit in wanted - reached if after.get(unit) not in reached}
    own = orgs.snapshot(queries.owner(by, on), on)
    if outside and own is not None and own.kind.level in ("province", "country"):
        levels = orgs.living(on).model.objects.filter(unit__in=outside, kind__level__in=["province", "country"])
        outside -= set(levels.values_list("unit_id", flat=True))
    if outside:
        raise refusals.OutOfReach(unit=orgs.name(min(outside), on), others=len(outside) - 1)


def _into_drafts(by: Actor, at: datetime, found: Intake, made: trying.Plan) -> dict[str, int]:
    """Drafts of the round's reports; the right to type is asked for each unit by the verb itself."""
    reports = {one.unit_id: one.pk for one in Report.objects.filter(round=found.round)}
    by_id = {info.id: info for info in made.infos.values()}
    values: dict[int, dict[int, str]] = {}
    for key, figure in made.reading.figures.items():
        if made.kind(key, figure) != trying.SAME:
            scale = by_id[key[2]].scale
            text = vi_number(Decimal(figure.value).scaleb(-scale), scale)
            values.setdefault(reports[key[0]], {})[key[2]] = text
    for report, typed in values.items():
        indicators.save_draft(by=by, at=at, on=today(at), report_id=report, values=typed)
    counts = made.counts
    written = sum(map(len, values.values()))
    return {
        "written": written,
        "new": counts[trying.NEW],
        "changed": counts[trying.CHANGED],
        "same": counts[trying.SAME],
    }


# Take back


def withdraw(*, by: Actor, at: datetime, intake: Intake, why: str) -> Intake:
    """Put back what stood before the load. A figure that was given anew since then is left as it is, and counted."""
    if not why.strip():
        raise refusals.ReasonNeeded()
    with writing(by=by, at=at, verb="intake.withdraw", subject=intake, unit_id=intake.unit_id, reason=why) as entry:
        _require(by, intake, at)
        found = Intake.objects.select_for_update().get(pk=intake.pk)
        if found.state != State.LOADED:
            raise refusals.NotLoaded()
        if found.target != Target.SERIES:
            raise refusals.OnlySeries()
        rows = list(found.figures.all())
        standing = _standing(str(found.series_id), {row.period_code for row in rows})
        back, since = [], 0
        for row in rows:
            key = (row.unit_id, row.period_code, row.cell_id)
            if row.before == row.value:
                continue  # only its mark was written
            if standing.get(key) == row.value:
                back.append(SeriesRow(*key, row.before))
            else:
                since += 1
        written = indicators.import_series(
            by=by, at=at, series=str(found.series_id), rows=back, source=f"rút: {why}"[:300]
        )
        found.state, found.withdrawn_at, found.withdrawn_by, found.withdrawn_why = (
            State.WITHDRAWN,
            at,
            who(by),
            why.strip(),
        )
        found.result = {**found.result, "withdrawn": written, "left": since}
        _keep(found)
        entry.data |= {"withdrawn": written, "left": since}
    return found


def _standing(series: str, codes: set[str]) -> dict[Key, int]:
    return {
        (one.unit_id, one.period_code, one.cell_id): one.value for one in figures.figures(series, period_codes=codes)
    }


def discard(*, by: Actor, at: datetime, intake: Intake) -> None:
    """Throw away a table that was not loaded."""
    with writing(by=by, at=at, verb="intake.discard", unit_id=intake.unit_id) as entry:
        found = _draft(by, at, intake)
        entry.data["file"] = found.file_name
        found.delete()


# Layouts


def keep_layout(*, by: Actor, at: datetime, intake: Intake, name: str) -> Layout:
    """Keep how this table is read under a name; tables with such a head are read so from now on."""
    words = " ".join(nfc(name).split())[:200]
    if not words:
        raise refusals.NoName()
    with writing(by=by, at=at, verb="layout.keep", unit_id=intake.unit_id) as entry:
        _require(by, intake, at)
        spec = Spec.from_json(intake.spec)
        newest = Layout.objects.filter(unit=intake.unit_id, name=words).order_by("-no").first()
        kept = specs.bound_to_labels(spec)
        if newest and newest.spec == kept and newest.series_id == intake.series_id and not newest.retired:
            entry.skip = True
            made = newest
        else:
            made = Layout.objects.create(
                unit_id=intake.unit_id,
                name=words,
                no=newest.no + 1 if newest else 1,
                signature=specs.signature(spec.columns),
                spec=kept,
                series=intake.series,
                made_at=at,
                made_by=who(by),
            )
        Intake.objects.filter(pk=intake.pk).update(layout=made)
        entry.subject = made
    return made


def retire_layout(*, by: Actor, at: datetime, layout: Layout) -> None:
    """No new file is read by it, in any of its versions."""
    with writing(by=by, at=at, verb="layout.retire", subject=layout, unit_id=layout.unit_id):
        people.require(by, queries.LOAD, layout.unit_id, today(at))
        Layout.objects.filter(unit=layout.unit_id, name=layout.name).update(retired=True)


# Remove


def remove_files(*, by: Actor, at: datetime, days: int) -> int:
    """Remove files of tables that were loaded, taken back or thrown away longer ago; what was loaded stays."""
    with writing(by=by, at=at, verb="intake.remove") as entry:
        if not by.is_system:
            raise NotAllowed()
        before = at - timedelta(days=days)
        gone = keeping.remove(queries.root(), before=before, needed=queries.needed(before))
        entry.skip = not gone
        entry.data |= {"files": gone, "days": days}
    return gone


# Shared


def _require(by: Actor, found: Intake, at: datetime) -> None:
    people.require(by, queries.LOAD, found.unit_id, today(at))


def _draft(by: Actor, at: datetime, intake: Intake, *, lock: bool = True) -> Intake:
    """The intake while it is a draft, held to the end of the transaction."""
    _require(by, intake, at)
    rows = Intake.objects.select_for_update() if lock else Intake.objects.all()
    found = rows.filter(pk=intake.pk).first()
    if found is None or found.state != State.DRAFT:
        raise refusals.NotADraft()
    return found


def _keep(found: Intake) -> None:
    found.save()
