package ui

import (
	"context"
	"time"

	"github.com/coder/websocket"
)

// What goes on beside each other while a test call lasts.

// listen takes what the browser sends, until the socket is closed: reading is
// not bound to the call, for the closing handshake is read as well.
func (s *testSocket) listen(ctx context.Context) error {
	for {
		kind, body, err := s.conn.Read(context.WithoutCancel(ctx))
		switch {
		case err != nil:
			return errTestGone
		case kind == websocket.MessageText:
			err = s.obey(ctx, body)
		case len(body) != TestFrame:
			err = errTestFrame
		default:
			s.at().Say(body)
		}
		if err != nil {
			return err
		}
	}
}

// obey carries out one order.
func (s *testSocket) obey(ctx context.Context, body []byte) error {
	in, err := readOrder(body)
	switch {
	case err != nil:
		return err
	case in.Dial != nil:
		return errDialFirst
	case in.Hangup:
		s.at().Hangup() // what follows is told by its events
		return nil
	}
	key, err := in.key()
	if err != nil {
		return err
	}
	select {
	case s.keys <- key:
	case <-ctx.Done():
	}
	return nil
}

// press sends keys one after the other: each takes its time, and what is said
// meanwhile must not wait.
func (s *testSocket) press(ctx context.Context) error {
	line := s.at()
	for {
		select {
		case <-ctx.Done():
			return nil
		case key := <-s.keys:
			if err := line.Key(ctx, key); err != nil && ctx.Err() == nil {
				s.p.log.Warn("a key of a test call was not sent", "err", err)
			}
		}
	}
}

// pass hands on what the caller hears.
func (s *testSocket) pass(ctx context.Context) error {
	line := s.at()
	for {
		select {
		case <-ctx.Done():
			return nil
		case frame, more := <-line.Heard():
			if !more {
				return nil
			}
			if err := s.write(websocket.MessageBinary, frame); err != nil {
				return err
			}
		}
	}
}

// beat sees that the browser is there, which a line that is cut does not tell.
func (s *testSocket) beat(ctx context.Context) error {
	every := time.NewTicker(testPingEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		pong, cancel := context.WithTimeout(context.WithoutCancel(ctx), testPongWait)
		err := s.conn.Ping(pong)
		cancel()
		if err != nil {
			return errTestGone
		}
	}
}

// watch ends the call with the session, or the right, that it was placed by. A
// password that came with the request has no session that could end.
func (s *testSocket) watch(ctx context.Context) error {
	if _, _, password := s.r.BasicAuth(); password {
		return nil
	}
	every := time.NewTicker(testLookEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-every.C:
		}
		if !s.p.stillAllowed(s.r.WithContext(ctx)) {
			return errTestNoRight
		}
	}
}
