"""The JSON API: a door like the pages, for programs. It parses, asks one question of a room, and presents."""
