// SPDX-License-Identifier: Apache-2.0

package hazard

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"anlan/internal/kernel/errs"
)

var update = flag.Bool("update", false, "write docs/hazard-states.md")

const statesFile = "../../docs/hazard-states.md"

// life is the life cycle written a second time, as people tell it: what is not here must
// be refused.
const life = `
reported triage triaged
reported reject rejected
reported mark_duplicate duplicate
reported transfer transferred
transferred receive reported
transferred send_back reported
triaged fix_on_spot on_spot_fixed
triaged order ordered
triaged stop stopped
triaged regrade triaged
triaged transfer transferred
triaged mark_duplicate duplicate
on_spot_fixed submit accepting
ordered start rectifying
ordered stop stopped
ordered regrade ordered
ordered plan ordered
ordered report_major ordered
ordered transfer transferred
ordered lapse overdue
stopped order ordered
stopped start rectifying
stopped regrade stopped
stopped plan stopped
stopped report_major stopped
rectifying request_extension extension
rectifying submit accepting
rectifying stop stopped
rectifying regrade rectifying
rectifying plan rectifying
rectifying report_major rectifying
rectifying transfer transferred
rectifying lapse overdue
extension grant_extension rectifying
extension refuse_extension rectifying
overdue submit accepting
overdue stop stopped
overdue regrade overdue
overdue plan overdue
overdue report_major overdue
overdue transfer transferred
accepting accept accepted
accepting return triaged
accepted close closed
accepted apply_resume resume_review
resume_review approve_resume closed
resume_review refuse_resume rectifying
closed reopen triaged
`

// TestEveryPair walks every status and action.
func TestEveryPair(t *testing.T) {
	want := map[string]Status{}
	for row := range strings.Lines(strings.TrimSpace(life)) {
		f := strings.Fields(row)
		want[f[0]+" "+f[1]] = Status(f[2])
	}
	for _, s := range Statuses {
		for _, a := range Actions {
			h := Hazard{Status: s.Status}
			got, err := h.next(a.Action)
			to, legal := want[string(s.Status)+" "+string(a.Action)]
			switch {
			case legal && (err != nil || got != to):
				t.Errorf("%s, %s: got %s, %v, want %s", s.Status, a.Action, got, err, to)
			case !legal && errs.KindOf(err) != errs.Conflict:
				t.Errorf("%s, %s: got %s, %v, want a Conflict", s.Status, a.Action, got, err)
			case !legal && got != s.Status:
				t.Errorf("%s, %s: a refused step moved the hazard to %s", s.Status, a.Action, got)
			}
			delete(want, string(s.Status)+" "+string(a.Action))
		}
	}
	for pair := range want {
		t.Errorf("%s: no such status or action", pair)
	}
	for from, a := range map[Status]Action{Closed: Reopen, Accepting: Return} {
		ordered := Hazard{Status: from, HasOrder: true}
		if to, err := ordered.next(a); to != Rectifying || err != nil {
			t.Errorf("%s with an order: %s, %v, want rectifying", a, to, err)
		}
	}
}

func TestTableIsWhole(t *testing.T) {
	reached := map[Status]bool{Reported: true}
	used := map[Action]bool{}
	for from, actions := range steps {
		for a, to := range actions {
			used[a] = true
			for _, s := range to {
				reached[s] = true
				if !s.Valid() || !from.Valid() {
					t.Errorf("%s %s %s: not in Statuses", from, a, s)
				}
			}
			if _, ok := actionInfo[a]; !ok {
				t.Errorf("%s is not in Actions", a)
			}
		}
	}
	for _, s := range Statuses {
		if !reached[s.Status] {
			t.Errorf("%s is never reached", s.Status)
		}
		if !s.Status.Final() && len(steps[s.Status]) == 0 {
			t.Errorf("%s is a dead end", s.Status)
		}
		if _, ok := coming[s.Status]; ok == s.Status.Final() {
			t.Errorf("%s: what reporters are told to come next is wrong", s.Status)
		}
	}
	for _, a := range Actions {
		if !used[a.Action] {
			t.Errorf("%s is never possible", a.Action)
		}
		if slices.Contains(a.Needs, "reason") && len(reasons[a.Action]) == 0 {
			t.Errorf("%s needs a reason, and there is none to choose", a.Action)
		}
	}
}

// TestDiagram compares the document with the table.
func TestDiagram(t *testing.T) {
	want := document()
	if *update {
		if err := os.WriteFile(statesFile, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(statesFile)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("%s is stale: run go test ./internal/hazard -run TestDiagram -update", statesFile)
	}
}

// document is docs/hazard-states.md.
func document() string {
	var b strings.Builder
	b.WriteString("# 隐患的一生 · The life of a hazard\n\n" +
		"<!-- Drawn from the table in internal/hazard/state.go by go test ./internal/hazard -update. Do not edit. -->\n\n" +
		"本图由程序中的状态表生成：表里没有的步骤不能办理。The picture is drawn from the table that the program runs by: " +
		"what is not in it cannot happen.\n\n```mermaid\n" + Diagram() + "```\n\n" +
		"| 步骤 Step | 由谁办理 Whose step | 须提供 Needs |\n| --- | --- | --- |\n")
	party := map[Party]string{Desk: "承办单位 the office that handles it", Receiver: "接收移送的单位 the receiver",
		Rectifier: "整改单位 the unit that rectifies", Acceptor: "责令单位或其上级，整改人及其下属除外 the ordering office or one above, never the rectifier",
		Timer: "系统 the timer"}
	for _, a := range Actions {
		b.WriteString("| " + a.Zh + " " + a.En + " (`" + string(a.Action) + "`) | " + party[a.Party] + " | ")
		for i, n := range a.Needs {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("`" + n + "`")
		}
		b.WriteString(" |\n")
	}
	return b.String()
}
