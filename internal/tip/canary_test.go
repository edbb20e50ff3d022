// SPDX-License-Identifier: Apache-2.0

package tip_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"

	"anlan/internal/platform/obs"
)

// rowsOf returns every value of a table as text and, where it is bytes, as they are.
func rowsOf(t testing.TB, w *world, table string) []byte {
	t.Helper()
	rows, err := w.DB.SQL().QueryContext(t.Context(), "SELECT * FROM "+table)
	must(t, err)
	defer rows.Close()
	columns, err := rows.Columns()
	must(t, err)
	var out bytes.Buffer
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		must(t, rows.Scan(values...))
		for i, v := range values {
			got := *v.(*any)
			if b, ok := got.([]byte); ok {
				out.Write(b)
			}
			fmt.Fprintf(&out, "\n%s.%s=%v\n", table, columns[i], got)
		}
	}
	must(t, rows.Err())
	return out.Bytes()
}

// tables returns the names of all tables of the schema.
func tables(t testing.TB, w *world) []string {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	if w.DB.Pool() != nil {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
	}
	rows, err := w.DB.SQL().QueryContext(t.Context(), query)
	must(t, err)
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		must(t, rows.Scan(&name))
		names = append(names, name)
	}
	must(t, rows.Err())
	return names
}

// stored returns every byte that the server keeps of what it heard: all rows, and all
// files of its database and of its file store.
func stored(t testing.TB, w *world) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, table := range tables(t, w) {
		out.Write(rowsOf(t, w, table))
	}
	dirs := []string{w.files}
	var path string
	if w.DB.Pool() == nil {
		must(t, w.DB.SQL().QueryRowContext(t.Context(), "SELECT file FROM pragma_database_list WHERE name = 'main'").Scan(&path))
		dirs = append(dirs, filepath.Dir(path))
	}
	for _, dir := range dirs {
		must(t, filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			b, err := os.ReadFile(path)
			out.WriteString(path + "\n")
			out.Write(b)
			return err
		}))
	}
	return out.Bytes()
}

// diary keeps what is logged while a test runs.
type diary struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) { d.mu.Lock(); defer d.mu.Unlock(); return d.b.Write(p) }
func (d *diary) all() []byte                 { d.mu.Lock(); defer d.mu.Unlock(); return bytes.Clone(d.b.Bytes()) }

// listen hears every line of the log until the test ends.
func listen(t testing.TB) *diary {
	d, before := &diary{}, slog.Default()
	slog.SetDefault(obs.NewLogger(d, slog.LevelDebug))
	t.Cleanup(func() { slog.SetDefault(before) })
	return d
}

// canaries are texts that must be nowhere, in every form in which they could hide.
func canaries(words ...string) map[string][]byte {
	out := map[string][]byte{}
	for _, w := range words {
		b := []byte(w)
		out[w] = b
		out[w+" in hex"] = []byte(hex.EncodeToString(b))
		for cut := range 3 { // wherever it begins within the three bytes of base64
			if cut+4 < len(b) {
				part := b[cut:]
				part = part[:len(part)-len(part)%3]
				out[fmt.Sprintf("%s in base64, %d", w, cut)] = []byte(base64.StdEncoding.EncodeToString(part))
			}
		}
		out[w+" as Go prints bytes"] = []byte(strings.Trim(fmt.Sprint(b), "[]"))
	}
	return out
}

// TestNothingOfATipIsAnywhere lets an informant report, follow and write with everything
// that could give them away, and looks for it in every byte that the server stored, logged
// or sent.
func TestNothingOfATipIsAnywhere(t *testing.T) {
	logged := listen(t)
	const (
		said    = "冲压车间的光栅被人短接了"
		name    = "欧阳不留名"
		number  = "13900000077"
		address = "203.0.113.77"
		agent   = "CanaryPhone/7.7 (Nobody)"
		gps     = "31.4159265,121.2718281"
		picture = "the bytes of a picture nobody may see"
		reply   = "补充：夜班也是这样"
	)
	each(t, func(t *testing.T, w *world) {
		p := newPhone(t, w)
		p.from, p.agent = address, agent
		p.ask(t)
		permit := p.permit(t)
		_, sealed := p.file(t, permit, []byte(picture+gps))
		body := p.tip(t, map[string]any{"v": 1, "words": said, "name": name, "phone": number, "spot": gps})
		if r := p.submit(t, permit, body); r.status != http.StatusCreated {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		p.submit(t, "", body)
		p.submit(t, p.permit(t), map[string]any{"place": p.place}) // refused
		p.follow(t)
		if r := p.write(t, p.permit(t), "identify", "letter-0123456789abc", map[string]any{"words": reply, "name": name, "phone": number}); r.status != http.StatusAccepted {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		_, followed := p.follow(t)
		if n := len(followed["messages"].([]any)); n != 1 {
			t.Fatalf("%d messages", n)
		}
		must(t, w.tips.Sweep(t.Context()))
		must(t, w.log.Step(t.Context()))
		all := map[string][]byte{"stored": stored(t, w), "logged": logged.all(), "sent": p.heard.Bytes()}
		if !bytes.Contains(all["stored"], sealed) {
			t.Fatal("the sealed file is not where the test looks")
		}
		for what, canary := range canaries(said, name, number, address, agent, gps, picture, reply, p.case_.String(), p.mailbox.String(),
			string(p.lookup), base64.RawURLEncoding.EncodeToString(p.lookup)) {
			for where, b := range all {
				if bytes.Contains(b, canary) {
					t.Errorf("%s: %s", where, what)
				}
			}
		}
		// And the office can read it, with the key that only its browsers have.
		var envelope, content []byte
		must(t, w.DB.SQL().QueryRowContext(t.Context(), "SELECT envelope, content FROM tip_sealed").Scan(&envelope, &content))
		id, err := age.ParseX25519Identity(string(openWith(t, envelope, w.keys.ids[p.channel])))
		must(t, err)
		if plain := openWith(t, content, id); !bytes.Contains(plain, []byte(said)) {
			t.Errorf("the office reads %q", plain)
		}
		if !slices.Contains(tables(t, w), "tip_sealed") {
			t.Error("not all tables were looked at")
		}
	})
}
