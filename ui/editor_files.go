package ui

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"unicode"

	"tandem/flow"
	"tandem/flow/directory"
)

// editorFileRoutes bring flows in and out as files, and make new ones.
func editorFileRoutes() []route {
	return []route{
		{pattern: "GET /api/flow.schema.json", right: seeFlows, area: api, serve: (*Panel).apiSchema, doc: docOf[none, none]("Read the JSON Schema of a flow file")},
		{pattern: "GET /api/flows/{id}/export", right: seeFlows, area: api, serve: (*Panel).apiExport, doc: docOf[none, flow.Flow]("Export the draft of a flow as a file")},
		{pattern: "POST /api/flows/import", right: makeFlows, area: api, serve: (*Panel).apiImport, body: flow.MaxFlowBytes + formRoom, doc: docOf[flow.Flow, importAnswer]("Import a flow from a file").made()},
		acts("POST /api/flows/{id}/references", editFlows, "Put what exists in the place of what is missing", action[referenceBody, idAnswer]{do: mapReferences, done: mapped}),
		acts("POST /api/flows/{id}/copy", makeFlows, "Copy a flow", action[none, idAnswer]{do: copyFlow, done: openFlow("This is the copy. Its numbers are blank."), status: http.StatusCreated}),
	}
}

// formRoom is what a page's form puts around a file.
const formRoom = 16 << 10

// idAnswer names a flow.
type idAnswer struct {
	ID string `json:"id"`
}

// importAnswer names the flow that a file became, and what it needs that is not here.
type importAnswer struct {
	ID      string     `json:"id"`
	Missing []flow.Ref `json:"missing"`
	Blanked []flow.Ref `json:"blanked"` // numbers that somebody else holds
}

// apiExport sends the draft as a file. Modules and cables stand in the order in
// which they came to be, so that two exports of one flow are equal. Secrets stay
// here.
func (p *Panel) apiExport(w http.ResponseWriter, r *http.Request) error {
	d, err := p.drafted(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.flow.json"`, slug(d.Flow.Name)))
	return writeJSON(w, r, http.StatusOK, d.Flow.Settled().WithoutSecrets())
}

func (p *Panel) apiImport(w http.ResponseWriter, r *http.Request) error {
	f, err := readFlowFile(r)
	if err != nil {
		return err
	}
	answer, err := p.importFlow(r, f)
	if err != nil {
		return err
	}
	p.audit(r, "import", "flow "+answer.ID, nil, map[string]any{"name": f.Name, "modules": len(f.Modules)})
	switch {
	case fromPage(r) && len(answer.Missing) > 0:
		return p.leadTo(w, r, flowPage(answer.ID)+"/missing", "")
	case fromPage(r):
		return p.leadTo(w, r, flowPage(answer.ID), "The flow was imported as a draft.")
	}
	return writeJSON(w, r, http.StatusCreated, answer)
}

// readFlowFile reads a flow from a script's body or a page's upload.
func readFlowFile(r *http.Request) (flow.Flow, error) {
	from := io.Reader(r.Body)
	if formPosted(r) {
		file, _, err := r.FormFile("file")
		if err != nil {
			return flow.Flow{}, badFile(err, "Choose a file.")
		}
		defer file.Close()
		from = file
	}
	data, err := io.ReadAll(io.LimitReader(from, flow.MaxFlowBytes+1))
	if err != nil {
		return flow.Flow{}, badFile(err, "The file could not be read.")
	}
	if len(data) > flow.MaxFlowBytes {
		return flow.Flow{}, errLargeFile
	}
	f, err := flow.Parse(data)
	if err != nil {
		return flow.Flow{}, &Refusal{Status: http.StatusUnprocessableEntity, Text: sentence(cut(shown(err.Error()), 400))}
	}
	return f, nil
}

func badFile(err error, otherwise string) *Refusal {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return errLargeFile
	}
	return &Refusal{Status: http.StatusBadRequest, Text: otherwise}
}

var errLargeFile = &Refusal{Status: http.StatusRequestEntityTooLarge, Text: fmt.Sprintf("At most %d MB are read.", flow.MaxFlowBytes>>20)}

