"""The page on which members log in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView


class LoginPage(LoginView):
    """Django's login in our look. Where the settings know demo logins, it shows them to the newcomer."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        demo = getattr(settings, "DEMO_PASSWORDS", {})
        return super().get_context_data(demo_logins=list(demo.items()), **kwargs)
