"""Many tasks at once: the table, the board, the calendar, the maps, by document and meeting; one address for all."""
