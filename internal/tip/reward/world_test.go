// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/seal"
)

// cases is what the tips of a test say.
type cases struct {
	mu sync.Mutex
	of map[string]Case
}

func (c *cases) RewardCase(_ context.Context, _ db.Q, tipID string) (Case, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	out, ok := c.of[tipID]
	if !ok {
		return Case{}, errs.New(errs.NotFound, "reward.no_tip")
	}
	return out, nil
}

func (c *cases) put(k Case) { c.mu.Lock(); defer c.mu.Unlock(); c.of[k.TipID] = k }

// scene is a Service in the invented county, whose office has a clerk who proposes, a leader
// who approves, a cashier who pays, and a budget.
type scene struct {
	*Service
	*hazardtest.Client
	w                 *hazardtest.World
	tips              *cases
	cashier, cashier2 *org.Person
}

// testKeys are made once: keys are slow to make, and the tests are about other things.
var testKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	keys := make([]*rsa.PrivateKey, len(Denominations))
	for i := range keys {
		keys[i], _ = newKey()
	}
	return keys
})

func each(t *testing.T, fn func(t *testing.T, s scene)) {
	t.Helper()
	dbtest.Each(t, append(hazardtest.Migrations(), []fs.FS{Migrations()}...), func(t *testing.T, d *db.DB) {
		w := hazardtest.Open(t, d)
		tips := &cases{of: map[string]Case{}}
		made := 0
		svc := New(Config{DB: d, Ledger: w.Ledger, Now: w.Now, IDs: w.IDs, Org: w.Org, Rules: w.Rules, Cases: tips,
			Box: seal.New(bytes.Repeat([]byte{5}, seal.KeySize)), NewKey: func() (*rsa.PrivateKey, error) {
				made++
				return testKeys()[made%len(Denominations)], nil
			}})
		s := scene{svc, w.Serve(func(api huma.API) { Mount(api, svc) }), w, tips, nil, nil}
		s.cashier = w.Person(t, w.Office, "钱正", "", "cashier")
		s.cashier2 = w.Person(t, w.Office2, "孔方", "", "cashier")
		s.budget(t, 1_000_000*yuan)
		fn(t, s)
	})
}

func (s scene) as(t *testing.T, p *org.Person) context.Context { t.Helper(); return s.w.As(t, p) }

func (s scene) budget(t *testing.T, fen int64) {
	t.Helper()
	ctx := s.as(t, s.w.Leader)
	b, err := s.BudgetOf(ctx, s.w.Office.ID, 2027)
	must(t, err)
	b.Fen = fen
	_, err = s.SetBudget(ctx, b)
	must(t, err)
}

func lookupFor(tipID string) []byte { sum := sha256.Sum256([]byte("code of " + tipID)); return sum[:] }

func encoded(lookup []byte) string { return base64.RawURLEncoding.EncodeToString(lookup) }

// tip adds a verified tip about an illegal act that was fined ¥100,000: ¥15,000 are owed.
func (s scene) tip(id string, change ...func(*Case)) string {
	hash := sha256.Sum256(lookupFor(id))
	c := Case{TipID: id, TipNo: "T-" + id, Class: Illegal, Place: hazardtest.Town, OfficeID: s.w.Office.ID, Verified: true,
		Concluded: "2027-06-01", Fines: []int64{100_000 * yuan}, Rank: 1, ClaimHash: hash[:]}
	for _, fn := range change {
		fn(&c)
	}
	s.tips.put(c)
	return id
}

func (s scene) proposed(t *testing.T, tipID string) *Reward {
	t.Helper()
	r, err := s.Propose(s.as(t, s.w.Clerk), tipID, Findings{})
	must(t, err)
	return r
}

// who takes an action in the usual run of things.
func (s scene) who(a Action) *org.Person {
	switch needs[a] {
	case PermApprove:
		return s.w.Leader
	case PermPay:
		return s.cashier
	}
	return s.w.Clerk
}

func (s scene) actor(t *testing.T, p *org.Person) actor.Actor {
	t.Helper()
	return actor.From(s.as(t, p))
}

// act returns an action with all that it needs.
func act(a Action, version int) Act {
	return Act{Action: a, Version: version, Reason: "联系不上本人", FiledWith: "示范市安全生产委员会办公室", FiledNo: "示备〔2027〕3号",
		ReceiptNo: "回单0001", Payee: Payee{Name: "示范人", IDNo: "990101199001010011", Bank: "示范银行安平支行", Account: "9900 0000 0000 0001"}}
}

// run takes steps one after the other, each by whose step it is.
func (s scene) run(t *testing.T, r *Reward, actions ...Action) *Reward {
	t.Helper()
	for _, a := range actions {
		next, err := s.Act(s.as(t, s.who(a)), r.ID, act(a, r.Version))
		if err != nil {
			t.Fatalf("%s: %v", a, err)
		}
		r = next
	}
	return r
}

func (s scene) notified(t *testing.T, tipID string) *Reward {
	t.Helper()
	return s.run(t, s.proposed(t, tipID), Approve, File, Notify)
}

// refuse expects a step to be refused, and nothing to change.
func (s scene) refuse(t *testing.T, name string, p *org.Person, r *Reward, a Act, key string) {
	t.Helper()
	_, err := s.Act(s.as(t, p), r.ID, a)
	if got := fieldKey(err); got != key {
		t.Errorf("%s: %v, want %s", name, err, key)
	}
	now, err := get(t.Context(), s.DB.Read(), r.ID)
	must(t, err)
	if now.Status != r.Status || now.Version != r.Version {
		t.Errorf("%s: moved to %s", name, now.Status)
	}
}

func (s scene) used(t *testing.T) int64 {
	t.Helper()
	b, err := budgetOf(t.Context(), s.DB.Read(), s.w.Office.ID, 2027)
	must(t, err)
	return b.Used
}

// entries returns how often each action was recorded, and the fen of the last entry.
func (s scene) entries(t *testing.T) (actions []string, fen int64) {
	t.Helper()
	for _, e := range s.w.Entries(t, Kinds()...) {
		name := e.Fact("action")
		if name == "" {
			name = e.Kind
		}
		actions = append(actions, name)
		if len(e.Quantities) > 0 {
			fen = e.Quantities[0].N
		}
		if e.Place != hazardtest.County || e.Unit != s.w.Office.ID {
			t.Errorf("%s stands at %s of %s", name, e.Place, e.Unit)
		}
	}
	return slices.DeleteFunc(actions, func(a string) bool { return a == "reward.budget_set.v1" || a == "reward.keys_made.v1" }), fen
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKey(t *testing.T, name string, err error, key string) {
	t.Helper()
	if fieldKey(err) != key {
		t.Errorf("%s: %v, want %s", name, err, key)
	}
}

// nth returns a tip id of its own.
func nth(prefix string, n int) string { return fmt.Sprintf("%s%d", prefix, n) }
