"""Files into facts: upload, preview, check, start, cancel, undo, error file, templates."""

from customers.services.imports.batch import (
    Preview,
    change_mapping,
    context_of,
    kind_of,
    preview,
    upload,
)
from customers.services.imports.control import (
    CHECK,
    RUN,
    UNDO,
    begin_check,
    begin_run,
    cancel,
    check,
    job_stopped,
    purge,
    resume,
    start,
    undo,
    undo_now,
)
from customers.services.imports.run import Stopped, check_batch, run_batch
from customers.services.imports.sheets import error_file, sentence_of, template_file
from customers.services.imports.storage import pieces_of

__all__ = [
    "CHECK",
    "RUN",
    "UNDO",
    "Preview",
    "Stopped",
    "begin_check",
    "begin_run",
    "cancel",
    "change_mapping",
    "check",
    "check_batch",
    "context_of",
    "error_file",
    "job_stopped",
    "kind_of",
    "pieces_of",
    "preview",
    "purge",
    "resume",
    "run_batch",
    "sentence_of",
    "start",
    "template_file",
    "undo",
    "undo_now",
    "upload",
]
