"""Reforms: a decree upon units, prepared, previewed, applied or undone, with what follows from it in the other rooms."""
