package main

import (
	"context"
	"fmt"

	namespacepb "go.temporal.io/api/namespace/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/types/known/durationpb"
)

// searchAttributes are the names by which calls can be listed, all of type Keyword, each with the visibility column that
// holds it. A pair never changes once released: the column is where old calls keep the value. indexes has each column too.
var searchAttributes = []struct{ name, column string }{
	{"Caller", "Keyword01"},
	{"Number", "Keyword02"},
	{"Flow", "Keyword03"},
	{"Outcome", "Keyword04"},
	{"ContactMethod", "Keyword05"},
	{"Node", "Keyword06"},
}

// createNamespace writes the namespace with its search attributes into the history file when it is not there yet. Done
// before the server reads the file, so that the attributes are known from the first request on; registered through the API
// they are listed almost two seconds before a start may use them.
func createNamespace(store *config.SQL, opts options) error {
	ns, err := sqlite.NewNamespaceConfig(clusterName, opts.Namespace, false, nil)
	if err != nil {
		return fmt.Errorf("describing namespace %s: %w", opts.Namespace, err)
	}
	ns.Detail.Config.Retention = durationpb.New(opts.Retention)
	for _, a := range searchAttributes {
		ns.Detail.Config.CustomSearchAttributeAliases[a.column] = a.name
	}
	if err := sqlite.CreateNamespaces(store, ns); err != nil {
		return fmt.Errorf("creating namespace %s: %w", opts.Namespace, err)
	}
	return nil
}

// adjustNamespace brings a namespace made by an earlier run or release to what opts and searchAttributes ask for.
func adjustNamespace(ctx context.Context, c client.Client, opts options) error {
	service := c.WorkflowService()
	now, err := service.DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: opts.Namespace})
	if err != nil {
		return fmt.Errorf("describing namespace %s: %w", opts.Namespace, err)
	}
	want := &namespacepb.NamespaceConfig{CustomSearchAttributeAliases: map[string]string{}}
	for _, a := range searchAttributes {
		switch have := now.GetConfig().GetCustomSearchAttributeAliases()[a.column]; have {
		case a.name:
		case "":
			want.CustomSearchAttributeAliases[a.column] = a.name
		default:
			return fmt.Errorf("namespace %s keeps search attribute %s in column %s, where %s belongs",
				opts.Namespace, have, a.column, a.name)
		}
	}
	if now.GetConfig().GetWorkflowExecutionRetentionTtl().AsDuration() != opts.Retention {
		want.WorkflowExecutionRetentionTtl = durationpb.New(opts.Retention)
	}
	if want.WorkflowExecutionRetentionTtl == nil && len(want.CustomSearchAttributeAliases) == 0 {
		return nil
	}
	_, err = service.UpdateNamespace(ctx, &workflowservice.UpdateNamespaceRequest{Namespace: opts.Namespace, Config: want})
	if err != nil {
		return fmt.Errorf("updating namespace %s: %w", opts.Namespace, err)
	}
	return nil
}
