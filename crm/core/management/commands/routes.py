"""``manage.py routes``: who may use which route."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from crm.core.access import routes
from crm.core.roles import ROLES


class Command(BaseCommand):
    help = "List every route with its methods and the ability it asks for."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        rows: list[dict[str, Any]] = [
            {
                "path": route.path,
                "name": route.name,
                "kind": route.kind,
                "methods": {verb: can and str(can) for verb, can in route.rights.items()},
                "roles": sorted(_roles(set(route.rights.values()))),
            }
            for route in routes()
        ]
        if options["json"]:
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        for row in rows:
            asked = ", ".join(f"{verb} {can or '-'}" for verb, can in row["methods"].items())
            self.stdout.write(f"{row['path']:<60} {row['kind']:<8} {asked}")


def _roles(abilities: set[Any]) -> list[str]:
    return [key for key, role in ROLES.items() if abilities <= role.can]
