"""Pages."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.generic import DetailView, ListView

from shelf.models import Author, Book


class Books(ListView):
    """All books, or those whose title has what is searched for; two on a page."""

    model = Book
    paginate_by = 2
    template_name = "shelf/books.html"

    def get_queryset(self) -> QuerySet[Book]:
        """Give the books that fit `q`."""
        return Book.objects.select_related("author").filter(title__icontains=self.request.GET.get("q", ""))


class BookPage(DetailView):
    """A book."""

    model = Book
    template_name = "shelf/book.html"


class AuthorPage(DetailView):
    """An author."""

    model = Author
    template_name = "shelf/author.html"


def fault(_: HttpRequest) -> HttpResponse:
    """Fail, so that there is something to show the page of errors with."""
    raise RuntimeError("this page always fails")
