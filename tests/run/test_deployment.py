"""The image, the compose file and the example settings agree with each other and with the code."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from runner import ROOT
from runner.servers import SETTINGS

COMPOSE = (ROOT / "docker-compose.yml").read_text("utf-8")
SERVICES = yaml.safe_load(COMPOSE)["services"]
APPS = ("web", "worker", "beat")
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")
EXPLAINED = set(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))
READ_BY_CODE = re.compile(
    r"\benv\.(?:text|flag|number|names|secret|keys|database)\(\s*\"([A-Z_]+)\""
    r"|os\.environ\.get\(\"(WEB_[A-Z]+)\""
)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_the_compose_file_follows_the_specification():
    options = ("--builtin-schema", "vendor.compose-spec", "docker-compose.yml")

    done = run(sys.executable, "-m", "check_jsonschema", *options)

    assert done.returncode == 0, done.stdout


def test_hadolint_has_nothing_to_say_about_the_image():
    done = run(Path(sys.executable).parent / "hadolint", "Dockerfile")

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check_and_comes_back(name):
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", APPS)
def test_apps_wait_for_healthy_servers_and_for_the_migration(name):
    conditions = {key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()}

    assert conditions == {
        "postgres": "service_healthy",
        "valkey": "service_healthy",
        "migrate": "service_completed_successfully",
    }


def test_only_the_web_service_publishes_a_port_and_only_to_this_machine():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert set(published) == {"web"}
    assert published["web"][0].startswith("${WEB_ADDRESS:-127.0.0.1}:")


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"web"}))
def test_servers_and_workers_live_in_a_network_without_a_way_out(name):
    assert SERVICES[name]["networks"] == ["inside"]
    assert yaml.safe_load(COMPOSE)["networks"]["inside"] == {"internal": True}


@pytest.mark.parametrize("name", [*APPS, "migrate"])
def test_apps_run_without_privileges(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


def test_the_image_runs_as_a_numbered_account_that_is_not_root():
    users = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)

    assert users
    assert int(users[-1].partition(":")[0]) > 0


def test_every_variable_of_the_compose_file_is_explained():
    used = set(re.findall(r"(?<!\$)\$\{([A-Z0-9_]+)", COMPOSE))

    assert used - EXPLAINED == set()


def test_every_setting_that_the_code_reads_is_explained_and_kept_out_of_test_runs():
    sources = [ROOT / "gunicorn.conf.py", *(ROOT / "crm").rglob("*.py")]
    read = {
        name
        for path in sources
        for pair in READ_BY_CODE.findall(path.read_text("utf-8"))
        for name in pair
        if name
    } | {"DATABASE_URL"}

    assert read - EXPLAINED == set()
    assert {name for name in read if not name.startswith("WEB_")} - set(SETTINGS) == set()


def test_the_example_holds_no_secret():
    values = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    secrets = [name for name in values if name.endswith(("KEY", "KEYS", "PASSWORD"))]

    assert len(secrets) == 5
    assert {values[name] for name in secrets} == {""}


def test_no_secret_reaches_the_image():
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()

    assert {".env", ".env.*", ".data", ".git"} <= set(ignored)


def test_ci_calls_the_one_test_command_with_the_browser_required():
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    assert script.splitlines()[-1] == "REQUIRE_BROWSER=1 exec python3 run.py test"
