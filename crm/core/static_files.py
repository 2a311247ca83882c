"""Static files under names that change with their content, packed with gzip."""

from __future__ import annotations

from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class PackedStaticFiles(CompressedManifestStaticFilesStorage):
    """As WhiteNoise does it, without Brotli: its best packing makes the first start wait."""

    def create_compressor(self, **kwargs: Any) -> Compressor:
        """A packer that knows gzip only."""
        return Compressor(**kwargs | {"use_brotli": False})
