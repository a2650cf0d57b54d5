"""Notices: short messages from the system to those whose turn it is.

Words. A *message* goes to a position (work belongs to positions), to an account, or, while nobody in a unit holds the
verb it needs, to the unit, where whoever gets that verb finds it. A text to paste in a chat group may be kept with it.
A *mail* tells a person with an address that a message waits; it is handed over by a job, and only where a mail server
is named (GIAOBAN_SMTP).

Verbs (`actions`): send, mark_read, mark_all_read, choose_mail, send_waiting_mail. Questions (`queries`): inbox,
unread_count, message.
"""
