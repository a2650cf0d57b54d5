"""People: who may do what, where, and from which day to which.

Words. An *account* is a person who signs in. A *position* is a seat in a unit (Hiệu trưởng, Chuyên viên); work and
rights belong to it, never to the account, so they move when it is handed over. A *holding* says who sits in a position
from a day to a day, in their own right or acting for another. A *grant* gives a position a role over a unit and all
units below it in one hierarchy. A *role* is code: `roles.py` says which verbs each may do.

Verbs (`actions`): create_account, change_account, load_accounts, deactivate, activate, unlock, set_password,
change_own_password, create_position, appoint, dismiss, act_for, hand_over, grant, revoke.
Questions (`queries`): actor, positions_of, may, require, units_where, holders and others.
Doors: `guards.signed_in` before every view; `middleware.ActingMiddleware` sets who acts.
"""
