"""Placeholder: specs of stage."""

from customers.features.spec import SourceSpec, Spec

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = ()
