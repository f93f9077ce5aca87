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
	Imported int    `json:"imported"`
	Undo     string `json:"undo"` // POST /api/undo/{undo} takes it back, for a while
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
	head []string // the columns that the file has
	here bool     // the user is there already
	same bool     // and stays as they are
	bad  notes
}

// known makes the lines of people who are here already, by their address, change
// them: a file that was exported can be imported again. Who has no address is
// known by everything that the line says.
func (p *Panel) known(r *http.Request, rows []importRow) error {
	all, err := p.people().Users(r.Context())
	if err != nil {
		return err
	}
	by, unaddressed := map[string]directory.User{}, map[string][]directory.User{}
	for _, u := range all {
		if u.Email != "" {
			by[strings.ToLower(u.Email)] = u
		} else {
			unaddressed[u.LastName] = append(unaddressed[u.LastName], u)
		}
	}
	first := map[string]int{}
	for i := range rows {
		row, email := &rows[i], strings.ToLower(rows[i].user.Email)
		if email == "" {
			row.findTwin(unaddressed)
			continue
		}
		if line, twice := first[email]; twice {
			row.bad.add("email", fmt.Sprintf("is on line %d as well", line))
		}
		first[email] = row.line
		if u, ok := by[email]; ok {
			changed := row.over(u)
			row.here, row.same, row.user = true, changed == u, changed
		}
	}
	return nil
}

// findTwin looks by last name for somebody of whom the line says nothing new. Who
// was found is not found again: two of one name are two people.
func (row *importRow) findTwin(byName map[string][]directory.User) {
	of := byName[row.user.LastName]
	i := slices.IndexFunc(of, func(u directory.User) bool { return row.over(u) == u })
	if i >= 0 {
		row.here, row.same, row.user = true, true, of[i]
		byName[row.user.LastName] = slices.Delete(of, i, i+1)
	}
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

// over puts what a line says over what is known of somebody; columns that the
// file lacks stay.
func (row importRow) over(u directory.User) directory.User {
	for name, into := range map[string][2]*string{"first_name": {&row.user.FirstName, &u.FirstName}, "last_name": {&row.user.LastName, &u.LastName},
		"email": {&row.user.Email, &u.Email}, "department": {&row.user.Department, &u.Department}, "job_title": {&row.user.JobTitle, &u.JobTitle}} {
		if slices.Contains(row.head, name) {
			*into[1] = *into[0]
		}
	}
	return u
}

func rowOf(line int, head, record []string) importRow {
	row := importRow{line: line, head: head}
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
	if err == nil {
		err = p.known(r, rows)
	}
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
	undo, err := p.people().ImportUsers(r.Context(), users, whoOf(r))
	if err != nil {
		return imported{}, err
	}
	p.audit(r, "import", fmt.Sprintf("%d users", len(users)), nil, users)
	return imported{len(users), undo}, nil
}

func (p *Panel) importPage(w http.ResponseWriter, r *http.Request) error {
	return p.render(w, r, http.StatusOK, pages.Form(p.importView(r, nil)))
}

func importForm(p *Panel, r *http.Request, _ importInput, why *Refusal) (templ.Component, error) {
	return pages.Form(p.importView(r, why)), nil
}

func (p *Panel) importView(r *http.Request, why *Refusal) pages.FormView {
	return p.sheet(r, pages.FormView{Back: pages.Link{Label: "Users", Link: "/users"}, Title: "Import users", Action: "/api/users/import/preview", Upload: true, Progress: "Reading the file…",
		Hint: "The first line names the columns: " + strings.Join(importHeader, ", ") + ". Only last_name is required. Who is here already, by the e-mail address, is changed.", Submit: "Look at it first", Cancel: "/users",
		Sections: []pages.Section{{Fields: []pages.Field{{Name: "file", Label: "CSV file", Type: "file", Accept: ".csv,text/csv", Wide: true},
			{Name: "csv", Label: "Or paste it", Type: "area", Rows: 8, Placeholder: "first_name,last_name,email\nAnna,Berg,anna@example.org"}}}}}, "users", why)
}

// preview says of every line of a file whether it can be imported.
type preview struct {
	Wrong int           `json:"wrong"`
	Lines []previewLine `json:"lines"`
}

type previewLine struct {
	Line    int    `json:"line"`
	Name    string `json:"name"`
	Changes bool   `json:"changes,omitempty"` // somebody with this address, who is here already
	Same    bool   `json:"same,omitempty"`    // who is here already and stays as they are
	Problem string `json:"problem,omitempty"`
}

// previewUsers looks at every line before anything is done.
func (p *Panel) previewUsers(r *http.Request, in importInput) (preview, error) {
	text, err := textOf(r, in.CSV, maxUserFile)
	if err != nil {
		return preview{}, err
	}
	rows, err := readUsers(text)
	if err == nil {
		err = p.known(r, rows)
	}
	out := preview{Lines: []previewLine{}}
	for _, row := range rows {
		l := previewLine{Line: row.line, Name: shown(row.user.Name() + "  " + row.user.Email), Changes: row.here && !row.same, Same: row.same}
		if len(row.bad) > 0 {
			out.Wrong++
			l.Problem = row.bad[0].Field + ": " + row.bad[0].Text
		}
		out.Lines = append(out.Lines, l)
	}
	return out, err
}

// previewShown is the page of a preview, which leads on to the import.
func previewShown(p *Panel, r *http.Request, in importInput, out preview) (templ.Component, error) {
	var lines []pages.ResultLine
	for _, l := range out.Lines {
		state := pages.Badge{Tone: "good", Text: "new"}
		switch {
		case l.Problem != "":
			state = pages.Badge{Tone: "bad", Text: "wrong"}
		case l.Changes:
			state = pages.Badge{Tone: "calm", Text: "changed"}
		case l.Same:
			state = pages.Badge{Tone: "quiet", Text: "here already"}
		}
		lines = append(lines, pages.ResultLine{Line: l.Line, What: l.Name, State: state, Text: l.Problem})
	}
	v := p.importView(r, nil)
	v.Below = []templ.Component{pages.Results("Line by line", lines)}
	if out.Wrong > 0 {
		v.Problem = fmt.Sprintf("%d of %d lines are wrong. Nothing was imported: mend the file and look again.", out.Wrong, len(lines))
		return pages.Form(v), nil
	}
	text, err := textOf(r, in.CSV, maxUserFile)
	v.Action, v.Submit, v.Sections = "/api/users/import", "Import "+counted(len(lines), "user", "users"), []pages.Section{{}}
	v.Hidden, v.Notice = []pages.Option{{Label: "csv", Value: text}}, "All lines are fine. Nothing has been imported yet."
	return pages.Form(v), err
}

// textOf is the text of the file that a form sends as "file", or what was
// written instead.
func textOf(r *http.Request, written string, most int64) (string, error) {
	file, _, err := r.FormFile("file")
	if err != nil {
		return written, nil
	}
	defer file.Close()
	body, err := io.ReadAll(io.LimitReader(file, most))
	if len(body) == 0 {
		return written, err
	}
	return strings.ToValidUTF8(string(body), "�"), err
}
