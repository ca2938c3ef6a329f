"""What a session's page leads to: the requests of its timeline, which are decided on their own pages, and its runs."""

from sessions_app.admin.entry_pages import ENTRY_PAGES, EntryPage

ENTRY_PAGES["permission"] = EntryPage(
    key="request_id", url="admin:agents_app_permissionrequest_change", label="Open this request"
)
ENTRY_PAGES["run"] = EntryPage(key="id", url="admin:agents_app_run_change", label="Open this run")
