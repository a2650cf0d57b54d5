"""Desk: the signed-in pages that span rooms. It owns no table; it asks the rooms below and shows what they answer.

Words: *due* is what waits for this person; *late* is what is late in units below; *found* is an answer of search;
a *proposal* is what reading a document suggests. Verb: `actions.adopt` turns chosen proposals into a document, tasks
and targets in one step. Questions: `home.of`, `finding.find`, `overview.look`, `proposals.of`.
"""
