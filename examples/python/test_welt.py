#!/usr/bin/env python3
# SPDX-License-Identifier: 0BSD
"""Tests of welt.py and watch.py: WELT_LIBRARY=…/libwelt.so examples/python/test_welt.py"""
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import welt

HERE = os.path.dirname(os.path.abspath(__file__))
MAIN = ".code16\n.globl _start, text\n_start: mov $text, %si\n call other\n jmp .\n" \
       ".section .rodata\ntext: .asciz \"welt\"\n.size text, 5\n"
OTHER = ".code16\n.globl other\nother: ret\n.size other, 1\n"


def assemble(text):
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(["as", "--32", "-o", file.name, "-"], input=text.encode(), check=True)
        return file.read()


class Linking(unittest.TestCase):
    def setUp(self):
        self.linker = welt.Linker(output_name="boot.bin")
        self.linker.add_bytes("main.o", assemble(MAIN))

    def tearDown(self):
        self.linker.close()

    def link(self):
        self.linker.add_bytes("other.o", assemble(OTHER))
        self.assertTrue(self.linker.link(), self.linker.diagnostics)

    def test_image(self):
        self.link()
        image = self.linker.get(welt.OUTPUT_IMAGE)
        self.assertEqual((len(image), image[510:]), (512, b"\x55\xaa"))
        self.assertIn(b"welt\0", image)
        self.assertIn("of 510 bytes", self.linker.get(welt.OUTPUT_SUMMARY).decode())
        self.assertEqual(self.linker.diagnostics, [])

    def test_diagnostics(self):
        self.assertFalse(self.linker.link())
        told = self.linker.diagnostics[0]
        self.assertEqual((told.id, told.severity, told.object, told.section),
                         ("undefined", welt.ERROR, "main.o", ".text"))
        self.assertTrue(told.has_offset and told.message and told.text)

    def test_replaced(self):
        self.link()
        before = self.linker.get(welt.OUTPUT_IMAGE)
        for _ in range(3):
            self.linker.replace_bytes("other.o", b"half written")
            self.assertFalse(self.linker.link())
            self.linker.replace_bytes("other.o", assemble(OTHER))
            self.assertTrue(self.linker.link())
            self.assertEqual(self.linker.get(welt.OUTPUT_IMAGE), before)
        with self.assertRaises(welt.Error):
            self.linker.replace_bytes("nobody.o", b"")

    def test_queries(self):
        self.link()
        other = self.linker.symbol("other")
        self.assertEqual((other.object, other.size, other.section), ("other.o", 1, ".text"))
        self.assertEqual(self.linker.symbol_at(other.address).name, "other")
        self.assertIsNone(self.linker.symbol("nobody"))
        self.assertIn("text", [its.name for its in self.linker.symbols()])
        self.assertEqual(sum(its.size for its in self.linker.spans()
                             if its.kind != welt.SPAN_BSS), 512)
        region, = [its for its in self.linker.regions() if its.in_image]
        self.assertEqual(region.limit, 510)

    def test_files_of_the_host(self):
        files = {"boot.ld": b"INCLUDE rest.ld", "main.o": assemble(MAIN),
                 "rest.ld": welt.layout_script("raw").encode(), "./libo.a": None}
        asked = []

        def read(path):
            asked.append(path)
            return files.get(path)

        linker = welt.Linker(read=read, script_path="boot.ld", search_dirs=["."],
                             defsyms=["other=0x7c00"], section_starts={})
        linker.add_file("main.o")
        self.assertTrue(linker.link(), linker.diagnostics)
        self.assertEqual(asked[:2], ["boot.ld", "rest.ld"])
        linker.add_library("o")
        self.assertFalse(linker.link())
        self.assertIn("./libo.a", asked)

    def test_callbacks_that_raise(self):
        def read(path):
            raise KeyError(path)

        linker = welt.Linker(read=read)
        linker.add_file("main.o")
        with self.assertRaises(KeyError):
            linker.link()

        def progress(step, done, total):
            raise ValueError(step)

        linker = welt.Linker(progress=progress)
        linker.add_bytes("main.o", assemble(MAIN))
        with self.assertRaises(ValueError):
            linker.link()

    def test_stopped(self):
        linker = welt.Linker(progress=lambda step, done, total: step == "layout")
        linker.add_bytes("main.o", assemble(MAIN + OTHER))
        with self.assertRaises(welt.Error) as raised:
            linker.link()
        self.assertEqual(raised.exception.status, welt.CANCELLED)
        thread = threading.Thread(target=self.linker.cancel)
        thread.start()
        thread.join()
        with self.assertRaises(welt.Error):
            self.linker.link()
        self.assertFalse(self.linker.link())

    def test_mistakes(self):
        with self.assertRaises(TypeError):
            welt.Linker(no_such_option=1)
        with self.assertRaises(welt.Error):
            self.linker.get(welt.OUTPUT_IMAGE)
        self.assertIsNone(welt.layout_script("nothing"))
        self.assertIn("sector", welt.layouts())
        self.assertRegex(welt.version(), r"^\d+\.\d+\.\d+")

    def test_options(self):
        for wrong in ({"layout": 5}, {"gc": "on"}, {"undefined": "main"}, {"entry": ["main"]},
                      {"user": 1}, {"wrap_count": 1}, {"nothing": 1}, {"undefined": [1]}):
            with self.assertRaises(TypeError, msg=wrong):
                welt.Linker(**wrong)
        with self.assertRaises(welt.Error):
            welt.Linker(warnings=["no-such-check"])
        for counted in ({"wraps": ["other"]}, {"budgets": {None: 5}}):
            with welt.Linker(**counted) as linker:
                linker.add_bytes("main.o", assemble(MAIN))
                linker.add_bytes("other.o", assemble(OTHER))
                self.assertFalse(linker.link(), counted)


