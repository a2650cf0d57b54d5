"""What the verbs of this room refuse."""

from __future__ import annotations

from giaoban.core.refusal import NotAllowed, Refused, sentence


class UnknownRhythm(Refused):
    sentence = sentence("Choose how often mail comes.")
    field = "rhythm"


class FeedNeedsName(Refused):
    sentence = sentence("Say where the calendar will be shown, for example “my phone”.")
    field = "name"


class TooManyFeeds(Refused):
    sentence = sentence("You have %(n)s calendar addresses in use; revoke one first.")
    field = "name"


class UnknownFeed(NotAllowed):
    sentence = sentence("There is no such calendar address of yours.")


class UnknownHook(NotAllowed):
    sentence = sentence("There is no such connection in your units.")


class HookNeedsName(Refused):
    sentence = sentence("Name the system that is told.")
    field = "name"


class HookNeedsEvents(Refused):
    sentence = sentence("Choose at least one event.")
    field = "events"


class BadAddress(Refused):
    sentence = sentence("“%(address)s” is no address of the form https://host/path, without a user name in it.")
    field = "address"


class HostNotNamed(Refused):
    sentence = sentence(
        "“%(host)s” is not among the hosts this server may speak to. Whoever runs the server names them in "
        "GIAOBAN_HOOK_HOSTS."
    )
    field = "address"


class NeedsHttps(Refused):
    sentence = sentence("The address must begin with https://.")
    field = "address"


class HookClosed(Refused):
    sentence = sentence("This connection has ended.")


class NotResendable(Refused):
    sentence = sentence("This delivery still waits to be sent.")
