"""What a notebook shows: read as a table by who hears it, and by a browser in light and dark, wide and narrow."""
import html.parser
import json
import re
import shutil
import subprocess

import openpyxl
import pytest

from pyforge_cli import Forge, Progress, _progress

LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3, level AA
#: how the page of a notebook looks: its colours, and what JupyterLab 4 says of tables
PAGES = {"light": ("#fff", "rgba(0, 0, 0, 0.87)"), "dark": ("#111", "rgba(255, 255, 255, 0.87)")}
STYLE = """
body { font: 14px/1.4 sans-serif; margin: 12px }
table { border-collapse: collapse; border: none; font-size: 12px; table-layout: fixed; margin: 0 auto 1em }
td, th, tr { text-align: right; vertical-align: middle; padding: 0.5em; white-space: normal; max-width: none; border: none }
"""
LOOK = """
function parts(colour) { return colour.match(/[\\d.]+/g).map(Number) }
function over(top, under) { const a = top.length > 3 ? top[3] : 1; return [0, 1, 2].map(i => top[i] * a + under[i] * (1 - a)) }
function light(colour) {
  const [r, g, b] = colour.map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function ground(element) {
  const colour = parts(getComputedStyle(element).backgroundColor)
  return colour.length > 3 && colour[3] == 0 ? ground(element.parentElement) : colour
}
let least = 21
for (const element of document.querySelectorAll("caption, th, td, i, b, div")) {
  const under = ground(element), pair = [light(over(parts(getComputedStyle(element).color), under)), light(under)].sort((a, b) => b - a)
  least = Math.min(least, (pair[0] + 0.05) / (pair[1] + 0.05))
}
const wide = [...document.querySelectorAll("div")].filter(part => part.scrollWidth > part.clientWidth)
const aligned = [...document.querySelectorAll("td")].filter(cell => cell.textContent.startsWith("Customer")).map(cell => getComputedStyle(cell).textAlign)
document.body.dataset.told = JSON.stringify({least: least, moved: wide.length, loose: wide.filter(part => getComputedStyle(part).overflowX != "auto").length, aligned: [...new Set(aligned)]})
"""


@pytest.fixture
def shown(tmp_path, monkeypatch):
    """{name: HTML} of everything that shows itself."""
    monkeypatch.chdir(tmp_path)
    note = "a long_note_without_any_blank_that_would_break_it_" * 3
    (tmp_path / "orders.csv").write_text("id,customer,amount,note\n" + "".join("%d,Customer %d,%d.25,%s\n" % (i, i, i, note if i % 3 else "")
                                                                             for i in range(1, 30)))
    (tmp_path / "short.csv").write_text("a,b,c\n1,<b>2</b>,3\n4,5\n6,7,8\n")
    (tmp_path / "empty.csv").write_text("")
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("Second & last")):
        sheet.append(["a", "b"])
        sheet.append([1, "x"])
    book.save("book.xlsx")
    forge = Forge()
    made = {
        "result": forge.convert("orders.csv", "out/"), "failures": forge.batch_convert(["short.csv", "empty.csv"], "out"),
        "info": forge.info("orders.csv"), "validate": forge.validate("short.csv"), "schema report": forge.schema("orders.csv"),
        "plan": forge.explain("orders.csv", "out.parquet"), "table": forge.read("orders.csv")["orders"], "head": forge.read("short.csv").head(),
        "tables": forge.read("book.xlsx"), "schema": forge.read("orders.csv").schema,
    }
    return {name: one._repr_html_() for name, one in made.items()}


@pytest.fixture
def bar(monkeypatch):
    """The lines of a progress bar: of a known size, of an unknown one."""
    lines = []

    class Display:
        HTML = str

        @staticmethod
        def display(line, display_id):
            lines.append(line)
            return type("Handle", (), {"update": staticmethod(lines.append)})

    monkeypatch.setattr(_progress, "_ipython_display", lambda: Display)
    notebook = _progress._Notebook()
    for fraction, total in ((0.43, 10 ** 9), (None, None)):
        notebook(Progress(fraction, 430000000, total, 5430000, 1.2, 1.6 if fraction else None, 1, "convert", "orders.csv"))
    return lines


class Tables(html.parser.HTMLParser):
    """Tags with their attributes, and the texts in them."""

    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)
        assert not self.open, "left open: %s" % self.open

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs), []))
        self.open.append(self.found[-1])

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        for _, _, texts in self.open:
            texts.append(data)

    def all(self, *tags):
        return [(tag, attrs, "".join(texts)) for tag, attrs, texts in self.found if tag in tags]


def test_a_table_has_a_caption_headers_with_scope_and_whole_rows(shown):
    for name, text in shown.items():
        page = Tables(text)
        caption, = page.all("caption")
        region, = page.all("div")
        assert caption[2].strip() and region[1]["aria-label"] == caption[2], name
        assert (region[1]["role"], region[1]["tabindex"]) == ("region", "0")  # who has no mouse can move it too
        columns = [head for head in page.all("th") if head[1]["scope"] == "col"]
        assert columns and all(head[2].strip() for head in columns), name
        assert all(head[1]["scope"] in ("col", "row") for head in page.all("th"))
        rows = len(page.all("tr")) - 1
        assert len(page.all("td")) + len([head for head in page.all("th") if head[1]["scope"] == "row"]) == rows * len(columns), name


def test_texts_of_the_data_are_no_markup(shown):
    assert "&lt;b&gt;2&lt;/b&gt;" in shown["head"] and "<b>2</b>" not in shown["head"]
    assert "Second &amp; last" in shown["tables"]


def test_no_colour_is_ours_so_nothing_is_told_by_one(shown, bar):
    for text in [*shown.values(), *bar]:
        assert not re.search(r"(?<![\w-])(color|background)\b|<font|class=", text)


def test_a_bar_says_in_words_what_it_shows(bar):
    assert '<progress max="1" value="0.430" aria-label="converting"' in bar[0] and "43 %" in bar[0]
    assert "value=" not in bar[1] and "5,430,000 rows" in bar[1]


@pytest.mark.parametrize("width", [380, 1200])
@pytest.mark.parametrize("theme", PAGES)
def test_a_browser_shows_it_with_contrast_and_within_the_page(shown, bar, tmp_path, theme, width):
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if not browser:
        pytest.skip("NOT RUN: there is no chromium")
    ground, text = PAGES[theme]
    page = "<!doctype html><html lang=en><meta charset=utf-8><title>t</title><style>:root { color-scheme: %s } %s body { background: %s; color: %s; width: %dpx }</style>" % (
        theme, STYLE, ground, text, width - 24)
    (tmp_path / "page.html").write_text(page + "".join([*shown.values(), *bar]) + "<script>%s</script>" % LOOK, encoding="utf-8")
    done = subprocess.run([browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=%s" % (tmp_path / "browser"),
                           "--window-size=1300,900", "--dump-dom", (tmp_path / "page.html").as_uri()],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    told = json.loads(html.unescape(re.search(r'data-told="([^"]*)"', done.stdout.decode())[1]))
    assert told["least"] >= LEAST_CONTRAST
    assert told["moved"] == (width < 1000) and told["loose"] == 0  # what is wider than the page is moved within its frame
    assert told["aligned"] == ["left"]
