package main

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/api/common/v1"
	"go.temporal.io/server/api/adminservice/v1"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
)

// relistPause is what relist leaves between two workflows: calls come first, the list may take its time.
const relistPause = 5 * time.Millisecond

// executionsAfter reads the history in the order of its key, a page at a time, so that no reader stays open long enough to
// hold up the write-ahead log.
const executionsAfter = `
SELECT e.namespace_id, e.workflow_id, e.run_id
FROM executions e JOIN namespaces n ON n.id = e.namespace_id
WHERE n.name = ? AND (e.workflow_id, e.run_id) > (?, ?)
ORDER BY e.workflow_id, e.run_id
LIMIT 200`

// execution is the key of one workflow run in the history.
type execution struct {
	namespace  uuid.UUID
	workflowID string
	runID      uuid.UUID
}

// relist fills a visibility file that was made anew: it asks the server to write the entry of every workflow in namespace
// again. It returns when that is done or ctx ends, and does nothing when nothing was lost. What fails is logged: a
// workflow that is not listed still runs.
func (f *files) relist(ctx context.Context, addr, namespace string, log *slog.Logger) {
	if !f.unlisted {
		return
	}
	listed, err := f.relistAll(ctx, addr, namespace)
	if err == nil {
		err = f.visibility.setComplete(ctx)
	}
	switch {
	case err == nil:
		log.Warn("workflows are listed again in a new visibility file", "listed", listed)
	case ctx.Err() != nil: // stopped; the next start begins anew, which does no harm to those listed already
	default:
		log.Error("listing workflows again failed; the next start tries it again", "listed", listed, "cause", err)
	}
}

func (f *files) relistAll(ctx context.Context, addr, namespace string) (listed int, err error) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return 0, err
	}
	defer conn.Close()
	admin := adminservice.NewAdminServiceClient(conn)

	err = f.history.use(func(db *sql.DB) error {
		var last execution
		for {
			page, err := executions(ctx, db, namespace, last)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, e := range page {
				if err := refresh(ctx, admin, e); err != nil && status.Code(err) != codes.NotFound { // deleted meanwhile
					return fmt.Errorf("workflow %s: %w", e.workflowID, err)
				}
				if !pause(ctx, relistPause) {
					return ctx.Err()
				}
				listed++
			}
			last = page[len(page)-1]
		}
	})
	return listed, err
}

// executions returns the next page after last.
func executions(ctx context.Context, db *sql.DB, namespace string, last execution) ([]execution, error) {
	rows, err := db.QueryContext(ctx, executionsAfter, namespace, last.workflowID, last.runID[:])
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var page []execution
	for rows.Next() {
		var ns, run []byte
		var e execution
		if err := rows.Scan(&ns, &e.workflowID, &run); err != nil {
			return nil, err
		}
		if e.namespace, err = uuid.FromBytes(ns); err != nil {
			return nil, err
		}
		if e.runID, err = uuid.FromBytes(run); err != nil {
			return nil, err
		}
		page = append(page, e)
	}
	return page, rows.Err()
}

// refresh has the server generate the open tasks of one workflow again, the one for its visibility entry among them. Tasks
// that were still there do nothing the second time.
func refresh(ctx context.Context, admin adminservice.AdminServiceClient, e execution) error {
	_, err := admin.RefreshWorkflowTasks(ctx, &adminservice.RefreshWorkflowTasksRequest{
		NamespaceId: e.namespace.String(),
		Execution:   &common.WorkflowExecution{WorkflowId: e.workflowID, RunId: e.runID.String()},
	})
	return err
}
