"""Every column has a data class; nothing of class C3 is held (rules.md 12)."""

from django.apps import apps

from crm.core.masking import FORBIDDEN_PARTS, DataClass, data_class, is_plain, looks_sensitive

OURS = ("core", "customers", "products", "risk", "marketing")
COLUMNS = [
    (model, field)
    for label in OURS
    for model in apps.get_app_config(label).get_models()
    for field in model._meta.local_concrete_fields
]


def name(model, field) -> str:
    return f"{model._meta.label}.{field.name}"


def test_every_column_is_classed():
    untagged = [name(*column) for column in COLUMNS if data_class(*column) is None]

    assert untagged == []


def test_a_column_that_looks_sensitive_is_c2_unless_its_own_name_says_otherwise():
    for model, field in COLUMNS:
        if looks_sensitive(field.name) and not is_plain(field):
            given = {}
            for base in model.__mro__:
                given = base.__dict__.get("data_classes", {}) | given
            is_c2 = data_class(model, field) == DataClass.C2
            assert is_c2 or field.name in given, name(model, field)


def test_nothing_of_class_c3_is_held():
    held = [name(*column) for column in COLUMNS if data_class(*column) == DataClass.C3]
    named = [
        name(*column) for column in COLUMNS if any(p in column[1].name for p in FORBIDDEN_PARTS)
    ]

    assert held == named == []
