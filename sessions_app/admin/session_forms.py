"""What is asked before something is done with a session. As long as the API takes it."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import QuerySet

from sessions_app.models import Session
from sessions_app.services.summaries import draft_summary

QUEUE = ("", "Back into the queue")


def _text(label: str, *, most: int, rows: int = 3, **options: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows, "cols": 80})
    return forms.CharField(label=label, max_length=most, widget=area, required=False, **options)


class NothingForm(forms.Form):
    """Nothing is asked but whether it is meant."""


class CloseForm(forms.Form):
    reason = _text("Why? (optional; the customer does not see it)", most=2000)


class HandBackForm(forms.Form):
    summary = _text("What the agent should know of what was said meanwhile", most=4000, rows=10)


class ReassignForm(forms.Form):
    to = forms.ChoiceField(label="To", required=False)
    reason = _text("What should they know? (optional)", most=2000)

    def __init__(self, members: QuerySet[User], data: Any = None) -> None:
        super().__init__(data)
        names = members.order_by("username").values_list("username", flat=True).distinct()
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [QUEUE, *((name, name) for name in names)]


def members_for(sessions: QuerySet[Session]) -> QuerySet[User]:
    """To whom these sessions may be given: active members of their workspaces."""
    return User.objects.filter(is_active=True, memberships__workspace__in=sessions.order_by().values("workspace"))


def close_form(session: Session, data: Any) -> forms.Form:
    return CloseForm(data)


def hand_back_form(session: Session, data: Any) -> forms.Form:
    """Begins with a draft made from the log, to be corrected."""
    return HandBackForm(data, initial=None if data is not None else {"summary": draft_summary(session)})


def reassign_form(session: Session, data: Any) -> forms.Form:
    members = members_for(Session.objects.filter(pk=session.pk))
    return ReassignForm(members.exclude(serving=session), data)


def nothing_form(session: Session, data: Any) -> forms.Form:
    return NothingForm(data)
