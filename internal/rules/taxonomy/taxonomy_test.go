// SPDX-License-Identifier: Apache-2.0

package taxonomy

import (
	"slices"
	"strings"
	"testing"
)

func TestLists(t *testing.T) {
	counts := map[string]int{Accident: 27, Accident1986: 20, Inspection: 26, Worker: 4, Industry: 117, Line: 18}
	for _, l := range All() {
		if want, ok := counts[l.Name]; ok && len(l.Items) != want {
			t.Errorf("%s has %d codes, want %d", l.Name, len(l.Items), want)
		}
		if l.ZH == "" || l.EN == "" || l.Source == "" || !l.Since.Valid() {
			t.Errorf("%s lacks a name, its source or its day", l.Name)
		}
		seen := map[string]bool{}
		for _, it := range l.Items {
			if it.Code == "" || it.ZH == "" || it.EN == "" || seen[it.Code] {
				t.Errorf("%s: %+v is incomplete or twice", l.Name, it)
			}
			if it.Parent != "" && !seen[it.Parent] {
				t.Errorf("%s: %s stands before its parent %s", l.Name, it.Code, it.Parent)
			}
			seen[it.Code] = true
		}
	}
}

func TestShape(t *testing.T) {
	sections, divisions := 0, 0
	for _, it := range Of(Industry).Items {
		if it.Parent == "" {
			sections++
		} else {
			divisions++
		}
	}
	if sections != 20 || divisions != 97 {
		t.Errorf("%d sections, %d divisions", sections, divisions)
	}
	for _, it := range Of(HazardFactor).Items {
		if it.Parent != "" && !strings.HasPrefix(it.Code, it.Parent) {
			t.Errorf("hazard factor %s lies under %s", it.Code, it.Parent)
		}
	}
	base, site := 0, 0
	for _, it := range Of(Inspection).Items {
		switch it.Parent {
		case "base":
			base++
		case "site":
			site++
		}
	}
	if base != 13 || site != 11 {
		t.Errorf("%d base classes, %d site classes", base, site)
	}
}

// TestCrosswalk wants a way for every class of 1986, and the same name where
// nothing changed.
func TestCrosswalk(t *testing.T) {
	for _, old := range Of(Accident1986).Items {
		c, ok := Cross(old.Code)
		if !ok || len(c.To) == 0 {
			t.Errorf("no way from %s %s", old.Code, old.ZH)
			continue
		}
		for _, code := range c.To {
			now, ok := Of(Accident).Item(code)
			if !ok {
				t.Errorf("%s leads to %s, which is no code", old.Code, code)
			}
			if c.Change == "same" && now.ZH != old.ZH {
				t.Errorf("%s %s is not the same as %s", old.Code, old.ZH, now.ZH)
			}
		}
		if (c.Change == "split") != (len(c.To) > 1) || !slices.Contains([]string{"same", "renamed", "merged", "split"}, c.Change) {
			t.Errorf("%s: %+v", old.Code, c)
		}
	}
	if _, ok := Cross("10"); ok {
		t.Error("there is no class 10 in 1986, it is 010")
	}
}

func TestUnknownListPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a list that is not there was returned")
		}
	}()
	Has("nothing", "1")
}
