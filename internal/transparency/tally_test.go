// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"testing"
	"time"
)

// TestOverview counts what waits and what is late, through events that come together with
// what they are about and after it.
func TestOverview(t *testing.T) {
	each(t, func(t *testing.T, f *fixture) {
		taken := f.receiveMany(300)
		f.happen(Happening{Received: taken[0].Hash, Step: Accepted, Due: "verification"})
		f.happen(Happening{Received: taken[1].Hash, Step: Closed, Due: NotDue})
		f.step()
		f.happen(Happening{Received: taken[2].Hash, Step: Accepted, Due: "verification"})
		f.happen(Happening{Received: taken[3].Hash, Step: Accepted, Due: "verification"})
		f.happen(Happening{Received: taken[3].Hash, Step: Answered, Due: NotDue})
		f.step()
		for _, tt := range []struct {
			days          int
			open, overdue int64
		}{{0, 298, 0}, {14, 298, 0}, {16, 298, 296}, {62, 298, 298}} {
			f.clock.Set(start.Add(time.Duration(tt.days) * 24 * time.Hour))
			if err := f.Step(t.Context()); err != nil {
				t.Fatal(err)
			}
			f.seen.at = time.Time{}
			o, err := f.Overview(t.Context())
			if err != nil || o.Open != tt.open || o.Overdue != tt.overdue || o.Size != 305 || o.Received["tip"] != 300 || o.Events[Accepted] != 3 {
				t.Errorf("after %d days: %+v, %v", tt.days, o, err)
			}
		}
		if st, err := f.count(t.Context(), 302); err != nil || st.Size != 302 || st.Events[Accepted] != 1 || st.Events[Closed] != 1 {
			t.Errorf("earlier: %+v, %v", st, err)
		}
	})
}
