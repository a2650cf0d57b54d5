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
SELECT sums.unit AS unit, terms.line AS line, terms.term AS term, CAST(SUM(sums.value) AS BIGINT) AS value,
       CAST(SUM(sums.present) AS BIGINT) AS present
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
SELECT lying.unit AS unit, divided.line AS line, divided.term AS term, CAST(SUM(divided.value) AS BIGINT) AS value
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
SELECT reach.unit AS unit, lines.line AS line, COUNT(*) AS n
FROM masks
JOIN lines ON lines.period = masks.period AND lines.word = masks.word
JOIN reach ON reach.source = masks.source AND reach.day = masks.day
WHERE lines.words = 1 AND (masks.mask & lines.mask) = lines.mask AND (lines.alone = 0 OR reach.own = 1)
GROUP BY reach.unit, lines.line
"""
# The same where a formula has more names than a word has bits.
COMPLETE_OF_MANY = """
SELECT whole.unit AS unit, whole.line AS line, COUNT(*) AS n
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
SELECT reach.unit AS unit, on_duty.duty AS duty, COUNT(*) AS n
FROM on_duty
JOIN reach ON reach.source = on_duty.source AND reach.day = on_duty.day
WHERE on_duty.alone = 0 OR reach.own = 1
GROUP BY reach.unit, on_duty.duty
"""

# Who gave something for a line without having been asked.
UNASKED = """
SELECT reach.unit AS unit, lines.line AS line, COUNT(DISTINCT strays.source) AS n
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

# --- Where a total comes from: what each unit gave for each name ------------------------------------------------------

GIVERS = """
SELECT figures.source AS source, terms.term AS term, terms.cell AS cell, 0 AS part,
       CAST(SUM(figures.value) AS BIGINT) AS value
FROM figures
JOIN terms ON terms.period = figures.period AND terms.cell = figures.cell
JOIN times ON times.period = figures.period
JOIN reach ON reach.source = figures.source AND reach.day = times.day
WHERE reach.part = 0 AND (terms.alone = 0 OR reach.own = 1)
GROUP BY figures.source, terms.term, terms.cell
HAVING SUM(figures.present) > 0
"""
# Of divided figures the parts that lie in what is asked; a name's cells were divided one by one.
PART_GIVERS = """
SELECT divided.source AS source, divided.term AS term, 0 AS cell, 1 AS part, CAST(SUM(divided.value) AS BIGINT) AS value
FROM divided
JOIN lying ON lying.source = divided.target AND lying.day = divided.day
JOIN reach ON reach.unit = lying.unit AND reach.source = divided.source AND reach.day = divided.day
WHERE reach.part = 1
GROUP BY divided.source, divided.term
"""

# --- A table: units × columns, each field at the start of its unit plus its column ------------------------------------
# The figures are read once, for their sums and for who gave them: whoever lies in a unit has a bit there, so many of
# them a word (`powers` has the value of each bit), and a name of a formula is a word of those who gave it. Of a unit
# the bits that all names of a line share are who reported; those of any name, and of who was asked, who was expected.

SEATS = """
SELECT ranked.unit AS unit, ranked.source AS source, ranked.day AS day, ranked.own AS own, ranked.part AS part,
       ranked.n - ranked.n % 62 AS word, powers.bit AS bit
FROM (
  SELECT unit, source, day, own, part, ROW_NUMBER() OVER (PARTITION BY unit, day ORDER BY source) - 1 AS n FROM reach
) AS ranked
JOIN powers ON powers.n = ranked.n % 62
"""

BY_CELL = f"""
SELECT seats.unit AS unit, seats.word AS word, ledger.period AS period, ledger.cell AS cell, {{alone}} AS alone,
       {{sums}},
       BIT_OR(CASE WHEN ledger.present > 0 THEN seats.bit ELSE 0 END) AS gave
FROM {LEDGER}
{{seats}}{{own}}
GROUP BY seats.unit, seats.word, ledger.period, ledger.cell
"""  # noqa: S608
WHOLE_FIGURES = "SUM(ledger.value) AS value, SUM(ledger.present) AS present"
UNDIVIDED_FIGURES = """SUM(CASE WHEN seats.part = 0 THEN ledger.value ELSE 0 END) AS value,
       SUM(CASE WHEN seats.part = 0 THEN ledger.present ELSE 0 END) AS present"""
SEATED_ON_ITS_DAY = """JOIN times ON times.period = ledger.period
JOIN seats ON seats.source = ledger.unit AND seats.day = times.day"""
SEATED_ON_THE_DAY = "JOIN seats ON seats.source = ledger.unit"

# Names of one cell each (`plain`) need no adding up before their line does: the figures of a cell are the name's.
TERM_TOTALS = """
SELECT by_cell.unit AS unit, terms.line AS line, terms.term AS term, CAST(SUM(by_cell.value) AS BIGINT) AS value,
       0 AS estimated
FROM by_cell
JOIN terms ON terms.period = by_cell.period AND terms.cell = by_cell.cell AND terms.alone = by_cell.alone
WHERE terms.plain = 0
GROUP BY by_cell.unit, terms.line, terms.term
HAVING SUM(by_cell.present) <> 0
"""
WITH_SHARES = f"""
SELECT unit, line, term, CAST(SUM(value) AS BIGINT) AS value, MAX(estimated) AS estimated
FROM (
  SELECT unit, line, term, value, estimated FROM totals
  UNION ALL
  SELECT unit, line, term, value, 1 AS estimated FROM ({DIVIDED}) AS shares
) AS both_kinds
GROUP BY unit, line, term
"""  # noqa: S608
ALL_GIVEN = "SELECT unit, line, term, value, estimated FROM given"

