//go:build screenshots

package editor

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
)

// TestScreenshots draws the editor for a person to look at:
//
//	UI_SHOTS=/tmp/shots go test -tags screenshots -run Screenshots ./ui/editor
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		t.Fatal("set UI_SHOTS to the folder for the pictures")
	}
	ctx := browse(t)
	heard := complaints(t, ctx)
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"light", "dark"} {
		s := serve(t, sample(t))
		s.theme = theme
		look := func(name string, steps ...chromedp.Action[chromedp.Void]) {
			do(t, ctx, steps...)
			png := read(t, ctx, chromedp.FullScreenshot(100))
			if err := os.WriteFile(filepath.Join(dir, name+"-"+theme+".png"), png, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		do(t, ctx, chromedp.EmulateViewport(1440, 900))
		look("edit", chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS("[data-module=menu]")))
		look("inspector", chromedp.Click(chromedp.CSS("[data-module=menu] .fe-head")), chromedp.WaitVisible(chromedp.CSS("[data-form] input")))
		look("problems", chromedp.Click(chromedp.CSS("[data-action=problems]")), chromedp.WaitVisible(chromedp.CSS(".fe-problems")))
		look("simulate", chromedp.Click(chromedp.CSS("[data-action=simulate]")), chromedp.WaitVisible(chromedp.CSS(".fe-simulate")))
		look("phone", chromedp.EmulateViewport(390, 844), chromedp.Navigate(s.URL), chromedp.WaitVisible(chromedp.CSS("[data-module=menu]")))
	}
	for _, line := range heard() {
		t.Error("the console says", line)
	}
}
