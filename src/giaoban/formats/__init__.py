"""How dates and numbers are read and printed; Django's own `vi` has no day-first input formats."""
