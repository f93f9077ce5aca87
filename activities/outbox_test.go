package activities

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"tandem/flow/directory"
)

// counter is a postbox that knows one address, and the post that takes its mail.
type counter struct {
	Postbox
	unset   error
	refusal error
	sent    []directory.Mail
}

func (c *counter) MailAddress(_ context.Context, id string) (string, error) {
	if id != "ann" {
		return "", fmt.Errorf("address of %s: %w", id, directory.ErrNotFound)
	}
	return "ann@example.org", nil
}

func (c *counter) MailAccount(context.Context) (directory.SMTP, error) {
	return directory.SMTP{Host: "mail.example.org"}, c.unset
}

func (c *counter) Send(_ context.Context, _ directory.SMTP, m directory.Mail) error {
	c.sent = append(c.sent, m)
	return c.refusal
}

// send tries once; final tells whether its error says that no other try mends it.
func send(t *testing.T, c *counter, in SendInput) (final bool, err error) {
	t.Helper()
	env := new(testsuite.WorkflowTestSuite).NewTestActivityEnvironment()
	o := &Outbox{Postbox: c, Post: c}
	env.RegisterActivity(o)
	_, err = env.ExecuteActivity(o.Send, in)
	var app *temporal.ApplicationError
	return errors.As(err, &app) && app.NonRetryable(), err
}

func TestAMailTellsOfTheNoticesLeftOutBeforeIt(t *testing.T) {
	for n, want := range map[int]string{0: "body", 1: "One more notice like this was left out", 12: "12 more notices like this were left out"} {
		c := &counter{}
		if _, err := send(t, c, SendInput{ID: "x.2", ContactMethod: "ann", Body: "body", LeftOut: n}); err != nil {
			t.Fatal(err)
		}
		if got := c.sent[0]; !strings.Contains(got.Body, want) || n == 0 && got.Body != "body" || got.ID != "x.2.ann" || got.To != "ann@example.org" {
			t.Errorf("%d left out: %+v", n, got)
		}
	}
}

func TestWhatATryCanMendIsTriedAgain(t *testing.T) {
	for name, c := range map[string]struct {
		post  counter
		to    string
		final bool
	}{
		"no server is set up":   {counter{unset: directory.ErrMailUnset}, "ann", true},
		"the server is away":    {counter{refusal: errors.New("connection refused")}, "ann", false},
		"refused for good":      {counter{refusal: fmt.Errorf("550: %w", directory.ErrMailRefused)}, "ann", true},
		"the recipient is gone": {counter{}, "bob", true},
	} {
		final, err := send(t, &c.post, SendInput{ID: "x.2", ContactMethod: c.to})
		if err == nil || final != c.final {
			t.Errorf("%s: %v, for good: %v", name, err, final)
		}
	}
}
