"""How a line of the log is written."""

import logging

from sessions_app.masking.texts import mask_text


class MaskedLines(logging.Formatter):
    """Masks secrets in all that a line says, with its traceback: whatever a library writes goes through here.

    A formatter and not a filter: a filter sees the message before its arguments and its traceback are in it.
    """

    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))
