// SPDX-License-Identifier: Apache-2.0

package reward

import (
	"net/http"
	"strings"
	"testing"

	"anlan/internal/org"
)

type m = map[string]any

// TestHTTPRefusals asks from outside for what one may not do.
func TestHTTPRefusals(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		r := s.notified(t, s.tip("a"))
		s.tip("b")
		path, office := "/rewards/"+r.ID, "/rewards/budget?year=2027&office_id="+s.w.Office.ID
		budget := m{"office_id": s.w.Office.ID, "year": 2027, "fen": 1, "warn": 80, "version": 1}
		waive := m{"action": "waive", "version": r.Version, "reason": "过期"}
		pay := m{"action": "pay", "version": r.Version, "receipt_no": "0001"}
		lookup, payee := encoded(lookupFor("a")), m{"name": "示范人", "id_no": "990101199001010011", "bank": "示范银行", "account": "12345678"}
		tokens := m{"tokens": []m{{"key_id": "x", "message": "AA==", "signature": "AA=="}}, "witness_ids": []string{"x", "y"}}
		w := s.w
		for _, tt := range []struct {
			name         string
			by           *org.Person
			method, path string
			body         any
			status       int
			key          string
		}{
			{"rules for nobody", nil, "GET", "/rewards/rules", nil, 401, "auth.sign_in"},
			{"list for nobody", nil, "GET", "/rewards", nil, 401, "auth.sign_in"},
			{"list for a worker", w.Worker, "GET", "/rewards", nil, 403, "auth.denied"},
			{"a status that is none", w.Clerk, "GET", "/rewards?status=lost", nil, 422, "invalid"},
			{"a cursor that is none", w.Clerk, "GET", "/rewards?cursor=xx", nil, 422, "page.bad_cursor"},
			{"compute for nobody", nil, "POST", "/rewards/compute", m{"tip_id": "b"}, 401, "auth.sign_in"},
			{"compute for a leader", w.Leader, "POST", "/rewards/compute", m{"tip_id": "b"}, 403, "auth.denied"},
			{"compute for another county", w.Clerk2, "POST", "/rewards/compute", m{"tip_id": "b"}, 404, "reward.no_tip"},
			{"propose for nobody", nil, "POST", "/rewards", m{"tip_id": "b"}, 401, "auth.sign_in"},
			{"propose as a cashier", s.cashier, "POST", "/rewards", m{"tip_id": "b"}, 403, "auth.denied"},
			{"propose for another county", w.Clerk2, "POST", "/rewards", m{"tip_id": "b"}, 404, "reward.no_tip"},
			{"propose twice", w.Clerk, "POST", "/rewards", m{"tip_id": "a"}, 409, "reward.exists"},
			{"propose an odd amount", w.Clerk, "POST", "/rewards", m{"tip_id": "b", "set_fen": 5, "basis": "x"}, 422, "reward.bad_set"},
			{"one for nobody", nil, "GET", path, nil, 401, "auth.sign_in"},
			{"one for a worker", w.Worker, "GET", path, nil, 403, "auth.denied"},
			{"one for another county", w.Clerk2, "GET", path, nil, 404, "reward.not_found"},
			{"one for the cashier before a claim", s.cashier, "GET", path, nil, 404, "reward.not_found"},
			{"act for nobody", nil, "POST", path + "/acts", waive, 401, "auth.sign_in"},
			{"waive as a clerk", w.Clerk, "POST", path + "/acts", waive, 403, "auth.denied"},
			{"waive too early", w.Leader, "POST", path + "/acts", waive, 409, "reward.claim_running"},
			{"pay as a clerk", w.Clerk, "POST", path + "/acts", pay, 403, "auth.denied"},
			{"pay without the code", s.cashier, "POST", path + "/acts", pay, 404, "reward.not_found"},
			{"pay with broken words for a code", s.cashier, "POST", path + "/acts", m{"action": "pay", "version": r.Version, "lookup": "***"}, 422, "reward.wrong_code"},
			{"issue as an officer", w.Clerk, "POST", path + "/acts", m{"action": "issue", "version": r.Version}, 422, "invalid"},
			{"payee for nobody", nil, "POST", path + "/payee", m{"reason": "转账"}, 401, "auth.sign_in"},
			{"payee for a leader", w.Leader, "POST", path + "/payee", m{"reason": "转账"}, 403, "auth.denied"},
			{"payee for another county", s.cashier2, "POST", path + "/payee", m{"reason": "转账"}, 404, "reward.not_found"},
			{"looks for nobody", nil, "GET", path + "/looks", nil, 401, "auth.sign_in"},
			{"looks for a clerk", w.Clerk, "GET", path + "/looks", nil, 403, "auth.denied"},
			{"counter for nobody", nil, "POST", "/rewards/counter", m{"lookup": lookup}, 401, "auth.sign_in"},
			{"counter for a clerk", w.Clerk, "POST", "/rewards/counter", m{"lookup": lookup}, 403, "auth.denied"},
			{"counter for another county", s.cashier2, "POST", "/rewards/counter", m{"lookup": lookup}, 404, "reward.no_claim"},
			{"counter with a short code", s.cashier, "POST", "/rewards/counter", m{"lookup": "x"}, 422, "invalid"},
			{"tokens for nobody", nil, "POST", "/rewards/tokens", tokens, 401, "auth.sign_in"},
			{"tokens for a leader", w.Leader, "POST", "/rewards/tokens", tokens, 403, "auth.denied"},
			{"tokens without witnesses", s.cashier, "POST", "/rewards/tokens", tokens, 422, "reward.two_witnesses"},
			{"budget for nobody", nil, "GET", office, nil, 401, "auth.sign_in"},
			{"budget for a cashier", s.cashier, "GET", office, nil, 403, "auth.denied"},
			{"budget for another county", w.Clerk2, "GET", office, nil, 404, "org.unit_not_found"},
			{"set a budget for nobody", nil, "PUT", "/rewards/budget", budget, 401, "auth.sign_in"},
			{"set a budget as a clerk", w.Clerk, "PUT", "/rewards/budget", budget, 403, "auth.denied"},
			{"set a budget below what is used", w.Leader, "PUT", "/rewards/budget", budget, 409, "reward.below_used"},
			{"signatures for a wrong code", nil, "POST", "/public/rewards/token", m{"lookup": encoded(lookupFor("x")), "blinded": []string{"AA=="}}, 404, "reward.no_claim"},
			{"signatures for too few", nil, "POST", "/public/rewards/token", m{"lookup": lookup, "blinded": []string{"AA=="}}, 422, "reward.bad_pieces"},
			{"claim without an account", nil, "POST", "/public/rewards/claim", m{"lookup": lookup, "payee": m{"name": "示范人", "id_no": "123456"}}, 422, "reward.bad_bank"},
			{"claim with a wrong code", nil, "POST", "/public/rewards/claim", m{"lookup": encoded(lookupFor("x")), "payee": payee}, 202, ""},
		} {
			a := s.Do(t, tt.by, tt.method, tt.path, tt.body)
			key := a.Key()
			if tt.key == "invalid" { // huma names the field
				key, _ = a.Body["key"].(string)
			}
			if a.Status != tt.status || key != tt.key {
				t.Errorf("%s: %d %s, want %d %s", tt.name, a.Status, a.Raw, tt.status, tt.key)
			}
		}
		if now, _ := get(t.Context(), s.DB.Read(), r.ID); now.Status != Notified || now.Version != r.Version {
			t.Errorf("moved to %s", now.Status)
		}
	})
}

