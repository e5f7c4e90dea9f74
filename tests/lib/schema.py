# SPDX-License-Identifier: GPL-2.0-only
"""Holds JSON against the schemas that the project publishes in docs/schema. Called by tests/e2e."""
import glob
import json
import os

import jsonschema

DIRECTORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "schema")


def schemas():
    """{file name: schema}; each is valid itself."""
    found = {}
    for path in sorted(glob.glob(f"{DIRECTORY}/*.json")):
        with open(path, encoding="utf-8") as file:
            found[os.path.basename(path)] = json.load(file)
        jsonschema.Draft202012Validator.check_schema(found[os.path.basename(path)])
    return found


def faults(text, name):
    """What is wrong with a document, as lines; its schema is docs/schema/NAME.json."""
    known = schemas()
    schema = known[f"{name}.json"]
    resolver = jsonschema.RefResolver.from_schema(schema, store=known)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    return [f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message}"
            for error in validator.iter_errors(json.loads(text))]
