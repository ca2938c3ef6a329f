"""The page on which members log in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpResponse

from sessions_app.views.login_form import LoginForm


class LoginPage(LoginView):
    """Django's login in our look. Where the settings know demo logins, it shows them to the newcomer."""

    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = getattr(settings, "DEMO_PASSWORDS", {})
        return super().get_context_data(demo_logins=list(demo.items()), **kwargs)

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        answer = super().form_invalid(form)
        if isinstance(form, LoginForm) and form.retry_after is not None:
            answer.status_code = 429
            answer["Retry-After"] = str(form.retry_after)
        return answer
