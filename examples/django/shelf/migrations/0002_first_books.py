"""Something to look at."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

BOOKS = {
    ("Ada Lovelace", date(1815, 12, 10)): [("Notes on the Analytical Engine", 1200)],
    ("Karel Čapek", date(1890, 1, 9)): [("R.U.R.", 35000), ("Válka s mloky", 1250000)],
}


def add(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Add the books."""
    author_model, book_model = apps.get_model("shelf", "Author"), apps.get_model("shelf", "Book")
    for (name, born), books in BOOKS.items():
        author = author_model.objects.create(name=name, born=born)
        for title, printed in books:
            book_model.objects.create(title=title, author=author, printed=printed)


class Migration(migrations.Migration):
    """Three books."""

    dependencies = (("shelf", "0001_initial"),)
    operations = (migrations.RunPython(add, migrations.RunPython.noop),)
