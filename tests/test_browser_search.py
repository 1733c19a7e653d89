"""In a real browser: a search, a notice beside its pages, documents that attack, and pages that everybody can use."""

import pytest
from browsers import browser, faults, served
from web_sites import PAYLOADS, RUN, SAMPLES, hostile_notice, make_site

from pipeline.process import DEFAULTS, find_rated, open_document

PDF = "evncpc-luoi-dien-110kv-2024.pdf"
DOCX = "dai-hoc-can-tho-hoc-ky-he-2022.docx"
LOOKS = ((1280, "light"), (390, "dark"))
PLACE = """box => {
  const inner = box.getBoundingClientRect(), outer = box.closest(".paper").getBoundingClientRect();
  return [inner.x - outer.x, inner.y - outer.y, inner.width, inner.height, outer.width / 595.3];
}"""
"""Where a box is on its page, and how many pixels a point has there."""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = make_site(tmp_path_factory.mktemp("site"))
    yield made
    made.store.close()


@pytest.fixture(scope="module")
def shas(site):
    """Two bundled documents as they are read, and one that attacks in every field."""
    read = {}
    for name in (PDF, DOCX):
        document, notice = find_rated(open_document([SAMPLES / name], DEFAULTS), DEFAULTS)
        read[name] = site.add(name, (SAMPLES / name).read_bytes(), notice, text=document.text)
    return read


@pytest.fixture(scope="module")
def attacks(site):
    shas = []
    for number, payload in enumerate(PAYLOADS):
        data = payload.encode()
        notice = hostile_notice(data, payload)
        shas.append(site.add(f"a{number}.pdf", data, notice, text=payload * 40, known_as=f"{number}{payload}"[:80]))
    site.add("bad.pdf", b"bad", None, kind=PAYLOADS[0], reason=PAYLOADS[1], advice=PAYLOADS[2])
    return shas


@pytest.fixture(scope="module")
def chrome():
    with browser() as started:
        yield started


@pytest.fixture(scope="module")
def address(site, shas):
    assert shas
    with served(site.app()) as found:
        yield found


@pytest.fixture
def page(chrome, address):
    """A page that fails the test when anything runs that should not, or an error is told to the console."""
    context = chrome.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    opened, said = context.new_page(), []
    opened.on("dialog", lambda dialog: (said.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    opened.on("pageerror", lambda error: said.append(f"error: {error}"))
    opened.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    yield opened
    context.close()
    assert not said


def test_a_search_without_marks_finds_what_has_them_as_one_types(page, address):
    page.goto("/")
    page.get_by_label("Từ ngữ").press_sequentially("luoi dien", delay=20)
    page.wait_for_url("**/?q=luoi+dien")
    marks = page.locator(".hit mark")
    marks.first.wait_for()
    assert {word.lower() for word in marks.all_inner_texts()} <= {"lưới", "điện"}
    assert page.get_by_label("Từ ngữ").evaluate("box => box === document.activeElement")
    page.go_back()
    assert page.url == f"{address}/"


def test_a_hit_leads_to_its_directive_and_the_directive_to_its_place(page):
    page.goto("/?q=luoi+dien")
    page.locator(".hit-title a").first.click()
    page.wait_for_url("**/notice/*#f-directives-*")
    field = page.url.partition("#")[2]
    lit = page.locator(f"#{field} a.value.lit")
    lit.first.wait_for()
    box = page.locator(f".boxes a.lit[data-for={field}]").first
    assert box.is_visible()


def test_a_field_that_has_the_focus_lights_its_box_where_the_words_are(page, site, shas):
    page.goto(f"/notice/{shas[PDF]}")
    evidence = site.store.notice(shas[PDF]).evidence["/header/document_number"]
    page.locator(".sheet img").first.evaluate("image => image.decode()")
    page.locator('[data-field="f-header-document_number"]').focus()
    lit = page.locator(".boxes a.lit")
    assert lit.count() == 1
    x, y, width, height, scale = lit.evaluate(PLACE)
    _, left, top, right, bottom = evidence.boxes[0]
    assert (x, y) == (pytest.approx(left * scale, abs=4), pytest.approx(top * scale, abs=4))
    assert width == pytest.approx((right - left) * scale, abs=8)
    assert height == pytest.approx((bottom - top) * scale, abs=8)


def test_a_box_lights_its_field_by_pointer_and_by_keys(page, shas):
    page.goto(f"/notice/{shas[PDF]}")
    box = page.locator('.boxes a[data-for="f-header-document_number"]')
    box.click()
    field = page.locator('[data-field="f-header-document_number"]')
    assert field.evaluate("link => link.classList.contains('lit') && link === document.activeElement")
    box.focus()
    page.keyboard.press("ArrowDown")
    now = page.evaluate("document.activeElement.dataset.for")
    assert now != "f-header-document_number"
    assert page.locator(f'[data-field="{now}"].lit').count() == 1


def test_the_text_lights_where_there_are_no_pages(page, shas):
    page.goto(f"/notice/{shas[DOCX]}")
    page.locator('[data-field="f-header-document_number"]').focus()
    assert page.locator(".text a.lit").all_inner_texts() == ["1543/TB-ĐHCT"]


def test_pages_can_be_read_without_script(chrome, address, shas):
    context = chrome.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("Từ ngữ").fill("luoi dien")
    page.get_by_role("button", name="Tra cứu").click()
    assert page.url == f"{address}/?q=luoi+dien"
    page.goto(f"/notice/{shas[PDF]}")
    page.locator('[data-field="f-header-document_number"]').click()
    assert page.url.endswith("#b-header-document_number")
    fill = page.locator("#b-header-document_number rect").evaluate("rect => getComputedStyle(rect).stroke")
    assert fill == "rgb(180, 48, 10)"
    context.close()


def test_no_text_of_a_document_runs(page, attacks):
    paths = ["/", "/?what=notices", "/tracking", "/returning", "/runs", f"/runs/{RUN}"]
    for path in [*paths, *(f"/notice/{sha}" for sha in attacks), *(f"/notice/{sha}?view=text" for sha in attacks)]:
        page.goto(path, wait_until="load")
        for focusable in page.locator("[data-field]").all()[:5]:
            focusable.focus()
    for payload in PAYLOADS:
        page.goto("/")
        page.locator("#q").fill(payload)
        page.locator("#q").press("Enter")
        page.wait_for_load_state("networkidle")
    assert page.evaluate("document.querySelectorAll('img[src=x], svg[onload], script:not([src])').length") == 0


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_everybody_can_use_the_pages(chrome, address, shas, width, scheme):
    context = chrome.new_context(
        base_url=address, viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = context.new_page()
    paths = [
        "/",
        "/?q=luoi+dien&state=overdue",
        "/?what=notices",
        "/tracking?as_of=2024-08-01",
        "/returning",
        "/runs",
        f"/runs/{RUN}",
        "/nothing",
    ]
    for path in [*paths, f"/notice/{shas[PDF]}", f"/notice/{shas[DOCX]}", "/?lang=en"]:
        page.goto(path)
        assert not faults(page), path
    context.close()
