"""What a browser may send as a file: no more than the limit ever reaches the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class CappedUpload(FileUploadHandler):
    """Stops storing past the limit; the rest of the request is read and forgotten.

    The view sees no file, and ``request.is_upload_too_big``.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """The chunk goes on to the next handler, as long as there is room."""
        self.received += len(raw_data)
        if self.received > settings.IMPORT_MAX_BYTES:
            self.request.is_upload_too_big = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler has the file."""
