# SPDX-License-Identifier: GPL-2.0-only
"""Just enough of C to measure functions: where they are, their parameters, how deep they nest.

Called by lint/check_sizes. Relies on the house's format: a function's braces stand alone in the first
column. Comments, texts and directives are blanked first, so lines keep their numbers.
"""
import collections
import re

Function = collections.namedtuple("Function", "name line lines parameters nesting")

BLANKED = re.compile(r"""
    /\*.*?\*/ | //[^\n]*
  | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
  | ^[ \t]*\#(?:\\\n|[^\n])*
""", re.S | re.M | re.X)
SIGNATURE = re.compile(r"(\w+)\s*(?:__\w+\([^()]*\)\s*)?\((.*)\)[^()]*$", re.S)
NAMES_ITSELF = re.compile(r"BPF_PROG|BPF_KPROBE")
TOKEN = re.compile(r"[A-Za-z_]\w*|\d\w*|\.\.\.|->|\S")
LOOPS = {"for", "while", "switch"}
NOT_LOOPS = {"return", "sizeof", "goto", "typeof", "struct", "union", "enum"}


def blanked(text):
    def blank(found):
        part = found.group(0)
        if part[0] in "\"'":
            return part[0] + " " * (len(part) - 2) + part[0]
        return re.sub(r"[^\n]", " ", part)
    return BLANKED.sub(blank, text)


def commas(text):
    """Parts of a list, as seen from outside of all brackets."""
    depth, parts, part = 0, [], ""
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and not depth:
            parts.append(part)
            part = ""
        else:
            part += char
    return [entry.strip() for entry in parts + [part] if entry.strip()]


def signature(lines, brace):
    """(name, number of parameters) of the function whose body begins at lines[brace]."""
    first = brace
    while first and lines[first - 1].strip() and not re.search(r"[;}]\s*$", lines[first - 1]):
        first -= 1
    found = SIGNATURE.search("\n".join(lines[first:brace]))
    if not found:
        return "?", 0, first
    name, parameters = found.group(1), commas(found.group(2))
    if NAMES_ITSELF.fullmatch(name) and parameters:
        return parameters[0], len(parameters) - 1, first
    return name, 0 if parameters == ["void"] else len(parameters), first


class Body:
    """Walks the statements of one function."""

    def __init__(self, text):
        self.tokens = TOKEN.findall(text)
        self.at = 0
        self.deepest = 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def skip_brackets(self):
        depth = 0
        while self.at < len(self.tokens):
            token = self.take()
            depth += (token in "([{") - (token in ")]}")
            if not depth:
                return

    def block(self, depth):
        self.take()
        while self.peek() not in ("}", ""):
            self.statement(depth)
        self.at += 1

    def inner(self, depth):
        """What a condition or a loop governs: one level deeper, braces or not."""
        if self.peek() == "{":
            self.deepest = max(self.deepest, depth + 1)
            self.block(depth + 1)
        else:
            self.statement(depth + 1)

    def conditional(self, depth):
        self.skip_brackets()
        self.inner(depth)
        if self.peek() != "else":
            return
        self.take()
        if self.peek() == "if":
            self.take()
            self.conditional(depth)
        else:
            self.inner(depth)

    def label_skip(self):
        while self.take() != ":":
            if self.at >= len(self.tokens):
                return

    def is_macro_loop(self):
        """HASH_ITER(...) statement: a call that a statement follows, with no semicolon between."""
        start, token = self.at, self.take()
        if token in NOT_LOOPS or self.peek() != "(":
            self.at = start
            return False
        self.skip_brackets()
        follows = self.peek()
        loop = follows == "{" or bool(re.match(r"[A-Za-z_]", follows))
        if not loop:
            self.at = start
        return loop

    def expression(self):
        while self.at < len(self.tokens) and self.peek() != ";":
            if self.peek() in "([{":
                self.skip_brackets()
            else:
                self.take()
        self.at += 1

    def statement(self, depth):
        self.deepest = max(self.deepest, depth)
        token = self.peek()
        if token == "{":
            self.block(depth)
        elif token == "if":
            self.take()
            self.conditional(depth)
        elif token in LOOPS:
            self.take()
            self.skip_brackets()
            self.inner(depth)
        elif token == "do":
            self.take()
            self.inner(depth)
            self.expression()
        elif token in ("case", "default"):
            self.label_skip()
        elif re.match(r"[A-Za-z_]", token) and self.is_macro_loop():
            self.inner(depth)
        else:
            self.expression()


def functions(text):
    lines = blanked(text).split("\n")
    brace = None
    for number, line in enumerate(lines):
        if line.rstrip() == "{":
            brace = number
        elif line.rstrip() == "}" and brace is not None:
            name, parameters, first = signature(lines, brace)
            body = Body("\n".join(lines[brace + 1:number]))
            while body.at < len(body.tokens):
                body.statement(0)
            yield Function(name, first + 1, number - first + 1, parameters, body.deepest)
            brace = None
