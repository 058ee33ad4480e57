#!/usr/bin/env python3
"""The workbooks of the golden cases tests/golden*/ods/*/input.*, part by part, and the seeds of fuzz_ods. Run it to write them
anew: the same bytes come out. Parts are locked by OpenSSL and hashlib."""
import base64
import hashlib
import subprocess
import zipfile
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
SEEDS = HERE.parent / "fuzz" / "seeds" / "ods"
TYPE = "application/vnd.oasis.opendocument.spreadsheet"
URN = "urn:oasis:names:tc:opendocument:xmlns:"
NAMES = "".join(f' xmlns:{p}="{URN}{u}:1.0"' for p, u in (
    ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("number", "datastyle"), ("draw", "drawing"),
    ("manifest", "manifest"))) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
STYLES = (
    '<number:number-style style:name="Nmask"><number:number number:decimal-places="0" number:min-integer-digits="5"/></number:number-style>'
    '<number:text-style style:name="Ntext"><number:text-content/></number:text-style>'
    '<number:date-style style:name="Nday"><number:year/><number:text>-</number:text><number:month/><number:day/></number:date-style>'
    '<number:time-style style:name="Nclock"><number:hours/><number:minutes/></number:time-style>'
    '<number:time-style style:name="Nspan" number:truncate-on-overflow="false"><number:hours/><number:minutes/></number:time-style>'
    + "".join(f'<style:style style:name="{n}" style:family="table-cell" style:data-style-name="N{n}"/>' for n in ("mask", "text", "day", "clock", "span"))
    + '<style:style style:name="inherits" style:family="table-cell" style:parent-style-name="mask"/>'
    '<style:style style:name="hid" style:family="table"><style:table-properties table:display="false"/></style:style>')


def s(text, more=""):
    return f'<table:table-cell office:value-type="string"{more}><text:p>{text}</text:p></table:table-cell>'


def v(kind, value, style="", more="", shown="shown"):
    name = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}.get(kind, "value")
    style = f' table:style-name="{style}"' if style else ""
    return f'<table:table-cell{style} office:value-type="{kind}" office:{name}="{value}"{more}><text:p>{shown}</text:p></table:table-cell>'


def n(value, style="", more=""):
    return v("float", value, style, more)


def blank(count=1):
    return f'<table:table-cell table:number-columns-repeated="{count}"/>'


def row(*cells, repeated=1):
    return f'<table:table-row{f" table:number-rows-repeated={chr(34)}{repeated}{chr(34)}" if repeated > 1 else ""}>{"".join(cells)}</table:table-row>'


def names(*texts):
    return row(*(s(t) for t in texts))


def table(name, *rows, more="", columns=""):
    return f'<table:table table:name="{name}"{more}>{columns}{"".join(rows)}</table:table>'


def content(*tables, root="document-content", more=""):
    return (f'{HEAD}<office:{root}{NAMES}{more} office:version="1.3"><office:automatic-styles>{STYLES}</office:automatic-styles><office:body>'
            f'<office:spreadsheet>{"".join(tables)}</office:spreadsheet></office:body></office:{root}>')


def book(*tables, manifest=""):
    entries = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{TYPE}"/>{manifest}'
    return {"mimetype": TYPE, "content.xml": content(*tables),
            "META-INF/manifest.xml": f'{HEAD}<manifest:manifest{NAMES}>{entries}</manifest:manifest>'}


