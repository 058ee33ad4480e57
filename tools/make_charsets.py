#!/usr/bin/env python3
"""make_charsets.py — writes charset_tables.c out of the codecs that Python has.

Used when building: what the C program decodes is what Python decodes, but for cp1252, whose five undefined bytes
become the C1 controls, as browsers do it.
"""
import codecs
import encodings.aliases
import sys

NONE, LEAD = 0xFFFF, 0xFFFE

# Our name, Python's name, further names.
SINGLE = [
    ("ascii", "ascii", "us-ascii"),
    ("iso-8859-1", "latin_1", "iso8859_1 8859-1"),
    *[("iso-8859-%d" % n, "iso8859_%d" % n, "8859-%d" % n) for n in range(2, 17) if n != 12],
    *[("cp%d" % n, "cp%d" % n, "windows-%d x-cp%d ms%d" % (n, n, n)) for n in range(1250, 1259)],
    *[("cp%s" % n, "cp%s" % n, "ibm%s dos%s" % (n, n)) for n in (
        "437 720 737 775 850 852 855 856 857 858 860 861 862 863 864 865 866 869 874 1006 1125 "
        "037 273 424 500 875 1026 1140").split()],
    ("koi8-r", "koi8_r", ""), ("koi8-u", "koi8_u", ""), ("koi8-t", "koi8_t", ""), ("kz1048", "kz1048", "strk1048-2002"),
    ("ptcp154", "ptcp154", "cp154 cyrillic-asian"), ("hp-roman8", "hp_roman8", ""), ("tis-620", "tis_620", ""),
    ("mac-roman", "mac_roman", "macintosh x-mac-roman mac"), ("mac-cyrillic", "mac_cyrillic", "x-mac-cyrillic"),
    ("mac-greek", "mac_greek", "x-mac-greek"), ("mac-latin2", "mac_latin2", "mac-centraleurope x-mac-ce mac-ce"),
    ("mac-turkish", "mac_turkish", "x-mac-turkish"), ("mac-iceland", "mac_iceland", "x-mac-icelandic"),
    ("mac-croatian", "mac_croatian", "x-mac-croatian"), ("mac-romanian", "mac_romanian", "x-mac-romanian"),
    ("mac-arabic", "mac_arabic", "x-mac-arabic"), ("mac-farsi", "mac_farsi", "x-mac-farsi"),
]
DOUBLE = [
    ("gb18030", "gb18030", ""), ("gbk", "gbk", "cp936 ms936 windows-936 x-gbk"), ("gb2312", "gb2312", "euc-cn"),
    ("big5", "big5", "big5-tw"), ("big5hkscs", "big5hkscs", ""), ("cp950", "cp950", "ms950 windows-950"),
    ("shift_jis", "shift_jis", "sjis x-sjis"), ("cp932", "cp932", "ms932 windows-31j windows-932 ms-kanji"),
    ("euc-jp", "euc_jp", "ujis x-euc-jp"), ("euc-kr", "euc_kr", "ks-c-5601-1987 ks-c-5601"),
    ("cp949", "cp949", "uhc ms949 windows-949"), ("johab", "johab", "cp1361 ms1361"),
]
UNICODE = [
    ("utf-8", "PF_CHARSET_UTF8", 1, "utf8 u8 utf utf-8-sig cp65001"),
    ("utf-16le", "PF_CHARSET_UTF16LE", 2, "utf-16 ucs-2 ucs-2le unicode utf-16-le unicodelittleunmarked"),
    ("utf-16be", "PF_CHARSET_UTF16BE", 2, "ucs-2be utf-16-be unicodebigunmarked"),
    ("utf-32le", "PF_CHARSET_UTF32LE", 4, "utf-32 ucs-4 ucs-4le utf-32-le"),
    ("utf-32be", "PF_CHARSET_UTF32BE", 4, "ucs-4be utf-32-be"),
]


def squeeze(name):
    return "".join(c for c in name.lower() if c not in "-_ ")


def decode(data, codec):
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


class Tables:
    def __init__(self):
        self.singles, self.chunks, self.leads, self.wide = [], [], [], []
        self.single_at, self.chunk_at, self.wide_at = {}, {}, {}

    def keep(self, row, rows, places):
        row = tuple(row)
        if row not in places:
            places[row] = len(rows)
            rows.append(row)
        return places[row]

    def entry(self, text):
        if text is None:
            return NONE
        points = [ord(c) for c in text]
        if len(points) == 1 and points[0] < 0xD800 or len(points) == 1 and 0xE000 <= points[0] < LEAD:
            return points[0]
        assert len(points) <= 2
        n = self.keep((points + [0])[:2], self.wide, self.wide_at)
        assert n < 2048
        return 0xD800 + n

    def single(self, codec, multi):
        row = []
        for byte in range(256):
            text = decode(bytes([byte]), codec)
            if text is None and codec == "cp1252":
                text = chr(byte)
            if text is not None:
                assert len(text) == 1 and ord(text) < LEAD
                row.append(ord(text))
            else:
                row.append(LEAD if multi and byte >= 0x80 else NONE)
        return row

    def double(self, codec, prefix=b""):
        lead_rows, alive = [], set()
        for lead in range(128, 256):
            row = []
            for high in range(8):
                chunk = []
                for low in range(32):
                    text = decode(prefix + bytes([lead, high * 32 + low]), codec)
                    # Two characters of one byte each are no pair, except where a pair means two characters.
                    if text is not None and len(text) == 2 and decode(prefix + bytes([lead]), codec) is not None:
                        text = None
                    chunk.append(self.entry(text))
                    if text is not None:
                        alive.add(lead)
                row.append(self.keep(chunk, self.chunks, self.chunk_at))
            lead_rows.append(row)
        self.leads.append(lead_rows)
        return alive


