"""Surveys, goals and strategies of the units: few rows, made one by one."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zlib import crc32

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from crm.core.models import Branch, IndustryCode, RegionCode, User
from crm.core.services.numbering import place_person
from customers.models import Customer, Territory, TerritoryMember
from marketing.demo.frame import Work
from marketing.goals import METRICS, Direction, Metric, Parts
from marketing.goals.pace import Goal, share_gone
from marketing.goals.spec import Unit
from marketing.goals.strategy import PLANNED
from marketing.market.survey import FIRM, FIRM_TYPES, KINDS, SOLE_TRADER
from marketing.models import BranchStrategy, GoalSum, MarketSurvey, RegTarget, SurveyLine
from marketing.services.goals import count_goals
from marketing.services.market_counts import count_market
from products.services.focus import set_focus

HEAD = ("linqing", "林青")
AGES = (("<25", 4), ("25-34", 24), ("35-44", 33), ("45-54", 26), ("55+", 13))
UP = ("0.97", "1.00", "1.03", "1.06", "1.15")  # target by what would be on the straight line
DOWN = ("1.06", "1.02", "0.99", "0.95", "0.82")
STRATEGIES = (
    (
        "立足城区商圈和专业市场，做小店小铺的主办银行；以收款码切入，以信用贷带动结算和代发。",
        ("F", "H", "52"), ("quality_trade", "self_employed"),
        ("acquiring", "working_capital_loan", "payroll"), ("online", "comprehensive"),
        "不新增房地产中介、二手车寄售和无实际经营的贸易公司。",
    ),
    (
        "围绕皮革、经编产业集群，沿核心企业上下游批量获客，以设备贷和供应链融资支持技改。",
        ("17", "18", "19", "35"), ("adv_manufacturing", "zjtx"),
        ("fixed_asset_loan", "supply_chain_loan", "working_capital_loan"),
        ("industry", "supply_chain"),
        "压降高耗能印染和连续两年亏损的加工户；不做互保圈客户。",
    ),
    (
        "服务乡村振兴和新农人，合作社与家庭农场整村授信，农产品流通做结算闭环。",
        ("A", "13", "51"), ("modern_agriculture", "sannong"),
        ("farm_production_loan", "account_card", "insurance"), ("policy", "comprehensive"),
        "不做无流转合同的大户；不做异地养殖代养项目。",
    ),
)  # fmt: skip


MIXES = (
    {"working_capital_loan": "0.5", "supply_chain_loan": "0.2", "fixed_asset_loan": "0.15"},
    {"fixed_asset_loan": "0.3", "supply_chain_loan": "0.3", "working_capital_loan": "0.3"},
    {"farm_production_loan": "0.4", "working_capital_loan": "0.35"},
)


def add_market(work: Work) -> Counter[str]:
    """Surveys in force, goals with every light, strategies in every state; all counted."""
    head = _head_of_bank()
    rows = Counter(
        {
            "marketing_marketsurvey": _surveys(work, head),
            "goal rows": count_goals(as_of=work.as_of),
        }
    )
    rows["marketing_regtarget"] = _goals(work, head)
    rows["marketing_branchstrategy"] = _strategies(work, head)
    count_goals(as_of=work.as_of)
    count_market(as_of=work.as_of)
    return rows


def _head_of_bank() -> User:
    """Somebody at head office who decides what branches propose."""
    root = Branch.objects.filter(parent=None).order_by("pk").first()
    if root is None:
        raise Branch.DoesNotExist
    found = User.objects.filter(branch=root, role="branch_head", is_active=True).first()
    if found is not None:
        return found
    other = User.objects.filter(is_active=True).order_by("pk").first()
    user, _is_new = User.objects.update_or_create(  # of an earlier demo bank, perhaps
        username=HEAD[0],
        defaults={
            "full_name": HEAD[1],
            "role": "branch_head",
            "branch": root,
            "employee_no": "H90001",
            "joined_on": root.created_at.date() - timedelta(days=2_000),
            "password": other.password if other else "!",
            "is_active": True,
        },
    )
    place_person(user)
    return user


def _luck(*parts: object) -> float:
    return (crc32("|".join(map(str, parts)).encode()) % 10_000) / 10_000


# --- surveys


def _surveys(work: Work, head: User) -> int:
    """One survey a region with customers; one of them is old, one is a mere estimate."""
    regions = list(
        Customer.objects.exclude(region=None)
        .values_list("region_id", flat=True)
        .distinct()
        .order_by("region_id")
    )
    sources = ("registry", "tax", "registry", "park", "count", "estimate", "registry")
    for number, region in enumerate(regions):
        branch = _branch_of(region)
        maker = User.objects.filter(branch=branch, role="branch_head", is_active=True).first()
        months = 21 if number == len(regions) - 1 else 2 + number * 2
        survey = MarketSurvey.objects.create(
            branch=branch,
            region=RegionCode.objects.get(pk=region),
            as_of=work.as_of - timedelta(days=30 * months),
            source=sources[number % len(sources)],
            confidence=2 if sources[number % len(sources)] == "estimate" else 4 - number % 2,
            state=MarketSurvey.State.APPROVED,
            made_by=maker,
            approved_by=head if maker != head else None,
            approved_at=timezone.now(),
        )
        ours = Customer.objects.filter(region_id=region)
        SurveyLine.objects.bulk_create(_lines(survey, ours, region))
    return len(regions) + _place_surveys(work, head)


def _place_surveys(work: Work, head: User) -> int:
    """The park office and the market told how many work there, of the largest of each branch."""
    made = 0
    for branch in Branch.objects.filter(level=Branch.Level.BRANCH, is_active=True).order_by("pk"):
        maker = User.objects.filter(branch=branch, role="branch_head", is_active=True).first()
        for place in Territory.objects.filter(pk__in=_focus_places(branch), region__isnull=False):
            survey = MarketSurvey.objects.create(
                branch=branch,
                region=place.region,
                territory=place,
                as_of=work.as_of - timedelta(days=75),
                source="park",
                confidence=4,
                state=MarketSurvey.State.APPROVED,
                made_by=maker,
                approved_by=head if maker != head else None,
                approved_at=timezone.now(),
            )
            members = TerritoryMember.objects.filter(territory=place).values("customer")
            ours = Customer.objects.filter(pk__in=members)
            SurveyLine.objects.bulk_create(_lines(survey, ours, place.code))
            made += 1
    return made


def _branch_of(region: str) -> Branch:
    """The branch most customers of the region belong to."""
    rows = Customer.objects.filter(region_id=region).values("branch_id").annotate(n=Count("pk"))
    unit = Branch.objects.get(
        pk=max(rows, key=lambda row: (row["n"], -row["branch_id"]))["branch_id"]
    )
    while unit.level == Branch.Level.TEAM and unit.parent is not None:
        unit = unit.parent
    return unit


def _lines(survey: MarketSurvey, ours: QuerySet[Customer], place: str) -> list[SurveyLine]:
    """The two standard forms: firms by kind, sole traders by trade and by age."""
    kinds = Counter(
        dict(
            ours.filter(party_type__in=FIRM_TYPES, portrait__survey_kind__isnull=False)
            .values_list("portrait__survey_kind")
            .annotate(n=Count("pk"))
        )
    )
    lines = []
    for key, _label in KINDS:
        count = _market(kinds[key], place, key)
        lines.append(SurveyLine(survey=survey, party_type=FIRM, survey_kind=key, count=count))
    sections = dict(IndustryCode.objects.values_list("code", "section"))
    trades: Counter[str] = Counter()
    for code, number in (
        ours.filter(party_type=SOLE_TRADER, industry__isnull=False)
        .values_list("industry_id")
        .annotate(n=Count("pk"))
    ):
        trades[sections[code]] += number
    total = 0
    for section, number in sorted(trades.items()):
        count = _market(number, place, section)
        total += count
        lines.append(
            SurveyLine(
                survey=survey, party_type=SOLE_TRADER, industry_id=section, count=count,
                new_count=count // 11,
            )
        )  # fmt: skip
    left = total
    for band, share in AGES:
        count = left if band == AGES[-1][0] else total * share // 100
        left -= count
        lines.append(SurveyLine(survey=survey, party_type=SOLE_TRADER, age_band=band, count=count))
    return lines


def _market(ours: int, region: str, key: str) -> int:
    """How many there are where this many are ours: penetration of 5 to 25 percent."""
    share = 0.05 + 0.2 * _luck("market", region, key)
    return max(round(ours / share), ours + 12)


# --- goals


def _goals(work: Work, head: User) -> int:
    """A goal a metric for the bank, its branches and teams; some reached, some behind."""
    start, end = date(work.as_of.year, 1, 1), date(work.as_of.year, 12, 31)
    sums: dict[tuple[str, int], list[tuple[int, Parts]]] = {}
    usual = Q()
    for metric in METRICS:
        usual |= Q(metric=metric.key, caliber=metric.caliber)
    for one in GoalSum.objects.filter(usual, period_from=start):
        parts = Parts(one.rows, one.top, one.bottom, one.whole_top, one.whole_bottom)
        sums.setdefault((one.metric, 0), []).append((one.scope_no, parts))
    made = []
    for unit in Branch.objects.filter(is_active=True).select_related("parent").order_by("pk"):
        maker, checker = _pair(unit, head)
        for metric in METRICS:
            parts = sum(
                (
                    part
                    for number, part in sums.get((metric.key, 0), [])
                    if unit.scope_lo <= number <= unit.scope_hi
                ),
                Parts(),
            )
            target, baseline = _target(metric, parts, unit, start, end, work.as_of, sums)
            if target is None:
                continue
            made.append(
                RegTarget(
                    branch=unit, metric=metric.key, caliber=metric.caliber, period_from=start,
                    period_to=end, target=target, baseline=baseline,
                    weight=2 if metric.key.startswith("inclusive") else 1,
                    state=RegTarget.State.APPROVED, made_by=maker, decided_by=checker,
                    decided_at=_at(start + timedelta(days=20)),
                )
            )  # fmt: skip
    RegTarget.objects.bulk_create(made)
    return len(made) + _proposed(start, end)


def _pair(unit: Branch, head: User) -> tuple[User | None, User | None]:
    """Who proposed and who approved: the unit's own head and that of the unit above."""
    role = "team_lead" if unit.level == Branch.Level.TEAM else "branch_head"
    maker = User.objects.filter(branch=unit, role=role, is_active=True).order_by("pk").first()
    if unit.parent is None or maker == head:
        return None, head
    above = User.objects.filter(branch=unit.parent, role="branch_head", is_active=True)
    return maker, above.order_by("pk").first() or head


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(hours=10)


