"""Tables as plain HTML that everybody can read: a caption, headers with their scope, nothing told by colour alone.

Colours are those of the page, so that contrast is what its reader has chosen, light or dark. Notebooks set the words of tables to
the right, which only suits numbers; a table wider than the page is moved within its own frame, by keys too."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Container, Iterable, Sequence


def table(
    caption: str, headings: Sequence[str], rows: Iterable[Sequence[object]], row_headers: bool = False, numbers: Container[int] = ()
) -> str:
    """One table. Every text is escaped; None is shown as the word null in italics.

    Args:
        caption: what the table shows.
        headings: one for each column.
        rows: cells, one for each heading.
        row_headers: the first cell of a row names it.
        numbers: places of columns of numbers, which are set to the right.
    """
    from html import escape

    styles = ["text-align:%s;padding:.25em .6em" % ("right" if index in numbers else "left") for index in range(len(headings))]
    parts = ['<div role="region" aria-label="%s" tabindex="0" style="overflow-x:auto">' % escape(caption)]
    parts.append('<table style="margin-left:0"><caption style="text-align:left"><b>%s</b></caption><thead><tr>' % escape(caption))
    parts += ['<th scope="col" style="%s">%s</th>' % (style, escape(text)) for text, style in zip(headings, styles)]
    parts.append("</tr></thead><tbody>")
    for row in rows:
        parts.append("<tr>")
        for index, (cell, style) in enumerate(zip(row, styles)):
            text = "<i>null</i>" if cell is None else escape(str(cell))
            tag = 'th scope="row"' if row_headers and index == 0 else "td"
            parts.append('<%s style="%s">%s</%s>' % (tag, style, text, tag[:2]))
        parts.append("</tr>")
    parts.append("</tbody></table></div>")
    return "".join(parts)
