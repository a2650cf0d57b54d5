"""The JSON API: a door like the pages, for programs. It parses, asks one question of a room, and presents.

Words: an *operation* is one address that answers; a *page* here is a stretch of a long answer, from `offset` on.
Whoever is signed in reads what they may read on the pages, and nothing else; nothing is written through this door.
"""
