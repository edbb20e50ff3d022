// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"anlan/internal/kernel/errs"
)

var update = flag.Bool("update", false, "write docs/tip-states.md")

const statesFile = "../../docs/tip-states.md"

// life is the life cycle written a second time, as people tell it: what is not here must
// be refused.
const life = `
received accept accepted
received refuse refused
received transfer received
received merge merged
received assign received
received withdraw withdrawn
received urge received
accepted assign verifying
accepted transfer received
accepted merge merged
accepted withdraw withdrawn
accepted urge accepted
verifying assign verifying
verifying ask_extension verifying
verifying grant_extension verifying
verifying deny_extension verifying
verifying escalate_deaths verifying
verifying link_hazard verifying
verifying answer answered
verifying merge merged
verifying withdraw withdrawn
verifying urge verifying
answered object reexamining
answered close closed
refused object reexamining
reexamining hand_over reexamining
reexamining assign reexamining
reexamining link_hazard reexamining
reexamining reexamine reexamined
reexamining urge reexamining
reexamined close closed
refused ask_erase refused
refused erase refused
merged ask_erase merged
merged erase merged
withdrawn ask_erase withdrawn
withdrawn erase withdrawn
closed ask_erase closed
closed erase closed
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
			pair := string(s.Status) + " " + string(a.Action)
			got, err := s.Status.next(a.Action)
			to, legal := want[pair]
			switch {
			case legal && (err != nil || got != to):
				t.Errorf("%s: got %s, %v, want %s", pair, got, err, to)
			case !legal && errs.KindOf(err) != errs.Conflict:
				t.Errorf("%s: got %s, %v, want a Conflict", pair, got, err)
			case !legal && got != s.Status:
				t.Errorf("%s: a refused step moved the tip to %s", pair, got)
			}
			delete(want, pair)
		}
	}
	for pair := range want {
		t.Errorf("%s: no such status or action", pair)
	}
}

func TestTableIsWhole(t *testing.T) {
	reached, used := map[Status]bool{Received: true}, map[Action]bool{}
	for from, actions := range steps {
		for a, to := range actions {
			used[a], reached[to] = true, true
			if _, ok := actionInfo[a]; !ok || !from.Valid() || !to.Valid() {
				t.Errorf("%s %s %s: not in Statuses or Actions", from, a, to)
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
	}
	for _, a := range Actions {
		if !used[a.Action] {
			t.Errorf("%s is never possible", a.Action)
		}
	}
	for a := range published {
		if actionInfo[a].Action == "" {
			t.Errorf("the log publishes %s, which is no step", a)
		}
	}
	for _, r := range Reasons { // a leaf of the log takes letters, digits and hyphens
		if len(r) > 24 || strings.Trim(r, "abcdefghijklmnopqrstuvwxyz_") != "" {
			t.Errorf("the log cannot say the reason %s", r)
		}
	}
	if !slices.Contains(Conclusions, "verified") || !founded("verified") || founded("not_verified") {
		t.Error("what is founded is mixed up")
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
		t.Errorf("%s is stale: run go test ./internal/tip -run TestDiagram -update", statesFile)
	}
}

// document is docs/tip-states.md.
func document() string {
	var b strings.Builder
	b.WriteString("# 举报的一生 · The life of a tip-off\n\n" +
		"<!-- Drawn from the table in internal/tip/state.go by go test ./internal/tip -update. Do not edit. -->\n\n" +
		"本图由程序中的状态表生成：表里没有的步骤不能办理。The picture is drawn from the table that the program runs by: " +
		"what is not in it cannot happen.\n\n```mermaid\n" + Diagram() + "```\n\n" +
		"| 步骤 Step | 由谁办理 Whose step | 须提供 Needs | 公开日志 Public log |\n| --- | --- | --- | --- |\n")
	party := map[Party]string{Desk: "承办单位 the office that handles it", Officer: "承办人或本单位负责人 the officer in charge or the lead",
		Superior: "上级主管单位 an office above", Approver: "本单位负责人或上级，申请人除外 the lead or an office above, never who asked",
		FirstOffice: "作出原结论的单位 the office of the first conclusion", Informant: "举报人，凭查询码 the informant, by the query code"}
	for _, a := range Actions {
		step := string(published[a.Action])
		if a.Action == Erase {
			step = "erased"
		}
		b.WriteString("| " + a.Zh + " " + a.En + " (`" + string(a.Action) + "`) | " + party[a.Party] + " | ")
		for i, n := range a.Needs {
			if i > 0 {
				b.WriteString(", ")
			}
			b.WriteString("`" + n + "`")
		}
		b.WriteString(" | " + step + " |\n")
	}
	return b.String()
}
