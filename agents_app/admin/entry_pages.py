"""What a session's timeline leads to: a permission request has a page on which it is decided."""

from sessions_app.admin.entry_pages import ENTRY_PAGES, EntryPage

ENTRY_PAGES["permission"] = EntryPage(
    key="request_id", url="admin:agents_app_permissionrequest_change", label="Open this request"
)
