"""Imports over the API: upload, dry run, load, cancel, undo, and the rows that were refused."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.api import CanView
from crm.core.roles import Can
from customers.imports.sentences import sentence
from customers.models import ImportBatch, ImportRowError
from customers.selectors.imports import import_list
from customers.services.imports import batch as batches
from customers.services.imports import control

COUNTS = ("read_rows", "created_rows", "updated_rows", "unchanged_rows", "rejected_rows")


class ImportSerializer(serializers.ModelSerializer[ImportBatch]):
    """An import with its counts: read = created + updated + unchanged + rejected, always."""

    problem = serializers.SerializerMethodField()

    class Meta:
        model = ImportBatch
        fields = (
            "id",
            "kind",
            "file_name",
            "file_sha256",
            "file_bytes",
            "encoding",
            "mapping",
            "state",
            *COUNTS,
            "warned_rows",
            "checked",
            "fraction",
            "problem",
            "job",
            "created_by",
            "created_at",
            "started_at",
            "finished_at",
        )
        read_only_fields = fields

    def get_problem(self, batch: ImportBatch) -> str:
        """Why the file cannot be loaded, in the caller's language."""
        told = batch.problem
        return sentence(told["code"], told.get("details", {})) if told.get("code") else ""


class UploadSerializer(serializers.Serializer[Any]):
    """A file of one kind; ``mapping`` names a mapping file."""

    kind = serializers.CharField()
    file = serializers.FileField()
    mapping = serializers.CharField(required=False, default="")


class RowErrorSerializer(serializers.ModelSerializer[ImportRowError]):
    """A refused row, or a remark on a loaded one, as a sentence with its place and value."""

    sentence = serializers.SerializerMethodField()

    class Meta:
        model = ImportRowError
        fields = ("line", "column", "value", "code", "sentence", "is_remark")

    def get_sentence(self, row: ImportRowError) -> str:
        """The reason in the caller's language."""
        return sentence(row.code, row.details)


class ImportViewSet(
    CanView,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[ImportBatch],
):
    """Imports of the bank. Loading is background work: answers are 202, ``state`` tells."""

    can = Can.VIEW_IMPORTS
    can_write = Can.RUN_IMPORTS
    abilities = {"errors": Can.RUN_IMPORTS}
    queryset = ImportBatch.objects.none()
    serializer_class = ImportSerializer
    filterset_fields = ("kind", "state", "file_sha256")

    def get_queryset(self) -> QuerySet[ImportBatch]:
        """Every import of the bank, the newest first."""
        return import_list()

    @extend_schema(request=UploadSerializer, responses={201: ImportSerializer})
    def create(self, request: Request) -> Response:
        """The file is stored and recognised; nothing is loaded yet."""
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        file: UploadedFile = form.validated_data["file"]
        batch = batches.upload(
            by=request.user,
            kind=form.validated_data["kind"],
            name=file.name or "file",
            pieces=file.chunks(),
            mapping=form.validated_data["mapping"],
        )
        return Response(ImportSerializer(batch).data, status=status.HTTP_201_CREATED)

    def get_parsers(self) -> list[Any]:
        """Uploads come as a form, everything else as JSON."""
        if self.request is not None and self.request.method == "POST" and not self.kwargs:
            return [MultiPartParser()]
        return super().get_parsers()

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def check(self, request: Request, pk: str = "") -> Response:
        """A dry run: ``checked`` will hold the counts that loading would give."""
        return self._begun(control.check(by=request.user, batch_id=self.get_object().pk))

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str = "") -> Response:
        """The file is loaded, from its start or on from where it was cancelled."""
        return self._begun(control.start(by=request.user, batch_id=self.get_object().pk))

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str = "") -> Response:
        """Nothing more is loaded; what was loaded stays."""
        return self._begun(control.cancel(by=request.user, batch_id=self.get_object().pk))

    @extend_schema(request=None, responses={202: ImportSerializer})
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str = "") -> Response:
        """The data becomes what it was before, unless a later import stands in the way (409)."""
        return self._begun(control.undo(by=request.user, batch_id=self.get_object().pk))

    @extend_schema(responses=RowErrorSerializer(many=True))
    @action(detail=True, methods=["get"])
    def errors(self, request: Request, pk: str = "") -> Response:
        """The refused rows and remarks, by line."""
        rows: QuerySet[ImportRowError] = self.get_object().errors.order_by("line", "pk")
        page = self.paginator.paginate_queryset(rows, request, view=self)
        return self.paginator.get_paginated_response(RowErrorSerializer(page, many=True).data)

    def _begun(self, batch: ImportBatch) -> Response:
        return Response(ImportSerializer(batch).data, status=status.HTTP_202_ACCEPTED)
