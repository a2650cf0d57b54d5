"""One's own text before it is issued: its faults, what makes a task clear, names that are no more, and the page."""

from giaoban.desk.checking.faults import KINDS, MILD, OFFER, SERIOUS, WARN, Fault, check

__all__ = ["KINDS", "MILD", "OFFER", "SERIOUS", "WARN", "Fault", "check"]
