"""The intended differences between responses and document, with reasons. Schemathesis reports all others."""

import json
import re

import schemathesis


def sends_unknown_parameter(invalid, case, response):
    """Old clients send extra parameters, such as a time against caches, and these have to work."""
    return bool(invalid) and all("in query - violates `additionalProperties`" in line for line in invalid)


def sends_unknown_sort(invalid, case, response):
    """The replaced service read any other sort as relevant; the document names the three that have a meaning."""
    return bool(invalid) and all("parameter `sort` in query - violates `enum`" in line for line in invalid)


def sends_too_much(invalid, case, response):
    """A body over 64 KiB is refused before it is parsed, even if one text of it is too long as well."""
    return response.status_code == 413


def writes_integer_as_fraction(invalid, case, response):
    """JSON Schema accepts 1.0 as an integer; in a URL, an id or a page has only digits."""
    values = {**(case.query or {}), **(case.path_parameters or {})}.values()
    return response.status_code in (404, 422) and any(re.fullmatch(r"\d+\.0", str(value)) for value in values)


def sends_key_of_prototypes(invalid, case, response):
    """A key such as __proto__ is refused at any depth, which a schema that allows other keys cannot express."""
    keys = re.compile(r'"(__proto__|constructor|prototype)":')
    return response.status_code == 400 and bool(keys.search(json.dumps(case.body, default=str)))


def repeats_idempotency_key(invalid, case, response):
    """A key is refused that another request had, or whose cart no cookie names: a schema sees one request alone."""
    return response.status_code == 422 and "Idempotency-Key" in response.text


# ST201: a request that violates the schema is accepted. ST202: one that matches it is refused.
KNOWN = {
    "ST201": (sends_unknown_parameter, sends_unknown_sort, sends_too_much),
    "ST202": (writes_integer_as_fraction, sends_key_of_prototypes, repeats_idempotency_key),
}


@schemathesis.hook
def filter_failure(context, failure, case, response):
    _, _, invalid = failure.message.partition("Invalid component:")
    lines = [line.strip(" -") for line in invalid.splitlines() if line.strip()]
    return not any(is_known(lines, case, response) for is_known in KNOWN.get(failure.code, ()))
