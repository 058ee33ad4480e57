"""What the tests convert: small files in a folder of their own, and a large one where time matters."""
import os
import re
import shutil
import tempfile
import unittest

ORDERS = "id,customer,amount\n1,Ann,9.5\n2,Bob,12.25\n3,Cy,7\n"


class InFolder(unittest.TestCase):
    """Each test has an empty folder as its working directory, with orders.csv in it."""

    def setUp(self):
        self.before = os.getcwd()
        self.folder = tempfile.mkdtemp(prefix="pyforge_")
        os.chdir(self.folder)
        write("orders.csv", ORDERS)

    def tearDown(self):
        os.chdir(self.before)
        shutil.rmtree(self.folder, ignore_errors=True)


def write(path, text):
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


def plain_html(text):
    """HTML without its styles."""
    return re.sub(r' style="[^"]*"', "", text)


def write_large(path, megabytes):
    """Rows of different columns, about as many bytes as asked for."""
    block = "".join("%d,customer %d,%d.%02d,2024-01-%02d\n" % (i, i % 977, i * 7 % 1000, i % 100, i % 28 + 1) for i in range(20000))
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,customer,amount,day\n")
        for _ in range(max(1, megabytes * 1000000 // len(block))):
            file.write(block)