class Watching(unittest.TestCase):
    """Changes are seen, and what they cost; a mistake is shown and goes when it is mended."""

    def test_watch(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "main.c")
            steps = ["int main(void) { return 0; }\n", "int main(void) { return 0;\n",
                     "int main(void) { return nobody(); }\nint nobody(void);\n",
                     "const char text[600] = {1}; int main(void) { return text[(long)main]; }\n",
                     "int main(void) { return 0; }\n"]
            self.write(path, steps[0])
            child = self.start("--changes", "4", path)
            shown = [child.stdout.readline()]
            for step in steps[1:]:
                time.sleep(0.1)
                self.write(path, step)
                line = child.stdout.readline()
                while line and not line.startswith(("linked", "not linked")):
                    shown[-1] += line
                    line = child.stdout.readline()
                shown.append(line)
            shown[-1] += child.communicate(timeout=60)[0]
        self.assertEqual(child.returncode, 0)
        self.assertRegex(shown[0], r"^linked in .* of 510 bytes, \d+ free")
        self.assertIn("error:", shown[1])
        self.assertIn("nobody", shown[2])
        self.assertRegex(shown[3], r"over \(\+\d+\)")
        self.assertRegex(shown[4], r"^linked in .* free \(-\d+\)\n$")

    def test_headers_and_flags(self):
        with tempfile.TemporaryDirectory() as folder:
            os.mkdir(os.path.join(folder, "in it"))
            header, source = os.path.join(folder, "in it", "size.h"), os.path.join(folder, "main.c")
            self.write(header, "#define BYTES 20\n")
            self.write(source, "#include <size.h>\nchar room[BYTES] = {HERE};\n"
                               "int main(void) { return room[(long)main]; }\n")
            child = self.start("-I", os.path.dirname(header), "--flags=-DHERE=1", "--changes", "1",
                               source)
            first = child.stdout.readline()
            time.sleep(0.1)
            self.write(header, "#define BYTES 52\n")
            last = child.communicate(timeout=60)[0]
        self.assertEqual(child.returncode, 0)
        self.assertRegex(first, r"^linked in .* free")
        self.assertRegex(last, r"^linked in .* free \(\+32\)\n$")

    @unittest.skipUnless(shutil.which("nasm"), "needs nasm")
    def test_what_nasm_includes(self):
        with tempfile.TemporaryDirectory() as folder:
            included, source = os.path.join(folder, "more.inc"), os.path.join(folder, "boot.asm")
            self.write(included, "nop\n")
            self.write(source, f'bits 16\nglobal _start\n_start: jmp $\n%include "{included}"\n')
            child = self.start("--changes", "1", source)
            first = child.stdout.readline()
            time.sleep(0.1)
            self.write(included, "nop\nnop\n")
            last = child.communicate(timeout=60)[0]
        self.assertRegex(first, r"^linked in .* free")
        self.assertIn("(+1)", last)

    def test_what_is_no_object(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "main.c")
            self.write(path, "int main(void) { return 0\n")
            child = self.start("--changes", "0", path, os.path.join(folder, "none.o"))
            shown = child.communicate(timeout=60)[0]
        self.assertEqual(child.returncode, 0)
        self.assertRegex(shown, r"^not linked: no object of .*main\.c, .*none\.o\n")
        self.assertIn("error: expected", shown)
        self.assertIn("No such file", shown)
        self.assertNotIn("[welt-", shown)

    @staticmethod
    def start(*words):
        return subprocess.Popen([sys.executable, os.path.join(HERE, "watch.py"), "--plain", *words],
                                stdout=subprocess.PIPE, text=True)

    @staticmethod
    def write(path, text):
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(text)
        os.rename(path + ".new", path)


if __name__ == "__main__":
    unittest.main()