def _target(
    metric: Metric, parts: Parts, unit: Branch, start: date, end: date, as_of: date,
    sums: dict[tuple[str, int], list[tuple[int, Parts]]],
) -> tuple[Decimal | None, Decimal | None]:  # fmt: skip
    """A target around what a straight line to it would show today, and the baseline."""
    actual = metric.value(parts)
    if metric.key == "inclusive_growth":
        return Decimal(0), None
    if not actual:
        return None, None
    factors = UP if metric.direction == Direction.UP else DOWN
    factor = Decimal(factors[int(_luck("goal", unit.code, metric.key) * len(factors))])
    gone = share_gone(Goal(actual, None, start, end), as_of)
    if metric.is_flow and metric.is_additive and gone:
        return _round(actual * factor / gone, metric), None
    baseline = None
    if metric.key == "inclusive_balance":
        growth = sums.get(("inclusive_growth", 0), [])
        baseline = _round(
            sum(
                (
                    part.bottom
                    for number, part in growth
                    if unit.scope_lo <= number <= unit.scope_hi
                ),
                Decimal(0),
            ),
            metric,
        )
    elif metric.key == "inclusive_customers":
        baseline = _round(actual * Decimal("0.94"), metric)
    target = _round(actual * factor, metric)
    return (min(target, Decimal(1)) if metric.unit == Unit.SHARE else target), baseline


