"""Tables of notices: messages, mail, calendar feeds, web hooks."""

from giaoban.notices.models.feeds import Feed
from giaoban.notices.models.hooks import Delivery, DeliveryState, Hook
from giaoban.notices.models.mail import Mail, MailChoice, MailState, Rhythm
from giaoban.notices.models.messages import DuePassed, Gathered, Message

__all__ = [
    "Delivery",
    "DeliveryState",
    "DuePassed",
    "Feed",
    "Gathered",
    "Hook",
    "Mail",
    "MailChoice",
    "MailState",
    "Message",
    "Rhythm",
]
