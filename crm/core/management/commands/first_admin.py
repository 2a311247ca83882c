"""``manage.py first_admin USERNAME``: head office and its administrator, on an empty database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from crm.core.errors import DomainError
from crm.core.services.first_admin import make_first_admin


class Command(BaseCommand):
    help = "Make head office and the first system administrator; prints a password to change."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="系统管理员", help="the person's name")
        parser.add_argument("--bank", default="总行", help="the name of head office")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, password = make_first_admin(
                username=options["username"], full_name=options["name"], bank=options["bank"]
            )
        except DomainError as error:
            raise CommandError(str(error.message)) from error
        self.stdout.write(f"{user.username}  {password}")