def _round(value: Decimal, metric: Metric) -> Decimal:
    step = {
        Unit.YUAN: Decimal(100_000),
        Unit.COUNT: Decimal(1),
        Unit.DAYS: Decimal("0.5"),
    }.get(metric.unit, Decimal("0.001"))
    return max((value / step).quantize(Decimal(1), ROUND_HALF_UP), Decimal(1)) * step


def _proposed(start: date, end: date) -> int:
    """One branch asks for other goals; they wait for head office."""
    branch = (
        Branch.objects.filter(level=Branch.Level.BRANCH, is_active=True).order_by("-pk").first()
    )
    if branch is None:
        return 0
    maker = User.objects.filter(branch=branch, role="branch_head", is_active=True).first()
    rows = RegTarget.objects.filter(
        branch=branch, metric__in=("first_borrowers", "unsecured_share"), state="approved"
    )
    made = [
        RegTarget(
            branch=branch, metric=row.metric, caliber=row.caliber, period_from=start,
            period_to=end, target=row.target * Decimal("0.95"), baseline=row.baseline,
            weight=row.weight, state=RegTarget.State.SUBMITTED, made_by=maker,
        )
        for row in rows
    ]  # fmt: skip
    RegTarget.objects.bulk_create(made)
    return len(made)


# --- strategies


