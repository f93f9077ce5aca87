package callclient

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	commonpb "go.temporal.io/api/common/v1"
	"go.temporal.io/api/serviceerror"
	workflowpb "go.temporal.io/api/workflow/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/mocks"
	"google.golang.org/protobuf/types/known/timestamppb"

	"tandem/flow/call"
)

const op = call.OpID("call-20261122-120000-abcdefg/7")

// flushed waits until everything was taken.
func flushed(t *testing.T, c *Courier) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if c.Flush(ctx); ctx.Err() != nil {
		t.Fatal("the courier still carries something after 10 s")
	}
	c.Close()
}

func courier(temporal *mocks.Client, abandoned *[]call.ID) *Courier {
	return NewCourier(&Client{temporal: temporal, namespace: "tandem"},
		func(id call.ID) { *abandoned = append(*abandoned, id) }, slog.New(slog.DiscardHandler))
}

func completing(temporal *mocks.Client) *mock.Call {
	return temporal.On("CompleteActivityByID", mock.Anything, "tandem", "call-20261122-120000-abcdefg", "", "7", mock.Anything, nil)
}

func TestAResultIsKeptWhileTemporalIsAway(t *testing.T) {
	temporal, abandoned := new(mocks.Client), []call.ID(nil)
	completing(temporal).Return(serviceerror.NewUnavailable("restarting")).Twice()
	completing(temporal).Return(nil).Once()
	c := courier(temporal, &abandoned)
	c.Complete(op, call.Gathered{Outcome: call.OutcomeKey}, nil)
	flushed(t, c)
	temporal.AssertExpectations(t)
	if len(abandoned) != 0 {
		t.Errorf("abandoned %v", abandoned)
	}
}

func TestACallWhoseWorkflowIsOverIsAbandoned(t *testing.T) {
	temporal, abandoned := new(mocks.Client), []call.ID(nil)
	completing(temporal).Return(serviceerror.NewNotFound("gone")).Once()
	temporal.On("DescribeWorkflowExecution", mock.Anything, "call-20261122-120000-abcdefg", "").Return(
		&workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: &workflowpb.WorkflowExecutionInfo{
			Execution: &commonpb.WorkflowExecution{}, CloseTime: timestamppb.Now()}}, nil).Once()
	c := courier(temporal, &abandoned)
	c.Complete(op, call.Gathered{}, nil)
	flushed(t, c)
	temporal.AssertExpectations(t)
	if len(abandoned) != 1 || abandoned[0] != "20261122-120000-abcdefg" {
		t.Errorf("abandoned %v", abandoned)
	}
}

// An operation that timed out while its call goes on is nobody's end.
func TestAResultThatNobodyWaitsForLeavesALiveCallAlone(t *testing.T) {
	temporal, abandoned := new(mocks.Client), []call.ID(nil)
	completing(temporal).Return(serviceerror.NewNotFound("no such activity")).Once()
	temporal.On("DescribeWorkflowExecution", mock.Anything, "call-20261122-120000-abcdefg", "").Return(
		&workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: &workflowpb.WorkflowExecutionInfo{}}, nil).Once()
	c := courier(temporal, &abandoned)
	c.Complete(op, call.Gathered{}, nil)
	flushed(t, c)
	if len(abandoned) != 0 {
		t.Errorf("abandoned %v", abandoned)
	}
}

func TestAResultThatTemporalRefusesIsNotSentAgain(t *testing.T) {
	temporal, abandoned := new(mocks.Client), []call.ID(nil)
	completing(temporal).Return(serviceerror.NewInvalidArgument("too large")).Once()
	c := courier(temporal, &abandoned)
	c.Complete(op, call.Gathered{}, nil)
	flushed(t, c)
	temporal.AssertExpectations(t)
}

func TestACallIsOverWhenItsExecutionIs(t *testing.T) {
	const id = call.ID("20261122-120000-abcdefg")
	running := &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: &workflowpb.WorkflowExecutionInfo{}}
	closed := &workflowservice.DescribeWorkflowExecutionResponse{WorkflowExecutionInfo: &workflowpb.WorkflowExecutionInfo{CloseTime: timestamppb.Now()}}
	for _, c := range []struct {
		says   string
		answer *workflowservice.DescribeWorkflowExecutionResponse
		err    error
		over   bool
		fails  bool
	}{
		{"running", running, nil, false, false},
		{"closed", closed, nil, true, false},
		{"never there", nil, serviceerror.NewNotFound("no such execution"), true, false},
		{"cannot be told", nil, serviceerror.NewUnavailable("restarting"), false, true},
	} {
		temporal := new(mocks.Client)
		temporal.On("DescribeWorkflowExecution", mock.Anything, "call-"+string(id), "").Return(c.answer, c.err).Once()
		over, err := (&Client{temporal: temporal}).Over(t.Context(), id)
		if over != c.over || (err != nil) != c.fails {
			t.Errorf("%s: over %v, %v", c.says, over, err)
		}
	}
}
