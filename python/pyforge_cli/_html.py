"""Tables as plain HTML that everybody can read: a caption, headers with their scope, nothing told by colour alone."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterable, Sequence


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]], row_headers: bool = False) -> str:
    """One table. Every text is escaped; None is shown as the word null in italics.

    Args:
        caption: what the table shows.
        headings: one for each column.
        rows: cells, one for each heading.
        row_headers: the first cell of a row names it.
    """
    from html import escape

    parts = ["<table><caption>%s</caption><thead><tr>" % escape(caption)]
    parts += ['<th scope="col">%s</th>' % escape(text) for text in headings]
    parts.append("</tr></thead><tbody>")
    for row in rows:
        parts.append("<tr>")
        for index, cell in enumerate(row):
            text = "<i>null</i>" if cell is None else escape(str(cell))
            parts.append('<th scope="row">%s</th>' % text if row_headers and index == 0 else "<td>%s</td>" % text)
        parts.append("</tr>")
    parts.append("</tbody></table>")
    return "".join(parts)
