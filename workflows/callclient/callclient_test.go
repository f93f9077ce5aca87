package callclient

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/mock"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/mocks"
)

// A page knows a promise by the ticket that waits in the queue, a call by its ID.
func TestAPromiseIsWithdrawnByItsIDOrItsTicket(t *testing.T) {
	for _, name := range []string{"20261122-120000-abcdefg.q2", "callback-20261122-120000-abcdefg.q2"} {
		temporal := new(mocks.Client)
		temporal.On("CancelWorkflow", mock.Anything, "callback-20261122-120000-abcdefg.q2", "").Return(nil).Once()
		if err := (&Client{temporal: temporal}).Withdraw(t.Context(), name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		temporal.AssertExpectations(t)
	}
}

func TestAPromiseThatIsOverIsNotFound(t *testing.T) {
	temporal := new(mocks.Client)
	temporal.On("CancelWorkflow", mock.Anything, mock.Anything, "").Return(serviceerror.NewNotFound("workflow execution already completed"))
	if err := (&Client{temporal: temporal}).Withdraw(t.Context(), "x"); !errors.Is(err, ErrNotFound) {
		t.Errorf("got %v", err)
	}
}
