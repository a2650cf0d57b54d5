"""Organisations: every unit of the country's education administration, with its names, kinds and links through time.

Words. A *unit* is an area with the committee that governs it, an office, a school, a body; it has a permanent id of
ours. What is true of it lies in *dated rows* (existence, name, classing, code, link), each of which stores only its
start and holds until the next one starts, so an overlap cannot be written down. A *hierarchy* says who stands under
whom for one purpose: TERRITORY (where it lies), MANAGEMENT (who directs it), PROFESSIONAL (who guides it), PARTY.
*Lineage* says what a merged or divided unit became, with shares. A *snapshot* is a stretch of days in which name, kind
and code of a unit do not change; the *closure* lists every ancestor of every unit with the days it was one. Both are
derived and can be rebuilt.

An *attribute* is a dated property with a closed list of values. A *decree* is a list of steps of one day (`decree`); a
*change* is what one decree wrote, and can be undone.

Verbs (`actions`): carry_out, undo, place, declare_shares, steps_from_table; the decrees of one kind of step: establish,
establish_many, establish_offices, rename, reclassify, recode, mark, move, move_many, close, reopen, merge, divide,
reorganise; record_decision, name_hierarchy, load_kinds, load_administrative_units, rebuild_closure, rebuild_snapshots.
Questions (`queries`): unit, snapshot, name, by_code, search, children, ancestors, descendants, is_under, path,
successors, predecessors, resolve_name, changes, founded_by, ended_by, became, attributes_of, having and others.
"""
