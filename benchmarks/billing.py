"""What AWS would charge for what a world has done."""

from benchmarks import prices
from benchmarks.meter import Meter
from benchmarks.world import World


def bill_of(world: World, meter: Meter) -> prices.Bill:
    """Everything that AWS charges for by the piece: what the meter and the world have counted."""
    bill = prices.Bill()
    bill.add("DynamoDB writes", meter.write_units)
    bill.add("DynamoDB reads", meter.read_units)
    bill.add("Step Functions transitions", world.transitions)
    bill.add("API Gateway requests", world.runs["api"])
    bill.add("Lambda requests", sum(world.runs.values()) + world.photos)
    bill.add("Lambda GB-seconds", prices.gb_seconds(world.cpu, sum(meter.requests.values()), world.photos))
    bill.add("SQS requests", 3 * (world.messages + world.photos))  # sent, received, deleted, each alone
    bill.add("S3 writes", 3 * world.photos)  # as uploaded, stripped, thumbnail
    bill.add("S3 reads", 3 * world.photos)  # by the function, and looked at twice
    bill.add("logs, GB", (sum(world.runs.values()) + world.photos) * prices.LOG_BYTES / 1e9)
    return bill
