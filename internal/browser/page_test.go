package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The page in a browser, from disk.
func TestPage(t *testing.T) {
	b := start(t)
	for name, test := range map[string]func(*testing.T, *browser){
		"search": testSearch, "links": testLinks, "tabs": testTabs, "colour schemes": testColourSchemes, "phone": testPhone, "accessible": testAccessible,
	} {
		t.Run(name, func(t *testing.T) { test(t, b) })
	}
}

func testSearch(t *testing.T, b *browser) {
	page := b.open(t, 1440, 900)
	page.slash(t)
	page.until(t, `document.getElementById("page-search").open && document.activeElement.id === "page-query"`)
	page.run(t, chromedp.KeyEvent("webhook"))
	first := eval[string](t, page, `document.querySelector("#page-results [aria-selected=true] b").textContent`)
	page.run(t, chromedp.KeyEvent(kb.ArrowDown))
	second := eval[string](t, page, `document.querySelector("#page-results [aria-selected=true] b").textContent`)
	if first == second || !strings.Contains(first+second, "Webhook") {
		t.Errorf("the search for webhook chooses %q and then %q", first, second)
	}
	page.shot(t, "search")
	page.run(t, chromedp.KeyEvent(kb.Enter))
	page.until(t, `!document.getElementById("page-search").open`)
	name := eval[string](t, page, `document.querySelector(location.hash + " h3 a").textContent`)
	top := eval[float64](t, page, `document.querySelector(location.hash).getBoundingClientRect().top`)
	if name != second || top < 0 || top > 400 {
		t.Errorf("Enter leads to %q at %v, not to %q", name, top, second)
	}
	page.slash(t)
	page.run(t, chromedp.KeyEvent("no such thing"))
	if found := eval[int](t, page, `document.querySelectorAll("#page-results li").length`); found != 0 {
		t.Errorf("%d results for nothing", found)
	}
	page.run(t, chromedp.KeyEvent(kb.Escape))
	page.until(t, `!document.getElementById("page-search").open`)
}

func testLinks(t *testing.T, b *browser) {
	page := b.open(t, 1440, 900)
	page.run(t, chromedp.Click(`.matrix th a[href="#login"]`))
	page.until(t, `location.hash === "#login"`)
	page.until(t, `document.querySelector("#page-nav a[aria-current]")?.textContent === "Login"`)
	page.shot(t, "method")
	page.run(t, chromedp.Click(`#login .fields td a, #login h4 a`))
	page.until(t, `location.hash.startsWith("#type-")`)
	dead := eval[[]string](t, page, `[...document.querySelectorAll("a[href^='#']")].map((a) => a.hash.slice(1)).filter((id) => !document.getElementById(id))`)
	if len(dead) > 0 {
		t.Errorf("links that lead nowhere: %q", dead)
	}
	if others := eval[[]string](t, page, `[...document.querySelectorAll("a")].map((a) => a.getAttribute("href")).filter((h) => !h.startsWith("#"))`); len(others) > 0 {
		t.Errorf("links that leave the page: %q", others)
	}
}

// A language that is chosen for one method is chosen for all.
func testTabs(t *testing.T, b *browser) {
	page := b.open(t, 1440, 900)
	page.run(t, chromedp.Click(`#login .tabs [data-tab="rest"]`))
	shown := `[...document.querySelectorAll("#%s .panel")].filter((p) => !p.hidden).map((p) => p.dataset.panel).join()`
	for _, id := range []string{"login", "users"} {
		if got := eval[string](t, page, strings.ReplaceAll(shown, "%s", id)); got != "rest" {
			t.Errorf("%s shows %q", id, got)
		}
	}
	page.run(t, chromedp.KeyEvent(kb.ArrowRight))
	if got := eval[string](t, page, strings.ReplaceAll(shown, "%s", "login")); got != "grpc" {
		t.Errorf("the arrow leads to %q", got)
	}
	if got := eval[string](t, page, strings.ReplaceAll(shown, "%s", "update_env")); got != "go" {
		t.Errorf("a method without gRPC shows %q", got)
	}
}

