"""What the bank and its peers offer."""

from products.models.bundle import Bundle, BundleItem, BundleVersion, ForbiddenPair, Quote
from products.models.competitor import Competitor, CompetitorNote, CompetitorProduct
from products.models.eligibility import EligibilityRule, MatchWeights
from products.models.focus import UnitFocus
from products.models.match import CustomerMatch, MatchCount, MatchFeedback, OfferFit, RuleBook
from products.models.product import FeeItem, Product, ProductVersion, VersionDecision
from products.models.suggestion import PropensityModel, Suggestion

__all__ = [
    "Bundle",
    "BundleItem",
    "BundleVersion",
    "Competitor",
    "CompetitorNote",
    "CompetitorProduct",
    "CustomerMatch",
    "EligibilityRule",
    "FeeItem",
    "ForbiddenPair",
    "MatchCount",
    "MatchFeedback",
    "MatchWeights",
    "OfferFit",
    "Product",
    "ProductVersion",
    "PropensityModel",
    "Quote",
    "RuleBook",
    "Suggestion",
    "UnitFocus",
    "VersionDecision",
]
