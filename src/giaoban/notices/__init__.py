"""Notices: short messages from the system to those whose turn it is.

Words. A *message* goes to a position (work belongs to positions), to an account, or, while nobody in a unit holds the
verb it needs, to the unit, where whoever gets that verb finds it. In-app only; a text to paste in a chat group may be
kept with it.

Verbs (`actions`): send, mark_read, mark_all_read. Questions (`queries`): inbox, unread_count, message.
"""
