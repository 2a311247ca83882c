"""What run.py does on one machine; the standard library only, for it also makes the virtualenv."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
