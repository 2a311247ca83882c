"""The bank itself: head office, branches with their teams, the people in them, and territories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from crm.core.models import Branch, User
from crm.core.roles import ROLES
from crm.core.services.numbering import renumber
from customers.demo.plan import Plan
from customers.demo.words import FEMALE_GIVEN, MALE_GIVEN, SURNAMES, TOWNS, VILLAGES
from customers.models import Territory
from customers.naming import pinyin_of

PASSWORD = "huike-demo-2026"  # noqa: S105 (valid while the demo setting is on: passwords.py)
BANK = "禾源银行"
CUSTOMERS_PER_MANAGER = 350
FEWEST_MANAGERS = 12
TEAM_SIZE = 8
# Branches in the order in which a growing bank opens them: code, name, district.
BRANCHES = (
    ("NH", "南湖支行", "330402"),
    ("HN", "海宁支行", "330481"),
    ("TX", "桐乡支行", "330483"),
    ("XZ", "秀洲支行", "330411"),
    ("PH", "平湖支行", "330482"),
    ("JS", "嘉善支行", "330421"),
    ("HY", "海盐支行", "330424"),
)
# Who looks after a district that has no branch yet.
STAND_IN = {"330411": "330402", "330421": "330402", "330482": "330481", "330424": "330481"}
DISTRICT_SHARE = {
    "330402": 0.20,
    "330411": 0.14,
    "330421": 0.12,
    "330424": 0.10,
    "330481": 0.18,
    "330482": 0.12,
    "330483": 0.14,
}
TEAM_NAMES = "一二三四五六七八九十"
# The fixed log-ins: user name, full name, role, unit code.
FIXED = (
    ("lina", "李娜", "rm", "NH-1"),
    ("zhaoqiang", "赵强", "team_lead", "NH-1"),
    ("sunli", "孙莉", "branch_head", "NH"),
    ("qianwei", "钱伟", "catalog_admin", "HQ"),
    ("fengjing", "冯静", "risk_officer", "HQ"),
    ("heping", "何平", "auditor", "HQ"),
    ("dengtao", "邓涛", "sys_admin", "HQ"),
)
SECOND_PAIR = (
    ("wuminhua", "吴敏华", "risk_officer", "HQ"),
    ("xuwenjie", "徐文杰", "catalog_admin", "HQ"),
)


@dataclass(frozen=True)
class Manager:
    """A relationship manager with the unit and the grid cell worked."""

    pk: int
    scope_no: int
    branch_id: int
    branch_lo: int
    district: str
    grid_id: int
    since: date


@dataclass(frozen=True)
class Staff:
    """Who looks after whom: managers by district, territories by district and kind."""

    managers: dict[str, list[Manager]]
    territories: dict[tuple[str, str], list[int]]
    branch_heads: dict[int, int]  # unit of a team -> the head of its branch


def demo_logins() -> list[dict[str, str]]:
    """One log-in for each role; the passwords work while the demo setting is on."""
    units = dict(Branch.objects.values_list("code", "name"))
    return [
        {
            "role": role,
            "label": str(ROLES[role].label),
            "username": username,
            "password": PASSWORD,
            "name": full_name,
            "unit": units.get(unit, unit),
        }
        for username, full_name, role, unit in FIXED
    ]


def build_staff(plan: Plan) -> Staff:
    """Units, people and territories exist and are numbered."""
    wanted = max(FEWEST_MANAGERS, -(-plan.customers // CUSTOMERS_PER_MANAGER))
    opened = BRANCHES[: max(3, min(len(BRANCHES), wanted // 12 + 2))]
    sizes = _sizes(opened, wanted)
    units = _units(opened, sizes)
    _people(plan, opened, sizes, units)
    renumber()
    _territories(plan, opened)
    return _staff()


def _sizes(opened: tuple[tuple[str, str, str], ...], wanted: int) -> list[int]:
    """Managers by branch, by the share of customers in the districts it covers."""
    covering = _covering(opened)
    shares = [sum(DISTRICT_SHARE[d] for d, by in covering.items() if by == o[0]) for o in opened]
    sizes = [max(4, round(wanted * share)) for share in shares]
    while sum(sizes) < wanted:
        sizes[sizes.index(min(sizes))] += 1
    return sizes


def _units(opened: tuple[tuple[str, str, str], ...], sizes: list[int]) -> dict[str, Branch]:
    """Head office, branches and teams by code; those that exist are kept."""
    level = Branch.Level
    head = _unit("HQ", f"{BANK}总行", level.HEAD_OFFICE, None, "330402")
    units = {"HQ": head}
    for (code, name, district), size in zip(opened, sizes, strict=True):
        units[code] = _unit(code, name, level.BRANCH, head, district)
        for team in range(_teams(size)):
            number = TEAM_NAMES[team] if team < len(TEAM_NAMES) else str(team + 1)
            units[f"{code}-{team + 1}"] = _unit(
                f"{code}-{team + 1}", f"{name}小微{number}部", level.TEAM, units[code], district
            )
    return units


def _unit(code: str, name: str, level: str, parent: Branch | None, district: str) -> Branch:
    defaults = {"name": name, "level": level, "parent": parent, "region_code": district}
    return Branch.objects.get_or_create(code=code, defaults=defaults)[0]


def _teams(size: int) -> int:
    return max(2, -(-size // TEAM_SIZE))


def _people(
    plan: Plan,
    opened: tuple[tuple[str, str, str], ...],
    sizes: list[int],
    units: dict[str, Branch],
) -> None:
    """The fixed people, then everybody else a bank of this size needs; one password for all."""
    vacant = [
        post for branch, size in zip(opened, sizes, strict=True) for post in _posts(branch, size)
    ]
    fixed = [*FIXED, *SECOND_PAIR]
    for _username, _name, role, unit in fixed:
        if (role, unit) in vacant:
            vacant.remove((role, unit))
    names = _names(plan, len(vacant))
    posts = [*fixed, *((*name, *post) for name, post in zip(names, vacant, strict=True))]
    password = make_password(PASSWORD)
    dice = plan.rng(0, "tenure")
    tenure = dice.integers(200, 4_000, len(posts)).tolist()
    for number, (username, name, role, unit) in enumerate(posts):
        User.objects.update_or_create(
            username=username,
            defaults={
                "full_name": name,
                "employee_no": f"H{number + 1:05d}",
                "role": role,
                "branch": units[unit],
                "joined_on": plan.as_of - timedelta(days=tenure[number]),
                "password": password,
                "is_active": True,
            },
        )


def _posts(branch: tuple[str, str, str], size: int) -> list[tuple[str, str]]:
    """Role and unit of every post in one branch."""
    code = branch[0]
    teams = [f"{code}-{number + 1}" for number in range(_teams(size))]
    managers = [("rm", teams[number % len(teams)]) for number in range(size)]
    leads = [("team_lead", team) for team in teams]
    return [("branch_head", code), ("risk_officer", code), *leads, *managers]


def _names(plan: Plan, count: int) -> list[tuple[str, str]]:
    """User names and full names, no user name twice."""
    dice = plan.rng(0, "staff")
    taken = {post[0] for post in (*FIXED, *SECOND_PAIR)}
    given = [*MALE_GIVEN.split(), *FEMALE_GIVEN.split()]
    surnames = dice.integers(0, len(SURNAMES), count).tolist()
    others = dice.integers(0, len(given), count).tolist()
    names = []
    for surname, other in zip(surnames, others, strict=True):
        full = SURNAMES[surname] + given[other]
        username = base = pinyin_of(full)[0]
        number = 2
        while username in taken:
            username, number = f"{base}{number}", number + 1
        taken.add(username)
        names.append((username, full))
    return names


def _covering(opened: tuple[tuple[str, str, str], ...]) -> dict[str, str]:
    """For each district the code of the branch that looks after it."""
    of_district = {district: code for code, _name, district in opened}
    return {d: of_district.get(d) or of_district[STAND_IN[d]] for d in TOWNS}


def _territories(plan: Plan, opened: tuple[tuple[str, str, str], ...]) -> None:
    """Parks, markets, villages and the like in every district, and one grid cell a manager."""
    units = {branch.code: branch for branch in Branch.objects.all()}
    covering = _covering(opened)
    dice = plan.rng(0, "territories")
    rows = []
    for district, towns in TOWNS.items():
        for code, name, kind in _places(district, towns.split()):
            estimate = int(dice.integers(40, 900))
            rows.append(
                Territory(
                    code=code,
                    name=name,
                    kind=kind,
                    region_id=district,
                    branch=units[covering[district]],
                    tenant_estimate=estimate,
                )
            )
    Territory.objects.bulk_create(rows)
    _grid_cells(opened, covering)


def _places(district: str, towns: list[str]) -> list[tuple[str, str, str]]:
    """Code, name and kind of the territories of one district."""
    kind = Territory.Kind
    short = [town.removesuffix("街道").removesuffix("镇") for town in towns]
    found: list[tuple[str, str, str]] = [
        (f"{district}-P1", f"{short[0]}经济开发区", kind.PARK),
        (f"{district}-P2", f"{short[2]}智造产业园", kind.PARK),
        (f"{district}-M1", f"{short[1]}综合批发市场", kind.MARKET),
        (f"{district}-M2", f"{short[-1]}农贸市场", kind.MARKET),
        (f"{district}-D1", f"{short[0]}商业街区", kind.DISTRICT),
        (f"{district}-C1", f"{short[3]}特色产业集群", kind.CLUSTER),
    ]
    villages = VILLAGES.split()[int(district[-1]) :][:4]
    return [
        *found,
        *(
            (f"{district}-V{n + 1}", f"{towns[-1 - n % 3]}{village}村", kind.VILLAGE)
            for n, village in enumerate(villages)
        ),
    ]


def _grid_cells(opened: tuple[tuple[str, str, str], ...], covering: dict[str, str]) -> None:
    """Each manager of a branch works one grid cell in one of the districts it covers."""
    rows = []
    for code, _name, _district in opened:
        districts = [district for district, by in covering.items() if by == code]
        people = User.objects.filter(
            role="rm", is_active=True, branch__code__startswith=f"{code}-"
        ).order_by("pk")
        cells = dict.fromkeys(districts, 0)
        for number, person in enumerate(people):
            district = min(districts, key=lambda d: (cells[d] + 0.5) / DISTRICT_SHARE[d])
            towns = TOWNS[district].split()
            town = towns[cells[district] % len(towns)]
            cells[district] += 1
            rows.append(
                Territory(
                    code=f"{district}-G{number + 1:03d}",
                    name=f"{town}第{number + 1}网格",
                    kind=Territory.Kind.GRID,
                    region_id=district,
                    branch=person.branch,
                    manager=person,
                    tenant_estimate=400,
                )
            )
    Territory.objects.bulk_create(rows)


def _staff() -> Staff:
    """What the generator needs of the people and places just made."""
    managers: dict[str, list[Manager]] = {district: [] for district in TOWNS}
    cells = Territory.objects.filter(kind=Territory.Kind.GRID).select_related("manager__branch")
    for cell in cells.order_by("pk"):
        person = cell.manager
        if person is None or person.joined_on is None or cell.region_id is None:
            continue
        managers[cell.region_id].append(
            Manager(
                pk=person.pk,
                scope_no=person.scope_no,
                branch_id=person.branch_id,
                branch_lo=person.branch.scope_lo,
                district=cell.region_id,
                grid_id=cell.pk,
                since=person.joined_on,
            )
        )
    places: dict[tuple[str, str], list[int]] = {}
    for pk, district, kind in Territory.objects.order_by("pk").values_list(
        "pk", "region_id", "kind"
    ):
        places.setdefault((district, kind), []).append(pk)
    heads = dict(User.objects.filter(role="branch_head").values_list("branch_id", "pk"))
    teams = Branch.objects.filter(level=Branch.Level.TEAM).values_list("pk", "parent_id")
    return Staff(managers, places, {team: heads[parent] for team, parent in teams if parent})
