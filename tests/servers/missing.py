"""What a test run lacks on this machine."""


class Missing(Exception):
    """The message is one line: what is missing and how to get it."""
