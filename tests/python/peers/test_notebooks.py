"""Notebooks are executed, and what they show can be read by everybody: headers with scope, no meaning by colour alone."""
import html.parser
import re
from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).resolve().parents[3] / "examples/notebooks").glob("*.ipynb"))


class Tables(html.parser.HTMLParser):
    """Every table: its caption, its rows of (tag, scope, text), and the colours that are said in it."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.open, self.styles = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        self.styles.append(facts.get("style") or "")
        if tag == "table":
            self.tables.append({"caption": "", "rows": []})
        elif tag == "tr":
            self.tables[-1]["rows"].append([])
        elif tag in ("th", "td"):
            self.tables[-1]["rows"][-1].append([tag, facts.get("scope"), ""])
        self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if "caption" in self.open:
            self.tables[-1]["caption"] += data
        elif self.open and self.open[-1] in ("th", "td"):
            self.tables[-1]["rows"][-1][-1][2] += data


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.stem)
def executed(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    notebook = nbformat.read(request.param, as_version=4)
    return nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute()


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def shown_html(notebook):
    return [output["data"]["text/html"] for output in outputs(notebook) if "text/html" in output.get("data", {})]


def test_there_is_a_notebook():
    assert NOTEBOOKS


def test_it_runs_without_errors_or_noise(executed):
    assert not [output for output in outputs(executed) if output.output_type == "error"]
    assert not [output for output in outputs(executed) if output.output_type == "stream" and output.name == "stderr"]


def test_it_holds_no_outputs_of_its_own():
    for path in NOTEBOOKS:
        assert not outputs(nbformat.read(path, as_version=4)), path.name


def test_tables_have_captions_and_headers_with_scope(executed):
    tables = [table for text in shown_html(executed) for table in Tables(text).tables]
    assert tables
    for table in tables:
        assert table["caption"].strip()
        head = table["rows"][0]
        assert head and all((tag, scope) == ("th", "col") and text.strip() for tag, scope, text in head)
        assert all(cell[1] == "row" for row in table["rows"][1:] for cell in row if cell[0] == "th")


def test_nothing_is_said_by_colour_alone_and_contrast_is_the_readers_own(executed):
    for text in shown_html(executed):
        colours = [style for style in Tables(text).styles if re.search(r"(?<![\w-])(color|background)", style)]
        assert not colours  # text and ground are those of the notebook's theme, light or dark


def test_progress_leaves_one_line(executed):
    bars = [output for output in outputs(executed) if output.output_type == "display_data" and "<progress" in output["data"].get("text/html", "")]
    assert len(bars) <= 1
