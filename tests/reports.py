#!/usr/bin/env python3
"""Holds every form of the size report against the image: rows add up to the file, in each.

    reports.py --welt build/release/bin/welt              all cases, and 50 generated programs
    reports.py --welt build/release/bin/welt --count 5    fewer of the generated ones

Each link of each case in tests/cases is made once more with a report of every form; the same for
generated programs, of which a third are over their budget. Nothing is booted. Exit status 0 when
all add up.
"""
import argparse
import csv
import html
import itertools
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

TESTS = os.path.dirname(os.path.abspath(__file__))
FORMS = ["text", "json", "csv", "markdown", "html"]
KINDS_WITHOUT_OBJECT = {"padding", "fill", "free", "signature", "reserved", "script", "jump"}


class Fault(Exception):
    """What does not add up."""


def expect(wanted, found, what):
    if wanted != found:
        raise Fault(f"{what}: {found}, not {wanted}")


def read(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read()


# The forms.

def check_json(text, size):
    report = json.loads(text)
    end = 0
    for row in report["rows"]:
        expect(end, row["offset"], "JSON: a row's offset")
        if row["size"] <= 0:
            raise Fault("JSON: an empty row")
        if "object" not in row and row["kind"] not in KINDS_WITHOUT_OBJECT | {"data", "code"}:
            raise Fault(f"JSON: a row of {row['kind']} without an object")
        end += row["size"]
    expect(size, end, "JSON: sum of the rows")
    expect(size, report["image"]["size"], "JSON: the image's size")
    for name in ("kinds", "sections", "objects", "sources"):
        expect(size, sum(its["size"] for its in report["totals"][name]), f"JSON: totals.{name}")
    expect((size + 511) // 512, len(report["totals"]["sectors"]), "JSON: sectors")
    everything = report["rows"] + report["memory"]
    for row in everything:
        if not 0 <= row.get("kept_by", 0) < len(everything):
            raise Fault("JSON: kept by no row")
    return report


def check_csv(text, report):
    lines = list(csv.DictReader(text.splitlines()))
    for table, rows in (("image", report["rows"]), ("memory", report["memory"])):
        sizes = [int(line["size"]) for line in lines if line["table"] == table]
        expect([row["size"] for row in rows], sizes, f"CSV: sizes of {table}")


def check_tables(rows, wanted, form):
    """`rows`: sizes, and None behind each table's sum; the sums must be in `wanted`."""
    total, last, tables = 0, 0, 0
    for size in rows:
        if size is None:
            expect(total - last, last, f"{form}: rows of table {tables}")
            if last not in wanted:
                raise Fault(f"{form}: table {tables} adds up to {last}, not {wanted}")
            total = last = 0
            tables += 1
        else:
            last = size
            total += size
    if tables < 4:
        raise Fault(f"{form}: {tables} tables")


def check_text(text, report):
    sizes = []
    for line in text.splitlines():
        row = re.match(r"^ {2,}(\d+) {2}", line)
        if not line.startswith(" "):
            if sizes and sizes[-1] is not None:
                while sizes and sizes[-1] is not None:  # budgets, advice: no sums
                    sizes.pop()
        elif row:
            sizes.append(int(row.group(1)))
            if line.endswith(" in all"):
                sizes.append(None)
    while sizes and sizes[-1] is not None:
        sizes.pop()
    memory = sum(row["size"] for row in report["memory"])
    check_tables(sizes, {report["image"]["size"], memory}, "text")


def check_markdown(text, report):
    sizes = []
    for line in text.splitlines():
        last = re.fullmatch(r"\| \*\*in all\*\* \| \*\*(\d+)\*\* \| \|", line)
        row = re.fullmatch(r"\| [^|]* \| (\d+) \| (?:[\d.]+ %|-) \|", line)
        if row:
            sizes.append(int(row.group(1)))
        if last:
            sizes += [int(last.group(1)), None]
    check_tables(sizes, {report["image"]["size"]}, "markdown")


def check_html(text, forms):
    data = re.search(r'<script id="report" type="application/json">\n(.*?)</script>', text, re.S)
    expect(json.loads(forms["json"]), json.loads(data.group(1)), "HTML: the JSON in it")
    plain = re.search(r"<noscript><pre>\n(.*?)</pre>", text, re.S)
    expect(forms["text"], html.unescape(plain.group(1)), "HTML: the text in it")
    if re.search(r"""(?:src|href)=["']|@import|url\(""", text):
        raise Fault("HTML: asks for another file")


def check_forms(folder, size=None):
    forms = {form: read(os.path.join(folder, form)) for form in FORMS}
    report = check_json(forms["json"], size if size is not None
                        else json.loads(forms["json"])["image"]["size"])
    check_csv(forms["csv"], report)
    check_text(forms["text"], report)
    check_markdown(forms["markdown"], report)
    check_html(forms["html"], forms)
    return report


def report_options(folder):
    return [f"--report={form}:{os.path.join(folder, form)}" for form in FORMS]


# A link in the place of the real one: this script is called under the linker's name.

def stand_in(arguments):
    welt, log, arguments = arguments[0], arguments[1], arguments[2:]
    with tempfile.TemporaryDirectory() as folder:
        status = subprocess.run([welt, *arguments, *report_options(folder)], check=False).returncode
        fault = "no report"
        if os.path.exists(os.path.join(folder, "json")):
            fault = fault_of(folder, status)
        with open(log, "a", encoding="utf-8") as file:
            file.write(f"{' '.join(arguments)[:200]}\t{fault}\n")
    return status


def fault_of(folder, status):
    try:
        report = check_forms(folder)
        name = report["image"]["name"]
        if status == 0 and report["image"]["linked"] and os.path.isfile(name):
            with open(name, "rb") as file:
                if file.read(4) != b"\x7fELF":
                    expect(os.path.getsize(name), report["image"]["size"], "size of the image")
        return "fine"
    except (Fault, OSError, ValueError, KeyError, AttributeError) as fault:
        return f"{type(fault).__name__}: {fault}"


def write_stand_in(path, welt, log):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec "{sys.executable}" "{os.path.abspath(__file__)}" --stand-in '
                   f'"{welt}" "{log}" "$@"\n')
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)


