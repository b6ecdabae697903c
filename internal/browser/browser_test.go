package browser

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// The variables that tests look at: where the browser is, whether there must be
// one, and a directory for screenshots.
const (
	browserVariable     = "SDK_BROWSER"
	requiredVariable    = "SDK_BROWSER_REQUIRED"
	screenshotsVariable = "SDK_BROWSER_SCREENSHOTS"
)

// findBrowser returns the path of a browser. Without one the test is skipped,
// unless the environment demands it.
func findBrowser(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"}
	if named := os.Getenv(browserVariable); named != "" {
		names = []string{named}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	message := "there is no " + strings.Join(names, ", ") + ": the page of the reference was not opened in a browser"
	if os.Getenv(requiredVariable) != "" {
		t.Fatal(message)
	}
	fmt.Fprintln(os.Stderr, "SKIPPED: "+message)
	t.Skip(message)
	return ""
}

// tab is an open page, and what went wrong in it so far.
type tab struct {
	context.Context
	mu       sync.Mutex
	problems []string
}

func (tab *tab) problem(format string, args ...any) {
	tab.mu.Lock()
	defer tab.mu.Unlock()
	tab.problems = append(tab.problems, fmt.Sprintf(format, args...))
}

// browser is a running browser that tests open tabs in.
type browser struct{ context.Context }

func start(t *testing.T) *browser {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(findBrowser(t)), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	// The driver complains of events that it does not know.
	ctx, cancel = chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return &browser{ctx}
}

// open opens the page from disk in a tab of its own; what the browser complains of, and what the page asks the network
// for, fails the test.
func (b *browser) open(t *testing.T, width, height int64) *tab {
	t.Helper()
	path, err := filepath.Abs("../../docs/reference/index.html")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(b.Context)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancel)
	page := &tab{Context: ctx}
	address := "file://" + filepath.ToSlash(path)
	chromedp.ListenTarget(ctx, func(event any) { page.watch(event, address) })
	page.run(t, network.Enable(), log.Enable(), runtime.Enable(), cdppage.BringToFront(), chromedp.EmulateViewport(width, height), chromedp.Navigate(address), chromedp.WaitReady("main"))
	t.Cleanup(func() {
		eval[any](t, page, `localStorage.clear()`)
		page.mu.Lock()
		defer page.mu.Unlock()
		for _, p := range page.problems {
			t.Error(p)
		}
	})
	return page
}

// slash presses the key as a keyboard does: the driver's own way would type into
// whatever has the focus afterwards.
func (tab *tab) slash(t *testing.T) {
	t.Helper()
	tab.run(t,
		input.DispatchKeyEvent(input.KeyDown).WithKey("/").WithCode("Slash").WithText("/"),
		input.DispatchKeyEvent(input.KeyUp).WithKey("/").WithCode("Slash"))
}

// watch notes what must not happen.
func (tab *tab) watch(event any, address string) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if url, _, _ := strings.Cut(e.Request.URL, "#"); url != address && !strings.HasPrefix(url, "data:") {
			tab.problem("the page asks for %s", e.Request.URL)
		}
	case *log.EventEntryAdded:
		tab.problem("the browser says: %s %s", e.Entry.Level, e.Entry.Text)
	case *runtime.EventConsoleAPICalled:
		for _, arg := range e.Args {
			tab.problem("the page writes to the console: %s %s", e.Type, arg.Value)
		}
	case *runtime.EventExceptionThrown:
		tab.problem("the script fails: %s", e.ExceptionDetails.Error())
	}
}

func (tab *tab) run(t *testing.T, actions ...chromedp.Action) {
	t.Helper()
	if err := chromedp.Run(tab, actions...); err != nil {
		t.Fatal(err)
	}
}

// eval is the value of an expression.
func eval[T any](t *testing.T, tab *tab, expression string) T {
	t.Helper()
	var out T
	tab.run(t, chromedp.Evaluate(expression, &out))
	return out
}

// until waits for an expression to be true.
func (tab *tab) until(t *testing.T, expression string) {
	t.Helper()
	var ok bool
	err := chromedp.Run(tab, chromedp.Poll(expression, &ok, chromedp.WithPollingInterval(50*time.Millisecond), chromedp.WithPollingTimeout(30*time.Second)))
	if err != nil || !ok {
		t.Fatalf("%s does not come true: %v", expression, err)
	}
}

func (tab *tab) scheme(t *testing.T, name string) {
	t.Helper()
	tab.run(t, emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}))
}

// shot takes a picture, which must show something.
func (tab *tab) shot(t *testing.T, name string) {
	t.Helper()
	var data []byte
	tab.run(t, chromedp.CaptureScreenshot(&data))
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	colours := map[[3]uint32]bool{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y += 3 {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x += 3 {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	if len(colours) < 20 {
		t.Errorf("%s: the picture has %d colours, so it shows nothing", name, len(colours))
	}
	if dir := os.Getenv(screenshotsVariable); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, name+".png"), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
