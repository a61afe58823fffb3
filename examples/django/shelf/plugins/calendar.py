"""When books were added, in the time zone of the settings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from shelf.models import Book

TITLE = "Calendar"


def index(request: HttpRequest) -> HttpResponse:
    """Show the days."""
    return render(request, "shelf/calendar.html", {"books": Book.objects.order_by("added")})


urlpatterns = [path("", index, name="calendar")]
