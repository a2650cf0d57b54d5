"""Notices: short messages from the system to those whose turn it is, and what tells them outside it.

Words. A *message* goes to a position (work belongs to positions), to an account, or, while nobody in a unit holds the
verb it needs, to the unit, where whoever gets that verb finds it. A text to paste in a chat group may be kept with it.
A *gathered* message tells a list, once a day at most and only with something new in it. A *mail* tells a person with an
address that a message waits; it is handed over by a job, and only where a mail server is named (GIAOBAN_SMTP), at once
or gathered by the day or week. A *feed* is a secret address behind which a person's calendar stands. A *hook* is
another system that is told of a unit's events, a *delivery* one of these for it (`hooking`); rooms above say in
`events` what an event is to a unit.

Verbs (`actions`): send, gather, note_passed, mark_read, mark_all_read, choose_mail, release_mail, send_waiting_mail,
make_feed, revoke_feed, make_hook, change_hook, rotate_secret, pause_hook, resume_hook, close_hook, try_hook, resend.
Questions (`queries`): inbox, unread_count, message, feeds, feed_of, hooks, hook_for, deliveries.
"""
