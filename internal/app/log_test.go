// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/transparency"
)

// TestLogCommands hands something in, and lets the commands verify its receipt and watch
// the log, as people outside do.
func TestLogCommands(t *testing.T) {
	m := clock.NewManual(clock.System())
	data := t.TempDir()
	a, err := Open(t.Context(), Storage{Data: data}, "https://anlan.example", m.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	taken := handIn(t, a)
	m.Advance(time.Minute)
	if err := a.Log.Step(t.Context()); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.Log.Handler())
	defer server.Close()
	proof, err := a.Log.Proof(t.Context(), taken.Hash)
	if err != nil {
		t.Fatal(err)
	}
	file := func(name string, text []byte) string {
		path := filepath.Join(data, name)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	receipt, policy := file("a.tlog-proof", proof.Encode()), file("policy", a.Log.Policy().Text())
	promise, opening := file("promise", taken.Promise), file("opening", openingJSON(t, taken.Opening))
	command(t, 0, "内容与收据相符", "verify", receipt, "--policy", policy, "--promise", promise, "--opening", opening)
	other := file("other", openingJSON(t, transparency.Opening{}))
	command(t, 1, "transparency.other_content", "verify", receipt, "--policy", policy, "--opening", other)
	state := filepath.Join(data, "state.json")
	command(t, 0, "10 keys         ok", "monitor", server.URL, "--state", state, "--promise", promise)
	if _, err := a.DB.SQL().Exec("UPDATE transparency_tile SET data = zeroblob(32) WHERE level = 0"); err != nil {
		t.Fatal(err)
	}
	command(t, 1, `"transparency.bundle_altered"`, "monitor", server.URL, "--state", state, "--json")
}

// TestLogServed starts the whole program and watches the log that it serves.
func TestLogServed(t *testing.T) {
	dbtest.EachDSN(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "postgres") {
			dsn = ""
		}
		base, _ := serve(t, dsn)
		for try := 0; ; try++ {
			code, _, _ := get(t, base+"/log/checkpoint")
			if code == http.StatusOK {
				break
			}
			if code != http.StatusNotFound || try == 200 {
				t.Fatalf("checkpoint: %d", code)
			}
			time.Sleep(50 * time.Millisecond)
		}
		command(t, 0, "10 keys         ok", "monitor", base, "--state", filepath.Join(t.TempDir(), "state.json"))
		if code, header, _ := get(t, base+"/log/nothing"); code != http.StatusNotFound || strings.Contains(header.Get("Content-Type"), "html") {
			t.Errorf("an unknown address: %d %v", code, header)
		}
	})
}

func handIn(t *testing.T, a *App) transparency.Taken {
	t.Helper()
	taken, err := a.Log.Take(transparency.Submission{Class: "tip", Due: "acceptance", Content: sha256.Sum256([]byte("示范举报"))})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.DB.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return a.Log.ReceivedTx(ctx, tx, taken) }); err != nil {
		t.Fatal(err)
	}
	return taken
}

func openingJSON(t *testing.T, o transparency.Opening) []byte {
	t.Helper()
	text := func(b [32]byte) string { return base64.StdEncoding.EncodeToString(b[:]) }
	out, err := json.Marshal(map[string]string{"salt": text(o.Salt), "content": text(o.Content), "evidence": text(o.Evidence)})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// command runs a command and looks for words in what it says.
func command(t *testing.T, code int, words string, args ...string) {
	t.Helper()
	var out, problems bytes.Buffer
	if got := Main(args, &out, &problems); got != code || !strings.Contains(out.String()+problems.String(), words) {
		t.Errorf("%v: %d\n%s%s", args, got, out.String(), problems.String())
	}
}