def ranges_of_gb18030():
    out, last = [], None
    for linear in range(39420):
        n, b4 = divmod(linear, 10)
        n, b3 = divmod(n, 126)
        b1, b2 = divmod(n, 10)
        text = decode(bytes([b1 + 0x81, b2 + 0x30, b3 + 0x81, b4 + 0x30]), "gb18030")
        step = None if text is None else ord(text) - linear
        if step != last:
            out.append((linear, 0 if text is None else ord(text)))
            last = step
    out.append((39420, 0))
    return out


def table(out, head, rows, form):
    out.append(head + " = {")
    for row in rows:
        out.append("    {" + ", ".join(form % v for v in row) + "},")
    out.append("};")


def main():
    tables, charsets, names = Tables(), [], {}

    def name(index, *some):
        for n in some:
            for word in n.split():
                names.setdefault(squeeze(word), index)

    def known(codec):
        try:
            codecs.lookup(codec)
            return True
        except LookupError:
            return False

    python_names = {}
    for alias, codec in encodings.aliases.aliases.items():
        python_names.setdefault(codec, []).append(alias)
    for ours, kind, unit, more in UNICODE:
        charsets.append('{"%s", %s, %d, true, 0, 0}' % (ours, kind, unit))
        name(len(charsets) - 1, ours, more)
    for ours, codec, more in SINGLE:
        if not known(codec):
            continue
        row = tables.single(codec, False)
        at = tables.keep(row, tables.singles, tables.single_at)
        ascii_ = "true" if row[:128] == list(range(128)) else "false"
        charsets.append('{"%s", PF_CHARSET_SINGLE, 1, %s, %d, 0}' % (ours, ascii_, at))
        name(len(charsets) - 1, ours, more, codec, *python_names.get(codec, []))
    for ours, codec, more in DOUBLE:
        row = tables.single(codec, True)
        leads = len(tables.leads)
        alive = tables.double(codec)
        kind = "PF_CHARSET_DOUBLE"
        if codec == "euc_jp":
            kind = "PF_CHARSET_EUC_JP"
            tables.double(codec, b"\x8f")
            alive.add(0x8F)
        elif codec == "gb18030":
            kind = "PF_CHARSET_GB18030"
            alive.update(range(0x81, 0xFF))
        row = [NONE if v == LEAD and i not in alive else v for i, v in enumerate(row)]
        at = tables.keep(row, tables.singles, tables.single_at)
        ascii_ = "true" if row[:128] == list(range(128)) else "false"
        charsets.append('{"%s", %s, 1, %s, %d, %d}' % (ours, kind, ascii_, at, leads))
        name(len(charsets) - 1, ours, more, codec, *python_names.get(codec, []))
        if codec == "euc_jp":
            charsets.append('{"iso-2022-jp", PF_CHARSET_ISO2022, 1, false, %d, %d}' % (at, leads))
            name(len(charsets) - 1, "iso-2022-jp iso-2022-jp-1 iso-2022-jp-ext csiso2022jp jis")

    out = ["/* Made by tools/make_charsets.py. reason: tables. */", '#include "base/charset_tables.h"', ""]
    out.append("const struct pf_charset pf_charsets[] = {\n    " + ",\n    ".join(charsets) + ",\n};")
    out.append("const size_t pf_charset_count = %d;" % len(charsets))
    out.append("const struct pf_charset_alias pf_charset_aliases[] = {")
    out += ['    {"%s", %d},' % (n, names[n]) for n in sorted(names)]
    out.append("};\nconst size_t pf_charset_alias_count = %d;" % len(names))
    table(out, "const uint16_t pf_charset_singles[][256]", tables.singles, "0x%x")
    table(out, "const uint16_t pf_charset_chunks[][32]", tables.chunks, "0x%x")
    out.append("const uint16_t pf_charset_leads[][128][8] = {")
    for lead_rows in tables.leads:
        out.append("    {" + ", ".join("{" + ", ".join("%d" % v for v in row) + "}" for row in lead_rows) + "},")
    out.append("};")
    table(out, "const uint32_t pf_charset_wide[][2]", tables.wide, "0x%x")
    ranges = ranges_of_gb18030()
    table(out, "const struct pf_charset_range pf_charset_ranges[]", ranges, "0x%x")
    out.append("const size_t pf_charset_range_count = %d;" % len(ranges))
    with open(sys.argv[1], "w", encoding="ascii") as f:
        f.write("\n".join(out) + "\n")
    if len(sys.argv) > 2:
        print(len(tables.singles) * 512 + len(tables.chunks) * 64 + len(tables.leads) * 2048 +
              len(tables.wide) * 8 + len(ranges) * 8, "bytes of tables,", len(charsets), "charsets,", len(names),
              "names")


main()
