"""What the pages and the sources say of each other holds: links and named sections exist."""
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(ROOT / name for name in subprocess.run(["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard",
                                                       "*.md"], text=True, stdout=subprocess.PIPE, check=True).stdout.split())
MENTION = re.compile(r"(docs/[\w/.-]+\.md)(?: §([A-Z]\w*))?")


def headings(page):
    """Titles of all sections, outside of code."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [re.sub(r"[`*]", "", line.lstrip("#").strip()) for line in text.splitlines() if re.match(r"#{1,6} ", line)]


def anchor(title):
    """As the forges make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def links(page):
    text = re.sub(r"^```.*?^```|`[^`\n]*`", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", target)]


def test_there_are_pages():
    assert {"README.md", "docs/house.md", "docs/formats/parquet.md"} <= {str(p.relative_to(ROOT)) for p in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_to_something(page):
    for target in links(page):
        path, _, section = target.partition("#")
        place = (page.parent / path).resolve() if path else page
        assert place.exists(), target
        if section:
            assert section in [anchor(title) for title in headings(place)], target


def test_pages_and_sections_that_sources_name_exist():
    files = subprocess.run(["git", "-C", str(ROOT), "grep", "-lIE", r"docs/[a-z/_-]+\.md", "--", "*.c", "*.h", "*.py", "*.cc",
                            "meson.build", "Makefile"], text=True, stdout=subprocess.PIPE).stdout.split()
    assert len(files) > 10
    lost = []
    for name in files:
        for path, section in MENTION.findall((ROOT / name).read_text(encoding="utf-8")):
            if not (ROOT / path).exists():
                lost.append(f"{name}: {path}")
            elif section and not any(title.split()[0] == section for title in headings(ROOT / path)):
                lost.append(f"{name}: {path} §{section}")
    assert not lost, "\n".join(lost)
