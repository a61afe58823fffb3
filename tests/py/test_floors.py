"""The floors of py/distill: a module imports from its own floor and those below, and no modules import each other."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import distill

ROOT = Path(distill.__file__).parent

# From the ground up; "" are the modules beside the floors. docs/architecture.md says what each is for.
FLOORS = (
    "",
    "tar",
    "elf",
    "debian",
    "resolver",
    "runtime",
    "scripts",
    "lock",
    "layer",
    "assets",
    "bytecode",
    "package",
    "closure",
    "image",
    "image_test",
    "lint",
    "commands",
)


def _modules() -> dict[str, Path]:
    """Name below `distill` to file; a package is its __init__.py."""
    files = {file.relative_to(ROOT).with_suffix(""): file for file in ROOT.rglob("*.py")}
    return {".".join(name.parts).removesuffix("__init__").rstrip("."): file for name, file in files.items()}


def _imports(file: Path, modules: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_bytes())):
        if not isinstance(node, ast.ImportFrom) or not f"{node.module}.".startswith("distill."):
            continue
        origin = str(node.module).removeprefix("distill").lstrip(".")
        for alias in node.names:
            name = f"{origin}.{alias.name}".lstrip(".")
            yield name if name in modules else origin


def _floor(module: str) -> str:
    return module.partition(".")[0] if (ROOT / module.partition(".")[0]).is_dir() else ""


def test_imports_go_down_only() -> None:
    modules = _modules()
    up = [
        f"{module} imports {imported}"
        for module, file in modules.items()
        for imported in _imports(file, modules)
        if FLOORS.index(_floor(imported)) > FLOORS.index(_floor(module))
    ]
    assert not up, "move what both need to the lower floor"


def test_no_modules_import_each_other() -> None:
    modules = _modules()
    list(TopologicalSorter({module: _imports(file, modules) for module, file in modules.items()}).static_order())


def test_every_floor_is_in_the_plan_of_the_house() -> None:
    floors = {file.parent.name for file in ROOT.glob("*/__init__.py")}
    assert floors == set(FLOORS) - {""}
    page = (Path(__file__).parents[2] / "docs" / "architecture.md").read_text("utf-8")
    missing = [floor for floor in FLOORS[1:] if f"\n    {floor}/ " not in page and floor != "commands"]
    assert not missing
