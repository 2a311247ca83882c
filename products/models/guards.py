"""What the database itself refuses: changing what was submitted, checking one's own work."""

from __future__ import annotations

import pgtrigger
from django.db import models

LIFE = frozenset(
    {
        "id", "state", "effective_from", "effective_to", "submitted_at", "revision", "makers",
        "made_by_id", "made_at",
    }
)  # fmt: skip


def _refusal(name: str, words: str) -> str:
    """Raises what Django knows as an IntegrityError, naming the rule."""
    return (
        f"RAISE EXCEPTION '{words}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}', "
        "TABLE = TG_TABLE_NAME;"
    )


class FrozenContent(pgtrigger.Trigger):
    """PRO-1: the content of a version that was submitted stays as it was, draft again or never."""

    when = pgtrigger.Before
    operation = pgtrigger.Update

    def __init__(self) -> None:
        super().__init__(name="frozen_content")

    def get_func(self, model: type[models.Model]) -> str:
        """Compares every column but those of the version's life."""
        columns = [f.column for f in model._meta.local_concrete_fields if f.column not in LIFE]
        old, new = (", ".join(f'{row}."{name}"' for name in columns) for row in ("OLD", "NEW"))
        refusal = _refusal("version_frozen_once_submitted", "A submitted version is frozen")
        return f"""
            IF OLD.state <> 'draft' AND OLD.submitted_at IS NOT NULL
                AND ROW({old}) IS DISTINCT FROM ROW({new}) THEN {refusal}
            END IF;
            RETURN NEW;
        """


class FrozenPart(pgtrigger.Trigger):
    """PRO-1: rules and fees of a version that was submitted stay as they were."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("versions", "bigint[]")]

    def __init__(self) -> None:
        super().__init__(name="frozen_part")

    def get_func(self, model: type[models.Model]) -> str:
        """Looks at the version before and after."""
        refusal = _refusal("version_frozen_once_submitted", "A submitted version is frozen")
        return f"""
            IF TG_OP = 'INSERT' THEN versions := ARRAY[NEW.version_id];
            ELSIF TG_OP = 'DELETE' THEN versions := ARRAY[OLD.version_id];
            ELSE versions := ARRAY[OLD.version_id, NEW.version_id];
            END IF;
            IF EXISTS (SELECT FROM products_productversion v WHERE v.id = ANY(versions)
                AND v.state <> 'draft' AND v.submitted_at IS NOT NULL) THEN {refusal}
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """


class CheckerIsNotMaker(pgtrigger.Trigger):
    """PRO-2: whoever wrote on a version never decides on it."""

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update

    def __init__(self) -> None:
        super().__init__(name="checker_is_not_maker")

    def get_func(self, model: type[models.Model]) -> str:
        """Looks the makers up."""
        refusal = _refusal("version_checker_is_not_maker", "The maker never decides")
        return f"""
            IF EXISTS (SELECT FROM products_productversion v WHERE v.id = NEW.version_id
                AND (v.made_by_id = NEW.by_id OR NEW.by_id = ANY(v.makers))) THEN {refusal}
            END IF;
            RETURN NEW;
        """
