package queue

import "time"

// Message is what a call, a member or the panel tells a queue.
type Message struct {
	Kind   string    `json:"kind"`
	Ticket string    `json:"ticket,omitempty"` // of the caller
	Seq    int       `json:"seq,omitempty"`    // counts per ticket from 1: a repeat is dropped
	At     time.Time `json:"at"`
}
