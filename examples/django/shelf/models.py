"""Authors and books."""

from django.db import models
from django.urls import reverse


class Author(models.Model):
    """Who writes."""

    name = models.CharField(max_length=100, unique=True)
    born = models.DateField(null=True, blank=True)

    class Meta:
        """By name."""

        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Give the author's page."""
        return reverse("author", args=[self.pk])


class Book(models.Model):
    """What they wrote."""

    title = models.CharField(max_length=200)
    author = models.ForeignKey(Author, on_delete=models.CASCADE, related_name="books")
    printed = models.PositiveIntegerField(help_text="Copies.")
    added = models.DateTimeField(auto_now_add=True)

    class Meta:
        """By name."""

        ordering = ("title",)

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Give the book's page."""
        return reverse("book", args=[self.pk])
