package call

// Cause is why a leg or a call ended, from one closed list.
type Cause string

// The causes. Causes holds what each means on the wire and to a reader.
const (
	CauseNormal            Cause = "normal"
	CauseCallerHangup      Cause = "caller-hangup"
	CauseCalleeHangup      Cause = "callee-hangup"
	CauseCallerCancelled   Cause = "caller-cancelled"
	CauseBusy              Cause = "busy"
	CauseNoAnswer          Cause = "no-answer"
	CauseUnavailable       Cause = "unavailable"
	CauseOffSchedule       Cause = "off-schedule"
	CauseDeclined          Cause = "declined"
	CauseNotFound          Cause = "not-found"
	CauseCongestion        Cause = "congestion"
	CauseIncomplete        Cause = "incomplete-number"
	CauseNotAcceptable     Cause = "not-acceptable"
	CauseForbidden         Cause = "forbidden"
	CauseOverLimit         Cause = "over-limit"
	CauseBlocked           Cause = "blocked"
	CauseAnsweredElsewhere Cause = "answered-elsewhere"
	CauseFlowEnded         Cause = "flow-ended"
	CauseLoop              Cause = "loop"
	CauseNoMedia           Cause = "no-media"
	CauseTooLong           Cause = "too-long"
	CauseNodeLost          Cause = "node-lost"
	CauseInternal          Cause = "internal-error"
	CauseOperator          Cause = "operator-hangup"
)

// CauseFacts is what a cause means: the status that refuses an unanswered
// caller with it, the Q.850 value of its Reason header, and words for a page.
type CauseFacts struct {
	Status int
	Q850   int
	Text   string
}

// Causes is the table of all causes.
var Causes = map[Cause]CauseFacts{
	CauseNormal:            {480, 16, "ended normally"},
	CauseCallerHangup:      {487, 16, "the caller hung up"},
	CauseCalleeHangup:      {480, 16, "the called party hung up"},
	CauseCallerCancelled:   {487, 16, "the caller gave up before an answer"},
	CauseBusy:              {486, 17, "busy"},
	CauseNoAnswer:          {480, 19, "no answer"},
	CauseUnavailable:       {480, 20, "not reachable"},
	CauseOffSchedule:       {480, 20, "outside their opening hours"},
	CauseDeclined:          {603, 21, "declined"},
	CauseNotFound:          {404, 1, "not assigned"},
	CauseCongestion:        {503, 42, "no capacity"},
	CauseIncomplete:        {484, 28, "incomplete number"},
	CauseNotAcceptable:     {488, 88, "no codec or media in common"},
	CauseForbidden:         {403, 21, "not allowed"},
	CauseOverLimit:         {480, 34, "too many calls at once"},
	CauseBlocked:           {603, 21, "the caller is blocked"},
	CauseAnsweredElsewhere: {480, 26, "answered elsewhere"},
	CauseFlowEnded:         {480, 16, "the flow ended here"},
	CauseLoop:              {482, 25, "the flow went in circles"},
	CauseNoMedia:           {480, 127, "no audio arrived"},
	CauseTooLong:           {480, 16, "the longest call was reached"},
	CauseNodeLost:          {503, 41, "the media node was lost"},
	CauseInternal:          {503, 41, "a fault of our own"}, // 503, so that a carrier tries another way in
	CauseOperator:          {480, 16, "ended by an operator"},
}

// Text says the cause in words.
func (c Cause) Text() string {
	if f, ok := Causes[c]; ok {
		return f.Text
	}
	return string(c)
}

// Status is the final SIP status that tells an unanswered caller this cause.
func (c Cause) Status() int {
	if f, ok := Causes[c]; ok {
		return f.Status
	}
	return 480
}

var statusCauses = map[int]Cause{
	403: CauseForbidden, 404: CauseNotFound, 408: CauseNoAnswer, 410: CauseNotFound,
	480: CauseUnavailable, 484: CauseIncomplete, 486: CauseBusy, 487: CauseCallerCancelled,
	488: CauseNotAcceptable, 600: CauseBusy, 603: CauseDeclined, 604: CauseNotFound, 606: CauseNotAcceptable,
	482: CauseLoop, 483: CauseLoop,
}

// CauseOf maps a final SIP status of a leg that we rang to its cause.
func CauseOf(status int) Cause {
	if c, ok := statusCauses[status]; ok {
		return c
	}
	switch {
	case status >= 500 && status < 600:
		return CauseCongestion
	case status >= 200 && status < 300:
		return CauseNormal
	}
	return CauseUnavailable
}
