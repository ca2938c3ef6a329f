from django.contrib.admin.apps import AdminConfig


class HandrailAdminConfig(AdminConfig):
    """Django's admin, with a site of ours."""

    default_site = "config.admin_site.site.HandrailAdminSite"
