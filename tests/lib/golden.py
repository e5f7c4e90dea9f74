# SPDX-License-Identifier: GPL-2.0-only
"""Golden tests: what build/tailback prints for a file of records, compared as exact text.

tests/golden/NAME/ holds
    input.txt   records as text (user/source/text.h)
    command     arguments of tailback, in shell words; `-i input.txt` is added if no -i is there
    expected    its standard output, exactly
    errors      its standard error, exactly; if this file is missing any will do
    exit        its exit status; if this file is missing 0
Called by tests/run; `make golden-update` writes what is expected anew.
"""
import difflib
import os
import shlex

from cmocka import FAIL, OK, Result

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


def read(path, missing):
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except FileNotFoundError:
        return missing


def write(path, text):
    with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
        file.write(text)


def command_of(directory, tailback):
    """The arguments, to be run inside the directory."""
    arguments = shlex.split(read(f"{directory}/command", ""), comments=True)
    if os.path.exists(f"{directory}/input.txt") and not {"-i", "--input"} & set(arguments):
        arguments += ["-i", "input.txt"]
    return [os.path.abspath(tailback)] + arguments


def difference(expected, got, name):
    lines = difflib.unified_diff(expected.splitlines(), got.splitlines(), name, "printed",
                                 lineterm="")
    return list(lines) or ["they differ in line ends only"]


def judge(directory, end, out, errors):
    """One result: everything as expected, or the differences."""
    wrong, shown = [], []
    wanted = int(read(f"{directory}/exit", "0"))
    if end.status != wanted:
        wrong.append(f"{end.text}, expected {wanted}")
        shown += errors.splitlines()
    for name, got in (("expected", out), ("errors", errors)):
        text = read(f"{directory}/{name}", "" if name == "expected" else None)
        if text is not None and text != got:
            wrong.append(f"other text than in {directory}/{name}")
            shown += difference(text, got, name)
    return [Result("", FAIL if wrong else OK, "; ".join(wrong), shown)]


def update(directory, status, out, errors):
    """Take what was printed for what is expected. `errors` is kept only where it is there."""
    write(f"{directory}/expected", out)
    if os.path.exists(f"{directory}/errors"):
        write(f"{directory}/errors", errors)
    if status:
        write(f"{directory}/exit", f"{status}\n")
    elif os.path.exists(f"{directory}/exit"):
        os.remove(f"{directory}/exit")
