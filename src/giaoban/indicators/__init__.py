"""Indicators: what is counted, who is asked for it, what they handed in, and what of it counts.

Words. An *element* is something counted (pupils who left school); a *cell* is an element with one member of each of
its dimensions (pupils who left school, grade 6, girls) and has a permanent number. An *indicator* is a formula over
cells, with versions; a *target* is what a document asks of a unit in a period. A *sheet* lists cells and the rules
between them; a *round* asks units for one sheet in one period along a line of *steps*; a *report* is one unit's
answer. A *draft* is being typed; a *submission* hands in *revisions* of the cells that changed; a *standing* says which
revision of a cell is handed in and which counts; an *effect* is a line of the ledger of what counts.

Verbs: `actions.catalogue` (define, publish), `actions.rounds` (open, remind, sign off, lock), `actions.entry` (save,
submit), `actions.review` (return, accept, withdraw, re-open), `actions.series` (import).
"""
