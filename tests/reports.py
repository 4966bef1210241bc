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
import shutil
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
    for name, totals in report["totals"].items():
        if name != "sectors":
            expect(size, sum(its["size"] for its in totals), f"JSON: totals.{name}")
    for row in report["rows"]:
        if "lines" in row:
            expect(row["size"], sum(line["size"] for line in row["lines"]), "JSON: lines of a row")
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
    sizes = [int(line["size"]) for line in lines if line["table"] == "line"]
    expect([its["size"] for its in report["totals"].get("lines", [])], sizes, "CSV: source lines")


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


def check_forms(its, size=None):
    """`its`: with what the names of the five files begin."""
    forms = {form: read(its + form) for form in FORMS}
    report = check_json(forms["json"], size if size is not None
                        else json.loads(forms["json"])["image"]["size"])
    check_csv(forms["csv"], report)
    check_text(forms["text"], report)
    check_markdown(forms["markdown"], report)
    check_html(forms["html"], forms)
    return report


def report_options(folder):
    return [f"--report={form}:{os.path.join(folder, form)}" for form in FORMS]


# A link in the place of the real one. A shell script stands under the linker's name, for a case
# links in a hundredth of a second: what it leaves behind is looked at afterwards, and the image is
# copied, for what comes next may change it.

STAND_IN = """#!/bin/sh
its=$REPORTS/$$
image=a.out last=
for word; do
    test "$last" != -o || image=$word
    last=$word
done
"{welt}" "$@" {options}
status=$?
test $status != 0 || test ! -f "$image" || cp -- "$image" "$its.image"
printf '%s\\n' $status "$*" >"$its.status"
exit $status
"""


def write_stand_in(path, welt):
    options = " ".join(f'--report={form}:"$its.{form}"' for form in FORMS)
    with open(path, "w", encoding="utf-8") as file:
        file.write(STAND_IN.format(welt=welt, options=options))
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)


def fault_of(its):
    """Of the link whose files begin with `its`."""
    status = read(its + ".status")
    if not os.path.exists(its + ".json"):
        return "no report"
    try:
        report = check_forms(its + ".")
        if status.startswith("0\n") and report["image"]["linked"] and os.path.isfile(its + ".image"):
            with open(its + ".image", "rb") as file:
                if file.read(4) != b"\x7fELF":
                    expect(os.path.getsize(its + ".image"), report["image"]["size"],
                           "size of the image")
        return "fine"
    except (Fault, OSError, ValueError, KeyError, AttributeError) as fault:
        return f"{type(fault).__name__}: {fault}"


# The cases, and generated programs.

def check_case(name, programs, work):
    import run  # pylint: disable=import-outside-toplevel
    reports = os.path.join(work, name.replace("/", ".") + ".reports")
    os.mkdir(reports)
    case = run.Case(name, argparse.Namespace(work=work, programs=programs))
    run.set_up(case)
    with open(case.path("cmd"), encoding="utf-8") as file:
        text = file.read()
    with open(case.path("cmd"), "w", encoding="utf-8") as file:
        file.write(f"REPORTS='{reports}'; export REPORTS\n{text}")
    run.run_command(case)
    links = sorted(os.path.join(reports, file.removesuffix(".status"))
                   for file in os.listdir(reports) if file.endswith(".status"))
    lines = [f"{name}: {read(its + '.status')[2:200].strip()}\t{fault_of(its)}" for its in links]
    shutil.rmtree(reports)
    return lines


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
            check_forms(os.path.join(folder, ""), size)
        except Fault as fault:
            return [f"seed {seed}\t{fault}"]
    return [f"seed {seed}\tfine"]


def all_checks(welt, work, count, every):
    import generated  # pylint: disable=import-outside-toplevel
    import run  # pylint: disable=import-outside-toplevel
    programs = os.path.join(work, "bin")
    os.mkdir(programs)
    for program in sorted(os.listdir(os.path.dirname(welt))):
        write_stand_in(os.path.join(programs, program), os.path.join(os.path.dirname(welt), program))
    for name in run.all_cases()[::every]:
        yield lambda name=name: check_case(name, programs, work)
    for seed, kind in zip(range(count), itertools.islice(generated.kinds(), count)):
        yield lambda seed=seed, kind=kind: check_generated(seed, kind, welt)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--every", type=int, default=1, help="of so many cases take one")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    sys.path[:0] = [TESTS, os.path.join(TESTS, "tools")]
    built = os.path.dirname(os.path.dirname(os.path.abspath(options.welt)))
    with tempfile.TemporaryDirectory() as work, ThreadPoolExecutor(options.jobs) as pool:
        # Cases look for the runtime beside the command.
        os.symlink(os.path.join(built, "runtime"), os.path.join(work, "runtime"))
        jobs = [pool.submit(job) for job in all_checks(os.path.abspath(options.welt), work,
                                                       options.count, options.every)]
        lines = [line for job in jobs for line in job.result()]
    faults = [line for line in lines if not line.endswith(("\tfine", "\tno report"))]
    fine = sum(line.endswith("\tfine") for line in lines)
    print("\n".join(faults))
    print(f"{fine} images add up in every form, {len(faults)} do not")
    return 0 if fine and not faults else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
