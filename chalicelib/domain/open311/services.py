"""Services of Open311 are the town's categories: those that hold no others, without the sensitive ones (保密)."""

from typing import Any

from chalicelib.domain.errors import NotFound
from chalicelib.domain.town.directory import Town
from chalicelib.domain.town.vocabulary import Category

OWN_ID = "fixmystreet_id"  # the client's own number of a report: by it a repeat is recognised
# What a client fills in by itself, not its user (`automated`, open311-adapter).
ATTRIBUTES = (
    (OWN_ID, "对方系统的编号，重复提交时据此识别"),
    ("closest_address", "离得最近的地址"),
    ("easting", "投影坐标 E"),
    ("northing", "投影坐标 N"),
)


def services(town: Town) -> list[Category]:
    """In the order of the town's file."""
    parents = {category.parent for category in town.categories}
    return [each for each in town.categories if each.code not in parents and not each.sensitive]


def service(town: Town, code: str) -> Category:
    """Raises NotFound for a code that is none of `services`."""
    found = next((each for each in services(town) if each.code == code), None)
    if found is None:
        raise NotFound(f"没有这个服务代码：{code[:40]}；请从 services 列表中选择")
    return found


def view_of(category: Category, town: Town) -> dict[str, Any]:
    """A service of the list."""
    group = town.find_category(category.parent or "")
    return {
        "service_code": category.code,
        "service_name": category.name,
        "description": f"{group.name}：{category.name}" if group else category.name,
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(category.keywords),
        "group": group.name if group else "",
    }


def definition(category: Category) -> dict[str, Any]:
    """Its attributes; none is required."""
    return {
        "service_code": category.code,
        "attributes": [
            {
                "variable": True,
                "code": code,
                "datatype": "string",
                "required": False,
                "datatype_description": "",
                "order": order,
                "description": description,
                "automated": "server_set",
            }
            for order, (code, description) in enumerate(ATTRIBUTES, start=1)
        ],
    }
