"""Decrees into rows: what steps of one day mean together, checked whole and written in large statements.

`asked` sorts the steps, `record` reads what stands about the units they name, `checks` says what is wrong with each,
`below` says where goes what stood under a unit that ends, `rows` writes, `circles` looks for a unit above itself on any
later day, and `enacting` puts them in order. Nothing here asks for rights or writes the journal: verbs do.
"""

from giaoban.orgs.engine.asked import Decree
from giaoban.orgs.engine.enacting import derive, enact

__all__ = ["Decree", "derive", "enact"]
