"""Reports: official documents that write themselves from figures, tasks and conclusions.

Words. A *form* is a kind of document we can write (one folder a form: `so_ket`, `ket_luan`); a *report* is one of them
for a unit and period, or for a meeting; a *slot* is a place in it where a person adds words of their own; *issuing*
keeps it for good: its content, its DOCX and its hash.

Verbs: `actions.begin`, `rewrite`, `address` (number, place, who signs, who receives), `issue`. Computed sentences are
not to be rewritten: who wants another number corrects the figure.
"""
