"""People, rights, reference data, parameters, jobs and audit."""

from crm.core.models.audit import AuditEntry
from crm.core.models.jobs import Job, JobRange
from crm.core.models.org import Branch, Cover, User
from crm.core.models.parameters import RuleParameter
from crm.core.models.reference import (
    IndustryCode,
    IndustryPolicy,
    LprQuote,
    RegionCode,
    SizeMapping,
    SizeStandard,
    TradeProfile,
)
from crm.core.models.task import Task

__all__ = [
    "AuditEntry",
    "Branch",
    "Cover",
    "IndustryCode",
    "IndustryPolicy",
    "Job",
    "JobRange",
    "LprQuote",
    "RegionCode",
    "RuleParameter",
    "SizeMapping",
    "SizeStandard",
    "Task",
    "TradeProfile",
    "User",
]
