"""What root installs on the machine: systemd accepts the units, and nginx runs with the file, takes TLS and names the caller."""

import http.client
import ipaddress
import shutil
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import pytest

from infra.local.processes import free_port, is_taken, wait_until
from infra.serve import units
from infra.serve.home import NotReady

HOST = "mslj.example.cn"


@pytest.fixture
def made(tmp_path):
    """The files as root would copy them, but with programs that exist where the tests run."""
    root = tmp_path / "code"
    (root / ".venv" / "bin").mkdir(parents=True)
    (root / ".venv" / "bin" / "python").symlink_to(shutil.which("true"))
    (root / "docs").mkdir()
    return units.filled(tmp_path / "town", HOST, 8080, root)


@pytest.mark.parametrize(
    "host", ["", "localhost", "mslj.example.cn;", "a b.cn", "-x.cn", "mslj.example.cn\nreturn 200;"]
)
def test_a_host_that_is_no_name_is_refused(tmp_path, host):
    with pytest.raises(NotReady, match="域名"):
        units.filled(tmp_path, host, 8080)


def test_nothing_is_left_to_fill_in(made):
    for name, text in made.items():
        assert "${" not in text, name


def test_every_process_of_the_machine_has_a_unit_that_starts_it_again_and_at_boot(made, home):
    from infra.serve.run import Machine

    assert set(units.SERVICES) == set(Machine(home).parts)
    for name in units.SERVICES:
        assert "Restart=always" in made[f"mslj-{name}.service"]
        assert f"mslj-{name}.service" in made["mslj.target"]
    assert "WantedBy=multi-user.target" in made["mslj.target"]


def test_the_vault_alone_has_a_user_and_a_network_of_its_own(made):
    apart = {name for name in units.SERVICES if "PrivateNetwork=yes" in made[f"mslj-{name}.service"]}
    users = {name for name in units.SERVICES if "User=mslj-vault" in made[f"mslj-{name}.service"]}
    assert apart == users == {"vault"}


def test_what_they_may_hold_together_fits_a_machine_of_four_gigabytes():
    assert sum(units.MOST_MEMORY.values()) <= 3200
    assert set(units.MOST_MEMORY) == set(units.SERVICES)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd here")
