"""Every statement that adds figures up, for any runner (`runners`): the rules are those of core.rollup.

Tables of a question:

    asked (target, unit, day)          what is asked, and the units it is made of
    times (period, day)                the map of each period; a day stands for every day between two changes of units
    terms (line, term, period, cell, alone)    what each name of a line's formula adds up
    lines (line, period, day, duty, alone, word, mask, words)    the names a line needs, as bits of a word
    bits (period, cell, word, mask)    the names a cell belongs to
    duties (duty, period, sheet, kind, day, alone), owed (duty, period, word, mask)    who was asked for what
    spots (unit, day, target, parts)   where figures of units that do not stand on the map are placed
    closure (ancestor, descendant, depth, first_day, end_day)
    reports (period, sheet, kind, unit)
    parts, tail (unit, period, cell, value, present)    the merged ledger, and the lines after it
"""

from __future__ import annotations

FACTS = "unit, period, cell, value, present"
LEDGER = f"(SELECT {FACTS} FROM parts UNION ALL SELECT {FACTS} FROM tail) AS ledger"  # noqa: S608

# Parts without figures withdrawn since they were written (`gone`): the lines that took them away are left out too.
STILL_THERE = """
SELECT written.unit, written.period, written.cell, written.value, written.present
FROM written
LEFT JOIN gone ON gone.unit = written.unit AND gone.period = written.period AND gone.cell = written.cell
WHERE gone.unit IS NULL
"""

# Which units of the map lie where: everything asked with all at or below it. What is asked goes by a number: a unit by
# its own, an area (of several units) by the area's.
LYING = """
SELECT asked.target AS unit, closure.descendant AS source, asked.day AS day,
       CASE WHEN closure.depth = 0 THEN 1 ELSE 0 END AS own
FROM closure
JOIN asked ON asked.unit = closure.ancestor
          AND closure.first_day <= asked.day AND closure.end_day > asked.day
"""
LYING_IN_AREAS = """
SELECT DISTINCT asked.target AS unit, closure.descendant AS source, asked.day AS day, 0 AS own
FROM closure
JOIN asked ON asked.unit = closure.ancestor
          AND closure.first_day <= asked.day AND closure.end_day > asked.day
"""
# Only units that hold what is asked for.
LYING_AND_HOLDING = f"""
{LYING}JOIN holders ON holders.unit = closure.descendant AND holders.day = asked.day
"""

# Whose figures count where. `part` is 1 where only some of a divided figure lies; what lies there in whole needs no
# dividing.
REACH = """
SELECT unit, source, day, own, 0 AS part FROM lying
UNION ALL
SELECT lying.unit AS unit, spots.unit AS source, spots.day AS day, 0 AS own,
       CASE WHEN COUNT(*) < MIN(spots.parts) THEN 1 ELSE 0 END AS part
FROM spots
JOIN lying ON lying.source = spots.target AND lying.day = spots.day
GROUP BY lying.unit, spots.unit, spots.day
"""

EXTENT = "SELECT COUNT(*), COALESCE(MAX(part), 0) FROM reach"

# How far up each unit's value of an attribute comes from: its own, or that of the nearest unit above in TERRITORY.
# `held` (unit, attribute, value, inherited, first_day, end_day) has every value but the empty one.
NEAREST = """
SELECT territory.descendant AS unit, days.day AS day, held.attribute AS attribute, MIN(territory.depth) AS depth
FROM held
JOIN territory ON territory.ancestor = held.unit
JOIN days ON territory.first_day <= days.day AND territory.end_day > days.day
         AND held.first_day <= days.day AND held.end_day > days.day
WHERE held.inherited = 1 OR territory.depth = 0
GROUP BY territory.descendant, days.day, held.attribute
"""

