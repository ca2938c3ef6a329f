"""A rule as it is filled in: with the version that the person has seen, and why they change it."""

from typing import TYPE_CHECKING, Any

from django import forms

from agents_app.models import PolicyRule
from agents_app.services.policies import who_was_faster

if TYPE_CHECKING:
    RuleModelForm = forms.ModelForm[PolicyRule]
else:
    RuleModelForm = forms.ModelForm


# As long as the API takes one for a decision.
REASON_CHARACTERS = 2000


class RuleForm(RuleModelForm):
    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    change_reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=REASON_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Why you change it: kept in the rule's history.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.instance._state.adding:
            self.fields["seen_version"].initial = self.instance.version
            self._offer_agents_of(self.instance.workspace_id)

    def _offer_agents_of(self, workspace_id: int) -> None:
        """Whoever only looks has no field to choose in."""
        field = self.fields.get("agent")
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            field.queryset = field.queryset.filter(workspace=workspace_id)

    def clean(self) -> dict[str, Any] | None:
        """Tell the second of two people before anything is saved. The service asks once more, for a real race."""
        seen = self.cleaned_data.get("seen_version")
        if not self.instance._state.adding and seen != self.instance.version:
            raise forms.ValidationError(who_was_faster(self.instance).detail)
        return super().clean()
