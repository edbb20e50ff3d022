// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
)

// TestTellerGathers commits a hundred times in a second and listens.
func TestTellerGathers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		var told [][]place.Path
		s := New(Config{Changed: func(places []place.Path) {
			at, told = append(at, time.Since(start)), append(told, places)
		}})
		for range 100 {
			s.done(t.Context(), []ledger.Entry{{Place: town1}, {Place: town2}})
			time.Sleep(10 * time.Millisecond)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(at) != 3 || at[0] != 0 || at[1] != tellEvery || at[2] != 2*tellEvery {
			t.Errorf("told at %v", at)
		}
		want := []place.Path{"cn/", "cn/99/", "cn/99/9901/", county, town1, town2}
		if !slices.Equal(told[1], want) {
			t.Errorf("told of %v, want %v", told[1], want)
		}
		s.done(t.Context(), []ledger.Entry{{Place: other}}) // after a rest, at once
		synctest.Wait()
		if len(told) != 4 || !slices.Contains(told[3], other) || slices.Contains(told[3], town1) {
			t.Errorf("after a rest: %v", told[3:])
		}
		time.Sleep(time.Second)
	})
}

func TestNobodyListens(t *testing.T) {
	New(Config{}).done(t.Context(), []ledger.Entry{{Place: town1}})
}
