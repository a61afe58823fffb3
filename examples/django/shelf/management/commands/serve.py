"""`serve`: brings the database up to date and serves the site."""

from typing import Any

import waitress
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.core.wsgi import get_wsgi_application


class Command(BaseCommand):
    """Serves the site with waitress."""

    help = "Brings the database up to date and serves the site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the arguments."""
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_: Any, **options: Any) -> None:
        """Serve until stopped."""
        call_command("migrate", verbosity=0)
        waitress.serve(get_wsgi_application(), listen=f"*:{options['port']}", threads=4)
