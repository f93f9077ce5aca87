package ui

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"tandem/ui/pages"
)

//go:embed static
var files embed.FS

// asset is one static file, ready to send. Its address carries a hash of its
// content, so that browsers may keep it for ever.
type asset struct {
	kind   string
	plain  []byte
	packed []byte // gzip; nil when it saves nothing
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

func loadAssets() (*assets, error) {
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
	a.links = pages.Assets{CSS: link["app.css"], JS: link["app.js"], HTMX: link["htmx-4.0.1.min.js"], Icon: link["icon.svg"]}
	return a, err
}

func pack(body []byte) []byte {
	var out bytes.Buffer
	z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	z.Write(body)                                           // a bytes.Buffer takes everything
	z.Close()
	if out.Len() >= len(body) {
		return nil
	}
	return out.Bytes()
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
	if file.packed != nil && takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = file.packed
	}
	w.Write(body) // an error means the viewer has gone
	return nil
}