RANGE = """
SELECT CAST(COALESCE(MIN(value), 0) AS BIGINT), CAST(COALESCE(MAX(value), 0) AS BIGINT), COALESCE(MAX(word), 0)
FROM by_cell
"""
# The words of a unit brought together; where nobody has a second word, `by_cell` itself serves.
IN_ALL = """
SELECT unit, period, cell, alone, SUM(value) AS value, SUM(present) AS present
FROM by_cell
GROUP BY unit, period, cell, alone
"""

# A column's sides add up the names of its line with whole factors: side 0 over side 1 now, side 2 over side 3 before.
# A side is known where all its names are; `names` counts them. `spot` is four times the place, plus the side.
SIDES = """
SELECT (places.start + factors.field) * 4 + factors.side AS spot,
       CAST(SUM(factors.factor * given.value) AS BIGINT) AS value, COUNT(*) AS names,
       MAX(given.estimated) AS estimated
FROM given
JOIN factors ON factors.line = given.line AND factors.term = given.term
JOIN places ON places.unit = given.unit
GROUP BY (places.start + factors.field) * 4 + factors.side
"""
CELL_FACTORS = """
SELECT terms.period AS period, terms.cell AS cell, terms.alone AS alone, factors.factor AS factor,
       factors.field * 4 + factors.side AS spot
FROM terms JOIN factors ON factors.line = terms.line AND factors.term = terms.term
WHERE terms.plain = 1
"""
PLAIN_SIDES = """
SELECT places.start * 4 + cell_factors.spot AS spot,
       CAST(SUM(cell_factors.factor * in_all.value) AS BIGINT) AS value, COUNT(*) AS names, 0 AS estimated
FROM {in_all} AS in_all
JOIN cell_factors ON cell_factors.period = in_all.period AND cell_factors.cell = in_all.cell
                 AND cell_factors.alone = in_all.alone
JOIN places ON places.unit = in_all.unit
WHERE in_all.present <> 0
GROUP BY places.start * 4 + cell_factors.spot
"""

# Who gave any name of a line, and who all of them.
GAVE = """
SELECT named.unit AS unit, named.word AS word, named.line AS line, BIT_OR(named.gave) AS any_name,
       CASE WHEN COUNT(*) = MIN(slots.names) THEN BIT_AND(named.gave) ELSE 0 END AS every_name
FROM {named}
JOIN slots ON slots.line = named.line
GROUP BY named.unit, named.word, named.line
"""
NAMED = """(
  SELECT by_cell.unit AS unit, by_cell.word AS word, terms.line AS line, {gave} AS gave
  FROM by_cell
  JOIN terms ON terms.period = by_cell.period AND terms.cell = by_cell.cell AND terms.alone = by_cell.alone
  WHERE terms.plain = {plain}{group}
) AS named"""
GROUPED = "\n  GROUP BY by_cell.unit, by_cell.word, terms.line, terms.term"
GAVE_OF_ALL = " UNION ALL ".join(
    [
        GAVE.format(named=NAMED.format(plain=1, gave="by_cell.gave", group="")),
        GAVE.format(named=NAMED.format(plain=0, gave="BIT_OR(by_cell.gave)", group=GROUPED)),
    ]
)

ASKED_BITS = """
SELECT seats.unit AS unit, seats.word AS word, on_duty.duty AS duty, BIT_OR(seats.bit) AS mask
FROM on_duty
JOIN seats ON seats.source = on_duty.source AND seats.day = on_duty.day
WHERE on_duty.alone = 0 OR seats.own = 1
GROUP BY seats.unit, seats.word, on_duty.duty
"""

# Of each field how many were expected and reported; `hands` is how words of who gave and who was asked are brought
# together, those of the one without the other too.
PEOPLE = """
SELECT places.start + slots.field AS at, CAST(SUM(BIT_COUNT(hands.any_name)) AS BIGINT) AS expected,
       CAST(SUM(BIT_COUNT(hands.every_name)) AS BIGINT) AS reported
FROM (
  SELECT unit, word, line, BIT_OR(any_name) AS any_name, MAX(every_name) AS every_name
  FROM (
    SELECT unit, word, line, any_name, every_name FROM gave
    UNION ALL
    SELECT asked_bits.unit AS unit, asked_bits.word AS word, slots.line AS line, asked_bits.mask AS any_name,
           0 AS every_name
    FROM asked_bits
    JOIN slots ON slots.duty = asked_bits.duty
  ) AS one_by_one
  GROUP BY unit, word, line
) AS hands
JOIN slots ON slots.line = hands.line
JOIN places ON places.unit = hands.unit
GROUP BY places.start + slots.field
"""

# --- Homes: figures of a part at the unit right above their source, with the seats of those who gave them -------------

PILE = """
SELECT seated.place AS place, parts.cell AS cell, CAST(SUM(parts.value) AS BIGINT) AS value,
       CAST(SUM(parts.present) AS BIGINT) AS present,
       CAST(SUM(CASE WHEN parts.present > 0 THEN seated.bit ELSE 0 END) AS BIGINT) AS gave,
       CAST(MIN(parts.present) AS BIGINT) AS least, CAST(MAX(parts.present) AS BIGINT) AS most
FROM parts
JOIN seated ON seated.unit = parts.unit
GROUP BY seated.place, parts.cell
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
