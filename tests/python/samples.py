"""What the tests convert: small files in a folder of their own, and a large one where time matters."""
import os
import re
import shutil
import tempfile
import unittest
import zipfile

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


def write_large_book(path, rows):
    """A workbook of five columns of numbers, packed without compression; cells without places are legal, and stand in order."""
    block = b"".join(b"<row>%s</row>" % b"".join(b"<c><v>%d</v></c>" % (i * 7 % (10 ** n)) for n in range(1, 6)) for i in range(1000))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                      '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                      '<Override PartName="/xl/workbook.xml" ContentType="%ssheet.main+xml"/>'
                      '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="%sworksheet+xml"/></Types>' % (kind, kind))
        relation = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://' \
                   'schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/></Relationships>'
        book.writestr("_rels/.rels", relation % ("officeDocument", "xl/workbook.xml"))
        book.writestr("xl/_rels/workbook.xml.rels", relation % ("worksheet", "worksheets/sheet1.xml"))
        book.writestr("xl/workbook.xml", '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
                      'openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>')
            for _ in range(rows // 1000):
                sheet.write(block)
            sheet.write(b"</sheetData></worksheet>")


def write_large(path, megabytes):
    """Rows of different columns, about as many bytes as asked for."""
    block = "".join("%d,customer %d,%d.%02d,2024-01-%02d\n" % (i, i % 977, i * 7 % 1000, i % 100, i % 28 + 1) for i in range(20000))
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,customer,amount,day\n")
        for _ in range(max(1, megabytes * 1000000 // len(block))):
            file.write(block)
