"""The admin's login counts failures as the login page does, and with it."""

from django.contrib import admin
from django.contrib.admin.forms import AdminAuthenticationForm

from sessions_app.views.login_form import Counting


class AdminLoginForm(Counting, AdminAuthenticationForm):
    """Django's, for people who may use the admin."""


admin.site.login_form = AdminLoginForm
