package editor

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// The console is not asked to be clean here: the browser reports the fault too.
func TestAFaultInDrawingLosesNothing(t *testing.T) {
	b := bench{t, browse(t), serve(t, sample(t))}
	b.do(chromedp.EmulateViewport(1440, 900), chromedp.Navigate(b.URL), chromedp.WaitVisible(chromedp.CSS(".fe-root[data-status=ready]")))
	b.do(chromedp.Focus(chromedp.CSS("[data-canvas]")))
	b.press("a", chromedp.ModifierCtrl)
	b.press("d", chromedp.ModifierCtrl)
	b.listener <- "event: presence\ndata: {\"editors\":[{\"email\":{\"not\":\"text\"},\"since\":\"2026-03-02T10:00:00Z\"}]}\n\n"
	b.until("the fault in words", `document.querySelector("[role=alert]")?.textContent.includes("cannot be drawn")`)
	b.listener <- "event: presence\ndata: {\"editors\":[]}\n\n"
	b.click("[data-action=draw-again]")
	b.until("the canvas", `document.querySelectorAll("[data-module]").length === 12`)
	if f := b.saved(); len(f.Modules) != 14 {
		t.Errorf("%d modules are saved, want the 14 that were there before the fault", len(f.Modules))
	}
}
