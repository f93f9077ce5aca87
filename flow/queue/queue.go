// Package queue is the rules of callers who wait for members: who is offered to
// whom, when, and for how long.
//
// It never does anything itself and reads no clock. It is told what happened
// and answers with what to do; the workflow of a queue does that with real
// callers, the simulator with imagined ones.
package queue
