// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"testing"

	"pgregory.net/rapid"
)

// TestNoSmallNumbers publishes any numbers, and holds that none of 1 to 9 can be read or
// reckoned from a whole and its part.
func TestNoSmallNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		accepted := rapid.Int64Range(0, 60).Draw(t, "accepted")
		answered := rapid.Int64Range(0, accepted).Draw(t, "answered")
		verified := rapid.Int64Range(0, answered).Draw(t, "verified")
		in := []Told{{Key: figAccepted, N: accepted}, {Key: figAnswered, N: answered}, {Key: figInTime, N: rapid.Int64Range(0, answered).Draw(t, "in time")},
			{Key: figVerified, N: verified}, {Key: figRewarded, N: rapid.Int64Range(0, verified).Draw(t, "rewarded")}}
		shown := map[string]int64{}
		for _, f := range hideSmall(in) {
			if f.Hidden {
				if f.N != 0 {
					t.Fatalf("%s is hidden and says %d", f.Key, f.N)
				}
				continue
			}
			shown[f.Key] = f.N
			if small(f.N) {
				t.Fatalf("%s says %d", f.Key, f.N)
			}
		}
		for part, whole := range wholes {
			p, both := shown[part]
			w, ok := shown[whole]
			if both && ok && small(w-p) {
				t.Fatalf("%s of %s leaves %d", part, whole, w-p)
			}
		}
	})
	if got := hideSmall([]Told{{Key: figAccepted, N: 40}, {Key: figAnswered, N: 20}}); got[0].Hidden || got[1].Hidden {
		t.Error("hides what is large enough")
	}
}
