"""The admin's pages."""

from django.contrib import admin

from shelf.models import Author, Book


@admin.register(Author)
class AuthorAdmin(admin.ModelAdmin):
    """Authors, found by name."""

    search_fields = ("name",)


@admin.register(Book)
class BookAdmin(admin.ModelAdmin):
    """Books, by author and day."""

    autocomplete_fields = ("author",)
    date_hierarchy = "added"
    list_display = ("title", "author")
    list_filter = ("author",)
    search_fields = ("title",)