def _strategies(work: Work, head: User) -> int:
    """A strategy a branch for the year: the last one still waits for head office."""
    branches = list(Branch.objects.filter(level=Branch.Level.BRANCH, is_active=True).order_by("pk"))
    for number, branch in enumerate(branches):
        text, industries, groups, families, styles, avoided = STRATEGIES[number % len(STRATEGIES)]
        maker = User.objects.filter(branch=branch, role="branch_head", is_active=True).first()
        waits = len(branches) > 1 and number == len(branches) - 1
        goals = RegTarget.objects.filter(branch=branch, metric__in=PLANNED, state="approved")
        places = _focus_places(branch)
        if not waits:
            set_focus(
                unit=branch,
                year=work.as_of.year,
                industries=industries,
                groups=groups,
                families=families,
                territories=places,
            )
        BranchStrategy.objects.create(
            branch=branch,
            year=work.as_of.year,
            positioning=text,
            focus_industries=list(industries),
            focus_groups=list(groups),
            focus_families=list(families),
            focus_territories=places,
            territory_plan={f"{key}": 4 + 2 * place for place, key in enumerate(places)},
            product_mix=MIXES[number % len(MIXES)],
            styles=list(styles),
            avoided=avoided,
            goals={row.metric: str(row.target.normalize()) for row in goals},
            state="submitted" if waits else "approved",
            made_by=maker,
            decided_by=None if waits or maker == head else head,
            decided_at=None if waits else _at(date(work.as_of.year, 1, 28)),
        )
    return len(branches)


def _focus_places(branch: Branch) -> list[int]:
    """A park, a market and a cluster of the branch, those with most customers."""
    mine = Territory.objects.filter(
        branch__scope_lo__gte=branch.scope_lo, branch__scope_hi__lte=branch.scope_hi
    ).annotate(customers=Count("members"))
    found = []
    for kind in (Territory.Kind.PARK, Territory.Kind.MARKET, Territory.Kind.CLUSTER):
        best = mine.filter(kind=kind).order_by("-customers", "code").first()
        if best is not None:
            found.append(best.pk)
    return found
