"""The login's form, here and in the admin: it counts failures, and after too many does not look at the password."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from sessions_app.addresses import address_of
from sessions_app.exceptions import TooMany
from sessions_app.services.logins import begin_login, login_failed, login_succeeded

if TYPE_CHECKING:
    Form = AuthenticationForm
else:
    Form = object


class Counting(Form):
    """To be put in front of Django's forms for logins. `retry_after` is set when it refused to look."""

    retry_after: int | None = None

    def clean(self) -> dict[str, Any]:
        name = self.cleaned_data.get("username")
        if not name or not self.cleaned_data.get("password"):
            return super().clean()
        assert self.request is not None, "Logins come by request."
        address = address_of(self.request)
        try:
            begin_login(name, address=address)
        except TooMany as refusal:
            self.retry_after = refusal.retry_after
            words = gettext("Too many failed logins under this user name. Wait a few minutes, then try again.")
            raise ValidationError(words, code=refusal.code) from None
        try:
            cleaned = super().clean()
        except ValidationError:
            login_failed(name)
            raise
        login_succeeded(name, address=address)
        return cleaned


class LoginForm(Counting, AuthenticationForm):
    """The login page's."""
