"""The catalogue of both pipelines: stages with their gates, deadlines and chances (e.6)."""

from marketing.pipeline.spec import LOST, Check, Stage, Track
from marketing.pipeline.stages import CREDIT, OTHER, TRACKS, stage_of, track_of

__all__ = [
    "CREDIT",
    "LOST",
    "OTHER",
    "TRACKS",
    "Check",
    "Stage",
    "Track",
    "stage_of",
    "track_of",
]
