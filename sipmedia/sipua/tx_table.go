package sipua

import (
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/emiago/sipgo/sip"
)

// txTable finds the transaction a message belongs to (RFC 3261 §17.1.3, §17.2.3).
type txTable struct {
	mu      sync.Mutex
	server  map[string]*serverTx
	client  map[string]*clientTx
	merged  map[string]*serverTx   // INVITEs by mergeKey, RFC 3261 §8.2.2.2
	cancels map[string]*heldCancel // CANCELs that came before their INVITE
}

func newTxTable() *txTable {
	return &txTable{server: map[string]*serverTx{}, client: map[string]*clientTx{},
		merged: map[string]*serverTx{}, cancels: map[string]*heldCancel{}}
}

// serverKey is what the requests of one transaction share. An ACK to a refusal
// and a CANCEL are looked up with the method of their INVITE.
func serverKey(req *sip.Request, method sip.RequestMethod) string {
	via := req.Via()
	branch, _ := paramOf(via.Params, "branch")
	if strings.HasPrefix(branch, sip.RFC3261BranchMagicCookie) && len(branch) > len(sip.RFC3261BranchMagicCookie) {
		return strings.Join([]string{branch, strings.ToLower(via.Host), strconv.Itoa(via.Port), string(method)}, "|")
	}
	// RFC 2543 peers: everything that identifies the request. The To tag is
	// left out, since the ACK to a refusal has one and its INVITE has not.
	tag, _ := paramOf(req.From().Params, "tag")
	return strings.Join([]string{"2543", req.CallID().Value(), tag, strconv.FormatUint(uint64(req.CSeq().SeqNo), 10),
		req.Recipient.String(), via.Value(), string(method)}, "|")
}

// mergeKey is what the copies of one request share that reached us on several ways.
func mergeKey(req *sip.Request) string {
	tag, _ := paramOf(req.From().Params, "tag")
	return fmt.Sprintf("%s|%s|%d", req.CallID().Value(), tag, req.CSeq().SeqNo)
}

func clientKey(branch string, method sip.RequestMethod) string { return branch + "|" + string(method) }

// findServer looks a transaction up.
func (t *txTable) findServer(key string) *serverTx {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.server[key]
}

func (t *txTable) findClient(res *sip.Response) *clientTx {
	branch, _ := paramOf(res.Via().Params, "branch")
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.client[clientKey(branch, res.CSeq().MethodName)]
}

// addServer puts a new transaction in, unless a copy of its request won the race.
func (t *txTable) addServer(tx *serverTx) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.server[tx.key] != nil {
		return false
	}
	t.server[tx.key] = tx
	return true
}

// merge claims an INVITE for tx. It returns false if another transaction has
// the same INVITE already.
func (t *txTable) merge(key string, tx *serverTx) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if other := t.merged[key]; other != nil && other != tx {
		return false
	}
	t.merged[key] = tx
	tx.mergeKey = key
	return true
}

func (t *txTable) dropServer(tx *serverTx) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.server, tx.key)
	if t.merged[tx.mergeKey] == tx {
		delete(t.merged, tx.mergeKey)
	}
}

func (t *txTable) addClient(tx *clientTx) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.client[tx.key] = tx
}

func (t *txTable) dropClient(tx *clientTx) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.client, tx.key)
}

func (t *txTable) size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.server) + len(t.client)
}

// busy counts the transactions that somebody still waits for.
func (t *txTable) busy() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	n := 0
	for _, tx := range t.server {
		if tx.busy() {
			n++
		}
	}
	for _, tx := range t.client {
		if tx.busy() {
			n++
		}
	}
	return n
}

// stop ends all timers; nothing is sent any more.
func (t *txTable) stop() {
	t.mu.Lock()
	server, client := t.server, t.client
	t.server, t.client = map[string]*serverTx{}, map[string]*clientTx{}
	for _, c := range t.cancels {
		c.timer.Stop()
	}
	t.mu.Unlock()
	for _, tx := range server {
		tx.stop()
	}
	for _, tx := range client {
		tx.stop()
	}
}
