"""Many new tables in one step of a migration.

After each operation a migration draws anew every model that hangs on the changed one. A hundred
models hang on the customer: made one by one they would keep a fresh database waiting for a minute.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class CreateTables(Operation):
    """The tables of a first migration, each made once, as it stands after the last operation.

    ``operations`` are those that ``makemigrations`` wrote: ``CreateModel``, and fields, indexes,
    constraints and triggers of models that the same list creates.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Every operation changes the state; models are drawn after the last one."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Every table stands, with its indexes, constraints and triggers."""
        for model in self._models(app_label, to_state):
            schema_editor.create_model(model)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """None of the tables stands."""
        for model in reversed(list(self._models(app_label, from_state))):
            schema_editor.delete_model(model)

    def _models(self, app_label: str, state: ProjectState) -> Iterator[Any]:
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                yield state.apps.get_model(app_label, operation.name)

    def describe(self) -> str:
        return "Create tables"

    @property
    def migration_name_fragment(self) -> str:
        return "tables"
