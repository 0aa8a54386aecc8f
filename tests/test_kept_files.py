"""What lies in S3 beside the photos goes again by itself: it speaks of tickets, whose cases go (rule 57)."""

import pytest
import yaml

from infra.package import ROOT


@pytest.mark.parametrize(("prefix", "most"), [("bulletins/", 400), ("analysis/results/", 30)])
def test_what_names_tickets_outlives_no_case(prefix, most):
    said = yaml.safe_load((ROOT / "infra/resources/photos.yaml").read_text(encoding="utf-8"))
    rules = said["Resources"]["PhotosBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    [rule] = [rule for rule in rules if rule.get("Prefix") == prefix]
    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] <= most
