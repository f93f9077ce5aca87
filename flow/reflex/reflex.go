// Package reflex is the rules of what a node does by reflex, without audio or
// clock: which audio a gather plays next, and who of a ring rings when.
//
// It never does anything itself. It is told what happened and answers with what
// to do next; the node does that with real legs, the simulator with imagined
// ones, and so a simulated call cannot go by other rules than a real one.
package reflex
