package ui

import (
	"cmp"
	"encoding/csv"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tandem/ui/pages"
)

// listQuery is what the address of a list asks for: ?q=text&sort=-name&page=2,
// and format=csv for all of it as a file.
type listQuery struct {
	Text   string
	Sort   string // one of the keys the list knows
	Desc   bool
	Page   int  // from 1
	CSV    bool // the whole list as a file is wanted
	path   string
	values url.Values
}

const (
	listSize  = 50
	maxSearch = 100
)

// parseList reads the query of a list that can be sorted by the keys named; the
// first is the order nobody asked for, downwards if it begins with "-".
func parseList(r *http.Request, sorts ...string) listQuery {
	values := r.URL.Query()
	q := listQuery{Text: strings.TrimSpace(cut(values.Get("q"), maxSearch)), Page: 1, CSV: values.Get("format") == "csv", path: r.URL.Path, values: values}
	values.Del("format")
	if len(sorts) > 0 {
		q.Sort, q.Desc = sortKey(sorts[0])
	}
	if key, desc := sortKey(values.Get("sort")); slices.ContainsFunc(sorts, func(s string) bool { return strings.TrimPrefix(s, "-") == key }) {
		q.Sort, q.Desc = key, desc
	} else {
		values.Del("sort")
	}
	if n, err := strconv.Atoi(values.Get("page")); err == nil && n > 0 {
		q.Page = n
	}
	return q
}

func sortKey(s string) (key string, desc bool) {
	key, desc = strings.CutPrefix(s, "-")
	return key, desc
}

// narrowed tells whether the list is narrowed, so that an empty one says so.
func (q listQuery) narrowed(filters ...string) bool {
	return q.Text != "" || slices.ContainsFunc(filters, func(f string) bool { return q.values.Get(f) != "" })
}

// view is the list as its page shows it.
func (q listQuery) view(total int) pages.List {
	l := pages.List{Path: q.path, Query: q.values, Text: q.Text, Sort: q.Sort, Desc: q.Desc,
		Page: q.Page, Pages: max(1, (total+listSize-1)/listSize), Total: total, Size: listSize}
	l.Page = min(l.Page, l.Pages)
	all := url.Values{"format": {"csv"}}
	for k, v := range q.values {
		if k != "page" {
			all[k] = v
		}
	}
	l.CSV = q.path + "?" + all.Encode()
	return l
}

// pageOf is the part of a list that is asked for.
func pageOf[T any](q listQuery, all []T) []T {
	from := min((q.Page-1)*listSize, max(0, (len(all)-1)/listSize*listSize))
	return all[from:min(from+listSize, len(all))]
}

// order compares two rows by one key.
type order[T any] = func(a, b T) int

// arrange keeps the rows whose words hold the text searched for, case aside,
// and sorts them; keys without an order leave the rows as they are.
func arrange[T any](q listQuery, rows []T, words func(T) string, orders map[string]order[T]) []T {
	out := slices.Clone(rows)
	if q.Text != "" {
		wanted := strings.ToLower(q.Text)
		out = slices.DeleteFunc(out, func(row T) bool { return !strings.Contains(strings.ToLower(words(row)), wanted) })
	}
	if by, ok := orders[q.Sort]; ok {
		slices.SortStableFunc(out, func(a, b T) int {
			if q.Desc {
				a, b = b, a
			}
			return by(a, b)
		})
	}
	return out
}

// byText orders rows by a text of theirs, case aside.
func byText[T any](text func(T) string) order[T] {
	return func(a, b T) int { return cmp.Compare(strings.ToLower(text(a)), strings.ToLower(text(b))) }
}

// csvFile sends rows as a file for spreadsheets. The head is sent before the
// rows are read, so a fault half way ends the file, and the connection with it.
func csvFile(w http.ResponseWriter, r *http.Request, name string, header []string, rows iter.Seq[[]string]) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.csv"`, name))
	out := csv.NewWriter(w)
	out.UseCRLF = true // RFC 4180 §2
	if err := out.Write(header); err != nil {
		return nil // the viewer has gone
	}
	for row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = neutral(cell)
		}
		if r.Context().Err() != nil || out.Write(safe) != nil {
			return nil // the viewer has gone
		}
	}
	out.Flush()
	return nil
}

// neutral keeps a spreadsheet from reading a cell as a formula: who called
// chose the text.
func neutral(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return cell
	}
	return "'" + cell
}
