package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sipua"
)

// Run dials or answers once and ends with the call's outcome as exit code.
func (c *dialCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	p, err := c.plan(cfg)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	voice, err := p.voice()
	if err != nil {
		return &exitError{exitUsage, err}
	}
	h := &handset{dialPlan: p, voice: voice, events: &dialEvents{out: w.stdout, json: c.JSON, now: time.Now},
		log: slog.New(slog.NewTextHandler(w.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))}
	return h.use(w.ctx)
}

// Limits of a phone in a terminal.
const (
	registerBound = 10 * time.Second // RFC 3261 §17.1.2.2: a REGISTER without answer fails after 32 s; nobody watches that long
	hangUpBound   = 5 * time.Second  // for BYE and the un-REGISTER
	firstAudio    = 3 * time.Second  // keys are sent then even when nothing is heard
	settle        = 200 * time.Millisecond
	phoneMinPort  = 40_000 // RTP of the phone, away from the node's own range
	phoneMaxPort  = 49_999
	phoneRate     = 8000
)

// voice is what the phone says: the file or the tone, again and again.
func (p dialPlan) voice() (codec.Source, error) {
	switch {
	case p.tone > 0:
		const level = -10 // dBm0, as loud as a person close to the phone
		return audio.Tone(phoneRate, time.Second, level, p.tone).Source(true), nil
	case p.sayFile == "":
		return nil, nil
	}
	file, err := os.ReadFile(p.sayFile)
	if err != nil {
		return nil, fmt.Errorf("--say: %w", err)
	}
	clip, err := audio.ReadWAV(file, phoneRate)
	if err != nil {
		return nil, fmt.Errorf("--say %s: %w", p.sayFile, err)
	}
	return clip.Source(true), nil
}

// handset is one phone with one call.
type handset struct {
	dialPlan
	voice  codec.Source // nil: silence
	events *dialEvents
	log    *slog.Logger
	phone  *phone.Phone
}

// use is the whole life of the phone.
func (h *handset) use(ctx context.Context) error {
	local, err := localAddr(ctx, h.server)
	if err != nil {
		return &exitError{exitNetwork, err}
	}
	h.phone, err = phone.New(phone.Config{Addr: local, Transport: h.transport, Server: h.server, User: h.user, Password: h.password,
		RTP: rtpio.Config{MinPort: phoneMinPort, MaxPort: phoneMaxPort}, Log: h.log})
	if err != nil {
		return &exitError{exitNetwork, err}
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), hangUpBound)
		defer cancel()
		if err := h.phone.Close(ctx); err != nil {
			h.log.Warn("switching the phone off", "why", err)
		}
	}()
	c, err := h.connect(ctx)
	if err != nil {
		return err
	}
	return h.attend(ctx, c)
}

// localAddr is the address of ours that the server would see.
func localAddr(ctx context.Context, server netip.AddrPort) (netip.Addr, error) {
	var d net.Dialer
	c, err := d.DialContext(ctx, "udp", server.String()) // sends nothing
	if err != nil {
		return netip.Addr{}, fmt.Errorf("no way to %s: %w", server, err)
	}
	local, err := netip.ParseAddrPort(c.LocalAddr().String())
	return local.Addr().Unmap(), errors.Join(err, c.Close())
}

// connect places the call, or registers and waits for one.
func (h *handset) connect(ctx context.Context) (*phone.Call, error) {
	if h.number != "" {
		c, err := h.phone.Dial(h.number, phone.DialOptions{})
		if err != nil {
			return nil, &exitError{exitNetwork, err}
		}
		h.events.emit("trying", field{"number", h.number}, field{"server", h.server.String()}, field{"transport", h.transport})
		return c, nil
	}
	if err := h.register(ctx); err != nil {
		return nil, err
	}
	select {
	case c := <-h.phone.Incoming():
		number, name := c.From()
		h.events.emit("incoming", field{"from", number}, field{"name", name})
		return c, h.pickUp(ctx, c)
	case <-time.After(h.wait):
		h.events.emit("ended", field{"cause", string(call.CauseNoAnswer)}, field{"text", "nobody called"})
		return nil, &exitError{code: exitNoAnswer}
	case <-ctx.Done():
		return nil, &exitError{code: exitNoAnswer}
	}
}

func (h *handset) register(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, registerBound)
	defer cancel()
	if err := h.phone.Register(ctx); err != nil {
		if ctx.Err() != nil {
			return &exitError{exitNetwork, err}
		}
		return &exitError{exitRefused, err}
	}
	h.events.emit("registered", field{"account", h.user}, field{"server", h.server.String()}, field{"transport", h.transport})
	return nil
}

// pickUp lets a call ring and answers it.
func (h *handset) pickUp(ctx context.Context, c *phone.Call) error {
	if err := c.Ring(); err != nil {
		return &exitError{exitNetwork, err}
	}
	h.events.emit("ringing")
	select {
	case <-time.After(h.ring):
	case <-c.Done(): // attend reports it
		return nil
	case <-ctx.Done():
		return nil
	}
	if err := c.Answer(); err != nil && !errors.Is(err, phone.ErrState) { // ErrState: the caller gave up just now
		return &exitError{exitNetwork, err}
	}
	return nil
}

// dialCause is the cause of a call's end in the words of the product. A phone
// that was called has the caller at the other end.
func dialCause(end sipua.End, answered, called bool) call.Cause {
	switch {
	case end.Why == sipua.EndTransport, end.Why == sipua.EndNoACK, end.Why == sipua.EndRefreshFailed,
		end.Why == sipua.EndTimeout && end.Status == 0:
		return call.CauseCongestion
	case answered && end.ByPeer && called:
		return call.CauseCallerHangup
	case answered && end.ByPeer:
		return call.CauseCalleeHangup
	case answered:
		return call.CauseNormal
	case end.Why == sipua.EndCancelled:
		return call.CauseCallerCancelled
	}
	return call.CauseOf(end.Status)
}
