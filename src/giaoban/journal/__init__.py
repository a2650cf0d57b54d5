"""Journal: who did what, when and why. Append-only, each event chained to the one before by its hash.

Words: an *event* is one line of the journal; an *actor* is who acts, in which position, for whom.
Verbs: `actions.writing` (every verb of every room runs inside it). Questions: `queries.history`, `queries.broken_link`.
"""
