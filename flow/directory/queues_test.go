package directory_test

import (
	"testing"

	"tandem/flow/directory"
)

var (
	out    = directory.Member{}
	in     = directory.Member{LoggedIn: true}
	paused = directory.Member{LoggedIn: true, Paused: true}
)

func TestAToggleDoesToAllWhatIsNotDoneToOneYet(t *testing.T) {
	for _, c := range []struct {
		toggle  directory.MemberChange
		members []directory.Member
		want    directory.MemberChange
	}{
		{directory.MemberToggleIn, []directory.Member{out}, directory.MemberLogIn},
		{directory.MemberToggleIn, []directory.Member{in, out}, directory.MemberLogIn},
		{directory.MemberToggleIn, []directory.Member{in, paused}, directory.MemberLogOut},
		{directory.MemberTogglePause, []directory.Member{in, paused}, directory.MemberPause},
		{directory.MemberTogglePause, []directory.Member{paused, out}, directory.MemberResume},
		{directory.MemberPause, []directory.Member{paused}, directory.MemberPause},
	} {
		if got := c.toggle.Settle(c.members); got != c.want {
			t.Errorf("%s of %+v means %s, want %s", c.toggle, c.members, got, c.want)
		}
	}
}

func TestOnlyAMemberWhoIsLoggedInPauses(t *testing.T) {
	for _, c := range []struct {
		from   directory.Member
		change directory.MemberChange
		want   directory.Member
	}{
		{out, directory.MemberLogIn, in},
		{paused, directory.MemberLogIn, paused},
		{paused, directory.MemberLogOut, out},
		{out, directory.MemberPause, out},
		{in, directory.MemberPause, paused},
		{paused, directory.MemberResume, in},
		{in, "dance", in},
	} {
		if got := c.from.Apply(c.change); got != c.want {
			t.Errorf("%s of %+v is %+v, want %+v", c.change, c.from, got, c.want)
		}
	}
}
