"""What the pieces of a range are called."""

from django.utils import dateformat, timezone

from config.admin_site.dashboard.ranges import Range


def labels(during: Range) -> list[str]:
    return [dateformat.format(timezone.localtime(start), during.choice.time_format) for start in during.starts]
