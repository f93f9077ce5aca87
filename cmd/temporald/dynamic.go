package main

import (
	"time"

	"go.temporal.io/server/common/dynamicconfig"
)

// dynamicConfig is every server setting that differs from its default, with the reason. The defaults are made for clusters
// of many machines, where a database is spared by letting each hop wait a little; here a caller waits on the line.
func dynamicConfig() dynamicconfig.StaticClient {
	return dynamicconfig.StaticClient{
		// Hop latency. The default of 20 polls a second makes every step of a workflow wait up to 50 ms for the next poll.
		dynamicconfig.TransferProcessorMaxPollRPS.Key(): 2000,
		dynamicconfig.TimerProcessorMaxPollRPS.Key():    2000,
		// A timer may fire this late; the default is a second.
		dynamicconfig.TimerProcessorMaxTimeShift.Key(): 10 * time.Millisecond,
		// A start may carry its first workflow task back to a worker in the same program.
		dynamicconfig.EnableEagerWorkflowStart.Key(): true,
		// A cancelled activity is told at once, not at its next heartbeat. The outbound queue carries the word; workers that
		// report their health listen for it.
		dynamicconfig.EnableCancelActivityWorkerCommand.Key(): true,
		dynamicconfig.WorkerCommandsEnabled.Key():             true,
		dynamicconfig.WorkerHeartbeatsEnabled.Key():           true,
		dynamicconfig.OutboundProcessorMaxPollRPS.Key():       2000,
		// Four partitions spread a task queue over machines; on one machine they only add a hop between them.
		dynamicconfig.MatchingNumTaskqueueReadPartitions.Key():  1,
		dynamicconfig.MatchingNumTaskqueueWritePartitions.Key(): 1,
		// Connections are closed every five minutes to spread clients over machines; one machine has nowhere to spread them.
		dynamicconfig.KeepAliveMaxConnectionAge.Key(): 24 * time.Hour,

		// Finished tasks are deleted in batches, and a delete holds the one database connection: every 30 s it would be seen as
		// a late hop. It also ends the probe's stay in the list.
		dynamicconfig.TransferProcessorUpdateAckInterval.Key():   5 * time.Second,
		dynamicconfig.TimerProcessorUpdateAckInterval.Key():      5 * time.Second,
		dynamicconfig.VisibilityProcessorUpdateAckInterval.Key(): 5 * time.Second,

		// Panel, bench and UI share the list calls of one namespace; ten a second is soon used up by a live view.
		dynamicconfig.FrontendMaxNamespaceVisibilityRPSPerInstance.Key(): 100,
		dynamicconfig.MatchingRPS.Key():                                  10_000,

		// Memory: cache by bytes. Counting entries allows 128 000 workflows, whatever they weigh.
		dynamicconfig.HistoryCacheSizeBasedLimit.Key():        true,
		dynamicconfig.HistoryCacheHostLevelMaxSizeBytes.Key(): 64 << 20,
		dynamicconfig.EventsCacheMaxSizeBytes.Key():           16 << 20, // one shard holds all calls: 512 kB would not hold their open activities
		dynamicconfig.EventsHostLevelCacheMaxSizeBytes.Key():  16 << 20,

		// No word to the outside: the server would ask its makers for news.
		dynamicconfig.EnableServerVersionCheck.Key(): false,
		// Health signals steer load between machines and are recomputed on every database call.
		dynamicconfig.PersistenceHealthSignalMetricsEnabled.Key():     false,
		dynamicconfig.PersistenceHealthSignalAggregationEnabled.Key(): false,
		dynamicconfig.HistoryHealthSignalMetricsEnabled.Key():         false,
	}
}