def locked(parts, password="secret", cipher="aes-256-cbc", entry="content.xml"):
    """The book with its content locked as LibreOffice (AES) or OpenOffice.org 2 (Blowfish) lock it."""
    aes = cipher.startswith("aes")
    digest, size, vector, salt = ("sha256", 32, bytes(range(16)), b"salt" * 4) if aes else ("sha1", 16, bytes(range(8)), b"salt" * 4)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(parts["content.xml"].encode("utf-8")) + packer.flush()
    key = hashlib.pbkdf2_hmac("sha1", hashlib.new(digest, password.encode()).digest(), salt, 1024, size)
    shut = subprocess.run(["openssl", "enc", f"-{cipher}", "-K", key.hex(), "-iv", vector.hex(), "-provider", "legacy", "-provider",
                           "default"], input=packed, stdout=subprocess.PIPE, check=True).stdout

    def text(data):
        return base64.b64encode(data).decode()
    urn = f"{URN}manifest:1.0#"
    w3 = "http://www.w3.org/2001/04/xmlenc#aes256-cbc"
    lock = (f'<manifest:file-entry manifest:full-path="{entry}" manifest:media-type="text/xml" '
            f'manifest:size="{len(parts["content.xml"].encode("utf-8"))}"><manifest:encryption-data '
            f'manifest:checksum-type="{urn + "sha256-1k" if aes else "SHA1/1K"}" '
            f'manifest:checksum="{text(hashlib.new(digest, packed[:1024]).digest())}"><manifest:algorithm '
            f'manifest:algorithm-name="{w3 if aes else "Blowfish CFB"}" manifest:initialisation-vector="{text(vector)}"/>'
            f'<manifest:key-derivation manifest:key-derivation-name="PBKDF2" manifest:iteration-count="1024" '
            f'manifest:salt="{text(salt)}"' + (' manifest:key-size="32"/><manifest:start-key-generation '
            'manifest:start-key-generation-name="http://www.w3.org/2000/09/xmldsig#sha256" manifest:key-size="32"/>' if aes else "/>") +
            '</manifest:encryption-data></manifest:file-entry>')
    whole = parts["META-INF/manifest.xml"].replace("</manifest:manifest>", lock + "</manifest:manifest>")
    return {"mimetype": TYPE, entry: shut, "META-INF/manifest.xml": whole}


