"""Placeholder: specs of tags."""

from customers.features.spec import SourceSpec, Spec

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = ()
