"""Signs of life of background processes."""

from django.db import models


class Pulse(models.Model):
    """When a kind of background process was last known to work, told through the database everybody shares."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
