// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"anlan/internal/kernel/place"
	"anlan/internal/org"
)

// scene is a random county: offices at the rungs of one place, with groups and holders.
type scene struct {
	all   []Channel
	named *org.Unit
	own   map[string]bool
}

var rungs = []place.Path{"cn/99/9901/990101/990101001/", "cn/99/9901/990101/", "cn/99/9901/", "cn/99/", "cn/"}

var scenes = rapid.Custom(func(t *rapid.T) scene {
	group := rapid.SampledFrom([]string{"", "a/", "a/b/", "a/b/c/", "d/", "d/e/", "f/"})
	people := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"p1", "p2", "p3", "p4"}), 1, 3, func(s string) string { return s })
	var sc scene
	for i, p := range rungs {
		if !rapid.Bool().Draw(t, "has a channel") {
			continue
		}
		id := fmt.Sprintf("office%d", i)
		path := group.Draw(t, "group") + id + "/"
		sc.all = append(sc.all, Channel{ID: "c" + id, Office: id, Place: p, Group: path, Holders: people.Draw(t, "holders")})
	}
	sc.own = map[string]bool{}
	for _, p := range []string{"p1", "p2", "p3", "p4"} {
		sc.own[p] = rapid.Bool().Draw(t, "works there")
	}
	kind := rapid.SampledFrom([]org.UnitKind{org.UnitOffice, org.UnitDepartment, org.UnitEnterprise, org.UnitVillage}).Draw(t, "kind")
	sc.named = &org.Unit{ID: "u", Kind: kind, Place: rapid.SampledFrom(rungs).Draw(t, "place"), GroupPath: group.Draw(t, "own group") + "u/"}
	if len(sc.all) > 0 && rapid.Bool().Draw(t, "an office itself") {
		c := rapid.SampledFrom(sc.all).Draw(t, "which")
		sc.named = &org.Unit{ID: c.Office, Kind: org.UnitOffice, Place: c.Place, GroupPath: c.Group}
	}
	return sc
})

// TestNoPartyReceives: whatever the county, whoever gets a tip is not the unit it names,
// nor of its group, nor under its command, and somebody who can open it is from outside.
func TestNoPartyReceives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := scenes.Draw(t, "scene")
		r, err := choose(sc.all, sc.named, sc.own)
		if err != nil {
			for _, c := range sc.all {
				if !c.party(sc.named, sc.own) {
					t.Fatalf("%s could have had it", c.ID)
				}
			}
			return
		}
		c := r.Channel
		if c.Office == sc.named.ID {
			t.Fatal("the unit itself")
		}
		for _, id := range org.Ancestors(sc.named.GroupPath) {
			if slices.Contains(org.Ancestors(c.Group), id) {
				t.Fatalf("%s and %s share %s", c.Group, sc.named.GroupPath, id)
			}
		}
		government := sc.named.Kind == org.UnitOffice || sc.named.Kind == org.UnitDepartment
		if government && strings.HasPrefix(string(c.Place), string(sc.named.Place)) {
			t.Fatalf("an office at %s judges one at %s", c.Place, sc.named.Place)
		}
		if !slices.ContainsFunc(c.Holders, func(p string) bool { return !sc.own[p] }) {
			t.Fatal("all who can open it work there")
		}
		for _, nearer := range sc.all[:slices.IndexFunc(sc.all, func(o Channel) bool { return o.ID == c.ID })] {
			if !nearer.party(sc.named, sc.own) {
				t.Fatalf("%s is nearer", nearer.ID)
			}
		}
		if r.Rerouted != (sc.all[0].ID != c.ID) {
			t.Fatal("rerouted is wrong")
		}
	})
}

// TestNobodyNamed: without a unit the nearest office gets it.
func TestNobodyNamed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sc := scenes.Draw(t, "scene")
		r, err := choose(sc.all, nil, nil)
		if len(sc.all) == 0 {
			if err == nil {
				t.Fatal("nobody is there")
			}
			return
		}
		if err != nil || r.Channel.ID != sc.all[0].ID || r.Rerouted {
			t.Fatal(r, err)
		}
	})
}
