"""Resources of the ground floor under /api/v1/: background jobs and one's own account."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import BaseRouter

from crm.core.api import CanView
from crm.core.models import Job
from crm.core.roles import Can
from crm.core.selectors import jobs as selectors
from crm.core.services import jobs as services


class JobSerializer(serializers.ModelSerializer[Job]):
    """A job with its progress; ``remaining_seconds`` is an estimate, null when unknown."""

    created_by = serializers.StringRelatedField[Any]()
    label = serializers.CharField(read_only=True)
    done = serializers.IntegerField(read_only=True)
    total = serializers.IntegerField(read_only=True, allow_null=True)
    remaining_seconds = serializers.IntegerField(read_only=True, allow_null=True)

    class Meta:
        model = Job
        fields = (
            "id", "kind", "label", "state", "done", "total", "parts_done", "parts_total",
            "remaining_seconds", "error", "created_by", "created_at", "started_at", "finished_at",
        )  # fmt: skip

    def to_representation(self, instance: Job) -> dict[str, Any]:
        """The job with its progress beside its columns."""
        found = selectors.progress(instance, now=timezone.now())
        left = found.remaining
        instance.label, instance.done, instance.total = str(found.label), found.done, found.total  # type: ignore[attr-defined]
        instance.remaining_seconds = int(left.total_seconds()) if left is not None else None  # type: ignore[attr-defined]
        return dict(super().to_representation(instance))


class JobViewSet(
    CanView, mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Job]
):
    """Background jobs: your own; operators and auditors see all."""

    can = Can.VIEW_JOBS
    can_write = Can.VIEW_JOBS
    serializer_class = JobSerializer
    queryset = Job.objects.none()
    filterset_fields = ("state", "kind")

    def get_queryset(self) -> QuerySet[Job]:
        return selectors.job_list(user=self.request.user)

    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str | None = None) -> Response:
        """No further range starts; what is done stays done."""
        job = services.cancel_job(job_id=self.get_object().pk, by=request.user)
        return Response(self.get_serializer(job).data)

    @action(detail=True, methods=["post"])
    def retry(self, request: Request, pk: str | None = None) -> Response:
        """Parked ranges wait again, with fresh attempts."""
        job = services.retry_job(job_id=self.get_object().pk, by=request.user)
        return Response(self.get_serializer(job).data)


def register(router: BaseRouter) -> None:
    """The routes of this floor."""
    router.register("jobs", JobViewSet, basename="job")
