"""What somebody unknown has taken of what they may take in a minute, or in some."""

from django.db import models


class Allowance(models.Model):
    """How often its holder, an address or a visitor, say, did one thing since the minute it names.

    The row is the lock of its holder: whoever counts here counts alone.
    """

    # An HMAC: no address is kept.
    holder = models.CharField(max_length=64, unique=True)
    minute = models.DateTimeField(db_index=True)
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return self.holder
