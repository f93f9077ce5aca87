package sipua

import (
	"fmt"
	"hash/fnv"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// registrar keeps the bindings of accounts (RFC 3261 §10.3). Reading happens in
// memory; REGISTER requests are worked on by a few goroutines, since each waits
// for the store, and those of one account always by the same one, in order.
type registrar struct {
	ua    *UA
	lanes []chan registerJob

	mu        sync.Mutex
	bindings  map[string]map[string]Binding // by account, then contact
	addresses map[bindingAddr]int           // how many bindings came from there
	hosts     map[netip.Addr]int
}

// registerJob is an authenticated REGISTER.
type registerJob struct {
	p       path
	tx      *serverTx
	account Account
}

// registerLanes work in parallel, each with a queue of laneLength: a store that
// hangs turns new REGISTERs away with 503 instead of filling the memory.
const registerLanes, laneLength = 4, 256

func newRegistrar(ua *UA) *registrar {
	r := &registrar{ua: ua, bindings: map[string]map[string]Binding{}, addresses: map[bindingAddr]int{}, hosts: map[netip.Addr]int{}}
	for range registerLanes {
		r.lanes = append(r.lanes, make(chan registerJob, laneLength))
	}
	return r
}

func (r *registrar) start() {
	for _, lane := range r.lanes {
		r.ua.goes(func() {
			for {
				select {
				case job := <-lane:
					r.work(job)
				case <-r.ua.ctx.Done():
					return
				}
			}
		})
	}
}

// receiveRegister checks the password and queues the request.
func (ua *UA) receiveRegister(p path, req *sip.Request, size int) {
	if ua.cfg.Directory == nil {
		ua.refuse("stranger")
		return
	}
	account, fault := ua.checkAccount(p, req, ua.registrar.at(p.remote, p.transport()))
	tx := ua.begin(&p, req, size, fault)
	if tx == nil {
		return
	}
	hash := fnv.New32a()
	hash.Write([]byte(account.ID))
	if !ua.closing() {
		select {
		case ua.registrar.lanes[hash.Sum32()%registerLanes] <- registerJob{p, tx, *account}:
			return
		default:
		}
	}
	tx.respond(ua.responseTo(req, unavailable()))
}

// work carries one REGISTER out and answers it.
func (r *registrar) work(job registerJob) {
	req := job.tx.req
	fault := checkExtensions(req)
	if fault == nil && job.account.Guest {
		fault = &problem{status: 403, reason: phrase(403)}
	}
	if fault == nil && userOf(&req.To().Address) != job.account.Username {
		fault = &problem{status: 403, reason: "To Names Another Account"}
	}
	var wanted []Binding
	if fault == nil {
		wanted, fault = r.read(job)
	}
	if fault == nil {
		fault = r.admit(job.account, wanted)
	}
	if fault == nil {
		fault = r.store(wanted)
	}
	if fault != nil {
		job.tx.respond(r.ua.responseTo(req, fault))
		return
	}
	job.tx.respond(r.listing(req, job.account))
}

// read turns a REGISTER into bindings; those with a zero Expires are to be removed.
func (r *registrar) read(job registerJob) ([]Binding, *problem) {
	req := job.tx.req
	now := time.Now()
	var wanted []Binding
	contacts := 0
	for _, h := range req.Headers() {
		c, ok := h.(*sip.ContactHeader)
		if !ok {
			continue
		}
		contacts++
		if c.Address.Wildcard {
			return r.readWildcard(job)
		}
		b, fault := r.readContact(job, c, now)
		if fault != nil {
			return nil, fault
		}
		wanted = append(wanted, b)
	}
	return wanted, nil
}

// readWildcard reads "Contact: *", which removes all bindings and must come
// alone and with Expires 0 (RFC 3261 §10.2.2).
func (r *registrar) readWildcard(job registerJob) ([]Binding, *problem) {
	req := job.tx.req
	if n, ok := number(value(req, "expires")); !ok || n != 0 || len(values(req, "contact")) != 1 {
		return nil, bad("Contact * Needs Expires 0")
	}
	all := r.of(job.account.ID)
	for i := range all {
		if fault := outOfOrder(all[i], req); fault != nil {
			return nil, fault
		}
		all[i].Expires = time.Time{}
	}
	return all, nil
}

func (r *registrar) readContact(job registerJob, c *sip.ContactHeader, now time.Time) (Binding, *problem) {
	req := job.tx.req
	uri := c.Address.Clone()
	if uri.Scheme != "sip" && uri.Scheme != "sips" || uri.Host == "" {
		return Binding{}, bad("Bad Contact")
	}
	b := Binding{Account: job.account.ID, Contact: uri.String(), Received: job.p.remote, Transport: job.p.transport(),
		UserAgent: clip(value(req, "user-agent")), CallID: req.CallID().Value(), CSeq: req.CSeq().SeqNo,
		Path: strings.Join(values(req, "path"), ", "), Q: 1, Node: r.ua.cfg.Node}
	if q, found := paramOf(c.Params, "q"); found {
		f, err := strconv.ParseFloat(q, 32)
		if err != nil || f < 0 || f > 1 {
			return Binding{}, bad("Bad q")
		}
		b.Q = float32(f)
	}
	if instance, found := paramOf(c.Params, "+sip.instance"); found {
		b.Instance = clip(strings.Trim(instance, `"`))
	}
	seconds, fault := r.lifetime(job, c)
	if seconds > 0 {
		b.Expires = now.Add(time.Duration(seconds) * r.ua.timers.Second)
	}
	if old, found := r.find(b.Account, b.Contact); found && fault == nil {
		fault = outOfOrder(old, req)
	}
	return b, fault
}

// lifetime decides how many seconds a binding lives; 0 removes it.
func (r *registrar) lifetime(job registerJob, c *sip.ContactHeader) (int, *problem) {
	most := int(job.account.BindingLifetime / time.Second)
	if most <= 0 {
		most = int(DefaultBindingLifetime / time.Second)
	}
	asked, found := paramOf(c.Params, "expires")
	if !found {
		asked = value(job.tx.req, "expires")
	}
	n, ok := number(asked)
	switch {
	case !ok: // absent or malformed: ours to choose (RFC 3261 §10.2.1.1, §20.19)
		return most, nil
	case n == 0:
		return 0, nil
	case n < r.ua.timers.MinExpires:
		return 0, &problem{status: 423, reason: phrase(423), headers: []Header{{"Min-Expires", strconv.Itoa(r.ua.timers.MinExpires)}}}
	}
	return min(n, most), nil
}

// outOfOrder refuses a REGISTER that was sent before the one that made the
// binding (RFC 3261 §10.3 step 7).
func outOfOrder(old Binding, req *sip.Request) *problem {
	if old.CallID == req.CallID().Value() && req.CSeq().SeqNo <= old.CSeq {
		return &problem{status: 500, reason: "CSeq Out Of Order"}
	}
	return nil
}

// admit refuses what would give the account too many bindings. A phone that
// restarts replaces its own: same instance, or same address and transport.
func (r *registrar) admit(account Account, wanted []Binding) *problem {
	limit := account.MaxBindings
	if limit <= 0 {
		limit = DefaultMaxBindings
	}
	left := map[string]bool{}
	for _, b := range r.of(account.ID) {
		left[b.Contact] = true
	}
	for _, b := range wanted {
		if b.Expires.IsZero() {
			delete(left, b.Contact)
			continue
		}
		for _, old := range r.replaced(b) {
			delete(left, old.Contact)
		}
		left[b.Contact] = true
	}
	if len(left) > limit {
		return &problem{status: 403, reason: "Too Many Bindings"}
	}
	return nil
}

// listing is the 200: all bindings of the account with what is left of their
// lives (RFC 3261 §10.3 step 8).
func (r *registrar) listing(req *sip.Request, account Account) *sip.Response {
	res := r.ua.response(req, 200)
	for _, b := range r.of(account.ID) {
		left := max(0, int((time.Until(b.Expires)+r.ua.timers.Second/2)/r.ua.timers.Second))
		add(res, "Contact", fmt.Sprintf("<%s>;expires=%d;q=%.1f", b.Contact, left, b.Q))
	}
	if path := value(req, "path"); path != "" {
		add(res, "Path", path) // RFC 3327 §5.3
	}
	add(res, "Date", time.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05")+" GMT")
	return res
}
