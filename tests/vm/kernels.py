# SPDX-License-Identifier: GPL-2.0-only
"""Fetches Debian's kernels: which suite and package, a private apt directory, the unpacked image.

Called by `run`. Nothing is installed and the host's apt directories stay as they are; only its
settings (a proxy, say) are honoured. Archives are verified by apt against the keys of
debian-archive-keyring. Must not know how a kernel is booted.
"""
import collections
import glob
import os
import re
import shutil
import subprocess

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
DEFAULT_MIRROR = "http://deb.debian.org/debian"

Kernel = collections.namedtuple("Kernel", "name suite package works")

# name, suite, package (the newest match is taken), whether tailback works there or must refuse
KERNELS = [
    Kernel("5.10", "bullseye", r"linux-image-5\.10\.0-\d+-cloud-amd64", False),
    Kernel("6.1", "bookworm", r"linux-image-6\.1\.0-\d+-cloud-amd64", True),
    Kernel("6.12", "trixie", r"linux-image-6\.12\.\d+\+deb13-cloud-amd64", True),
    Kernel("6.12-rt", "trixie", r"linux-image-6\.12\.\d+\+deb13-rt-amd64", True),
    # From 6.19 on linux-image-* is a meta package and linux-binary-* has the image.
    Kernel("7.2", "sid", r"linux-binary-7\.2\.\d+\S*-cloud-amd64", True),
    Kernel("7.2-rt", "sid", r"linux-binary-7\.2\.\d+\S*-rt-amd64", True),
]
IMAGES = ["boot/vmlinuz-*", "usr/lib/modules/*/vmlinuz"]


class Unavailable(Exception):
    """A kernel that cannot be had now: the reason."""


def kernel_named(name):
    for kernel in KERNELS:
        if kernel.name == name:
            return kernel
    known = ", ".join(kernel.name for kernel in KERNELS)
    raise KeyError(f"no kernel is called {name}; known: {known}")


def mirror_of_host(root="/etc/apt"):
    """The archive that the host's own sources name first."""
    files = [f"{root}/sources.list"] + sorted(glob.glob(f"{root}/sources.list.d/*"))
    for path in files:
        if not os.path.isfile(path):
            continue
        with open(path, encoding="utf-8", errors="replace") as file:
            found = re.search(r"^(?:deb\s|URIs:)[^#\n]*?(https?://\S+/debian)/?(?:\s|$)",
                              file.read(), re.MULTILINE)
        if found:
            return found.group(1)
    return DEFAULT_MIRROR


def apt_prepare(directory, mirror, suite):
    """A private apt directory; gives the arguments that make apt use it and nothing else."""
    for part in ("lists/partial", "cache/archives/partial", "state"):
        os.makedirs(f"{directory}/{part}", exist_ok=True)
    with open(f"{directory}/sources.list", "w", encoding="utf-8") as file:
        file.write(f"deb [arch=amd64 signed-by={KEYRING}] {mirror} {suite} main\n")
    with open(f"{directory}/apt.conf", "w", encoding="utf-8") as file:
        file.write("#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n"
                   f'Dir::Etc::sourcelist "{directory}/sources.list";\n'
                   'Dir::Etc::sourceparts "/dev/null";\n'
                   'Dir::Etc::preferencesparts "/dev/null";\n'
                   f'Dir::State "{directory}/state";\n'
                   f'Dir::State::lists "{directory}/lists";\n'
                   'Dir::State::status "/dev/null";\n'
                   f'Dir::Cache "{directory}/cache";\n'
                   'APT::Architecture "amd64";\nAcquire::Languages "none";\n'
                   'APT::Update::Error-Mode "any";\n'
                   # the build directory may lie where the user _apt cannot reach
                   'APT::Sandbox::User "root";\n')
    return ["-c", f"{directory}/apt.conf"]


def apt(tool, arguments, cwd=None):
    done = subprocess.run([tool, "-q"] + arguments, cwd=cwd, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode:
        said = done.stdout.strip().splitlines() or ["no output"]
        errors = [line for line in said if line.startswith("E: ")]    # the first one is the cause
        raise Unavailable(f"{tool} {arguments[2]}: {(errors or said[-1:])[0]}")
    return done.stdout


def version_key(name):
    return [int(number) for number in re.findall(r"\d+", name)]


def download(kernel, directory, mirror):
    """Path of the newest matching package, downloaded."""
    apt_dir = f"{directory}/apt/{kernel.suite}"
    config = apt_prepare(apt_dir, mirror, kernel.suite)
    apt("apt-get", config + ["update"])
    names = apt("apt-cache", config + ["pkgnames", "linux-"]).split()
    matching = [name for name in names if re.fullmatch(kernel.package, name)]
    if not matching:
        raise Unavailable(f"{mirror} {kernel.suite} has no package {kernel.package}")
    newest = max(matching, key=version_key)
    target = f"{apt_dir}/download"
    shutil.rmtree(target, ignore_errors=True)
    os.makedirs(target)
    apt("apt-get", config + ["download", newest], cwd=target)
    return glob.glob(f"{target}/*.deb")[0]


def fetch(kernel, directory, mirror):
    """Path of the image; from build/vm/kernels if it is there, else from the mirror."""
    kept = f"{directory}/kernels/{kernel.name}"
    image = f"{kept}/vmlinuz"
    if os.path.exists(image):
        return image
    package = download(kernel, directory, mirror)
    unpacked = f"{kept}/unpacked"
    shutil.rmtree(kept, ignore_errors=True)
    os.makedirs(unpacked)
    subprocess.run(["dpkg-deb", "-x", package, unpacked], check=True)
    found = [path for pattern in IMAGES for path in glob.glob(f"{unpacked}/{pattern}")]
    if len(found) != 1:
        raise Unavailable(f"{os.path.basename(package)} holds {len(found)} kernel images")
    with open(f"{kept}/package", "w", encoding="utf-8") as file:
        file.write(os.path.basename(package) + "\n")
    os.rename(found[0], image)
    shutil.rmtree(unpacked)
    os.unlink(package)
    return image
