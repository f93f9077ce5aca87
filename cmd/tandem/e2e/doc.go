// Package e2e proves the product from outside: bin/tandem up on an empty data
// folder, real phones, real kills.
//
// It holds nothing but tests and never starts what it does not stop by pid.
package e2e
