"""What a person fills in to answer a permission request. The field names are those of the API."""

from typing import Any

from django import forms

from agents_app.admin.showing import as_json
from agents_app.models import Grant, PermissionRequest
from agents_app.services.grants import GrantTerms
from agents_app.services.offers import Offer

Scope = Grant.Scope
LENGTHS = [
    (3_600, "one hour"),
    (28_800, "eight hours"),
    (86_400, "one day"),
    (604_800, "one week"),
    (2_592_000, "30 days"),
]
SCOPES = {
    Scope.SESSION: "in this session",
    Scope.CUSTOMER: "for this customer",
    Scope.WORKSPACE: "in the whole workspace",
}


def reason_field(what: str = "Reason", *, required: bool = False) -> forms.CharField:
    # As long as the API takes it.
    return forms.CharField(
        label=what, required=required, max_length=2000, widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2000})
    )


class JsonText(forms.JSONField):
    """JSON to be edited by hand: indented, in a monospaced field, and as it was typed when it is wrong."""

    def __init__(self, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": 8, "class": "code", "spellcheck": "false"})
        super().__init__(widget=widget, **options)

    def prepare_value(self, value: Any) -> Any:
        if value is None:
            return ""
        return value if isinstance(value, str) else as_json(value)

    def bound_data(self, data: Any, initial: Any) -> Any:
        return data

    def to_python(self, value: Any) -> Any:
        if self.required and not (value or "").strip():
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return super().to_python(value)

    def validate(self, value: Any) -> None:
        """An empty object and null are values, too: only an empty field is none, and that was looked at before."""


class PlainForm(forms.Form):
    """An answer about what is shown."""

    # The arguments as people had changed them when the page was made; nothing while they had not.
    seen = forms.JSONField(required=False, widget=forms.HiddenInput)
    reason = reason_field()


class EditedForm(forms.Form):
    """Approve, with other arguments than those shown."""

    arguments = JsonText(label="Arguments, as JSON")
    reason = reason_field()

    def clean_arguments(self) -> dict[str, Any]:
        given = self.cleaned_data["arguments"]
        if not isinstance(given, dict):
            raise forms.ValidationError('Arguments are an object: {"name": value}.')
        return given


class AlwaysForm(PlainForm):
    """Approve, and allow exactly this from now on."""

    scope = forms.ChoiceField(label="Where")
    expires_in_seconds = forms.TypedChoiceField(label="How long", choices=LENGTHS, coerce=int, initial=86_400)
    field_order = ("seen", "scope", "expires_in_seconds", "reason")

    def __init__(self, *args: Any, customer: str, **options: Any) -> None:
        super().__init__(*args, **options)
        scopes = [(scope.value, words) for scope, words in SCOPES.items() if customer or scope is not Scope.CUSTOMER]
        self.fields["scope"].choices = scopes  # type: ignore[attr-defined]  # a ChoiceField has them

    @property
    def terms(self) -> GrantTerms:
        return GrantTerms(Scope(self.cleaned_data["scope"]), self.cleaned_data["expires_in_seconds"])


class DoneForm(forms.Form):
    """It took effect, with this result."""

    result = JsonText(label="What it came to, as JSON: the agent reads it")
    reason = reason_field()


# Which form goes with which answer. Each answer has a form of its own on the page, but for the plain ones.
PLAIN = ("approve", "deny", "run_again", "give_up")
FORMS: dict[str, type[forms.Form]] = {
    **dict.fromkeys(PLAIN, PlainForm),
    "edit": EditedForm,
    "always": AlwaysForm,
    "done": DoneForm,
}


def form_for(answer: str, asked: PermissionRequest, data: Any = None) -> forms.Form:
    """The form of one answer, filled in with what is being asked about."""
    # Several forms stand on one page, so each needs ids of its own.
    options: dict[str, Any] = {"data": data, "auto_id": f"id_{group_of(answer)}_%s"}
    # What stays masked in an answer stands for what it hides.
    seen = None if asked.edited_arguments is None else asked.masked(asked.edited_arguments)
    options["initial"] = {"seen": seen, "arguments": asked.masked(shown_arguments(asked))}
    if answer == "always":
        options["customer"] = asked.run.session.customer
    return FORMS[answer](**options)


def shown_arguments(asked: PermissionRequest) -> dict[str, Any]:
    """What would run: the arguments as people changed them so far, or as they were shown."""
    edited: dict[str, Any] | None = asked.edited_arguments
    return asked.arguments if edited is None else edited


def forms_for(asked: PermissionRequest, offer: Offer) -> dict[str, forms.Form]:
    """A form for the plain answers together, and one for each answer that takes more."""
    names = [answer for answer in FORMS if answer in offer.answers]
    return {group_of(answer): form_for(answer, asked) for answer in names}


def group_of(answer: str) -> str:
    """Under which name the page knows the form of an answer."""
    return "plain" if answer in PLAIN else answer
