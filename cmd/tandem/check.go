package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"tandem/flow"
)

type checkCmd struct {
	File string `arg:"" help:"Flow file (JSON); - reads standard input."`
	JSON bool   `help:"Print the problems as JSON."`
}

// Run prints the problems of one flow file. What the flow names outside itself
// (audio, people, numbers) is not looked up.
func (c *checkCmd) Run(w *world) error {
	text, err := readFlow(c.File)
	if err != nil {
		return err
	}
	f, err := flow.Parse(text)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	problems := flow.Validate(f, nil)
	if c.JSON {
		err = json.NewEncoder(w.stdout).Encode(problems)
	} else {
		_, err = io.WriteString(w.stdout, problemPage(f, problems))
	}
	if err != nil {
		return err
	}
	if len(flow.Errors(problems)) > 0 {
		return &exitError{code: 1}
	}
	return nil
}

func readFlow(name string) ([]byte, error) {
	from := os.Stdin
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		from = file
	}
	return io.ReadAll(io.LimitReader(from, flow.MaxFlowBytes+1)) // Parse refuses one byte too many
}

func problemPage(f flow.Flow, problems []flow.Problem) string {
	if len(problems) == 0 {
		return fmt.Sprintf("%s: no problems in %d modules\n", f.Name, len(f.Modules))
	}
	out := ""
	for _, p := range problems {
		where := f.Name
		if m, ok := f.Module(p.Module); ok {
			where += " / " + m.Name
		}
		if p.Field != "" {
			where += " / " + p.Field
		}
		out += fmt.Sprintf("%s: %s: %s (%s)\n", p.Level, where, p.Text, p.ID)
	}
	return out
}
