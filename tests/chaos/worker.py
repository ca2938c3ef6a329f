"""A worker whose refunds take their time, before they are paid and after: long enough to be killed in either."""

import sys
import time
from typing import Any

from django.core.management import execute_from_command_line

SECONDS = 0.25


def refund_slowly() -> None:
    import agents_app.tools.refund_order as tool  # noqa: PLC0415  # the apps are ready only now

    refund = tool._refund

    def slowly(*arguments: Any) -> Any:
        time.sleep(SECONDS)
        paid = refund(*arguments)
        time.sleep(SECONDS)
        return paid

    setattr(tool, "_refund", slowly)  # noqa: B010  # a plain assignment would be typed


if __name__ == "__main__":
    import django

    django.setup()
    refund_slowly()
    execute_from_command_line([sys.argv[0], "worker"])
