package ui

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// importInput is a CSV file of users.
type importInput struct {
	CSV string `json:"csv"`
}

// imported tells how many users came.
type imported struct {
	Imported int `json:"imported"`
}

const (
	maxUserFile    = 2 << 20
	maxImportLines = 2000
)

// importHeader are the columns of the file, which an export has too. Only
// last_name is required.
var importHeader = []string{"first_name", "last_name", "email", "department", "job_title"}

func userLines(users []directory.User) iter.Seq[[]string] {
	return func(yield func([]string) bool) {
		for _, u := range users {
			if !yield([]string{u.FirstName, u.LastName, u.Email, u.Department, u.JobTitle}) {
				return
			}
		}
	}
}

// importRow is one line of the file and what is wrong with it.
type importRow struct {
	line int
	user directory.User
	bad  notes
}

// readUsers reads a file; err says what is wrong with it as a whole.
func readUsers(text string) ([]importRow, error) {
	in := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
	in.FieldsPerRecord, in.TrimLeadingSpace = -1, true
	if first, _, _ := strings.Cut(text, "\n"); strings.Count(first, ";") > strings.Count(first, ",") {
		in.Comma = ';' // as spreadsheets of half the world write it
	}
	head, err := in.Read()
	if err != nil {
		return nil, refuse("csv", "The file is empty or no CSV file.")
	}
	for i, name := range head {
		head[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(name)), " ", "_")
		if !slices.Contains(importHeader, head[i]) {
			return nil, refuse("csv", fmt.Sprintf("The first line names the columns: %s. %q is none of them.", strings.Join(importHeader, ", "), shown(name)))
		}
	}
	if !slices.Contains(head, "last_name") {
		return nil, refuse("csv", "The column last_name is missing in the first line.")
	}
	var out []importRow
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, refuse("csv", "The file cannot be read on: "+err.Error())
		}
		if len(out) == maxImportLines {
			return nil, refuse("csv", fmt.Sprintf("At most %d users at once.", maxImportLines))
		}
		line, _ := in.FieldPos(0)
		out = append(out, rowOf(line, head, record))
	}
	if len(out) == 0 {
		return nil, refuse("csv", "The file has no line behind its first.")
	}
	return out, nil
}

func rowOf(line int, head, record []string) importRow {
	row := importRow{line: line}
	cells := map[string]string{}
	for i, cell := range record {
		if i < len(head) {
			cells[head[i]] = strings.TrimPrefix(strings.TrimSpace(cell), "'") // an export writes it before what looks like a formula
		}
	}
	row.bad.unless(len(record) <= len(head), "line", "has more cells than the first line")
	in := userInput{FirstName: cells["first_name"], LastName: cells["last_name"], Email: cells["email"], Department: cells["department"], JobTitle: cells["job_title"]}
	row.user = in.into(directory.User{ID: newID()}, &row.bad)
	return row
}

// importUsers imports all users of a file, or none where a line is wrong.
func (p *Panel) importUsers(r *http.Request, in importInput) (imported, error) {
	rows, err := readUsers(in.CSV)
	if err != nil {
		return imported{}, err
	}
	var bad notes
	var users []directory.User
	for _, row := range rows {
		for _, n := range row.bad {
			bad.add("csv", fmt.Sprintf("Line %d, %s: %s", row.line, n.Field, n.Text))
		}
		users = append(users, row.user)
	}
	if err := bad.err(); err != nil {
		return imported{}, err
	}
	if err := p.people().SaveUsers(r.Context(), users); err != nil {
		return imported{}, err
	}
	p.audit(r, "import", fmt.Sprintf("%d users", len(users)), nil, users)
	return imported{len(users)}, nil
}

func (p *Panel) importPage(w http.ResponseWriter, r *http.Request) error {
	return p.render(w, r, http.StatusOK, pages.Form(p.importView(r, nil)))
}

func importForm(p *Panel, r *http.Request, _ importInput, why *Refusal) (templ.Component, error) {
	return pages.Form(p.importView(r, why)), nil
}

func (p *Panel) importView(r *http.Request, why *Refusal) pages.FormView {
	return p.sheet(r, pages.FormView{Back: pages.Link{Label: "Users", Link: "/users"}, Title: "Import users", Action: "/users/import", Upload: true,
		Hint: "The first line names the columns: " + strings.Join(importHeader, ", ") + ". Only last_name is required.", Submit: "Look at it first", Cancel: "/users",
		Sections: []pages.Section{{Fields: []pages.Field{{Name: "file", Label: "CSV file", Type: "file", Accept: ".csv,text/csv", Wide: true},
			{Name: "csv", Label: "Or paste it", Type: "area", Rows: 8, Placeholder: "first_name,last_name,email\nAnna,Berg,anna@example.org"}}}}}, "users", why)
}

// importPreview shows every line before anything is done.
func (p *Panel) importPreview(w http.ResponseWriter, r *http.Request) error {
	text, err := textOf(r, maxUserFile)
	var rows []importRow
	if err == nil {
		rows, err = readUsers(text)
	}
	if why := refusalOf(err); why != nil {
		return p.render(w, r, why.Status, pages.Form(p.importView(r, why)))
	} else if err != nil {
		return err
	}
	wrong := 0
	var lines []pages.ResultLine
	for _, row := range rows {
		l := pages.ResultLine{Line: row.line, What: shown(row.user.Name() + "  " + row.user.Email), State: pages.Badge{Tone: "good", Text: "ready"}}
		if len(row.bad) > 0 {
			wrong++
			l.State, l.Text = pages.Badge{Tone: "bad", Text: "wrong"}, row.bad[0].Field+": "+row.bad[0].Text
		}
		lines = append(lines, l)
	}
	v := p.importView(r, nil)
	v.Below = []templ.Component{pages.Results("Line by line", lines)}
	if wrong > 0 {
		v.Problem = fmt.Sprintf("%d of %d lines are wrong. Nothing was imported: mend the file and look again.", wrong, len(rows))
		return p.render(w, r, http.StatusUnprocessableEntity, pages.Form(v))
	}
	v.Action, v.Submit, v.Sections = "/api/users/import", fmt.Sprintf("Import %d users", len(rows)), []pages.Section{{}}
	v.Hidden, v.Notice = []pages.Option{{Label: "csv", Value: text}}, "All lines are fine. Nothing has been imported yet."
	return p.render(w, r, http.StatusOK, pages.Form(v))
}

// textOf is the text of a form that has a file field "file" and a text field
// "csv".
func textOf(r *http.Request, most int64) (string, error) {
	if err := r.ParseMultipartForm(maxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return "", &Refusal{Status: http.StatusRequestEntityTooLarge, Text: "The file is too large."}
	}
	file, _, err := r.FormFile("file")
	if err != nil {
		return r.PostFormValue("csv"), nil
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, most))
	if len(body) == 0 {
		return r.PostFormValue("csv"), err
	}
	return strings.ToValidUTF8(string(body), "�"), err
}
