"""What readers say, from a data file of the package."""

import json
from importlib.resources import files

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

TITLE = "Reviews"


def index(request: HttpRequest) -> HttpResponse:
    """Show all reviews."""
    reviews = json.loads((files("shelf.plugins") / "reviews of readers.json").read_text("utf-8"))
    return render(request, "shelf/reviews.html", {"reviews": reviews})


urlpatterns = [path("", index, name="reviews")]