// importFlow stores a flow from outside as a draft. Ids of its modules are kept;
// its own is kept where it is free.
func (p *Panel) importFlow(r *http.Request, f flow.Flow) (importAnswer, error) {
	if strings.TrimSpace(f.Name) == "" {
		f.Name = "Imported flow"
	}
	if _, err := p.cfg.Store.Draft(r.Context(), f.ID); err == nil || f.ID == "" {
		f.ID = newFlowID(f.Name) // it is no newer version of the one that is here
	}
	here, err := p.things(r.Context())
	if err != nil {
		return importAnswer{}, err
	}
	f = f.Settled()
	answer := importAnswer{Missing: []flow.Ref{}}
	if answer.Blanked, err = p.blankTaken(r, &f); err != nil {
		return importAnswer{}, err
	}
	answer.Missing = listed(here.missing(f))
	answer.ID, err = p.create(r, f)
	return answer, err
}

// create stores a new flow; where its id is taken it gets another.
func (p *Panel) create(r *http.Request, f flow.Flow) (string, error) {
	err := p.cfg.Store.CreateFlow(r.Context(), f, loginOf(r).Email)
	if errors.Is(err, directory.ErrTaken) {
		f.ID = newFlowID(f.Name)
		err = p.cfg.Store.CreateFlow(r.Context(), f, loginOf(r).Email)
	}
	if err != nil {
		return "", fmt.Errorf("creating the flow: %w", err)
	}
	return f.ID, nil
}

// takenRules are broken by what somebody else holds.
var takenRules = []string{"number-taken", "internal-number-taken", "override-code-taken"}

// blankTaken empties the numbers of a flow that somebody else holds.
func (p *Panel) blankTaken(r *http.Request, f *flow.Flow) ([]flow.Ref, error) {
	problems, err := p.cfg.Store.Check(r.Context(), *f)
	if err != nil {
		return nil, fmt.Errorf("checking the flow: %w", err)
	}
	blanked := []flow.Ref{}
	for _, problem := range problems {
		m, ok := f.Module(problem.Module)
		if !ok || !slices.Contains(takenRules, problem.ID) {
			continue
		}
		for _, ref := range m.Settings.Refs() {
			if ref.Field == problem.Field {
				blanked = append(blanked, ref)
				if err := setField(m, ref.Field, ""); err != nil {
					return nil, err
				}
			}
		}
	}
	return blanked, nil
}

// blankNumbers empties every number of a flow: a copy enters nowhere yet.
func blankNumbers(f *flow.Flow) error {
	for i := range f.Modules {
		m := &f.Modules[i]
		for _, ref := range m.Settings.Refs() {
			if !m.Claims(ref) {
				continue
			}
			if err := setField(m, ref.Field, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

func copyFlow(p *Panel, r *http.Request, _ none) (idAnswer, error) {
	id, err := scopedFlow(r)
	if err != nil {
		return idAnswer{}, err
	}
	d, err := p.cfg.Store.Draft(r.Context(), id)
	if err != nil {
		return idAnswer{}, fmt.Errorf("reading the draft: %w", err)
	}
	f, err := clone(d.Flow.Settled())
	if err != nil {
		return idAnswer{}, err
	}
	f.Name = cut("Copy of "+f.Name, flow.MaxName)
	f.ID = newFlowID(f.Name)
	if err := blankNumbers(&f); err != nil {
		return idAnswer{}, err
	}
	made, err := p.create(r, f)
	if err == nil {
		p.audit(r, "copy", "flow "+made, map[string]any{"of": id}, nil)
	}
	return idAnswer{made}, err
}

// clone is a flow that shares nothing with the first.
func clone(f flow.Flow) (flow.Flow, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return flow.Flow{}, fmt.Errorf("copying the flow: %w", err)
	}
	var out flow.Flow
	if err := json.Unmarshal(text, &out); err != nil {
		return flow.Flow{}, fmt.Errorf("copying the flow: %w", err)
	}
	return out, nil
}

// newFlowID is readable in an address and meets no other.
func newFlowID(name string) string { return slug(name) + "-" + strings.ToLower(rand.Text()[:6]) }

// slug is a name in small letters, digits and dashes.
func slug(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	out := strings.Trim(b.String()[:min(b.Len(), 40)], "-")
	if out == "" {
		return "flow"
	}
	return out
}