// TestHTTP walks the whole way from outside and looks at what the answers hold.
func TestHTTP(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		w, tip := s.w, s.tip("tip-a")
		ok := func(by *org.Person, method, path string, body any, status int) m {
			t.Helper()
			a := s.Do(t, by, method, path, body)
			if a.Status != status {
				t.Fatalf("%s %s: %d %s", method, path, a.Status, a.Raw)
			}
			return a.Body
		}
		rules := ok(w.Clerk, "GET", "/rewards/rules?place=cn/37/3702/&on=2026-01-01", nil, 200)
		if len(rules["items"].([]any)) != len(Tables) || rules["holds"] != "shandong-2025" {
			t.Errorf("rules: holds %v", rules["holds"])
		}
		preview := ok(w.Clerk, "POST", "/rewards/compute", m{"tip_id": tip}, 200)
		step := preview["steps"].([]any)[0].(m)
		if preview["fen"] != 1_500_000.0 || step["key"] != "reward.step_share" || step["args"].(m)["fine"] != "100000" || step["source"] != "安监总财〔2018〕19号第十一条第一项" {
			t.Errorf("preview %v", preview)
		}
		r := ok(w.Clerk, "POST", "/rewards", m{"tip_id": tip, "joint": true}, 201)
		path := "/rewards/" + r["id"].(string)
		if may := r["may"].([]any); len(may) != 0 {
			t.Errorf("the proposer may %v", may)
		}
		seen := ok(w.Leader, "GET", path, nil, 200)
		about := seen["about"].(m)
		if may := seen["may"].([]any); len(may) != 2 || about["proposer"] != w.Clerk.Name || about["findings"].(m)["joint"] != true {
			t.Errorf("the leader sees %v", seen)
		}
		do := func(by *org.Person, body m) {
			t.Helper()
			body["version"] = r["version"]
			r = ok(by, "POST", path+"/acts", body, 200)
		}
		do(w.Leader, m{"action": "approve"})
		do(w.Clerk, m{"action": "file", "filed_with": "示范市安委办", "filed_no": "3号"})
		do(w.Clerk, m{"action": "notify"})
		if b := ok(w.Clerk, "GET", "/rewards/budget?year=2027&office_id="+w.Office.ID, nil, 200); b["used_fen"] != 1_500_000.0 || b["low"] != false {
			t.Errorf("budget %v", b)
		}
		keys := ok(nil, "GET", "/public/rewards/keys?year=2027&office_id="+w.Office.ID, nil, 200)
		if items := keys["items"].([]any); len(items) != len(Denominations) || keys["variant"] != "RSABSSA-SHA384-PSS-Randomized" {
			t.Errorf("keys %v", keys)
		}
		claim := m{"lookup": encoded(lookupFor(tip)), "payee": m{"name": "示范人", "id_no": "990101199001010011", "bank": "示范银行", "account": "12345678"}}
		right := s.Do(t, nil, http.MethodPost, "/public/rewards/claim", claim)
		claim["lookup"] = encoded(lookupFor("wrong"))
		if wrong := s.Do(t, nil, http.MethodPost, "/public/rewards/claim", claim); right.Status != 202 || wrong.Status != 202 || string(right.Raw) != string(wrong.Raw) {
			t.Errorf("right %d %q, wrong %d %q", right.Status, right.Raw, wrong.Status, wrong.Raw)
		}
		list := ok(s.cashier, "GET", "/rewards", nil, 200)["items"].([]any)
		if len(list) != 1 || list[0].(m)["about"] != nil || strings.Contains(string(s.Do(t, s.cashier, "GET", path, nil).Raw), tip) {
			t.Errorf("the cashier sees %v", list)
		}
		if p := ok(s.cashier, "POST", path+"/payee", m{"reason": "转账"}, 200); p["account"] != "12345678" {
			t.Errorf("payee %v", p)
		}
		r = list[0].(m)
		do(s.cashier, m{"action": "pay", "receipt_no": "回单0001"})
		if r["status"] != "paid" || r["way"] != "bank" {
			t.Errorf("paid %v", r)
		}
		if looks := ok(w.Leader, "GET", path+"/looks", nil, 200)["items"].([]any); len(looks) != 1 || looks[0].(m)["name"] != s.cashier.Name {
			t.Errorf("looks %v", looks)
		}
	})
}

