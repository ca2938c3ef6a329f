"""Addresses of the pages. Those of the API are in `config.api`."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import JavaScriptCatalog

from sessions_app.views import accounts, chat, icon, workbench

urlpatterns = [
    path("", chat.page, name="chat"),
    path("test", chat.page, {"developer": True}, name="chat-test"),
    path("visitor-token", chat.renew_token, name="visitor-token"),
    path("workbench/", workbench.queue, name="workbench"),
    path("workbench/rows/", workbench.rows, name="workbench-rows"),
    path("workbench/sessions/<str:name>/", workbench.session, name="workbench-session"),
    path("accounts/login/", accounts.LoginPage.as_view(), name="login"),
    path("accounts/logout/", LogoutView.as_view(), name="logout"),
    path("jsi18n/", JavaScriptCatalog.as_view(domain="djangojs", packages=["sessions_app"]), name="words"),
    path("favicon.ico", icon.favicon, name="favicon"),
]