# Units that hold everything in `wanted` (attribute, value, pairs: how many there are).
HOLDERS = """
SELECT nearest.unit AS unit, nearest.day AS day
FROM nearest
JOIN territory ON territory.descendant = nearest.unit AND territory.depth = nearest.depth
              AND territory.first_day <= nearest.day AND territory.end_day > nearest.day
JOIN held ON held.unit = territory.ancestor AND held.attribute = nearest.attribute
         AND held.first_day <= nearest.day AND held.end_day > nearest.day
JOIN wanted ON wanted.attribute = held.attribute AND wanted.value = held.value
GROUP BY nearest.unit, nearest.day
HAVING COUNT(*) = MIN(wanted.pairs)
"""

# The figures of those units. Where they are few they are taken out of the parts once and kept as `figures`; many are
# cheaper read twice than written down, and stand in the statements themselves (`reading`).
FIGURES = f"""
SELECT ledger.unit AS source, ledger.period AS period, ledger.cell AS cell, ledger.value AS value,
       ledger.present AS present
FROM {LEDGER}
JOIN (SELECT DISTINCT source FROM reach) AS sources ON sources.source = ledger.unit
"""  # noqa: S608

INLINE = f"({FIGURES}) AS figures"


def reading(select: str, kept: bool) -> str:
    """The statement over the figures kept before, or over the parts themselves."""
    return select if kept else select.replace("FROM figures\n", f"FROM {INLINE}\n")


# What lies in a unit in whole. Differences need no order and no masking: what counts is the sum.
SUMS = """
SELECT sums.unit, terms.line, terms.term, CAST(SUM(sums.value) AS BIGINT), CAST(SUM(sums.present) AS BIGINT)
FROM (
  SELECT reach.unit AS unit, figures.period AS period, figures.cell AS cell,
         SUM(figures.value) AS value, SUM(figures.present) AS present
  FROM figures
  {reach}
  WHERE reach.part = 0{own}
  GROUP BY reach.unit, figures.period, figures.cell
) AS sums
JOIN terms ON terms.period = sums.period AND terms.cell = sums.cell
WHERE terms.alone = {alone}
GROUP BY sums.unit, terms.line, terms.term
"""
ON_ITS_DAY = """JOIN times ON times.period = figures.period
  JOIN reach ON reach.source = figures.source AND reach.day = times.day"""
ON_THE_DAY = "JOIN reach ON reach.source = figures.source"
OWN = " AND reach.own = 1"
TOTALS = SUMS.format(reach=ON_ITS_DAY, own="", alone=0)
# Printed rates stay with their own unit.
OWN_TOTALS = SUMS.format(reach=ON_ITS_DAY, own=OWN, alone=1)
# The same where all periods are asked on one map: one join less for every figure.
TOTALS_OF_ONE_DAY = SUMS.format(reach=ON_THE_DAY, own="", alone=0)
OWN_TOTALS_OF_ONE_DAY = SUMS.format(reach=ON_THE_DAY, own=OWN, alone=1)

# Figures of which only some parts lie in something asked, cell by cell: `sharing` divides them.
TO_DIVIDE = """
SELECT figures.source AS source, times.day AS day, terms.line AS line, terms.term AS term, figures.cell AS cell,
       CAST(SUM(figures.value) AS BIGINT) AS value
FROM figures
JOIN times ON times.period = figures.period
JOIN (SELECT DISTINCT source, day FROM reach WHERE part = 1) AS several
  ON several.source = figures.source AND several.day = times.day
JOIN terms ON terms.period = figures.period AND terms.cell = figures.cell
WHERE terms.alone = 0
GROUP BY figures.source, times.day, terms.line, terms.term, figures.cell
HAVING SUM(figures.present) > 0
"""

# Their parts, where they lie.
DIVIDED = """
SELECT lying.unit, divided.line, divided.term, CAST(SUM(divided.value) AS BIGINT)
FROM divided
JOIN lying ON lying.source = divided.target AND lying.day = divided.day
JOIN reach ON reach.unit = lying.unit AND reach.source = divided.source AND reach.day = divided.day
WHERE reach.part = 1
GROUP BY lying.unit, divided.line, divided.term
"""