// TestHTTPTokens has tokens signed and paid from outside.
func TestHTTPTokens(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.notified(t, s.tip("a"))
		p, err := s.ForTip(t.Context(), "a")
		must(t, err)
		ph := s.blind(t, p)
		a := s.Do(t, nil, http.MethodPost, "/public/rewards/token", m{"lookup": encoded(lookupFor("a")), "blinded": ph.blinded})
		if a.Status != 200 || len(a.Body["signatures"].([]any)) != 2 {
			t.Fatalf("%d %s", a.Status, a.Raw)
		}
		issued, err := s.IssueTokens(t.Context(), lookupFor("a"), ph.blinded)
		must(t, err)
		body := []m{}
		for _, token := range ph.unblind(t, issued.Signatures) {
			body = append(body, m{"key_id": token.KeyID, "message": token.Message, "signature": token.Signature})
		}
		spend := m{"tokens": body, "witness_ids": s.witnesses()}
		if a := s.Do(t, s.cashier, http.MethodPost, "/rewards/tokens", spend); a.Status != 200 || a.Body["fen"] != 1_500_000.0 {
			t.Errorf("%d %s", a.Status, a.Raw)
		}
		if a := s.Do(t, s.cashier, http.MethodPost, "/rewards/tokens", spend); a.Status != 409 || a.Key() != "reward.token_spent" {
			t.Errorf("again: %d %s", a.Status, a.Raw)
		}
	})
}

// TestInYuan writes amounts for sentences.
func TestInYuan(t *testing.T) {
	for fen, want := range map[int64]string{0: "0", 5: "0.05", 100: "1", 12345: "123.45", 300_000_00: "300000"} {
		if got := inYuan(fen); got != want {
			t.Errorf("%d fen: %s", fen, got)
		}
	}
}
