package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"tandem/db/sample"
)

// summary is what `tandem up --json` prints when it is ready and what
// `tandem status --json` prints later. It is kept in the data folder, readable
// by its owner only, since it holds the sample's passwords.
type summary struct {
	Ready      bool             `json:"ready"`
	SIP        string           `json:"sip"`
	RTP        string           `json:"rtp"`
	HTTP       string           `json:"http"`        // URL of the panel
	TemporalUI string           `json:"temporal_ui"` // URL; empty when there is none of ours
	Temporal   string           `json:"temporal"`    // host:port
	Namespace  string           `json:"namespace"`
	Database   string           `json:"database"` // URL with password: this is the owner's terminal
	Data       string           `json:"data"`
	PIDs       map[string]int   `json:"pids"` // by role
	Accounts   []sample.Account `json:"accounts"`
	Numbers    []sample.Number  `json:"numbers"`
	Admin      *adminLogin      `json:"admin,omitempty"` // password only when it was made just now
}

type adminLogin struct {
	Email    string `json:"email"`
	Password string `json:"password,omitempty"`
}

// stateFile keeps the summary up to date on disk while `tandem up` runs.
type stateFile struct {
	path string
	mu   sync.Mutex
	now  summary
}

func statePath(data string) string { return filepath.Join(data, "state.json") }

// update changes the summary and writes it, whole or not at all.
func (f *stateFile) update(change func(*summary)) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(&f.now)
	text, err := json.MarshalIndent(f.now, "", "  ")
	if err != nil {
		return fmt.Errorf("state file: %w", err)
	}
	fresh := f.path + ".new"
	if err := os.WriteFile(fresh, append(text, '\n'), 0o600); err != nil {
		return fmt.Errorf("state file: %w", err)
	}
	if err := os.Rename(fresh, f.path); err != nil {
		return fmt.Errorf("state file: %w", err)
	}
	return nil
}

// get is a copy of the summary.
func (f *stateFile) get() summary {
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.now
	s.PIDs = make(map[string]int, len(f.now.PIDs))
	for role, pid := range f.now.PIDs {
		s.PIDs[role] = pid
	}
	return s
}

// errNotRunning means that no `tandem up` works on a data folder.
var errNotRunning = errors.New("tandem up is not running on this data folder")

// readState reads what a running `tandem up` wrote. The summary is returned
// with errNotRunning too, since the passwords in it stay true.
func readState(data string) (summary, error) {
	var s summary
	text, err := os.ReadFile(statePath(data))
	if errors.Is(err, fs.ErrNotExist) {
		return s, fmt.Errorf("%s: %w", data, errNotRunning)
	}
	if err != nil {
		return s, fmt.Errorf("state file: %w", err)
	}
	if err := json.Unmarshal(text, &s); err != nil {
		return s, fmt.Errorf("state file %s: %w", statePath(data), err)
	}
	if !folderLocked(data) {
		s.Ready, s.PIDs = false, nil
		return s, fmt.Errorf("%s: %w", data, errNotRunning)
	}
	return s, nil
}
