// SPDX-License-Identifier: Apache-2.0

package memo

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
)

func TestOf(t *testing.T) {
	now := clock.NewManual(time.Date(2027, 6, 7, 0, 0, 0, 0, time.UTC))
	m, asked := New[string, int](now.Now), 0
	ask := func() int {
		v, err := m.Of(t.Context(), "k", func(context.Context, string) (int, error) { asked++; return asked, nil })
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	if ask() != 1 || ask() != 1 {
		t.Error("an answer is not remembered")
	}
	now.Advance(Term)
	if ask() != 2 {
		t.Error("an answer is remembered for too long")
	}
	for i := range most {
		m.held[strconv.Itoa(i)] = remembered[int]{}
	}
	now.Advance(Term)
	ask()
	if len(m.held) > most {
		t.Errorf("%d answers are remembered", len(m.held))
	}
}

func TestFailuresAreNotRemembered(t *testing.T) {
	m := New[string, int](clock.NewManual(time.Unix(0, 0)).Now)
	away := errors.New("away")
	if _, err := m.Of(t.Context(), "k", func(context.Context, string) (int, error) { return 0, away }); err != away {
		t.Fatal(err)
	}
	if v, err := m.Of(t.Context(), "k", func(context.Context, string) (int, error) { return 7, nil }); err != nil || v != 7 {
		t.Error(v, err)
	}
}

func TestAllAsksForWhatIsMissing(t *testing.T) {
	now := clock.NewManual(time.Date(2027, 6, 7, 0, 0, 0, 0, time.UTC))
	m := New[string, string](now.Now)
	var asked [][]string
	load := func(_ context.Context, ks []string) (map[string]string, error) {
		asked = append(asked, slices.Clone(ks))
		out := map[string]string{}
		for _, k := range ks {
			if k != "nobody" {
				out[k] = "name of " + k
			}
		}
		return out, nil
	}
	for _, ks := range [][]string{{"a", "b"}, {"b", "c", "nobody"}, {"a", "c"}} {
		got, err := m.All(t.Context(), ks, load)
		if err != nil {
			t.Fatal(err)
		}
		want := map[string]string{}
		for _, k := range ks {
			if k != "nobody" {
				want[k] = "name of " + k
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%v: %v", ks, got)
		}
	}
	if len(asked) != 2 || !slices.Equal(asked[1], []string{"c", "nobody"}) {
		t.Errorf("asked for %v", asked)
	}
}
