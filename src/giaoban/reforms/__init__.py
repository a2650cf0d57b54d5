"""Reforms: a decree upon units, prepared, previewed, applied or undone, with what follows from it in the other rooms.

Words: *reform* (phương án sắp xếp), its *parts* (what was entered, each giving some steps of `orgs.decree`), *question*
(việc cần quyết định: what no rule decides). Verbs: `actions.draft edit add_part drop_part discard apply follow undo
answer`. The preview is the application itself, rolled back.
"""