def test_systemd_accepts_every_unit(made, tmp_path):
    folder = tmp_path / "units"
    folder.mkdir()
    files = []
    for name, text in made.items():
        if name.endswith((".service", ".target", ".timer")):
            (folder / name).write_text(text)
            files.append(str(folder / name))
    said = subprocess.run(["systemd-analyze", "verify", *files], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


class Echo(BaseHTTPRequestHandler):
    """The web's place: it answers with what the proxy told it."""

    asked: ClassVar[list[str]] = []

    def do_POST(self):
        """Whatever comes with a body: how it was framed, and what was in it."""
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        self.asked.append(f"{self.path} {self.headers['Transfer-Encoding']} {body.decode()}")
        self.do_GET()

    def do_GET(self):
        told = f"{self.headers['X-Forwarded-For']} {self.headers['Host']} {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *_):
        """Quiet."""


def certificate(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    names = x509.SubjectAlternativeName(
        [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(names, critical=False)
        .sign(key, hashes.SHA256())
    )
    how = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "privkey.pem").write_bytes(key.private_bytes(*how))


@pytest.fixture
def proxy(tmp_path):
    """nginx with the very file, its ports and paths turned to what a test may use. Answers its two ports."""
    if not (nginx := shutil.which("nginx", path="/usr/sbin:/usr/bin")):
        pytest.skip("nginx is not installed: `make test` installs it (needs root)")
    behind = HTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    plain, secure = free_port(), free_port()
    certificate(tmp_path)
    text = units.filled(tmp_path, HOST, behind.server_port)["nginx.conf"]
    text = text.replace("/etc/ssl/mslj", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace("    listen [::]:80;\n", "")
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{secure} ssl").replace(
        "    listen [::]:443 ssl http2;\n", ""
    )
    whole = f"error_log {tmp_path}/error.log;\npid {tmp_path}/pid;\ndaemon off;\nevents {{}}\nhttp {{\n{text}\n}}\n"
    (tmp_path / "whole.conf").write_text(whole)
    started = subprocess.Popen(
        [nginx, "-p", str(tmp_path), "-c", str(tmp_path / "whole.conf")], stderr=subprocess.PIPE
    )
    try:
        up = wait_until(lambda: is_taken(secure) or started.poll() is not None, seconds=10)
        assert up, "nginx hangs"
        assert started.poll() is None, started.stderr.read().decode()
        yield plain, secure, tmp_path
    finally:
        started.terminate()
        started.wait(10)
        behind.shutdown()


def ask(port, folder, path="/", **headers):
    context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    asking = http.client.HTTPSConnection("127.0.0.1", port, context=context, timeout=5)
    asking.request("GET", path, headers={"Host": HOST, **headers})
    return asking.getresponse().read().decode()


def test_the_proxy_takes_tls_and_names_the_caller_whatever_the_caller_claims(proxy):
    _, secure, folder = proxy
    assert ask(secure, folder, "/api/tickets?after=x") == f"127.0.0.1 {HOST} /api/tickets?after=x"
    assert ask(secure, folder, **{"X-Forwarded-For": "192.0.2.1"}) == f"127.0.0.1 {HOST} /"


ODD = {
    "both lengths": b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two encodings": b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "an unknown encoding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a blank before the colon": b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "two lengths": b"Content-Length: 2\r\nContent-Length: 30\r\n\r\n{}",
    "a list of lengths": b"Content-Length: 2, 2\r\n\r\n{}",
    "a signed length": b"Content-Length: +2\r\n\r\n{}",
    "a folded line": b"Content-Length:\r\n 2\r\n\r\n{}",
    "no hexadecimal": b"Transfer-Encoding: chunked\r\n\r\n0x2\r\n{}\r\n0\r\n\r\n",
}
CHUNKED = b'Transfer-Encoding: chunked\r\n\r\n2;a="\r\n{}\r\n0;x\r\nX-Late: 1\r\n\r\n'


def framed(port, folder, rest):
    """What the proxy answers to a body that is framed so, and to a request hidden behind it."""
    context = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    with (
        socket.create_connection(("127.0.0.1", port), 5) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as secure,
    ):
        hidden = f"GET /hidden HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
        secure.sendall(f"POST /a HTTP/1.1\r\nHost: {HOST}\r\n".encode() + rest + hidden)
        return b"".join(iter(lambda: secure.recv(65_536), b""))


def test_a_body_that_is_framed_in_two_ways_reaches_nobody(proxy):
    _, secure, folder = proxy
    Echo.asked.clear()
    for name, rest in ODD.items():
        answer = framed(secure, folder, rest)
        assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 501")), name
        assert b"hidden" not in answer, name
    assert Echo.asked == []
    framed(secure, folder, CHUNKED)  # sound, if odd: the web gets one length and the body alone
    assert Echo.asked == ["/a None {}"]


def test_without_tls_everybody_is_led_to_it(proxy):
    plain, _, _ = proxy
    asking = http.client.HTTPConnection("127.0.0.1", plain, timeout=5)
    asking.request("GET", "/s/AB2", headers={"Host": HOST})
    answer = asking.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/s/AB2")


def test_an_address_that_opens_a_file_stands_in_no_log(proxy):
    _, secure, folder = proxy
    ask(secure, folder, "/files/mslj-town-photos/photos/01.jpg?X-Amz-Signature=abcdef")
    wait_until(lambda: "/files" in (folder / "mslj.log").read_text(), seconds=5)
    assert "abcdef" not in (folder / "mslj.log").read_text()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/api/tickets/01JD0000000000000000000001", "/api/tickets"),
        ("/desk/tickets/01JD0000000000000000000001/merge", "/desk/tickets"),
        ("/s/7K3QX9A", "/s"),
        ("/partners/hotline/orders", "/partners/hotline"),
        ("/open311/v2/requests/MS261123-7K3QX9-5.json", "/open311"),
        ("/", "/"),
    ],
)
def test_no_log_says_of_which_ticket_or_code_a_caller_asked(proxy, path, kept):
    _, secure, folder = proxy
    ask(secure, folder, path)
    assert wait_until(lambda: f"GET {kept} 200" in (folder / "mslj.log").read_text(), seconds=5)
    assert (
        path.rpartition("/")[2] in ("", "orders", "merge")
        or path.rpartition("/")[2] not in (folder / "mslj.log").read_text()
    )


def test_old_ways_of_tls_are_refused(proxy):
    _, secure, _ = proxy
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("ALL:@SECLEVEL=0")
    with socket.create_connection(("127.0.0.1", secure), 5) as plain, pytest.raises(ssl.SSLError):
        context.wrap_socket(plain)
