"""What this app reads from files: survey lines, coordination lists; in the house's import way."""

from __future__ import annotations

from customers.imports.sentences import SENTENCES
from marketing.imports.coordination import COORDINATION_LIST
from marketing.imports.sentences import WORDS
from marketing.imports.survey import SURVEY_LINES

SENTENCES.update(WORDS)

__all__ = ["COORDINATION_LIST", "SURVEY_LINES"]
