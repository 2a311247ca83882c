"""What the manager does next, and what became of it."""

from marketing.models.board import (
    BoardCell,
    BoardCharge,
    BoardCustomer,
    BoardPlace,
    BoardRun,
    BoardSeat,
    OrgSpan,
)
from marketing.models.care import CareTask, Complaint, Relief, Satisfaction
from marketing.models.goals import GoalCohort, GoalLoan, GoalRun, GoalSum
from marketing.models.market import (
    BranchStrategy,
    CoordinationItem,
    MarketCount,
    MarketSurvey,
    RegTarget,
    SurveyLine,
)
from marketing.models.opportunity import Mode, Opportunity, StageEvent, StageRate
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
    "BoardCell",
    "BoardCharge",
    "BoardCustomer",
    "BoardPlace",
    "BoardRun",
    "BoardSeat",
    "BranchStrategy",
    "CareTask",
    "Complaint",
    "CoordinationItem",
    "GoalCohort",
    "GoalLoan",
    "GoalRun",
    "GoalSum",
    "MarketCount",
    "MarketSurvey",
    "Mode",
    "Opportunity",
    "OrgSpan",
    "PlannedVisit",
    "Purpose",
    "QueueMark",
    "RegTarget",
    "Relief",
    "Satisfaction",
    "StageEvent",
    "StageRate",
    "SurveyLine",
    "Visit",
    "VisitFact",
    "VisitPhoto",
    "VisitPlan",
    "VisitReview",
]
