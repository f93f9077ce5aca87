package ui

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestACSVFileHoldsNoFormula(t *testing.T) {
	w := httptest.NewRecorder()
	rows := slices.Values([][]string{{"=1+1", "+46701234567", "-2", "@cmd", "\tx", "\rx", "plain", "a,b\"c", ""}})
	if err := csvFile(w, httptest.NewRequest("GET", "/numbers", nil), "numbers", []string{"a"}, rows); err != nil {
		t.Fatal(err)
	}
	want := "a\r\n'=1+1,'+46701234567,'-2,'@cmd,'\tx,\"'x\",plain,\"a,b\"\"c\",\r\n"
	if got := w.Body.String(); got != want {
		t.Errorf("the file is %q, want %q", got, want)
	}
	if got := w.Header().Get("Content-Disposition"); got != `attachment; filename="numbers.csv"` {
		t.Errorf("is named %q", got)
	}
}

func TestAListIsSearchedSortedAndPagedByItsAddress(t *testing.T) {
	rows := make([]string, 120)
	for i := range rows {
		rows[i] = string(rune('a'+i%26)) + string(rune('a'+i/26))
	}
	orders := map[string]order[string]{"name": byText(func(s string) string { return s })}
	for address, want := range map[string]struct {
		first string
		total int
		shown int
	}{
		"/x": {"aa", 120, 50}, "/x?sort=-name": {"zd", 120, 50}, "/x?page=3": {"va", 120, 20}, "/x?page=99": {"va", 120, 20},
		"/x?q=AB": {"ab", 1, 1}, "/x?sort=evil": {"aa", 120, 50}, "/x?page=-1": {"aa", 120, 50},
	} {
		q := parseList(httptest.NewRequest(http.MethodGet, address, nil), "name")
		found := arrange(q, rows, func(s string) string { return s }, orders)
		page := pageOf(q, found)
		if len(found) != want.total || len(page) != want.shown || page[0] != want.first {
			t.Errorf("%s: %d found, %d shown, first %q; want %d, %d, %q", address, len(found), len(page), page[0], want.total, want.shown, want.first)
		}
	}
	if got := pageOf(parseList(httptest.NewRequest(http.MethodGet, "/x", nil)), []string(nil)); len(got) != 0 {
		t.Errorf("an empty list shows %d", len(got))
	}
}
