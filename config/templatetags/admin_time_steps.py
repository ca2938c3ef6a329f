"""The row of years, months or days above a list."""

from datetime import date
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.db.models import Min
from django.utils import timezone

from config.admin_site.time_steps import Step, narrower, read_step
from sessions_app.models import Workspace

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def time_steps(cl: ChangeList) -> dict[str, Any]:
    """Django's asks the listed table which years, months and days it has: it reads a large one from end to end."""
    field = cl.date_hierarchy
    begin, end = cl.params.get(f"{field}__gte", ""), cl.params.get(f"{field}__lt", "")
    step = read_step(begin, end)

    def link(to: Step | None) -> str:
        bounds = {} if to is None else dict(zip((f"{field}__gte", f"{field}__lt"), to.bounds, strict=True))
        return cl.get_query_string(bounds, [f"{field}__"])

    choices = [{"link": link(each), "title": each.title} for each in narrower(step, _first(), timezone.localdate())]
    if step is not None and not choices:
        choices = [{"title": step.title}]
    if step is None and (begin or end):
        choices.insert(0, {"title": _said(begin, end)})
    return {"show": bool(choices), "back": _back(step, bool(begin or end), link), "choices": choices}


def _back(step: Step | None, narrowed: bool, link: Any) -> dict[str, str] | None:
    if not narrowed:
        return None
    wider = step.wider if step else None
    return {"link": link(wider), "title": wider.title if wider else "All dates"}


def _said(begin: str, end: str) -> str:
    """Bounds that come from elsewhere, such as the dashboard."""
    since = f"since {begin[:16].replace('T', ' ')}" if begin else ""
    until = f"until {end[:16].replace('T', ' ')}" if end else ""
    return f"{since} {until}".strip()


def _first() -> date:
    """Nothing is older than the first workspace."""
    oldest = Workspace.objects.aggregate(at=Min("created_at"))["at"]
    return timezone.localdate(oldest) if oldest else timezone.localdate()
