"""What a person fills in to make a grant by hand, to move its end, and to take it back."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser, User

from agents_app.admin.decision_forms import LENGTHS, SCOPES, JsonText, reason_field
from agents_app.conditions import read_conditions
from agents_app.models import Grant
from agents_app.services.grants import GrantTerms
from sessions_app.admin.scoped import supervised
from sessions_app.models import Session, Workspace

CONDITIONS_HELP = (
    'All must hold, and an argument that none names must be left out: [{"argument": "amount", "operator": "<=", '
    '"value": 5}]. Operators: == != > >= < <= like is. An empty list allows calls without arguments only.'
)


class EndForm(forms.Form):
    """When a grant ends instead."""

    seen = forms.CharField(widget=forms.HiddenInput)
    expires_at = forms.DateTimeField(
        label="Ends",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
    )
    reason = reason_field()


class RevokeForm(forms.Form):
    reason = reason_field()


class MakeForm(forms.Form):
    """A grant that no request asked for."""

    workspace = forms.ModelChoiceField(queryset=Workspace.objects.none())
    tool = forms.CharField(max_length=100, help_text="One tool by its name, no pattern.")
    conditions = JsonText(label="Conditions, as JSON", help_text=CONDITIONS_HELP, required=False, initial=[])
    scope = forms.ChoiceField(label="Where", choices=[(scope.value, words) for scope, words in SCOPES.items()])
    session = forms.CharField(required=False, max_length=120, help_text="The session's name, of a grant for one.")
    customer = forms.CharField(required=False, max_length=200, help_text="The customer, of a grant for one.")
    expires_in_seconds = forms.TypedChoiceField(label="How long", choices=LENGTHS, coerce=int, initial=86_400)
    reason = reason_field(required=True)

    def __init__(self, *args: Any, user: User | AnonymousUser, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = supervised(user)
        self.fields["workspace"].queryset = mine  # type: ignore[attr-defined]  # a ModelChoiceField has one
        self.fields["workspace"].initial = mine.first()

    def clean_conditions(self) -> Any:
        written = self.cleaned_data["conditions"]
        try:
            return read_conditions([] if written is None else written)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from None

    def clean(self) -> dict[str, Any]:
        """Find the session that was named, in the workspace that was chosen."""
        given = self.cleaned_data
        name, workspace = given.get("session"), given.get("workspace")
        given["session"] = None
        if name and workspace:
            given["session"] = Session.objects.filter(workspace=workspace, name=name).first()
            if given["session"] is None:
                self.add_error("session", "This workspace has no session of that name.")
        return given

    @property
    def terms(self) -> GrantTerms:
        given = self.cleaned_data
        return GrantTerms(Grant.Scope(given["scope"]), given["expires_in_seconds"], given["conditions"])
