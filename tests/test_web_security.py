"""The web application's borders: names, origins, seals, tokens, headers and sizes."""

import re

import pytest
from starlette.routing import Mount, Route
from web_sites import HOST, PAYLOADS, RUN, hostile_notice, make_site, plain_notice

from pipeline.config import Config
from pipeline.web.app import routes
from pipeline.web.security import MOST_BYTES, allowed_names, is_loopback

SHOWN = "a-token-of-good-length"
ANY = "0.0.0.0"  # noqa: S104 - nothing listens there
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
QUOTED = re.compile(r">[^<]+<|\"[^\"]*\"")


@pytest.fixture
def site(tmp_path):
    made = make_site(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def shas(site):
    bad = site.add("bad.pdf", b"bad", None)
    return site.add("a.pdf", b"a", plain_notice()), bad


def pages(sha):
    return ["/", "/?q=y+te", "/?what=notices", f"/notice/{sha}", f"/notice/{sha}?view=text", "/runs", f"/runs/{RUN}"]


# --- headers


def test_every_answer_has_the_headers(site, shas):
    client = site.client()
    answers = [client.get(path) for path in [*pages(shas[0]), "/nothing", "/static/app.css", "/login", "/search.csv"]]
    answers += [client.post("/runs/retry"), client.get("/", headers={"Host": "evil.example"})]
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


def test_the_policy_lets_nothing_in_from_elsewhere(site):
    policy = dict(part.split(None, 1) for part in site.client().get("/").headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-src"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "script-src" not in policy


def test_no_page_needs_what_the_policy_forbids(site, shas):
    client = site.client()
    for path in [*pages(shas[0]), "/nothing", "/login"]:
        assert not INLINE.search(client.get(path).text), path


def test_no_page_loads_anything_from_elsewhere(site, shas):
    client = site.client()
    for path in pages(shas[0]):
        for address in re.findall(r'(?:src|href|action)="([^"]*)"', client.get(path).text):
            assert address.startswith(("/", "#", "?")), address
            assert not address.startswith("//")


def test_pages_are_not_kept_and_assets_are(site):
    client = site.client()
    assert client.get("/").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/app.css?x").headers["cache-control"]


# --- names


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::1", "a b"]
)
def test_another_name_is_refused(site, host):
    answer = site.client().get("/", headers={"Host": host})
    assert answer.status_code == 421
    assert "chidao.toml" in answer.text
    assert "Sở" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:99", "localhost:8765", "[::1]:8765", "LOCALHOST"])
def test_names_of_this_machine_are_known(site, host):
    assert site.client().get("/", headers={"Host": host}).status_code == 200


def test_further_names_are_known(site):
    site.config = Config.model_validate({"web": {"allowed_hosts": ["Archive.example"]}})
    assert site.client().get("/", headers={"Host": "archive.example:443"}).status_code == 200


def test_to_listen_everywhere_allows_no_name():
    assert ANY not in allowed_names(ANY, ())
    assert "10.0.0.5" in allowed_names("10.0.0.5", ())


@pytest.mark.parametrize(("host", "own"), [("127.0.0.1", True), ("::1", True), (ANY, False), ("a.example", False)])
def test_loopback_is_told(host, own):
    assert is_loopback(host) is own


# --- changes


def sealed(client):
    """Return the seal of a page's form."""
    found = re.search(r'name="seal" value="(\w+)"', client.get("/runs").text)
    assert found is not None
    return found[1]


def test_every_change_needs_the_seal():
    posts = [route for route in routes() if isinstance(route, Route) and "POST" in (route.methods or ())]
    assert posts
    for route in posts:
        assert route.endpoint.__qualname__ == "changed.<locals>.endpoint", route.path
        assert route.methods == {"POST"}
    assert all(isinstance(route, Route | Mount) for route in routes())


def test_a_change_with_its_seal_is_taken(site, shas):
    client = site.client()
    answer = client.post("/runs/retry", data={"seal": sealed(client), "sha256": shas[1]}, headers={"Origin": HOST})
    assert (answer.status_code, answer.headers["location"]) == (303, "/runs?again=1#held")
    assert site.store.documents([shas[1]])[shas[1]].state == "pending"


@pytest.mark.parametrize("seal", ["", "x", "0" * 64, "é"])
def test_a_change_with_another_seal_is_refused(site, shas, seal):
    client = site.client()
    sealed(client)
    assert client.post("/runs/retry", data={"seal": seal, "all": "yes"}).status_code == 403
    assert site.store.documents([shas[1]])[shas[1]].state == "quarantined"


def test_a_seal_is_worth_nothing_with_another_browser(site, shas):
    seal = sealed(site.client())
    assert site.client().post("/runs/retry", data={"seal": seal, "all": "yes"}).status_code == 403
    assert site.store.documents([shas[1]])[shas[1]].state == "quarantined"


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9999", "http://localhost:8765"])
def test_a_change_from_another_origin_is_refused(site, shas, origin):
    client = site.client()
    answer = client.post("/runs/retry", data={"seal": sealed(client), "all": "yes"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert site.store.documents([shas[1]])[shas[1]].state == "quarantined"


def test_a_change_from_another_site_without_origin_is_refused(site, shas):
    client = site.client()
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = client.post("/runs/retry", data={"seal": sealed(client), "sha256": shas[1]}, headers=headers)
    assert answer.status_code == 403


def test_cookies_are_out_of_reach(site):
    cookie = site.client().get("/").headers["set-cookie"]
    assert "httponly" in cookie.lower()
    assert "samesite=strict" in cookie.lower()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(site, method):
    assert site.client().request(method, "/").status_code == 405


def test_large_requests_are_refused(site):
    client = site.client()
    assert client.post("/runs/retry", content=b"x" * (MOST_BYTES + 1)).status_code == 413
    pieces = (b"x" * 100_000 for _ in range(12))  # of no stated length
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/runs/retry", content=pieces, headers=headers).status_code == 413


@pytest.mark.usefixtures("shas")
def test_a_file_in_a_form_is_refused(site):
    client = site.client()
    seal = sealed(client)
    answer = client.post("/runs/retry", data={"seal": seal, "all": "yes"}, files={"f": ("a.pdf", b"x")})
    assert answer.status_code == 400


# --- the token


def test_nothing_is_shown_without_the_token(site, shas):
    client = site.client(SHOWN)
    for path in [*pages(shas[0]), f"/page/{shas[0]}/1.webp", f"/original/{shas[0]}", "/search.csv", "/nothing"]:
        answer = client.get(path)
        assert answer.status_code == 401, path
        assert "Sở" not in answer.text
    assert client.post("/runs/retry", data={"all": "yes"}).status_code == 401
    assert client.get("/static/app.css").status_code == 200


@pytest.mark.usefixtures("shas")
def test_the_printed_address_lets_in(site):
    client = site.client(SHOWN)
    answer = client.get(f"/login?token={SHOWN}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert SHOWN not in answer.headers["set-cookie"]
    assert "httponly" in answer.headers["set-cookie"].lower()
    assert client.get("/").status_code == 200


def test_the_token_can_be_typed_in(site):
    client = site.client(SHOWN)
    seal = re.search(r'name="seal" value="(\w+)"', client.get("/").text)[1]
    assert client.post("/login", data={"token": "wrong", "seal": seal}).status_code == 401
    assert client.get("/").status_code == 401
    assert client.post("/login", data={"token": f" {SHOWN} ", "seal": seal}).status_code == 303
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("token", ["", "a", SHOWN + "x", SHOWN.upper(), "é" * 40])
def test_another_token_is_refused(site, token):
    client = site.client(SHOWN)
    assert client.get("/login", params={"token": token}).status_code == 401
    assert client.get("/", headers={"Authorization": f"Bearer {token}".encode()}).status_code == 401


@pytest.mark.usefixtures("shas")
def test_programs_show_the_token_in_a_header(site):
    answer = site.client(SHOWN).get("/search.csv", headers={"Authorization": f"Bearer {SHOWN}"})
    assert answer.status_code == 200


def test_the_user_is_taken_from_the_header_that_was_agreed_on_and_no_other(site):
    headers = {"X-Remote-User": "mai<b>"}
    assert "mai&lt;" not in site.client().get("/", headers=headers).text
    site.config = Config.model_validate({"web": {"user_header": "X-Remote-User"}})
    assert "mai&lt;b&gt;" in site.client().get("/", headers=headers).text
    assert site.client(SHOWN).get("/", headers=headers).status_code == 401


# --- what documents say


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_documents_say_is_escaped_everywhere(site, payload):
    data = payload.encode()
    sha = site.add("a.pdf", data, hostile_notice(data, payload), text=payload * 20, known_as=payload[:60])
    site.add("bad.pdf", b"bad", None, kind=payload, reason=payload, advice=payload)
    client = site.client(raise_server_exceptions=True)
    for path in [*pages(sha), f"/?q={payload}", f"/?who={payload}&province={payload}&as_of={payload}"]:
        text = client.get(path).text
        for live in ("<script>", "<img src=x", "<svg onload", "\u202e", "\u2066", "\"'><svg"):
            assert live not in text, (path, live)
        assert not re.search(r'(?:href|src|action)="(?:javascript|data):', text), path
        assert not INLINE.search(QUOTED.sub("", text)), path


def test_what_is_asked_for_is_escaped(site):
    text = site.client().get('/?q="><script>alert(1)</script>').text
    assert "<script>alert" not in text


def test_errors_tell_nothing_of_the_inside(site, monkeypatch):
    def fail():
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(site.store, "counts", fail)
    answer = site.client(raise_server_exceptions=False).get("/runs")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["content-security-policy"]
