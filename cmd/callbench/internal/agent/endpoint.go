// Package agent places and answers SIP calls over UDP (RFC 3261), many at once
// on one socket.
//
// It measures the moments of signalling and obeys what it is told; it never
// touches audio, and it never sends to an address its guard refuses.
package agent

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"tandem/cmd/callbench/internal/stamp"
	"tandem/cmd/callbench/internal/wire"
)

// Timers of RFC 3261 §17.1.1.1 and Table 4.
const (
	t1       = 500 * time.Millisecond
	t2       = 4 * time.Second
	giveUp   = 64 * t1
	mailbox  = 32      // messages one call may have waiting; more are dropped, as UDP would
	socketKB = 4 << 20 // receive buffer, bytes
)

// Config is what an endpoint needs to know.
type Config struct {
	Local netip.AddrPort             // where to listen; port 0 picks one
	Guard func(netip.AddrPort) error // refuses an address that must not be sent to
	// OnCall is called in a goroutine of its own for each call that comes in.
	// Its context ends with the endpoint. Without it calls are refused with 501.
	OnCall func(context.Context, *Inbound)
}

// Endpoint is one UDP socket and the calls on it.
type Endpoint struct {
	conn   *net.UDPConn
	local  netip.AddrPort
	guard  func(netip.AddrPort) error
	onCall func(context.Context, *Inbound)

	ctx context.Context
	end context.CancelFunc
	wg  sync.WaitGroup

	mu    sync.Mutex
	boxes map[string]chan packet

	malformed, dropped atomic.Uint64
}

// packet is one message with where and when it came in.
type packet struct {
	msg  *wire.Message
	from netip.AddrPort
	at   time.Time
}

// Listen opens an endpoint; Close ends it.
func Listen(cfg Config) (*Endpoint, error) {
	conn, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(cfg.Local))
	if err != nil {
		return nil, fmt.Errorf("listen for sip: %w", err)
	}
	raw, err := conn.SyscallConn()
	if err == nil {
		var setErr error
		err = raw.Control(func(fd uintptr) {
			setErr = stamp.Enable(int(fd))
			// Beyond the usual limit where we may; a burst of calls must not be lost here.
			if unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, socketKB) != nil {
				_ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVBUF, socketKB)
			}
		})
		err = errors.Join(err, setErr)
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("prepare sip socket: %w", err)
	}
	local := conn.LocalAddr().(*net.UDPAddr).AddrPort()
	e := &Endpoint{
		conn: conn, guard: cfg.Guard, onCall: cfg.OnCall, boxes: map[string]chan packet{},
		local: netip.AddrPortFrom(local.Addr().Unmap(), local.Port()),
	}
	e.ctx, e.end = context.WithCancel(context.Background())
	e.wg.Go(e.read)
	return e, nil
}

// Addr is where the endpoint listens.
func (e *Endpoint) Addr() netip.AddrPort { return e.local }

// Close ends the socket and waits for every call that came in.
func (e *Endpoint) Close() error {
	e.end()
	err := e.conn.Close()
	e.wg.Wait()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// Live is how many calls the endpoint holds.
func (e *Endpoint) Live() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.boxes)
}

// Losses is how many datagrams could not be read and how many came too fast.
func (e *Endpoint) Losses() (malformed, dropped uint64) {
	return e.malformed.Load(), e.dropped.Load()
}

func (e *Endpoint) read() {
	buf, control := make([]byte, 65535), make([]byte, stamp.Room)
	for {
		n, c, _, from, err := e.conn.ReadMsgUDPAddrPort(buf, control)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue // an ICMP error of an earlier datagram
		}
		at := time.Unix(0, stamp.Arrival(control[:c]))
		msg, err := wire.Parse(buf[:n])
		if err != nil {
			e.malformed.Add(1)
			continue
		}
		e.dispatch(packet{msg, netip.AddrPortFrom(from.Addr().Unmap(), from.Port()), at})
	}
}

// dispatch gives a message to its call, or starts one, or answers for none.
func (e *Endpoint) dispatch(p packet) {
	id := p.msg.Get("Call-ID")
	e.mu.Lock()
	box, known := e.boxes[id]
	isNew := !known && p.msg.Method == "INVITE" && wire.Param(p.msg.Get("To"), "tag") == "" && e.onCall != nil
	if isNew {
		box = make(chan packet, mailbox)
		e.boxes[id] = box
	}
	e.mu.Unlock()
	switch {
	case isNew:
		in := newInbound(e, p, box)
		e.wg.Go(func() {
			defer e.forget(id)
			e.onCall(e.ctx, in)
		})
	case known:
		select {
		case box <- p:
		default:
			e.dropped.Add(1)
		}
	default:
		e.answerStranger(p)
	}
}

// answerStranger deals with what belongs to no call we have.
func (e *Endpoint) answerStranger(p packet) {
	_, method := p.msg.CSeq()
	switch {
	case p.msg.Status >= 300 && method == "INVITE":
		// The far end did not hear our ACK to its refusal. Everything that the ACK
		// needs (RFC 3261 §17.1.1.3) stands in the response.
		e.send(ackOf(p.msg, wire.URIOf(p.msg.Get("To"))), p.from)
	case p.msg.Status != 0 || p.msg.Method == "ACK":
	case p.msg.Method == "OPTIONS":
		e.send(wire.Reply(p.msg, 200, "OK", newTag()), p.from)
	case p.msg.Method == "INVITE" && e.onCall == nil:
		e.send(wire.Reply(p.msg, 501, "Not Implemented", newTag()), p.from)
	default:
		e.send(wire.Reply(p.msg, 481, "Call/Transaction Does Not Exist", newTag()), p.from)
	}
}

// ackOf builds the ACK to a refusal, in the INVITE's own transaction.
func ackOf(res *wire.Message, uri string) *wire.Message {
	ack := &wire.Message{Method: "ACK", URI: uri}
	if via := res.All("Via"); len(via) > 0 {
		ack.Add("Via", via[0])
	}
	ack.Add("Max-Forwards", "70")
	ack.Copy(res, "From", "To", "Call-ID")
	num, _ := res.CSeq()
	ack.Add("CSeq", strconv.FormatUint(uint64(num), 10)+" ACK")
	return ack
}

// send prints and sends a message unless the guard refuses the address.
func (e *Endpoint) send(m *wire.Message, to netip.AddrPort) {
	_ = e.write(m.Bytes(), to)
}

func (e *Endpoint) write(b []byte, to netip.AddrPort) error {
	if err := e.guard(to); err != nil {
		return err
	}
	// What the kernel refuses is lost like any datagram; timers notice.
	_, _ = e.conn.WriteToUDPAddrPort(b, to)
	return nil
}

func (e *Endpoint) register(id string) chan packet {
	box := make(chan packet, mailbox)
	e.mu.Lock()
	e.boxes[id] = box
	e.mu.Unlock()
	return box
}

func (e *Endpoint) forget(id string) {
	e.mu.Lock()
	delete(e.boxes, id)
	e.mu.Unlock()
}

// newRequest starts a request with a fresh branch.
func (e *Endpoint) newRequest(method, uri string) *wire.Message {
	m := &wire.Message{Method: method, URI: uri}
	m.Add("Via", "SIP/2.0/UDP "+e.local.String()+";rport;branch=z9hG4bK"+newTag())
	m.Add("Max-Forwards", "70")
	return m
}

// contact is our own address as a header value.
func (e *Endpoint) contact(user string) string {
	return "<sip:" + user + "@" + e.local.String() + ">"
}

func newTag() string { return strconv.FormatUint(rand.Uint64()|1<<63, 36) }
