#!/usr/bin/env python3
"""Every charset decodes every byte, every pair of bytes and random text as Python's codec does."""
import random
import subprocess
import sys

FILTER = sys.argv[1]
MULTI = "gb18030 gbk gb2312 big5 big5hkscs cp950 shift_jis cp932 euc-jp euc-kr cp949 johab".split()
UNICODE = "utf-16le utf-16be utf-32le utf-32be".split()


def convert(name, data):
    p = subprocess.run([FILTER, name], input=data, capture_output=True, check=True)
    return p.stdout.decode("utf-8"), int(p.stderr)


def compare(name, data, expected):
    text, bad = convert(name, data)
    if text != expected:
        for i, (a, b) in enumerate(zip(text, expected)):
            if a != b:
                break
        sys.exit(f"{name}: at character {i} ours {text[i - 3:i + 5]!r}, Python's {expected[i - 3:i + 5]!r}")
    wrong = expected.count("\ufffd") - (data.count(b"\x84\x31\xa4\x37") if name == "gb18030" else 0)
    if bad != wrong:
        sys.exit(f"{name}: {bad} counted as bad, {wrong} were")


def main():
    rng = random.Random(3)
    names = subprocess.run([FILTER], capture_output=True, check=True, text=True).stdout.split()
    assert len(names) > 80 and len(set(names)) == len(names)
    for name in names:
        codec = name.replace("utf-16le", "utf-16-le").replace("utf-16be", "utf-16-be")
        codec = codec.replace("utf-32le", "utf-32-le").replace("utf-32be", "utf-32-be")
        singles = b"".join(bytes([b]) + b"abc\n" for b in range(256)) + bytes(range(32, 127)) * 3
        if name in UNICODE:
            points = [rng.choice([rng.randrange(0x80), rng.randrange(0xD800), rng.randrange(0xE000, 0x110000)])
                      for _ in range(50000)]
            text = "".join(map(chr, points)).replace("\ufffd", "") + "x" * 999
            compare(name, text.encode(codec), text)
            continue
        if name == "iso-2022-jp":
            euc = [bytes([a, b]).decode("euc_jp", "ignore") for a in range(0xA1, 0xFF) for b in range(0xA1, 0xFF)]
            kanji = [c for c in euc if c]
            for codec in ("iso2022_jp", "iso2022_jp_1", "iso2022_jp_ext"):
                lines = []
                for _ in range(3000):
                    words = [rng.choice([rng.choice(kanji), "abc", "\\~", "\u00a5", "\uff71" if "ext" in codec else "z"])
                             for _ in range(rng.randrange(12))]
                    lines.append("".join(words) + "\n")
                text = "".join(lines)
                compare(name, text.encode(codec), text)
            compare(name, b"a\xffb\x1b$B\x22\x7e\x7f\x7f\x1b(B\nz\x1b$B0", "a\ufffdb\u25ef\x7f\x7f\nz\ufffd")
            continue
        if name == "utf-8":
            text = "".join(chr(rng.randrange(0xD800)) for _ in range(20000))
            compare(name, text.encode(), text)
            continue
        expected = singles.decode(codec, "replace")
        if name == "cp1252":
            expected = "".join(
                bytes([b]).decode(codec, "ignore") or chr(b) for b in singles)
        compare(name, singles, expected)
        if name in MULTI:
            pairs = b"".join(bytes([a, b]) + b"\n" for a in range(128, 256) for b in range(256))
            compare(name, pairs, pairs.decode(codec, "replace"))
            noise = bytes(rng.choice([rng.randrange(256), rng.randrange(128, 256), 0x8F, 0x30, 0x81])
                          for _ in range(200000)) + b"\n"
            compare(name, noise, noise.decode(codec, "replace"))
            for tail in (b"\x81", b"\x8f\xa1", b"\x81\x30", b"\x81\x30\x81"):
                compare(name, b"abc" + tail, (b"abc" + tail).decode(codec, "replace"))
        if name == "gb18030":
            fours = b"".join(bytes([a, b, c, d]) for a in (*range(0x81, 0x86), 0x90, 0xE3, 0xFE)
                             for b in range(0x30, 0x3A) for c in range(0x81, 0xFF) for d in range(0x30, 0x3A))
            compare(name, fours, fours.decode(codec, "replace"))


main()
