"""The page of a report in a real browser, with scripts switched off and no network.

Theorem, tables and figures are seen, formulas are set as formulas; nothing is asked of the network, nothing complains;
the page is never wider than the window, and has contrast in the light and in the dark scheme, and on paper.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from steeralg import report
from steeralg.certificates.proof import read_proof

PROOFS = Path(__file__).resolve().parent.parent / "proofs"
NAMES = ("saphs18-table-1", "saphs18-shifts", "s26-lambda", "mub4-level-1ab", "saphs18-choi-map")
HOSTILE = "<script>document.title='run'</script><img src='https://example.org/x.png' onerror=\"document.title='run'\">"
BROWSER, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


@pytest.fixture(scope="module")
def browser():
    if not (BROWSER and DRIVER):
        reason = "there is no chromium with chromedriver"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    with tempfile.TemporaryDirectory() as folder:
        options = Options()
        options.binary_location = BROWSER
        for option in (*OPTIONS, f"--user-data-dir={folder}"):
            options.add_argument(option)
        # Pages run no scripts; what the tests ask is put from outside.
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(DRIVER))
        try:
            yield driver
        finally:
            driver.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    for name in NAMES:
        data = (PROOFS / f"{name}.json").read_bytes()
        shown = report.html(read_proof(data, name), report.File.of(f"{name}.json", data))
        (folder / f"{name}.html").write_text(shown, encoding="utf-8")
    return folder


@pytest.fixture
def view(browser, pages):
    """View a page in a window of some width, in a scheme or on paper."""

    def show(name, width=1280, **features):
        media = [{"name": f"prefers-{key.replace('_', '-')}", "value": value} for key, value in features.items()]
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        browser.get_log("performance")
        browser.get((pages / f"{name}.html").as_uri())
        return browser

    return show


BOXES = """return [...document.querySelectorAll(arguments[0])].filter(e => !e.closest('details:not([open])')).map(e => {
    const r = e.getBoundingClientRect(); return [r.width, r.height, r.left, r.right] })"""


def boxes(driver, selector):
    return driver.execute_script(BOXES, selector)


@pytest.mark.parametrize("name", NAMES)
def test_everything_is_seen(view, name):
    driver = view(name)
    for selector in ("h1", "h2", ".theorem li", ".theorem math", "figure svg", "figcaption", "caption", "pre"):
        assert all(width > 0 and height > 0 for width, height, *_ in boxes(driver, selector)), selector
    text = driver.find_element("css selector", ".theorem").text
    proof = read_proof((PROOFS / f"{name}.json").read_bytes())
    assert len(boxes(driver, ".theorem li")) == len(proof.statements)
    assert text.count(".") >= len(proof.statements)
    assert boxes(driver, "table") or boxes(driver, "ul.matrices math")


def test_formulas_are_set_as_formulas(view):
    """A fraction is higher than its parts together; the parentheses of a matrix are as high as the matrix."""
    driver = view("saphs18-table-1")
    fractions = driver.execute_script(
        """return [...document.querySelectorAll('mfrac')].slice(0, 200).map(e => [e, ...e.children].map(x =>
        x.getBoundingClientRect().height))"""
    )
    assert len(fractions) > 100 and all(whole >= 0.95 * (above + below) for whole, above, below in fractions)
    matrices = driver.execute_script(
        """return [...document.querySelectorAll('mtable')].filter(e => !e.closest('details')).map(e =>
        [e.getBoundingClientRect().height, e.previousElementSibling.getBoundingClientRect().height])"""
    )
    assert len(matrices) > 16 and all(0.8 * table <= fence <= 1.5 * table + 8 for table, fence in matrices)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_asked_of_the_network_and_nothing_complains(view, name):
    driver = view(name)
    asked = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    urls = [m["params"]["request"]["url"] for m in asked if m["method"] == "Network.requestWillBeSent"]
    assert urls and all(url.startswith(("file:", "data:")) for url in urls)
    assert driver.get_log("browser") == []


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_never_wider_than_the_window(view, name, width):
    driver = view(name, width)
    driver.execute_script("document.querySelectorAll('details').forEach(e => { e.open = true })")
    assert driver.execute_script("return document.documentElement.scrollWidth") <= width
    assert driver.execute_script("return document.body.scrollWidth") <= width
    for selector in ("p", "li", "h1", "dd", "caption span", ".wide", ".picture", "summary"):
        assert all(left >= -1 and right <= width + 1 for _, _, left, right in boxes(driver, selector)), selector


LUMINANCE = """
const channel = c => { c /= 255; return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4 };
const light = rgb => { const [r, g, b] = rgb.match(/[0-9.]+/g).map(Number).map(channel);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b };
const ground = e => { while (e) { const c = getComputedStyle(e).backgroundColor;
    if (c !== 'rgba(0, 0, 0, 0)') return c; e = e.parentElement } return 'rgb(255, 255, 255)' };
return [...document.querySelectorAll('h1,h2,h3,p,li,dt,dd,caption,th,td,summary,figcaption,code,pre,math')].map(e => {
    const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
    return [e.tagName, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), b] })
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_there_is_contrast_in_both_schemes(view, scheme):
    found = view("saphs18-shifts", color_scheme=scheme).execute_script(LUMINANCE)
    assert len(found) > 50 and min(contrast for _, contrast, _ in found) >= 7
    assert all((ground > 0.5) == (scheme == "light") for _, _, ground in found)


def test_pictures_follow_the_scheme(view):
    """The ink of a picture's text is that of the page."""
    inks = []
    for scheme in ("light", "dark"):
        driver = view("saphs18-shifts", color_scheme=scheme)
        inks.append(driver.execute_script("return getComputedStyle(document.querySelector('figure svg')).fill"))
        assert inks[-1] == driver.execute_script("return getComputedStyle(document.body).color")
    assert inks[0] != inks[1]


def test_it_prints(view):
    """A few sheets, not none: that of the map, with its matrix, is on two at most."""
    driver = view("saphs18-choi-map")
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": False})["data"]
    assert len(printed) > 10_000


def test_scripts_are_switched_off_in_these_tests(view, pages):
    (pages / "script.html").write_text("<title>still</title><script>document.title = 'run'</script>", encoding="utf-8")
    assert view("script").title == "still"


def test_hostile_text_is_shown_and_does_nothing(view, pages):
    data = (PROOFS / "saphs18-choi-map.json").read_bytes()
    value = json.loads(data)
    value["claim"]["name"] = value["claim"]["source"] = HOSTILE
    proof = read_proof(json.dumps(value).encode())
    (pages / "hostile.html").write_text(report.html(proof, report.File.of(HOSTILE, data)), encoding="utf-8")
    driver = view("hostile")
    assert driver.title == HOSTILE and driver.find_element("tag name", "h1").text == HOSTILE
    assert not driver.find_elements("css selector", "script, img") and driver.get_log("browser") == []
