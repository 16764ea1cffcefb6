"""The validator finds what is wrong, and nothing else."""

import unittest

from run import document
from schema import Schemas

GOOD = {
    "name": "partners/5",
    "partnerId": "5",
    "entityStatus": "ENTITY_STATUS_ACTIVE",
    "updateTime": "2026-07-20T10:00:00.123456Z",
    "generalConfig": {"timeZone": "Europe/Berlin"},
}


class SchemaTest(unittest.TestCase):
    def check(self, change, expected):
        schemas = Schemas(document("displayvideo.v4"))
        found = schemas.findings({**GOOD, **change}, "Partner")
        self.assertEqual(len(found), expected, found)

    def test_a_good_partner_passes(self):
        self.check({}, 0)

    def test_every_kind_of_disagreement_is_found(self):
        self.check({"flavour": 1}, 1)
        self.check({"partnerId": 5}, 1)
        self.check({"partnerId": "five"}, 1)
        self.check({"partnerId": "99999999999999999999"}, 1)
        self.check({"entityStatus": "ACTIVE"}, 1)
        self.check({"updateTime": "2026-07-20T10:00:00"}, 1)
        self.check({"updateTime": "yesterdayZ"}, 1)
        self.check({"generalConfig": {"timeZone": 1, "size": 2}}, 2)
        self.check({"generalConfig": []}, 1)
        self.check({"exchangeConfig": {"enabledExchanges": []}}, 1)


if __name__ == "__main__":
    unittest.main()
