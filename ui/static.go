package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli" // packs the canvas a twelfth smaller than gzip does, for browsers on TLS

	"tandem/ui/pages"
)

//go:embed static
var files embed.FS

// asset is one static file, ready to send. Its address carries a hash of its
// content, so that browsers may keep it for ever.
type asset struct {
	kind   string
	plain  []byte
	packed []packed // the smallest first; none where that saves nothing
}

// packed is a file in one of codings.
type packed struct {
	coding string // as Content-Encoding names it
	body   []byte
}

// codings are how files are packed, the smallest first, once at start. Brotli
// at a higher level would take seconds for a few kilobytes.
var codings = []struct {
	name string
	to   func(io.Writer) io.WriteCloser
}{
	{"br", func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, 7) }},
	{"gzip", func(w io.Writer) io.WriteCloser {
		z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is valid
		return z
	}},
}

// assets are all static files by hashed name.
type assets struct {
	byName map[string]asset
	byFile map[string]string // address by file name
	links  pages.Assets
}

// extra are the addresses of further styles and scripts of a page.
func (p *Panel) extra(names ...string) []string {
	var out []string
	for _, name := range names {
		if link, ok := p.assets.byFile[name]; ok {
			out = append(out, link)
		}
	}
	return out
}

// kinds of static file; those without one are not served (licences).
var assetKinds = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// loadAssets packs the static files, which never change while we run.
var loadAssets = sync.OnceValues(packAssets)

func packAssets() (*assets, error) {
	a := &assets{byName: map[string]asset{}}
	link := map[string]string{}
	a.byFile = link
	err := fs.WalkDir(files, "static", func(name string, d fs.DirEntry, err error) error {
		ext := path.Ext(name)
		kind, served := assetKinds[ext]
		if err != nil || d.IsDir() || !served {
			return err
		}
		body, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		sum := sha256.Sum256(body)
		base := strings.TrimSuffix(path.Base(name), ext)
		hashed := base + "." + hex.EncodeToString(sum[:6]) + ext
		a.byName[hashed] = asset{kind, body, pack(body)}
		link[path.Base(name)] = "/static/" + hashed
		return nil
	})
	a.links = pages.Assets{CSS: link["app.css"], JS: link["app.js"], HTMX: link["htmx-4.0.1.min.js"], Icon: link["icon.svg"], Search: link["search.js"]}
	return a, err
}

func pack(body []byte) []packed {
	var all []packed
	for _, c := range codings {
		var out bytes.Buffer
		z := c.to(&out)
		z.Write(body) // a bytes.Buffer takes everything
		z.Close()
		if out.Len() < len(body) {
			all = append(all, packed{c.name, out.Bytes()})
		}
	}
	return all
}

func (p *Panel) static(w http.ResponseWriter, r *http.Request) error {
	file, ok := p.assets.byName[r.PathValue("file")]
	if !ok {
		return ErrNotFound
	}
	h := w.Header()
	h.Set("Content-Type", file.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := file.plain
	for _, as := range file.packed {
		if takes(r, as.coding) {
			h.Set("Content-Encoding", as.coding)
			body = as.body
			break
		}
	}
	w.Write(body) // an error means the viewer has gone
	return nil
}
