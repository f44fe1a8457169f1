"""The page of engines says what the table in the code says."""

from pathlib import Path

from anyedit.engines.toolbox import DEFAULTS, ENGINES
from anyedit.engines.tools import ROLES

PAGE = Path(__file__).parents[2] / "docs" / "engines.md"


def test_the_table_of_roles_is_true() -> None:
    wanted = []
    for role, (_, what) in ROLES.items():
        names = [f"**{name}**" if DEFAULTS.get(role) == name else name for name in ENGINES.get(role, {})]
        wanted.append(f"| `{role}` | {what} | {', '.join(names)} |")
    said = [line for line in PAGE.read_text().splitlines() if line.startswith("| `") and line.count("|") == 4]
    assert [line for line in said if line.split("`")[1] in ROLES] == wanted
