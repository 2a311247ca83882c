"""What the manager does next, and what became of it."""

from marketing.models.board import BoardRun, BoardSum
from marketing.models.care import CareTask, Complaint, Satisfaction
from marketing.models.market import (
    BranchStrategy,
    CoordinationItem,
    MarketCount,
    MarketSurvey,
    RegTarget,
    SurveyLine,
)
from marketing.models.opportunity import Mode, Opportunity, StageEvent
from marketing.models.visit import (
    PlannedVisit,
    Purpose,
    Visit,
    VisitFact,
    VisitPhoto,
    VisitPlan,
    VisitReview,
)
from marketing.models.workbench import QueueMark

__all__ = [
    "BoardRun",
    "BoardSum",
    "BranchStrategy",
    "CareTask",
    "Complaint",
    "CoordinationItem",
    "MarketCount",
    "MarketSurvey",
    "Mode",
    "Opportunity",
    "PlannedVisit",
    "Purpose",
    "QueueMark",
    "RegTarget",
    "Satisfaction",
    "StageEvent",
    "SurveyLine",
    "Visit",
    "VisitFact",
    "VisitPhoto",
    "VisitPlan",
    "VisitReview",
]
