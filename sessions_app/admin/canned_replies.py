"""Texts that operators say often."""

from django.contrib import admin

from sessions_app.admin.configuration import SET_UP, ConfigurationAdmin
from sessions_app.admin.filters import ScopedRelatedFilter
from sessions_app.models import CannedReply


@admin.register(CannedReply)
class CannedReplyAdmin(ConfigurationAdmin):
    supervisors_may = SET_UP
    list_display = ["shortcut", "language", "workspace", "beginning"]
    list_filter = [("workspace", ScopedRelatedFilter)]
    list_select_related = ["workspace"]
    search_fields = ["shortcut", "language", "text"]
    autocomplete_fields = ["workspace"]

    @admin.display(description="text")
    def beginning(self, reply: CannedReply) -> str:
        return reply.text[:80]