# Who gave something in a period, and for which names: a bit each.
MASKS = """
SELECT given.source AS source, given.period AS period, near.day AS day, given.word AS word, given.mask AS mask
FROM (
  SELECT figures.source AS source, figures.period AS period, bits.word AS word,
         BIT_OR(CASE WHEN figures.present > 0 THEN bits.mask ELSE 0 END) AS mask
  FROM figures
  JOIN bits ON bits.period = figures.period AND bits.cell = figures.cell
  GROUP BY figures.source, figures.period, bits.word
) AS given
JOIN times ON times.period = given.period
JOIN (SELECT DISTINCT source, day FROM reach) AS near ON near.source = given.source AND near.day = times.day
"""

# How many gave for every name of a line.
COMPLETE = """
SELECT reach.unit, lines.line, COUNT(*)
FROM masks
JOIN lines ON lines.period = masks.period AND lines.word = masks.word
JOIN reach ON reach.source = masks.source AND reach.day = masks.day
WHERE lines.words = 1 AND (masks.mask & lines.mask) = lines.mask AND (lines.alone = 0 OR reach.own = 1)
GROUP BY reach.unit, lines.line
"""
# The same where a formula has more names than a word has bits.
COMPLETE_OF_MANY = """
SELECT whole.unit, whole.line, COUNT(*)
FROM (
  SELECT reach.unit AS unit, lines.line AS line, masks.source AS source
  FROM masks
  JOIN lines ON lines.period = masks.period AND lines.word = masks.word
  JOIN reach ON reach.source = masks.source AND reach.day = masks.day
  WHERE lines.words > 1 AND (masks.mask & lines.mask) = lines.mask AND (lines.alone = 0 OR reach.own = 1)
  GROUP BY reach.unit, lines.line, masks.source
  HAVING COUNT(*) = MIN(lines.words)
) AS whole
GROUP BY whole.unit, whole.line
"""

# Who was asked. Lines that the same sheets ask for share one duty.
ON_DUTY = """
SELECT DISTINCT reports.unit AS source, duties.duty AS duty, duties.day AS day, duties.alone AS alone
FROM reports
JOIN duties ON duties.sheet = reports.sheet AND duties.period = reports.period
JOIN (SELECT DISTINCT source, day FROM reach) AS near ON near.source = reports.unit AND near.day = duties.day
WHERE duties.kind = 0 OR duties.kind = reports.kind
"""

ASKED_FOR = """
SELECT reach.unit, on_duty.duty, COUNT(*)
FROM on_duty
JOIN reach ON reach.source = on_duty.source AND reach.day = on_duty.day
WHERE on_duty.alone = 0 OR reach.own = 1
GROUP BY reach.unit, on_duty.duty
"""

# Who gave something for a line without having been asked.
UNASKED = """
SELECT reach.unit, lines.line, COUNT(DISTINCT strays.source)
FROM (
  SELECT masks.source AS source, masks.period AS period, masks.day AS day, masks.word AS word, masks.mask AS mask,
         owed.duty AS duty
  FROM masks
  JOIN owed ON owed.period = masks.period AND owed.word = masks.word
  LEFT JOIN on_duty ON on_duty.source = masks.source AND on_duty.duty = owed.duty
  WHERE on_duty.source IS NULL AND (masks.mask & owed.mask) <> 0
) AS strays
JOIN lines ON lines.period = strays.period AND lines.word = strays.word AND lines.duty = strays.duty
JOIN reach ON reach.source = strays.source AND reach.day = strays.day
WHERE (strays.mask & lines.mask) <> 0 AND (lines.alone = 0 OR reach.own = 1)
GROUP BY reach.unit, lines.line
"""

STEPS = """
SELECT reach.unit, steps.line, steps.step, CAST(SUM(steps.n) AS BIGINT)
FROM steps
JOIN (SELECT DISTINCT line, day, alone FROM lines) AS lines ON lines.line = steps.line
JOIN reach ON reach.source = steps.unit AND reach.day = lines.day
WHERE lines.alone = 0 OR reach.own = 1
GROUP BY reach.unit, steps.line, steps.step
"""

