"""Compound files ([MS-CFB], version 3) around given streams, all in the root."""
import struct

END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def _sectors(data, size):
    return [data[i:i + size].ljust(size, b"\0") for i in range(0, len(data), size)]


def _chain(first, count):
    return [*range(first + 1, first + count), END] if count else []


def _entry(name, kind, first, size, right=FREE, child=FREE):
    text = name.encode("utf-16-le") + b"\0\0"
    return struct.pack("<64sHBBIII36xIQ", text, len(text), kind, 1, FREE, right, child, first, size)


def compound(streams):
    """streams: {name: bytes}. Streams below 4096 bytes go into the mini stream."""
    mini, mini_fat, places = b"", [], {}
    for name, data in streams.items():
        if 0 < len(data) < 4096:
            parts = _sectors(data, 64)
            places[name] = len(mini_fat)
            mini_fat += _chain(len(mini_fat), len(parts))
            mini += b"".join(parts)
    body, fat = [], []

    def put(data):
        parts = _sectors(data, 512)
        first = len(fat)
        fat.extend(_chain(first, len(parts)))
        body.extend(parts)
        return first if parts else END
    for name, data in streams.items():
        if len(data) >= 4096:
            places[name] = put(data)
    mini_first = put(mini)
    mini_fat_first = put(b"".join(struct.pack("<I", n) for n in mini_fat))
    entries = [_entry("Root Entry", 5, mini_first, len(mini), child=1)]
    for i, (name, data) in enumerate(streams.items()):
        entries.append(_entry(name, 2, places.get(name, END), len(data), right=i + 2 if i + 1 < len(streams) else FREE))
    directory_first = put(b"".join(entries))
    count = 0
    while (len(fat) + count + 127) // 128 > count:
        count += 1
    assert count <= 109, "a DIFAT is not written here"
    fat_first = len(fat)
    fat += [FAT] * count
    table = b"".join(struct.pack("<I", n) for n in fat).ljust(count * 512, b"\xff")
    body += _sectors(table, 512)
    header = struct.pack("<8s16xHHHHH6x9I", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory_first,
                         0, 4096, mini_fat_first, (len(mini_fat) + 127) // 128, END, 0)
    header += b"".join(struct.pack("<I", fat_first + i if i < count else FREE) for i in range(109))
    assert len(header) == 512
    return header + b"".join(body)
