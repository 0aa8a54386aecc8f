"""A sensor rule 传感规则, as data (sensor_rules.csv): how many observations of what, within how long, are a ticket."""

from datetime import timedelta

from chalicelib.domain.model import Frozen


class SensorRule(Frozen):
    """More than `more_than` observations of `kind` within `minutes` are one ticket at `place`."""

    code: str
    name: str
    partner: str  # who sends them
    # The least version of its signature that is accepted; "": v1, unless another rule says v2
    signature: str = ""
    kind: str  # what is observed
    sensor: str = ""  # by which sensor; "": any of the partner's
    least: float | None = None  # a value below it does not count
    more_than: int
    minutes: int
    place: str
    category: str

    @property
    def window(self) -> timedelta:
        return timedelta(minutes=self.minutes)
