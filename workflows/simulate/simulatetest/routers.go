package simulatetest

import "tandem/flow"

// Numbers of callers. Those of real calls begin with the same digits.
const (
	outside = "+17770000001"
	inside  = "9000"
)

// hours draws a time router that does not change: a real call comes at another
// time than the imagined one.
func (a *artist) hours() flow.Settings {
	r := &flow.TimeRouter{Zone: pick(a.dice, []string{"", "Asia/Kathmandu", "America/St_Johns"})}
	if a.one(55) {
		r.Intervals = []flow.Interval{{Weekdays: flow.Weekdays, From: 0, To: 24 * 60}}
	}
	return r
}

// callers draws a caller router. Whole numbers match nobody: those of real calls
// differ in their last digits.
func (a *artist) callers() flow.Settings {
	c := &flow.CallerRouter{Match: pick(a.dice, []string{"", "prefix", "prefix", "number"}), Default: pick(a.dice, []string{"", "disallow"}), Routes: []flow.CallerRoute{{Slug: "vip", Name: "VIP"}}}
	for _, digits := range pick(a.dice, [][]string{{"46 8"}, {"+1777", "9"}, {"9", "+177", "90", "1777"}}) {
		c.Rules = append(c.Rules, flow.CallerRule{Digits: digits, Go: pick(a.dice, []string{"allow", "disallow", "vip"})})
	}
	return c
}

func (a *artist) blocked() flow.Settings {
	b := &flow.Blocklist{BlockEmpty: a.one(50), BlockLetters: a.one(50), DeclineCode: pick(a.dice, flow.DeclineCodes)}
	for _, entry := range []string{"+1777*", "001777*", "9*", "sales", "+46*"} {
		if a.one(35) {
			b.Numbers = append(b.Numbers, entry)
		}
	}
	return b
}
