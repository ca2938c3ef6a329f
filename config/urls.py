"""Addresses."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from config.api import api

handler404 = "config.api.not_found"
urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("sessions_app.urls")),
]
