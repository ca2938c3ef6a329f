"""The icon under the address that browsers ask for when a page names none."""

from django.http import HttpRequest, HttpResponseRedirect
from django.templatetags.static import static


def favicon(request: HttpRequest) -> HttpResponseRedirect:
    """For pages that are not ours, such as the API's description. Our own name their icon."""
    return HttpResponseRedirect(static("handrail/favicon.svg"))
