"""Validates JSON against the schemas of a Google discovery document, strictly.

Unknown fields, wrong JSON types, int64 as numbers and unknown enum values are all findings.
"""

import datetime
import re

INT64 = re.compile(r"-?\d{1,19}\Z")


class Schemas:
    def __init__(self, document):
        self.schemas = document["schemas"]

    def findings(self, value, reference):
        """All disagreements of a response with the schema, as readable lines."""
        return list(self._check(value, {"$ref": reference}, reference))

    def _check(self, value, schema, path):
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        kind = schema.get("type")
        if kind == "object":
            yield from self._check_object(value, schema, path)
        elif kind == "array":
            if not isinstance(value, list):
                yield f"{path}: expected an array, got {value!r}"
                return
            if not value:
                yield f"{path}: an empty array is left out by Google"
            for position, item in enumerate(value):
                yield from self._check(item, schema["items"], f"{path}[{position}]")
        elif kind == "string":
            yield from check_string(value, schema, path)
        elif kind == "boolean":
            if not isinstance(value, bool):
                yield f"{path}: expected a boolean, got {value!r}"
        elif kind in ("integer", "number"):
            yield from check_number(value, schema, path)
        else:
            yield f"{path}: schema of unknown type {kind!r}"

    def _check_object(self, value, schema, path):
        if not isinstance(value, dict):
            yield f"{path}: expected an object, got {value!r}"
            return
        properties = schema.get("properties", {})
        rest = schema.get("additionalProperties")
        for name, item in value.items():
            if name in properties:
                yield from self._check(item, properties[name], f"{path}.{name}")
            elif rest is not None:
                yield from self._check(item, rest, f"{path}.{name}")
            else:
                yield f"{path}.{name}: no such field"


def check_string(value, schema, path):
    if not isinstance(value, str):
        yield f"{path}: expected a string, got {value!r}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{path}: {value!r} is none of its enum"
    form = schema.get("format")
    if form in ("int64", "uint64"):
        if not INT64.match(value) or not -(2**63) <= int(value) < 2**63:
            yield f"{path}: {value!r} is no int64"
    elif form == "google-datetime":
        try:
            datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        except ValueError:
            yield f"{path}: {value!r} is no RFC 3339 time"
        if not value.endswith("Z"):
            yield f"{path}: {value!r} is not in UTC"
    elif form is not None:
        yield f"{path}: the validator knows no format {form!r}"


def check_number(value, schema, path):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"{path}: expected a number, got {value!r}"
    elif schema.get("format") == "int32":
        if not isinstance(value, int) or not -(2**31) <= value < 2**31:
            yield f"{path}: {value!r} is no int32"
