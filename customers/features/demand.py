"""Placeholder: specs of demand."""

from customers.features.spec import SourceSpec, Spec

SOURCES: tuple[SourceSpec, ...] = ()
SPECS: tuple[Spec, ...] = ()
