#!/usr/bin/env python3
"""Opens HTML reports in Chromium, from their files, and holds what is seen against the JSON.

    browser.py --welt build/release/bin/welt

Chromium is driven through chromedriver in the W3C WebDriver protocol, by Python's standard library.
Exit status 0 when all is well.
"""
import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

TESTS = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [TESTS, os.path.join(TESTS, "tools")]

import child  # noqa: E402
import generate  # noqa: E402

CAPABILITIES = {"capabilities": {"alwaysMatch": {
    "goog:loggingPrefs": {"browser": "ALL"},
    "goog:chromeOptions": {"args": [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--disable-background-networking", "--window-size=1280,1700",
        "--remote-debugging-pipe",  # by a socket it asks for the name localhost, which a bare /etc has not
        "--host-resolver-rules=MAP * ~NOTFOUND"]}}}}


class Browser:
    """A Chromium that lives for one `with`."""

    def __enter__(self):
        self.driver = child.start(["chromedriver", "--port=0"], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, encoding="utf-8")
        self.address = self.session = None
        for line in self.driver.stdout:
            port = re.search(r"successfully on port (\d+)", line)
            if port:
                self.address = f"http://127.0.0.1:{port.group(1)}/session"
                break
        self.session = self.ask("POST", "", CAPABILITIES)["sessionId"]
        return self

    def __exit__(self, *_):
        try:
            self.ask("DELETE", "")
        finally:
            child.stop(self.driver)

    def ask(self, method, path, body=None):
        address = self.address + (f"/{self.session}{path}" if self.session else "")
        data = json.dumps(body if body is not None else {}).encode() if method == "POST" else None
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"},
                                         method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)["value"]

    def open(self, path):
        self.ask("POST", "/url", {"url": "file://" + path})

    def run(self, script, *arguments):
        """What a script returns; `arguments` are its."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def log(self):
        return self.ask("POST", "/se/log", {"type": "browser"})

    def picture(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.ask("GET", "/screenshot")))


# What is tested.

def expect(wanted, found, what):
    if wanted != found:
        raise AssertionError(f"{what}: {found!r}, not {wanted!r}")


def shown_rows(browser):
    return browser.run("return [...document.querySelectorAll('#rows tbody tr')].map("
                       "tr => [...tr.cells].map(cell => cell.textContent))")


def check_numbers(browser, report):
    image = sum(row["size"] for row in report["rows"])
    expect(str(image), browser.run("return document.querySelector('#rows tfoot').dataset.image"),
           "sum under the table")
    found = sorted(int(row[2].replace(",", "")) for row in shown_rows(browser))
    expect(sorted(row["size"] for row in report["rows"] + report["memory"])[-len(found):], found,
           "sizes in the table")
    expect(len(report["totals"]["sectors"]),
           len(browser.run("return [...document.querySelectorAll('.sectors svg')].map(() => 1)")),
           "sectors")
    for number, used in enumerate(report["totals"]["sectors"]):
        caption = browser.run("return document.querySelectorAll('.sectors figcaption')"
                              "[arguments[0]].textContent", number)
        if not caption.endswith(f" {used} used"):
            raise AssertionError(f"sector {number}: {caption}, not {used} used")
    area = browser.run("return [...document.querySelectorAll('.sectors .run')].reduce("
                       "(sum, run) => sum + Number(run.getAttribute('width')), 0)")
    expect(image, area, "bytes in the map of sectors")


def check_budgets(browser, report):
    lines = browser.run("return [...document.querySelectorAll('.budget .numbers')].map("
                        "its => its.textContent)")
    for budget, line in zip(report["budgets"], lines, strict=True):
        wanted = f"{budget['used']:,} of {budget['limit']:,}, "
        if not line.startswith(wanted):
            raise AssertionError(f"budget {budget['name']}: {line}, not {wanted}")


def check_treemap(browser, report, shown):
    """Areas go with sizes, and the page's own search finds names in the picture."""
    cells = browser.run("return [...document.querySelectorAll('#treemap .cell')].map(cell => "
                        "[cell.querySelector('text').textContent, Number(cell.getAttribute('width'))"
                        " * Number(cell.getAttribute('height'))])")
    names = {shown(row["symbol"]) for row in report["rows"] if "symbol" in row}
    if not names <= {name for name, _ in cells}:
        raise AssertionError(f"not in the treemap: {names - {name for name, _ in cells}}")
    largest = max((row for row in report["rows"] if "symbol" in row), key=lambda row: row["size"])
    areas = dict(cells)
    if any(area > 1.2 * areas[shown(largest["symbol"])] for name, area in cells if name in names):
        raise AssertionError("the largest symbol has not the largest cell")
    expect(True, browser.run("getSelection().removeAllRanges(); document.getElementById('rows')"
                             ".style.display = 'none'; const found = window.find(arguments[0]);"
                             "document.getElementById('rows').style.display = ''; return found",
                             shown(largest["symbol"])), "text search in the treemap")


def check_filter(browser, report, shown):
    """A row is found by its symbol as the object has it and as the source has it."""
    def search(text):
        browser.run("const its = document.getElementById('filter'); its.value = arguments[0];"
                    "its.dispatchEvent(new Event('input'))", text)
    name = next(row["symbol"] for row in report["rows"] if "symbol" in row)
    for text in (name.upper(), shown(name)):
        search(text)
        rows = shown_rows(browser)
        if not rows or not all(shown(name) in " ".join(row) for row in rows):
            raise AssertionError(f"filter {text}: {rows}")
    search("no such thing at all")
    expect([], shown_rows(browser), "filter for nothing")
    search("")


