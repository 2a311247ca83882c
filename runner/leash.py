"""Celery's pool children die with the worker that forked them, also when it is killed."""

import ctypes
import os
import signal

from celery.signals import worker_process_init

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
WORKER = os.getpid()


@worker_process_init.connect
def hold(**_: object) -> None:
    """The kernel kills this child when its worker is gone."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != WORKER:
        os.kill(os.getpid(), signal.SIGKILL)
