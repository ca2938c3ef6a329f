"""The admin's login counts failures as the login page does, and with it."""

from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from sessions_app.services.supervising import may_use_admin
from sessions_app.views.login_form import Counting


class AdminLoginForm(Counting, AdminAuthenticationForm):
    """Django's, for people who may use the admin."""

    def confirm_login_allowed(self, user: User) -> None:
        super().confirm_login_allowed(user)
        if not may_use_admin(user):
            raise ValidationError("The admin is for supervisors and superusers. Operators work at the workbench.")