func testColourSchemes(t *testing.T, b *browser) {
	page := b.open(t, 1440, 900)
	background := func() string {
		return eval[string](t, page, `getComputedStyle(document.body).backgroundColor`)
	}
	choose := func(value string) {
		eval[bool](t, page, `(() => { const s = document.getElementById("page-theme"); s.value = "`+value+`"; return s.dispatchEvent(new Event("change")); })()`)
	}
	seen := map[string]string{}
	for _, scheme := range []string{"light", "dark"} {
		page.scheme(t, scheme)
		seen[scheme] = background()
		page.shot(t, scheme)
		if bad := eval[[]string](t, page, contrast); len(bad) > 0 {
			t.Errorf("%s: text that is hard to read: %q", scheme, bad)
		}
	}
	if seen["light"] != "rgb(255, 255, 255)" || seen["dark"] == seen["light"] {
		t.Errorf("the backgrounds are %q", seen)
	}
	page.scheme(t, "dark")
	choose("light")
	if got := background(); got != seen["light"] {
		t.Errorf("the switch to light gives %s", got)
	}
	page.scheme(t, "light")
	choose("dark")
	if got := background(); got != seen["dark"] {
		t.Errorf("the switch to dark gives %s", got)
	}
	choose("auto")
	if got := background(); got != seen["light"] {
		t.Errorf("the switch back gives %s", got)
	}
}

// contrast lists texts whose contrast is below 4.5 to 1, the bound of WCAG AA.
const contrast = `(() => {
  const rgb = (text) => { const m = text.match(/[\d.]+/g).map(Number); return { c: m.slice(0, 3), a: m[3] ?? 1 }; };
  const light = ({ c }) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (e) => { for (; e; e = e.parentElement) { const b = rgb(getComputedStyle(e).backgroundColor); if (b.a > 0.99) return b; } return { c: [255, 255, 255] }; };
  const bad = new Set();
  for (const e of document.querySelectorAll("body *")) {
    if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()) || !e.checkVisibility() || e.closest("script, style")) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.add(e.tagName + "." + e.className + " " + ratio.toFixed(2));
  }
  return [...bad];
})()`

func testPhone(t *testing.T, b *browser) {
	page := b.open(t, 390, 844)
	fits := func(where string) {
		if wide := eval[[]string](t, page, `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".scroll, pre")).map((e) => e.tagName + "." + e.className).slice(0, 5)`); len(wide) > 0 {
			t.Errorf("%s is wider than a phone: %q", where, wide)
		}
	}
	page.shot(t, "phone")
	fits("the overview")
	page.run(t, chromedp.Click("#page-menu"))
	page.until(t, `document.getElementById("page-nav").checkVisibility()`)
	page.shot(t, "phone-contents")
	page.run(t, chromedp.Click(`#page-nav a[href="#signup"]`))
	page.until(t, `location.hash === "#signup" && !document.getElementById("page-nav").checkVisibility()`)
	page.shot(t, "phone-method")
	fits("a method")
	page.run(t, chromedp.Click("#page-find"))
	page.until(t, `document.getElementById("page-search").open`)
	page.shot(t, "phone-search")
}

// What people who do not see the page, or use no mouse, rely on.
func testAccessible(t *testing.T, b *browser) {
	page := b.open(t, 1440, 900)
	for what, count := range map[string]int{"main": 1, "nav[aria-label]": 1, "body > header": 1, "h1": 1, `html[lang]`: 1} {
		if got := eval[int](t, page, `document.querySelectorAll("`+what+`").length`); got != count {
			t.Errorf("the page has %d %s", got, what)
		}
	}
	if twice := eval[[]string](t, page, `(() => { const ids = [...document.querySelectorAll("[id]")].map((e) => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i); })()`); len(twice) > 0 {
		t.Errorf("ids that stand twice: %q", twice)
	}
	if nameless := eval[int](t, page, `[...document.querySelectorAll("button, a, select, input")].filter((e) => !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length)).length`); nameless > 0 {
		t.Errorf("%d controls have no name", nameless)
	}
	if jumps := eval[[]string](t, page, `(() => { let last = 0; return [...document.querySelectorAll("main h1, main h2, main h3, main h4")].filter((h) => { const level = Number(h.tagName[1]); const bad = level > last + 1; last = level; return bad; }).map((h) => h.textContent); })()`); len(jumps) > 0 {
		t.Errorf("headings that skip a level: %q", jumps)
	}
	page.run(t, chromedp.KeyEvent(kb.Tab))
	if got := eval[string](t, page, `document.activeElement.textContent`); got != "Skip to the content" {
		t.Errorf("the first stop of the keyboard is %q", got)
	}
	page.run(t, chromedp.KeyEvent(kb.Enter))
	page.until(t, `document.activeElement.id === "page-main"`)
}
