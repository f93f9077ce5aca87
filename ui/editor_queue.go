package ui

import (
	"errors"
	"fmt"
	"net/http"

	"tandem/flow"
)

// intoQueueBody is a ring group as its editor has it, with what goes out of it
// and through it: it may not be saved yet.
type intoQueueBody struct {
	Module flow.Module  `json:"module"`
	Cables []flow.Cable `json:"cables,omitempty"` // from the module
	Tests  []flow.Test  `json:"tests,omitempty"`  // that name the module
}

// intoQueueAnswer is the edit that was asked for, as PATCH of a draft takes it.
type intoQueueAnswer struct {
	Name    string        `json:"name"`
	Changes []flow.Change `json:"changes"`
}

// editorQueueRoutes turn ring groups into queues.
func editorQueueRoutes() []route {
	return []route{
		{pattern: "POST /api/flows/{id}/into-queue", right: editFlows, area: api, serve: (*Panel).apiIntoQueue, body: flow.MaxFlowBytes,
			doc: docOf[intoQueueBody, intoQueueAnswer]("List the changes that turn a ring group into a queue")},
	}
}

// apiIntoQueue saves nothing: whoever asks makes the changes as any others, and
// can take them back as any others.
func (p *Panel) apiIntoQueue(w http.ResponseWriter, r *http.Request) error {
	id, err := scopedFlow(r)
	if err != nil {
		return err
	}
	var in intoQueueBody
	if err := readBody(r, &in); err != nil {
		return err
	}
	f := flow.Flow{ID: id, Modules: []flow.Module{in.Module}, Cables: in.Cables, Tests: in.Tests}
	changes, err := flow.IntoQueue(f, in.Module.ID)
	switch {
	case errors.Is(err, flow.ErrNoRingGroup):
		return refuse("module", sentence(err.Error()))
	case err != nil:
		return fmt.Errorf("turning a ring group into a queue: %w", err)
	}
	return writeJSON(w, r, http.StatusOK, intoQueueAnswer{Name: "Turn " + shown(in.Module.Name) + " into a Queue", Changes: changes})
}