LAST = row(blank(16384), repeated=1048000)
GOOD = {
    "types": book(table("Data",
        names("id", "ratio", "flag", "day", "at", "clock", "span", "zip", "share", "price", "word"),
        row(n(1), n("0.5"), v("boolean", "true"), v("date", "2020-01-01", "day"), v("date", "2020-01-01T23:59:58.963"),
            v("time", "PT12H00M00S", "clock"), v("time", "PT42H00M00S", "span"), n(123, "inherits"), v("percentage", "0.125"),
            v("currency", "1234.5", more=' office:currency="EUR"'), s("plain")),
        row(n(2), n(3), v("boolean", "false"), v("date", "1900-03-01T00:00:00", "day"), v("date", "1899-12-31T12:00:00"),
            v("time", "PT06H00M00.5S", "clock"), v("time", "-PT0H30M", "span"), n(99999, "mask"), v("percentage", 1),
            v("currency", 2), s("rich <text:span>text</text:span>")), LAST)),
    "text": book(table("Data", names("a", "b"),
        row(s("one<text:s text:c=\"3\"/>two<text:tab/>three<text:line-break/>four"), s("first</text:p><text:p>second</text:p><text:p/><text:p>fourth")),
        row(s("  folded \n  blanks"), '<table:table-cell office:value-type="string"><office:annotation><text:p>a comment</text:p></office:annotation>'
            '<text:p>no comment</text:p><draw:frame><draw:text-box><text:p>a shape</text:p></draw:text-box></draw:frame></table:table-cell>'),
        row('<table:table-cell office:value-type="string" office:string-value="kept &amp; true"><text:p>shown</text:p></table:table-cell>', s("007")))),
    "repeated": book(table("Data", names("a", "b", "c"),
        row(n(1, more=' table:number-columns-repeated="2"'), s("x"), blank(16381), repeated=3), row(blank(16384), repeated=2),
        row(n(2), blank(), s("y")), LAST)),
    "merged": book(table("Data", names("a", "b"),
        row(s("both", ' table:number-rows-spanned="2" table:number-columns-spanned="1"'), n(1)),
        row('<table:covered-table-cell/>', n(2)), row(s("one"), n(3)))),
    "hidden": book(table("Seen", names("a"), row(n(1))), table("Unseen", names("b"), row(n(2)), more=' table:style-name="hid"')),
    "errors_and_formulas": book(table("Data", names("value", "sum"),
        row(n(1), n(2, more=' table:formula="of:=[.A2]*2"')),
        row('<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>',
            '<table:table-cell table:formula="of:=[.A3]"/>'), row(n(3), n(6, more=' table:formula="of:=[.A4]*2"')))),
    "errors_shown": book(table("Data", names("value", "sum"), row(n(1), n(2, more=' table:formula="of:=[.A2]*2"')),
        row(n(0, more=' table:formula="of:=1/0"').replace("shown", "#DIV/0!"), n(0, more=' table:formula="of:=[.A3]"').replace("shown", "#DIV/0!")),
        row(n(0, more=' table:formula="of:=0"').replace("shown", "0"), n(0).replace("shown", "#N/A")))),
    "column_styles": book(table("Data", names("zip", "b"), row(n(12), n(1)), row(n(99999), n(2)),
        columns='<table:table-column table:default-cell-style-name="mask"/><table:table-column table:number-columns-repeated="16383"/>')),
    "named_range": book(table("First", names("other"), row(n(0))),
        table("It's 2", names("title"), row(blank(), s("a"), s("b")), row(blank(), n(1), s("x")), row(blank(), n(2), s("y")), row(blank(), s("sum"), s("z"))),
        '<table:named-expressions><table:named-range table:name="figures" table:base-cell-address="$First.$A$1" '
        'table:cell-range-address="$\'It\'\'s 2\'.$B$2:.$C$4"/></table:named-expressions><table:database-ranges><table:database-range '
        'table:name="others" table:target-range-address="First.A1:First.A2"/></table:database-ranges>'),
    "locked": locked(book(table("Data", names("a", "b"), *(row(n(i), s(f"text {i * i * 7919 % 1000003}")) for i in range(1, 400))))),
    "locked_blowfish": locked(book(table("Data", names("a", "b"), *(row(n(i), s(f"text {i * i * 7919 % 1000003}")) for i in range(1, 400)))),
                              cipher="bf-cfb"),
    "flat": content(table("Data", names("a", "b"), row(n(1), s("x")), row(n(2), s("y"))), root="document", more=f' office:mimetype="{TYPE}"'),
}
BAD = {
    "column_beyond": book(table("Data", row(blank(16384), s("far")))),
    "repeats_beyond": book(table("Data", row(n(1, more=' table:number-columns-repeated="999999999"'), repeated=999999999))),
    "repeats_bomb": book(table("Data", row(n(1, more=' table:number-columns-repeated="16384"'), repeated=1048576))),
    "encrypted": locked(book(table("Data", names("a"), row(n(1))))),
    "encrypted_wrong": locked(book(table("Data", names("a"), row(n(1))))),
    "encrypted_whole": {k: v.replace("http://www.w3.org/2001/04/xmlenc#aes256-cbc", "http://www.w3.org/2009/xmlenc11#aes256-gcm")
                        .replace('"PBKDF2"', '"urn:org:documentfoundation:names:experimental:office:manifest:argon2id"') if isinstance(v, str) else v
                        for k, v in locked(book(table("Data", names("a"), row(n(1)))), entry="encrypted-package").items()},
    "cut_short": {**book(), "content.xml": content(table("Data", names("a")))[:-30]},
    "entities": {**book(), "content.xml": content(table("Data", names("a"))).replace("<office:doc", '<!DOCTYPE x [<!ENTITY a "b">]><office:doc', 1)},
    "no_content": {k: v for k, v in book().items() if k != "content.xml"},
}


def write(path, parts):
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(parts, str):
        path.with_suffix(".fods").write_text(parts, encoding="utf-8", newline="\n")
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            is_text = isinstance(text, str)
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode("utf-8") if is_text else text,
                             zipfile.ZIP_DEFLATED if is_text else zipfile.ZIP_STORED)


def seed(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def main():
    for folder, cases in (("golden", GOOD), ("golden_bad", BAD)):
        for name, parts in cases.items():
            # what needs a password is no input for tests that give none
            shut = folder == "golden" and name.startswith("locked")
            write(HERE / folder / "ods" / name / f"input{'_locked' if shut else ''}.ods", parts)
            content_of = parts if isinstance(parts, str) else parts.get("content.xml", "<")
            if isinstance(content_of, str):
                seed(SEEDS / f"{name}.xml", content_of)


if __name__ == "__main__":
    main()
