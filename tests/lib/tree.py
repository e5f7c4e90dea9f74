# SPDX-License-Identifier: GPL-2.0-only
"""The files of the project, for the checks of tests/lint: what git knows or would take."""
import os
import subprocess

GENERATED = [":!vmlinux/"]      # kept by hand, but after the kernel's own style


def files(*patterns):
    """Paths that exist and match git's patterns, in order."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard", "--", *patterns],
                            check=True, capture_output=True, text=True).stdout
    return sorted(path for path in set(listed.splitlines()) if os.path.isfile(path))


def c_files():
    return files("*.c", "*.h", *GENERATED)


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def scripts():
    """{path: interpreter} of everything that begins with #!"""
    found = {}
    for path in files():
        with open(path, "rb") as file:
            first = file.readline(200)
        if first.startswith(b"#!"):
            words = first[2:].decode("utf-8", "replace").split()
            interpreter = os.path.basename(words[0])
            if interpreter in ("env", "busybox"):
                interpreter = words[1]
            found[path] = interpreter
    return found


def tell(faults):
    """Print `path: what` for each; the exit status of a check."""
    bad = 0
    for fault in faults:
        print(fault)
        bad += 1
    return 1 if bad else 0
