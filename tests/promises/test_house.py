"""The house keeps its habits: reasons, hashes, no host names, nothing of ../shared, links that lead somewhere."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for path in (ROOT / "src").rglob("*") if path.suffix in {".py", ".html", ".js", ".css", ".toml"})


def test_each_dependency_states_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    wanted = list(data["project"]["dependencies"])
    for group in [*data["dependency-groups"].values(), *data["project"]["optional-dependencies"].values()]:
        wanted += group
    for dependency in wanted:
        line = next(line for line in text.splitlines() if line.strip().startswith(f'"{dependency}"'))
        assert re.search(r'",\s*#\s*\S.{8,}', line), f"no reason beside {dependency}"


LOCKS = {
    "requirements.lock": 20,
    "requirements-dev.lock": 20,
    "requirements-spark.lock": 20,
    "requirements-cluster.lock": 2,
    "requirements-compare.lock": 10,
}


@pytest.mark.parametrize(("name", "least"), LOCKS.items())
def test_lock_pins_with_hashes_and_names_no_host(name, least):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and "index-url" not in text
    pins = re.findall(r"^[a-z0-9._-]+==\S+.*\\$", text, flags=re.MULTILINE)
    assert len(pins) >= least
    assert len(pins) == len(re.findall(r"^[a-z0-9]\S*", text, flags=re.MULTILINE)), "a line without hashes"


def test_the_client_of_spark_changes_no_other_package():
    """`make setup-spark` adds to .venv; what is there already keeps its version."""
    locked = [
        (ROOT / name).read_text(encoding="utf-8") for name in ("requirements-dev.lock", "requirements-spark.lock")
    ]
    ours, with_spark = ({pin.split("==")[0]: pin for pin in re.findall(r"^\S+==\S+", text, re.M)} for text in locked)
    assert {name: pin for name, pin in with_spark.items() if ours.get(name, pin) != pin} == {}
    assert "pyspark-client" in with_spark and "pyspark-client" not in ours


def test_every_dependency_is_locked():
    data = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    locked = (ROOT / "requirements-dev.lock").read_text(encoding="utf-8")
    for dependency in data["project"]["dependencies"] + data["dependency-groups"]["dev"]:
        name = re.match(r"[A-Za-z0-9._-]+", dependency).group().lower()
        assert re.search(rf"^{re.escape(name)}==", locked, flags=re.MULTILINE), f"{name} is not in the lock: make lock"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_product_does_not_need_the_founders_folder(path):
    assert "../shared" not in path.read_text(encoding="utf-8"), "the product may not read ../shared"


def test_links_of_the_documentation_lead_somewhere():
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = []
    for page in pages:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in target and not target.startswith(("mailto:", "/")) and not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)} → {target}")
    assert not broken, "\n".join(broken)


def test_each_room_says_what_it_owns():
    for init in sorted((ROOT / "src" / "giaoban").glob("*/__init__.py")):
        assert init.read_text(encoding="utf-8").lstrip().startswith('"""'), f"{init.parent.name} has no docstring"


def test_no_third_party_code_is_committed():
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    assert not [name for name in tracked if re.search(r"(node_modules|vendor|\.min\.js$|\.woff2?$|\.ttf$)", name)]
