"""What the tests of Open311 share: asking and posting as a client does, a form with files, a photo."""

import io
from urllib.parse import urlencode

from PIL import Image

from tests.service import Answer

BASE = "/open311/v2/"
LAMP = "四号楼楼道灯不亮"
HERE = {"lat": "31.1116", "long": "121.4571"}  # 盛华景苑 4号楼
DESK, HANDLER = "gglw-fc1", "pm-shjy-a"


def get(service, document, **asked):
    return Answer(service.client.http.request("GET", f"{BASE}{document}?{urlencode(asked)}"))


def post(service, document, body, content_type="application/x-www-form-urlencoded"):
    raw = body if isinstance(body, bytes) else urlencode(body, doseq=True).encode()
    return Answer(
        service.client.http.request("POST", BASE + document, headers={"Content-Type": content_type}, body=raw)
    )


def report(service, key, **more):
    body = {"api_key": key, "service_code": "B01", "description": LAMP, **HERE, **more}
    answer = post(service, "requests.json", body)
    assert answer.status == 200, answer.raw
    return answer.body[0]["service_request_id"]


def one(service, number, **asked):
    answer = get(service, f"requests/{number}.json", **asked)
    return answer.body[0] if answer.status == 200 else None


def ticket_id(number):
    from chalicelib.store.tickets import lists

    return lists.find_id_by_number(number)


def described(answer):
    return [(error["code"], error["description"]) for error in answer.body]


def a_photo():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (200, 30, 30)).save(out, "JPEG")
    return out.getvalue()


def multipart(fields, files):
    lines = b""
    for name, value in fields.items():
        lines += f'--B\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, data in files:
        head = f'--B\r\nContent-Disposition: form-data; name="{name}"; filename="图.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        lines += head.encode() + data + b"\r\n"
    return lines + b"--B--\r\n"
