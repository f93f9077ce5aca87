package editor

import (
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// The claims about edits are written in TypeScript, beside what they are
// about; each is a test of its own here.
func TestTheModel(t *testing.T) {
	script := filepath.Join(t.TempDir(), "claims.js")
	build := exec.Command("go", "tool", "esbuild", "test/model.test.ts", "--bundle", "--target=es2022", "--log-level=warning", "--outfile="+script)
	build.Env = append(build.Environ(), "NODE_PATH=vendor")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/claims.js" {
			http.ServeFile(w, r, script)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(`<!DOCTYPE html><script src="/claims.js"></script>`)) // the browser may have gone
	}))
	t.Cleanup(s.Close)
	ctx := browse(t)
	do(t, ctx, chromedp.Navigate(s.URL))
	type result struct{ Name, Error string }
	all := read(t, ctx, chromedp.Evaluate[[]result](`globalThis.results ?? []`))
	if len(all) < 40 {
		t.Errorf("%d claims were checked; the script broke off", len(all))
	}
	for _, r := range all {
		t.Run(r.Name, func(t *testing.T) {
			if r.Error != "" {
				t.Error(r.Error)
			}
		})
	}
}
