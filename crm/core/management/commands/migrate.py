"""``manage.py migrate`` that refuses a database of another history."""

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

OWN = ("core", "customers", "products", "marketing", "risk")


class Command(migrate.Command):
    """Django's own, after a look at what was applied before."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Tables are those of this source; one made by another version is left as it is."""
        loader = MigrationLoader(connections[options["database"]], ignore_no_migrations=True)
        unknown = sorted(
            f"{app}.{name}"
            for app, name in loader.applied_migrations
            if app in OWN and (app, name) not in loader.disk_migrations
        )
        if unknown:
            text = _(
                "This database was made by another version, which had %(names)s. Nothing was "
                "changed. A demo bank is made anew by: run.py demo --reset"
            )
            raise CommandError(text % {"names": ", ".join(unknown[:5])})
        super().handle(*args, **options)
