# SPDX-License-Identifier: GPL-2.0-only
"""Packs the initramfs: busybox, init, tailback, the tests and the libraries that they need.

Called by `run` and `selftest`. Must not know what the programs do.
"""
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
    "etc/group": "root:x:0:\nnogroup:x:65534:\n",
    "etc/hosts": "127.0.0.1 localhost\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
DIRECTORIES = ["bin", "dev", "proc", "root", "run", "sys", "tmp", "usr/sbin", "tests"]
TERMINFO = ["l/linux", "x/xterm", "x/xterm-256color", "d/dumb", "v/vt100"]


def libraries(path):
    """What the dynamic linker would load for this program; none for a static one or a script."""
    done = subprocess.run(["ldd", path], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    if "not found" in done.stdout:
        raise FileNotFoundError(f"{path} needs a library that is missing:\n{done.stdout}")
    return re.findall(r"(/\S+) \(0x", done.stdout)


def copy_into(root, source, target):
    path = f"{root}/{target.lstrip('/')}"
    if os.path.exists(path):
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shutil.copy2(os.path.realpath(source), path)


def programs_add(root, programs):
    """programs: {path inside: path on the host}"""
    for target, source in programs.items():
        copy_into(root, source, target)
        for library in libraries(source):
            copy_into(root, library, library)


def tree_make(root, programs, plan):
    shutil.rmtree(root, ignore_errors=True)
    for directory in DIRECTORIES:
        os.makedirs(f"{root}/{directory}")
    for name, text in FILES.items():
        os.makedirs(os.path.dirname(f"{root}/{name}"), exist_ok=True)
        with open(f"{root}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    for name in TERMINFO:
        if os.path.exists(f"/lib/terminfo/{name}"):
            copy_into(root, f"/lib/terminfo/{name}", f"/lib/terminfo/{name}")
    copy_into(root, "/bin/busybox", "/bin/busybox")
    copy_into(root, f"{HERE}/guest/init", "/init")
    for name in ("checks", "quota"):
        copy_into(root, f"{HERE}/guest/{name}", f"/tests/{name}")
    programs_add(root, programs)
    with open(f"{root}/tests/plan", "w", encoding="utf-8") as file:
        file.writelines(f"{name} {command}\n" for name, command in plan)


def pack(root, archive):
    names = subprocess.run(["find", ".", "-print0"], cwd=root, check=True, stdout=subprocess.PIPE)
    with open(archive, "wb") as file:
        subprocess.run(["cpio", "--null", "--create", "--quiet", "--format=newc", "--owner=0:0"],
                       cwd=root, check=True, input=names.stdout, stdout=file)


def make(archive, programs, plan):
    """plan: the (name, command) pairs that init runs, in turn."""
    root = archive + ".tree"
    tree_make(root, programs, plan)
    pack(root, archive)
    shutil.rmtree(root)
