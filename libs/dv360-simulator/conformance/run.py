"""Drives a running simulator with Google's own client and checks every answer.

Usage: run.py BASE_URL. Starts nothing itself. Both services are built from the discovery
documents bundled with google-api-python-client; every implemented method is called, and every
response is validated against its schema. The last line says how many methods were driven.
"""

import http.client
import json
import sys
import time
import urllib.parse
from pathlib import Path

import googleapiclient
from google.oauth2.credentials import Credentials
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from schema import Schemas

SCOPES = [
    "openid",
    "https://www.googleapis.com/auth/display-video",
    "https://www.googleapis.com/auth/doubleclickbidmanager",
]
CLIENT = ("conformance-client", "conformance-secret")
REDIRECT = "http://127.0.0.1/callback"
COST_METRICS = ["METRIC_IMPRESSIONS", "METRIC_CLICKS", "METRIC_REVENUE_ADVERTISER"]
GROUP_BYS = [
    "FILTER_DATE",
    "FILTER_ADVERTISER",
    "FILTER_ADVERTISER_CURRENCY",
    "FILTER_INSERTION_ORDER",
    "FILTER_LINE_ITEM",
]


def document(name):
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    return json.loads((folder / f"{name}.json").read_text())


def fetch(base_url, method, path, body=None, headers=None):
    """One plain HTTP request without following redirects."""
    parts = urllib.parse.urlsplit(base_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    connection.request(method, path, body=body, headers=headers or {})
    response = connection.getresponse()
    return response.status, dict(response.getheaders()), response.read()


def consent(base_url):
    """The authorization code flow: consent, redirect, token endpoint."""
    query = urllib.parse.urlencode({
        "client_id": CLIENT[0],
        "redirect_uri": REDIRECT,
        "response_type": "code",
        "scope": " ".join(SCOPES),
        "access_type": "offline",
        "prompt": "consent",
        "state": "conformance",
        "auto": "1",
    })
    status, headers, _ = fetch(base_url, "GET", f"/o/oauth2/v2/auth?{query}")
    assert status == 303, f"consent answered {status}"
    answer = urllib.parse.parse_qs(urllib.parse.urlsplit(headers["location"]).query)
    assert answer["state"] == ["conformance"], answer
    form = urllib.parse.urlencode({
        "grant_type": "authorization_code",
        "code": answer["code"][0],
        "redirect_uri": REDIRECT,
        "client_id": CLIENT[0],
        "client_secret": CLIENT[1],
    })
    kind = {"content-type": "application/x-www-form-urlencoded"}
    status, _, body = fetch(base_url, "POST", "/token", form, kind)
    assert status == 200, f"token endpoint answered {status}: {body!r}"
    token = json.loads(body)
    assert token["token_type"] == "Bearer" and token["refresh_token"], token
    return Credentials(
        token=None,
        refresh_token=token["refresh_token"],
        token_uri=f"{base_url}/token",
        client_id=CLIENT[0],
        client_secret=CLIENT[1],
    )


class Run:
    def __init__(self, base_url):
        self.base_url = base_url
        self.methods = {}
        self.problems = []
        credentials = consent(base_url)

        def service(name, version, path):
            options = {"api_endpoint": f"{base_url}{path}"}
            return build(
                name, version, credentials=credentials, static_discovery=True, client_options=options
            )

        self.display = service("displayvideo", "v4", "/")
        self.reports = service("doubleclickbidmanager", "v2", "/v2/")
        self.schemas = {
            "displayvideo": Schemas(document("displayvideo.v4")),
            "doubleclickbidmanager": Schemas(document("doubleclickbidmanager.v2")),
        }

    def call(self, request, reference):
        """Executes a request and validates its answer; `reference` is its response schema."""
        api, _, method = request.methodId.partition(".")
        answer = request.execute()
        name = f"{api}.{method}"
        self.methods[name] = self.methods.get(name, 0) + 1
        if reference is None:
            if answer:
                self.problems.append(f"{name}: expected an empty answer, got {answer!r}")
        else:
            lines = self.schemas[api].findings(answer, reference)
            self.problems.extend(f"{name}: {line}" for line in lines)
        return answer

    def all_pages(self, collection, field, reference, **arguments):
        items, request = [], collection.list(**arguments)
        while request is not None:
            answer = self.call(request, reference)
            items.extend(answer.get(field, []))
            request = collection.list_next(request, answer)
        return items

    def expect(self, condition, what):
        if not condition:
            self.problems.append(what)

    def refused(self, request, status, reason):
        try:
            request.execute()
        except HttpError as error:
            body = json.loads(error.content)["error"]
            got = (body["code"], body["status"])
            self.expect(got == (status, reason), f"{request.methodId}: refused with {got}")
        else:
            self.problems.append(f"{request.methodId}: should have been refused")


def drive_entities(run):
    display = run.display
    partners = run.all_pages(display.partners(), "partners", "ListPartnersResponse")
    run.expect(partners, "no partners")
    for partner in partners:
        same = run.call(display.partners().get(partnerId=partner["partnerId"]), "Partner")
        run.expect(same == partner, "a partner differs between get and list")
    for partner in partners:
        advertisers = run.all_pages(
            display.advertisers(), "advertisers", "ListAdvertisersResponse",
            partnerId=partner["partnerId"], pageSize=2,
        )
        ids = [one["advertiserId"] for one in advertisers]
        run.expect(len(ids) == len(set(ids)) > 0, "paging repeats or finds no advertisers")
        for advertiser in advertisers:
            drive_advertiser(run, advertiser)
    run.refused(display.advertisers().list(partnerId=1), 404, "NOT_FOUND")
    run.refused(display.partners().list(pageSize=201), 400, "INVALID_ARGUMENT")
    return advertisers[0]


def drive_advertiser(run, advertiser):
    advertisers = run.display.advertisers()
    key = {"advertiserId": advertiser["advertiserId"]}
    same = run.call(advertisers.get(**key), "Advertiser")
    run.expect(same == advertiser, "an advertiser differs between get and list")
    kinds = [
        (advertisers.campaigns(), "campaigns", "Campaign", "campaignId", 200),
        (advertisers.insertionOrders(), "insertionOrders", "InsertionOrder", "insertionOrderId", 100),
        (advertisers.lineItems(), "lineItems", "LineItem", "lineItemId", 200),
    ]
    for collection, field, reference, identifier, largest in kinds:
        listing = f"List{field[0].upper()}{field[1:]}Response"
        found = run.all_pages(collection, field, listing, pageSize=5, **key)
        whole = run.all_pages(
            collection, field, listing, pageSize=largest, orderBy="updateTime desc", **key
        )
        by_id = {one[identifier]: one for one in found}
        run.expect(len(by_id) == len(found), f"paging repeats {field}")
        run.expect(by_id == {one[identifier]: one for one in whole}, f"{field} differ by order")
        first = run.call(collection.get(**{identifier: found[0][identifier]}, **key), reference)
        run.expect(first == found[0], f"{reference} differs between get and list")
        archived = 'entityStatus="ENTITY_STATUS_ARCHIVED"'
        hidden = run.all_pages(collection, field, listing, filter=archived, **key)
        run.expect(not {one[identifier] for one in hidden} & set(by_id), f"archived {field} are listed")
        run.refused(collection.list(pageSize=largest + 1, **key), 400, "INVALID_ARGUMENT")
        run.refused(collection.list(filter='flavour="x"', **key), 400, "INVALID_ARGUMENT")


def drive_reports(run, advertiser):
    queries = run.reports.queries()
    body = {
        "metadata": {"title": "conformance", "dataRange": {"range": "LAST_30_DAYS"}, "format": "CSV"},
        "params": {
            "type": "STANDARD",
            "groupBys": GROUP_BYS,
            "metrics": COST_METRICS,
            "filters": [
                {"type": "FILTER_PARTNER", "value": advertiser["partnerId"]},
                {"type": "FILTER_ADVERTISER", "value": advertiser["advertiserId"]},
            ],
        },
        "schedule": {"frequency": "ONE_TIME"},
    }
    query = run.call(queries.create(body=body), "Query")
    key = {"queryId": query["queryId"]}
    run.expect(run.call(queries.get(**key), "Query") == query, "a query differs between create and get")
    listed = run.all_pages(queries, "queries", "ListQueriesResponse", orderBy="metadata.title desc")
    run.expect(query in listed, "the query is not listed")
    report = run.call(queries.run(body={}, synchronous=False, **key), "Report")
    report = wait(run, key, report)
    overridden = {"dataRange": {"range": "CUSTOM_DATES",
                                "customStartDate": {"year": 2026, "month": 1, "day": 1},
                                "customEndDate": {"year": 2026, "month": 1, "day": 31}}}
    second = run.call(queries.run(body=overridden, synchronous=True, **key), "Report")
    run.expect(second["metadata"]["status"]["state"] == "DONE", "a synchronous run did not finish")
    reports = run.all_pages(
        queries.reports(), "reports", "ListReportsResponse", orderBy="key.reportId desc", pageSize=1, **key
    )
    order = [one["key"]["reportId"] for one in reports]
    expected = [second["key"]["reportId"], report["key"]["reportId"]]
    run.expect(order == expected, f"reports are listed as {order}")
    check_file(run, report["metadata"]["googleCloudStoragePath"])
    without_currency = json.loads(json.dumps(body))
    without_currency["params"]["groupBys"].remove("FILTER_ADVERTISER_CURRENCY")
    run.refused(queries.create(body=without_currency), 400, "INVALID_ARGUMENT")
    run.call(queries.delete(**key), None)
    run.refused(queries.get(**key), 404, "NOT_FOUND")


def wait(run, key, report):
    deadline = time.monotonic() + 20
    identity = {"reportId": report["key"]["reportId"], **key}
    while report["metadata"]["status"]["state"] in ("QUEUED", "RUNNING"):
        assert time.monotonic() < deadline, "the report was never done"
        time.sleep(0.05)
        report = run.call(run.reports.queries().reports().get(**identity), "Report")
    # A finished report is fetched once more, so that the method is always driven.
    return run.call(run.reports.queries().reports().get(**identity), "Report")


def check_file(run, link):
    parts = urllib.parse.urlsplit(link)
    status, headers, body = fetch(run.base_url, "GET", f"{parts.path}?{parts.query}")
    run.expect(status == 200, f"the download answered {status}")
    run.expect(int(headers["content-length"]) == len(body), "content-length is wrong")
    table, _, footer = body.decode().partition("\n\n")
    lines = table.split("\n")
    run.expect(lines[-1].startswith("," * len(GROUP_BYS)), "there is no totals row")
    total = sum(int(line.split(",")[len(GROUP_BYS)]) for line in lines[1:-1])
    run.expect(str(total) == lines[-1].split(",")[len(GROUP_BYS)], "the totals row disagrees")
    run.expect(footer.startswith("Report Time:,"), "the footer does not begin with the report time")


def main():
    run = Run(sys.argv[1].rstrip("/"))
    advertiser = drive_entities(run)
    drive_reports(run, advertiser)
    for name, calls in sorted(run.methods.items()):
        print(f"{name}: {calls} answers valid or listed below")
    for problem in run.problems[:50]:
        print(f"PROBLEM {problem}")
    calls = sum(run.methods.values())
    print(f"drove {len(run.methods)} methods in {calls} calls, {len(run.problems)} problems")
    return 1 if run.problems else 0


if __name__ == "__main__":
    sys.exit(main())
