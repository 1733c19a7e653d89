"""In a real browser: a value is corrected by keys alone, outlives another reading, is found, and becomes gold."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from browsers import browser, faults, served
from web_sites import PAYLOADS, SAMPLES, hostile_notice, make_site

from pipeline.config import Config
from pipeline.store import open_store
from pipeline.web import create_app

ROOT = Path(__file__).parent.parent
SAMPLE = "evncpc-luoi-dien-110kv-2024.pdf"
LOOKS = ((1280, "light"), (390, "dark"))


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


def window(chrome, address, width=1280, **more):
    context = chrome.new_context(base_url=address, viewport={"width": width, "height": 900}, **more)
    page, said = context.new_page(), []
    page.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: said.append(f"error: {error}"))
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    return context, page, said


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """A folder of results as `chidao run` makes it, with one document; return it with the inbox."""
    folder = tmp_path_factory.mktemp("read")
    inbox, out = folder / "inbox", folder / "out"
    inbox.mkdir()
    (inbox / SAMPLE).write_bytes((SAMPLES / SAMPLE).read_bytes())
    chidao("run", inbox, "--out", out)
    return inbox, out


def chidao(*arguments):
    """Call the command in a process of its own, as a night does."""
    command = [sys.executable, "-c", "import sys, chidao; sys.argv[0] = 'chidao'; chidao.main()"]
    done = subprocess.run([*command, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def press(page, *keys):
    """Press keys one by one; an answer of the server is waited for where one comes."""
    for key in keys:
        page.keyboard.press(key)


def settled(page, before):
    """Wait until another value is in hand."""
    page.wait_for_function(
        "before => { const now = document.querySelector('input[name=at]'); return now && now.value !== before; }",
        arg=before,
    )


def go(page, path):
    """Open a page of review and wait until it listens to keys."""
    page.goto(path)
    page.wait_for_selector("[data-keys]:not([hidden]), .all-done", state="attached")


def at(page):
    return page.locator("input[name=at]").input_value()


def test_by_keys_alone_a_value_is_corrected_outlives_a_reading_is_found_and_becomes_gold(chrome, read, tmp_path):
    inbox, out = read
    with open_store(out / "chidao.db") as store, served(create_app(store, out, Config())) as address:
        context, page, said = window(chrome, address)
        (sha256,) = store.documents()
        go(page, f"/review?sha256={sha256}")
        while at(page) != "/directives/0":
            before = at(page)
            press(page, "j")
            settled(page, before)
        box = page.locator("textarea[name=v-text]")
        was = box.input_value()
        press(page, "e", "End")
        page.keyboard.type(" Việc thêm xyzzy.")
        press(page, "Enter")
        settled(page, "/directives/0")
        assert store.corrected(sha256).directives[0].text == f"{was} Việc thêm xyzzy."
        page.keyboard.press("Escape")
        press(page, "u")
        page.wait_for_function("() => document.querySelector('input[name=at]')?.value === '/directives/0'")
        assert store.corrected(sha256).directives[0].text == was
        press(page, "e", "End")
        page.keyboard.type(" Việc thêm xyzzy.")
        press(page, "Enter")
        settled(page, "/directives/0")

        chidao("reprocess", inbox, "--out", out, "--all")
        page.goto("/?q=viec+them+xyzzy")
        assert page.locator(".hit").count() == 1
        page.locator(".hit-title a").first.click()
        assert "xyzzy" in page.locator("[data-field=f-directives-0]").first.inner_text()
        context.close()
        assert not said
    chidao("gold", tmp_path / "gold", "--out", out, "--below", "0")
    (gold,) = (tmp_path / "gold").glob("*/gold.json")
    assert json.loads(gold.read_text("utf-8"))["directives"][0]["text"].endswith("Việc thêm xyzzy.")
    (kept,) = (out / "notices").glob("*.json")
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / f"{gold.parent.name}.json").write_bytes(kept.read_bytes())
    scores = tmp_path / "scores.json"
    chidao("evaluate", tmp_path / "gold", tmp_path / "read", "--match", "strict", "--json", scores)
    misses = json.loads(scores.read_text("utf-8"))["misses"]
    assert [line for line in misses if line.endswith("Việc thêm xyzzy.")]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = make_site(tmp_path_factory.mktemp("site"))
    for number, payload in enumerate(PAYLOADS):
        data = payload.encode()
        made.add(f"a{number}.pdf", data, hostile_notice(data, payload), text=payload * 40)
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def address(site):
    with served(site.app()) as found:
        yield found


def test_the_box_of_the_value_in_hand_is_lit_and_can_be_drawn_by_keys(chrome, read):
    _, out = read
    with open_store(out / "chidao.db") as store, served(create_app(store, out, Config())) as address:
        context, page, said = window(chrome, address)
        (sha256,) = store.documents()
        pointer = "/header/document_number"
        go(page, f"/review?sha256={sha256}&at={pointer}")
        lit = page.locator(".boxes a.lit")
        assert lit.count() == 1
        (box,) = store.corrected(sha256).evidence[pointer].boxes
        press(page, "b", "ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter")
        page.keyboard.press("Enter")
        settled(page, pointer)
        (moved,) = store.corrected(sha256).evidence[pointer].boxes
        assert moved == pytest.approx((box[0], box[1] + 4, box[2], box[3] + 4, box[4] + 2), abs=0.2)
        context.close()
        assert not said


def test_the_keys_are_told_and_nothing_is_done_while_one_types(chrome, site, address):
    context, page, said = window(chrome, address)
    go(page, "/review?below=1")
    press(page, "?")
    assert page.locator("dialog[open]").count() == 1
    press(page, "x", "Escape")
    assert page.locator("dialog[open]").count() == 0
    before = at(page)
    press(page, "e")
    page.keyboard.type("jjx")
    assert at(page) == before
    assert page.evaluate("document.activeElement.value").endswith("jjx")
    assert site.store.corrections() == []
    context.close()
    assert not said


def test_no_text_of_a_document_runs_in_review(chrome, site, address):
    context, page, said = window(chrome, address)
    for sha256 in site.store.documents():
        go(page, f"/review?sha256={sha256}&below=1")
        for _ in range(4):
            before = at(page)
            press(page, "j")
            settled(page, before)
    assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload], script:not([src])').length") == 0
    context.close()
    assert not said


def test_it_can_be_done_without_script(chrome, read):
    _, out = read
    with open_store(out / "chidao.db") as store, served(create_app(store, out, Config())) as address:
        context, page, _ = window(chrome, address, java_script_enabled=False)
        (sha256,) = store.documents()
        page.goto(f"/review?sha256={sha256}&at=/header/place")
        page.locator("[name=v-]").fill("Huế")
        page.locator("button[value=correct]").click()
        assert store.corrected(sha256).header.place == "Huế"
        assert at(page) != "/header/place"
        context.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_review(chrome, read, width, scheme):
    _, out = read
    with open_store(out / "chidao.db") as store, served(create_app(store, out, Config())) as address:
        context, page, said = window(chrome, address, width, color_scheme=scheme, reduced_motion="reduce")
        (sha256,) = store.documents()
        for path in ("/review", f"/review?sha256={sha256}&at=/directives/0", "/review?below=0.5"):
            page.goto(path)
            assert not faults(page), path
        context.close()
        assert not said