# --- Everything: all cells at all units that have somebody below them, one period at a time ---------------------------
# Most figures stand at the leaves: they are added up at the unit right above first, and only those sums climb the tree.

ABOVE = """
SELECT DISTINCT closure.ancestor AS unit
FROM closure JOIN days ON closure.first_day <= days.day AND closure.end_day > days.day
WHERE closure.depth = 1
"""

HOMES = """
SELECT life.descendant AS source, COALESCE(above.unit, up.ancestor) AS unit
FROM closure AS life
JOIN days ON life.first_day <= days.day AND life.end_day > days.day
LEFT JOIN above ON above.unit = life.descendant
LEFT JOIN (
  SELECT closure.ancestor, closure.descendant
  FROM closure JOIN days ON closure.first_day <= days.day AND closure.end_day > days.day
  WHERE closure.depth = 1
) AS up ON up.descendant = life.descendant
WHERE life.depth = 0 AND COALESCE(above.unit, up.ancestor) IS NOT NULL
"""

# Where each unit's figures go first, also those of units that do not stand on the map. What is to be divided waits
# under the unit's number with a minus.
LANDING = """
SELECT source, unit FROM homes
UNION ALL
SELECT spots.unit AS source, homes.unit AS unit FROM spots JOIN homes ON homes.source = spots.target
WHERE spots.parts = 1
UNION ALL
SELECT DISTINCT spots.unit AS source, -spots.unit AS unit FROM spots WHERE spots.parts > 1
"""

CLIMB = """
SELECT closure.descendant AS unit, closure.ancestor AS ancestor
FROM closure
JOIN days ON closure.first_day <= days.day AND closure.end_day > days.day
JOIN above ON above.unit = closure.descendant
"""

NEAR = f"""
SELECT landing.unit AS unit, ledger.cell AS cell, SUM(ledger.value) AS value, SUM(ledger.present) AS present
FROM {LEDGER}
JOIN landing ON landing.source = ledger.unit
GROUP BY landing.unit, ledger.cell
"""  # noqa: S608

TO_SHARE = """
SELECT -near.unit AS source, near.cell AS cell, CAST(near.value AS BIGINT) AS value
FROM near
WHERE near.unit < 0 AND near.present > 0
"""

CLIMBED = """
SELECT climb.ancestor AS unit, near.cell AS cell, CAST(SUM(near.value) AS BIGINT) AS value,
       CAST(SUM(near.present) AS BIGINT) AS reported, 0 AS estimated
FROM {near} AS near
JOIN climb ON climb.unit = near.unit
LEFT JOIN lone ON lone.cell = near.cell
WHERE lone.cell IS NULL
GROUP BY climb.ancestor, near.cell
HAVING SUM(near.present) > 0
"""
# Where nothing is divided on the map, in one go.
WHOLE_SUMS = CLIMBED.format(near=f"({NEAR})")
KEPT_SUMS = CLIMBED.format(near="near")

# The same with the parts of divided figures (`shared`: source, target, cell, value, parts).
ALL_SUMS = f"""
SELECT every.unit AS unit, every.cell AS cell, CAST(SUM(every.value) AS BIGINT) AS value,
       CAST(SUM(every.reported) AS BIGINT) AS reported, MAX(every.estimated) AS estimated
FROM (
  {KEPT_SUMS}
  UNION ALL
  SELECT climb.ancestor AS unit, shared.cell AS cell, SUM(shared.value) AS value, 1 AS reported,
         CASE WHEN COUNT(*) < MIN(shared.parts) THEN 1 ELSE 0 END AS estimated
  FROM shared
  JOIN homes ON homes.source = shared.target
  JOIN climb ON climb.unit = homes.unit
  LEFT JOIN lone ON lone.cell = shared.cell
  WHERE lone.cell IS NULL
  GROUP BY climb.ancestor, shared.cell, shared.source
) AS every
GROUP BY every.unit, every.cell
"""  # noqa: S608
