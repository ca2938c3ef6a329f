"""What a person is told of a row that is not there, or that is somebody else's: the two look alike."""

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse


def not_there(request: HttpRequest, model: type[Model], pk: object) -> HttpResponse:
    """Back to the index with a word, as Django's own pages of a row do."""
    messages.warning(request, f"There is no {model._meta.verbose_name} {pk} here. Perhaps it was deleted.")
    return HttpResponseRedirect(reverse("admin:index"))
