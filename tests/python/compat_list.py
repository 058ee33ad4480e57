"""The cases that programs of the earlier program's users rely on, by number, and which of them nothing here tries, with the reason.

M: it did this, and this program does it too under PYFORGE_COMPAT=1. B: it did otherwise, and this one does as its test tells.
D: it only said so.
"""
import re

ROOMS = {
    "shell": "1MB 2M 3M 4M 5M 6M 7M 8M 9M 10M 11B 12M 13M 14B 15M 16D 17M 18M 19M 20B 21B 22B 23B 24MB 25M 26M 27MB 28B 29B 30B 31M "
             "32M 33M 34M 35M 36D",
    "csv": "37M 38M 39M 40M 41M 42M 43M 44M 45M 46M 47M 48M 49M 50MB 51B 52B 53B 54B 55B 56B 57B 58B 59B 60B 61M 62B 63B 64D",
    "workbooks": "65M 66M 67M 68M 69M 70M 71M 72B 73B 74B 75B 76B 77B 78M 79B 80B 81B 82B 83B 84B 85B 86M 87M 88D",
    "extensions and Python": "146B 147M 148M 149MB 150B 151B 152M 153M 154M 155M 156B 157B 158M 159B 160M 161M 162M 163M 164M 165DB 166M 167M "
                             "168M 169M 170B 171M 172B 173B 174B 175M 176B 177MD 178B 179M 180D 181B 182B 183M 184M 185B",
    "texts of values": "198MB 199M 200M 201MB 202M 203M",
}
#: number → what docs/migration.md says of it; a case of XML, Access, DBF or PDF alone (89 to 145) is none of these rooms
LEFT_OUT = {
    20: "XML",
    181: "an engine of Spark",
}


def cases():
    """{number: letters}"""
    return {int(number): letters for room in ROOMS.values() for number, letters in re.findall(r"(\d+)([MBD]+)", room)}


def numbers(letter):
    return [number for number, letters in cases().items() if letter in letters]