# The cases, and generated programs.

def check_case(name, welt, work):
    import run  # pylint: disable=import-outside-toplevel
    programs = os.path.join(work, "bin", name.replace("/", "."))
    log = os.path.join(work, name.replace("/", ".") + ".log")
    os.makedirs(programs)
    for program in sorted(os.listdir(os.path.dirname(welt))):
        write_stand_in(os.path.join(programs, program),
                       os.path.join(os.path.dirname(welt), program), log)
    case = run.Case(name, argparse.Namespace(work=work, programs=programs))
    run.set_up(case)
    run.run_command(case)
    return read(log).splitlines() if os.path.exists(log) else []


def check_generated(seed, kind, welt):
    import generate  # pylint: disable=import-outside-toplevel
    mode, compiler, runtime_print = kind
    with tempfile.TemporaryDirectory() as folder:
        _, objects = generate.generate(seed, mode, folder, compiler, runtime_print)
        layout = ["--layout", mode] if mode != "over" else []
        result = subprocess.run([welt, *objects, "-o", "boot.bin", *layout,
                                 *report_options(folder)], cwd=folder, check=False,
                                capture_output=True, encoding="utf-8")
        if result.returncode != (mode == "over"):
            return [f"seed {seed}\tstatus {result.returncode}: {result.stderr}"]
        size = None if mode == "over" else os.path.getsize(os.path.join(folder, "boot.bin"))
        try:
            check_forms(folder, size)
        except Fault as fault:
            return [f"seed {seed}\t{fault}"]
    return [f"seed {seed}\tfine"]


def all_checks(welt, work, count):
    import generated  # pylint: disable=import-outside-toplevel
    import run  # pylint: disable=import-outside-toplevel
    for wing in sorted(os.listdir(run.CASES)):
        for name in sorted(os.listdir(os.path.join(run.CASES, wing))):
            if os.path.exists(os.path.join(run.CASES, wing, name, "cmd")):
                yield lambda name=f"{wing}/{name}": check_case(name, welt, work)
    for seed, kind in zip(range(count), itertools.islice(generated.kinds(), count)):
        yield lambda seed=seed, kind=kind: check_generated(seed, kind, welt)


def main(arguments):
    if arguments[:1] == ["--stand-in"]:
        return stand_in(arguments[1:])
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    sys.path[:0] = [TESTS, os.path.join(TESTS, "tools")]
    built = os.path.dirname(os.path.dirname(os.path.abspath(options.welt)))
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(options.jobs) as pool:
        os.mkdir(os.path.join(work, "bin"))
        # Cases look for the runtime beside the command.
        os.symlink(os.path.join(built, "runtime"), os.path.join(work, "bin", "runtime"))
        jobs = [pool.submit(job)
                for job in all_checks(os.path.abspath(options.welt), work, options.count)]
        lines = [line for job in jobs for line in job.result()]
    faults = [line for line in lines if not line.endswith(("\tfine", "\tno report"))]
    fine = sum(line.endswith("\tfine") for line in lines)
    print("\n".join(faults))
    print(f"{fine} images add up in every form, {len(faults)} do not")
    return 0 if fine and not faults else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
