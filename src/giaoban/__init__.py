"""Giao Ban: the working loop of education administration in Viet Nam, in one system."""

__version__ = "0.1.0"