def check_sort(browser):
    for column, key in ((2, "size"), (0, "offset"), (4, "name")):
        orders = []
        for _ in range(2):
            browser.run("document.querySelector(`th[data-key=${arguments[0]}]`).click()", key)
            orders.append([row[column] for row in shown_rows(browser)])
        values = [[int(text.replace(",", "") or "-1", 0) for text in order] if column < 4
                  else [text.lower() for text in order] for order in orders]
        if column < 4 and {tuple(values[0]), tuple(values[1])} != {
                tuple(sorted(values[0])), tuple(sorted(values[0], reverse=True))}:
            raise AssertionError(f"sorted by {key}: {orders[0]}")
        if column == 4 and values[0] == values[1] and len(set(values[0])) > 1:
            raise AssertionError("sorting by name changes nothing")


def check_chain(browser, report):
    deepest = next((i for i, row in enumerate(report["rows"]) if "kept_by" in row), None)
    if deepest is None:
        return
    browser.run("document.querySelector(`tr[data-row='${arguments[0]}']`).click()", deepest)
    text = browser.run("return document.getElementById('chosen').textContent")
    if "in the image because of" not in text:
        raise AssertionError(f"no chain: {text}")


def check_lines(browser, report):
    for number, row in enumerate(report["rows"]):
        for its in row.get("lines", []):
            browser.run("document.querySelector(`tr[data-row='${arguments[0]}']`).click()", number)
            text = browser.run("return document.getElementById('chosen').textContent")
            name = its.get("source", row["source"]) + (f":{its['line']}" if "line" in its else "")
            sizes = [other["size"] for other in row["lines"]
                     if other.get("source") == its.get("source") and other.get("line") == its.get("line")]
            if f"{name} {sum(sizes)}" not in text:
                raise AssertionError(f"no {name} {sum(sizes)} in: {text}")
            return


def check_theme(browser):
    color = "return getComputedStyle(document.body).backgroundColor"
    before = browser.run(color)
    browser.run("document.getElementById('theme').click()")
    if browser.run(color) == before:
        raise AssertionError("light and dark are the same")
    browser.run("document.getElementById('theme').click()")


def check_page(browser, folder):
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        report = json.load(file)

    def shown(symbol):
        return OF_SOURCES.get(symbol, symbol)

    browser.open(os.path.join(folder, "report.html"))
    check_numbers(browser, report)
    check_budgets(browser, report)
    check_treemap(browser, report, shown)
    check_filter(browser, report, shown)
    check_sort(browser)
    check_chain(browser, report)
    check_lines(browser, report)
    check_theme(browser)
    expect(0, browser.run("return performance.getEntriesByType('resource').length"), "fetched")
    expect([], [entry for entry in browser.log() if entry["level"] in ("SEVERE", "WARNING")],
           "console")


# The programs: with debug information, with names of C++, a sector, a disk compared with a smaller one, and one that is over its budget.

def link(welt, folder, objects, *options):
    subprocess.run([welt, *objects, "-o", "boot.bin", "--report=json:report.json",
                    "--report=html:report.html", *options],
                   cwd=folder, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


DEBUGGED = "static int square(int n) { return n * n; }\nint main(void)\n{\n    return square(3);\n}\n"


def make_debugged(welt, folder):
    os.mkdir(folder)
    with open(os.path.join(folder, "main.c"), "w", encoding="ascii") as file:
        file.write(DEBUGGED)
    subprocess.run(["gcc", "-m16", "-O0", "-g", "-ffreestanding", "-fno-pic", "-fno-pie", "-c", "main.c"],
                   cwd=folder, check=True)
    link(welt, folder, ["main.o"])
    with open(os.path.join(folder, "report.json"), encoding="utf-8") as file:
        expect(True, any("lines" in row for row in json.load(file)["rows"]), "rows with lines")
    return folder


# What g++ makes of two functions, and what they are called in its source.
OF_SOURCES = {"_ZN4game4moveEi": "game::move(int)",
              "_ZN4game5placeIiEEvRKT_": "void game::place<int>(int const&)"}
MANGLED = """
        .code16gcc
        .globl  main, _ZN4game4moveEi, _ZN4game5placeIiEEvRKT_
main:   call    _ZN4game4moveEi
        ret
_ZN4game4moveEi:
        call    _ZN4game5placeIiEEvRKT_
        ret
_ZN4game5placeIiEEvRKT_:
        .fill   80, 1, 0x90
        ret
"""


def make_mangled(welt, folder):
    os.mkdir(folder)
    with open(os.path.join(folder, "game.s"), "w", encoding="ascii") as file:
        file.write(MANGLED)
    subprocess.run(["as", "--32", "game.s", "-o", "game.o"], cwd=folder, check=True)
    link(welt, folder, ["game.o"])
    return folder


def make_pages(welt, work):
    folders = {"debugged": make_debugged(welt, os.path.join(work, "debugged")),
               "mangled": make_mangled(welt, os.path.join(work, "mangled"))}
    for seed, mode, compiler in ((4, "sector", "gcc-plain"), (7, "disk", "gcc-O2"),
                                 (2, "over", "gcc")):
        folder = folders[mode] = os.path.join(work, mode)
        _, objects = generate.generate(seed, mode, folder, compiler)
        layout = ["--layout", "disk"] if mode == "disk" else []
        if mode == "disk":
            link(welt, folder, objects[:1], *layout, "--report=json:old.json",
                 "--unresolved-symbols=ignore-all")
            layout.append("--baseline=old.json")
        link(welt, folder, objects, *layout)
    return folders


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as work, Browser() as browser:
        for mode, folder in make_pages(os.path.abspath(options.welt), work).items():
            check_page(browser, folder)
            print(f"passed {mode}, {time.monotonic() - began:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
