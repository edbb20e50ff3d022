// SPDX-License-Identifier: Apache-2.0

// Package monitor checks a transparency log from outside, as a newspaper or a university
// would: it believes nothing but keys.
//
// monitor.go fetches, remembers and reports; leaves.go reads every entry; views.go compares
// what others saw; http_source.go speaks HTTP.
package monitor

import (
	"context"
	"errors"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
	"anlan/internal/transparency"
)

// Checks of a log, in the order in which a report numbers them from 1.
const (
	Signature   = 1 + iota // by a known key and origin
	Consistency            // it goes on from the last checkpoint seen
	Freshness              // signed within ten minutes
	Hashes                 // bundles, tiles and root agree
	Grammar                // leaves say what they may, about what was received, and when
	Promises               // what was promised is there
	Clocks                 // nothing is overdue
	Views                  // witnesses and others saw the same log
	Figures                // published counts equal the leaves
	Keys                   // new keys were announced by old ones
)

// Names of the checks, for people.
var Names = map[int]string{Signature: "signature", Consistency: "consistency", Freshness: "freshness", Hashes: "hashes",
	Grammar: "grammar", Promises: "promises", Clocks: "clocks", Views: "views", Figures: "figures", Keys: "keys"}

const staleAfter = 10 * time.Minute

// ErrMissing is what a Source returns for an address that the log does not have.
var ErrMissing = errors.New("monitor: not there")

// Source gives what a log serves, by the path below its address.
type Source interface {
	Get(ctx context.Context, path string) ([]byte, error)
}

// Config says what to check.
type Config struct {
	Log      Source
	Policy   *transparency.Policy
	Last     State    // of the run before; the zero value for the first
	Promises [][]byte // signed notes that people hold
	Seen     [][]byte // checkpoints that others saw
	// Witness fetches the newest checkpoint that a witness has of a log; nil: not asked.
	Witness func(ctx context.Context, url, origin string) ([]byte, error)
	Now     time.Time
	Due     map[string]time.Duration // how long a due class may last; nil: transparency.DueTimes
}

// State is what one run remembers for the next.
type State struct {
	Checkpoint string   `json:"checkpoint"` // signed note
	Keys       []string `json:"keys"`       // announced since the policy was written
}

// Finding is something wrong, with the key of its sentence.
type Finding struct {
	Check int            `json:"check"`
	Name  string         `json:"name"`
	Key   string         `json:"key"`
	Args  map[string]any `json:"args,omitempty"`
}

// Report is the outcome of a run.
type Report struct {
	Origin   string         `json:"origin"`
	Size     int64          `json:"size"`
	Root     string         `json:"root"`
	Signed   time.Time      `json:"signed"`
	Received map[string]int `json:"received"` // by class
	Open     int            `json:"open"`     // received and something is awaited
	Overdue  map[string]int `json:"overdue"`  // by due class
	Unasked  []string       `json:"unasked"`  // witnesses that did not answer
	Findings []Finding      `json:"findings"`
	State    State          `json:"-"`
}

// run is one run.
type run struct {
	Config
	report Report
	signed transparency.Signed
	tree   *transparency.Tree
	keys   []transparency.Key // believed: of the policy and announced
}

// Run does all ten checks. It returns an error only when the log's answers could not be
// had at all; everything else is a finding.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if cfg.Due == nil {
		cfg.Due = transparency.DueTimes
	}
	r := &run{Config: cfg, report: Report{Received: map[string]int{}, Overdue: map[string]int{}, Unasked: []string{}, Findings: []Finding{}, State: cfg.Last}}
	for _, text := range cfg.Last.Keys {
		if k, err := transparency.ParseKey(text); err == nil {
			r.keys = append(r.keys, k)
		}
	}
	// The counts are asked for first, so that they are not of a later tree than is checked.
	figures, err := cfg.Log.Get(ctx, "statistics")
	if err != nil && !errors.Is(err, ErrMissing) {
		return r.report, err
	}
	msg, err := cfg.Log.Get(ctx, "checkpoint")
	if err != nil {
		return r.report, err
	}
	if r.open(ctx, msg) {
		r.check(ctx, msg, string(figures))
	}
	return r.report, nil
}

// open reads the checkpoint. A key that is not known may have been announced.
func (r *run) open(ctx context.Context, msg []byte) bool {
	var err error
	r.signed, err = r.believed().Open(msg, r.Now)
	if errs.KeyOf(err) == "transparency.unknown_key" && r.learn(ctx, msg) {
		r.signed, err = r.believed().Open(msg, r.Now)
	}
	if err != nil {
		r.find(Signature, err)
		return false
	}
	r.report.Origin, r.report.Size, r.report.Root = r.signed.Origin, r.signed.Size, r.signed.Root.String()
	r.report.Signed = r.signed.Latest()
	r.tree = transparency.NewTree(ctx, tiles{r.Log}, r.signed.Size)
	return true
}

func (r *run) believed() *transparency.Policy { return r.Policy.Believe(r.keys...) }

// learn looks for announcements in the tree that msg claims. What it finds is believed
// only because a key that was believed before has signed it.
func (r *run) learn(ctx context.Context, msg []byte) bool {
	size, ok := claimedSize(msg)
	if !ok {
		return false
	}
	before := len(r.keys)
	err := transparency.NewTree(ctx, tiles{r.Log}, size).Walk(0, func(_ int64, text []byte) error {
		r.hear(text)
		return nil
	})
	return err == nil && len(r.keys) > before
}

// hear believes the key that a leaf announces.
func (r *run) hear(text []byte) {
	leaf, err := transparency.ParseLeaf(text)
	if err != nil || leaf.Kind != transparency.KeyLeaf {
		return
	}
	if next, err := leaf.Successor(r.believed().LogKeys()); err == nil {
		r.keys = append(r.keys, next)
	}
}

func (r *run) check(ctx context.Context, msg []byte, figures string) {
	r.checkLast()
	if r.Now.Sub(r.signed.Latest()) > staleAfter {
		r.add(Freshness, "transparency.stale", "minutes", int(r.Now.Sub(r.signed.Latest()).Minutes()))
	}
	leaves := newLeaves(r)
	leaves.figures = figures
	if err := r.tree.Walk(0, leaves.read); err != nil {
		r.find(Hashes, err)
	} else {
		leaves.finish()
	}
	if root, err := r.tree.Root(r.signed.Size); err != nil {
		r.find(Hashes, err)
	} else if root != r.signed.Root {
		r.add(Hashes, "transparency.root_differs", "size", r.signed.Size)
	}
	r.checkViews(ctx)
	r.checkKeys(ctx)
	if !r.broken() {
		r.remember(msg)
	}
}

// broken reports whether the tree itself is in doubt, so that its checkpoint must not
// become what the next run goes on from.
func (r *run) broken() bool {
	for _, f := range r.report.Findings {
		if f.Check == Signature || f.Check == Consistency || f.Check == Hashes || f.Key == "transparency.fork" {
			return true
		}
	}
	return false
}

func (r *run) remember(msg []byte) {
	r.report.State.Checkpoint, r.report.State.Keys = string(msg), nil
	for _, k := range r.keys {
		r.report.State.Keys = append(r.report.State.Keys, k.String())
	}
}

func (r *run) add(check int, key string, args ...any) {
	f := Finding{Check: check, Name: Names[check], Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i].(string)] = args[i+1]
	}
	r.report.Findings = append(r.report.Findings, f)
}

// find adds an error of transparency as a finding.
func (r *run) find(check int, err error) {
	if e, ok := errors.AsType[*errs.Error](err); ok {
		r.report.Findings = append(r.report.Findings, Finding{check, Names[check], e.Key, e.Args})
		return
	}
	if errors.Is(err, ErrMissing) {
		r.add(check, "transparency.tile_missing")
		return
	}
	r.add(check, "transparency.unreadable", "why", err.Error())
}

// tiles reads tiles through a Source.
type tiles struct{ log Source }

// Tile returns a tile, which may be served in full where a part of it is asked for.
func (t tiles) Tile(ctx context.Context, id transparency.TileID) ([]byte, error) {
	data, err := t.log.Get(ctx, id.Path())
	if errors.Is(err, ErrMissing) {
		return nil, errs.New(errs.NotFound, "transparency.tile_missing", "tile", id.Path())
	}
	return data, err
}

// claimedSize reads the size in a note that nobody has verified yet.
func claimedSize(msg []byte) (int64, bool) {
	lines := strings.SplitN(string(msg), "\n", 4)
	if len(lines) < 4 {
		return 0, false
	}
	return transparency.ParseSize(lines[1])
}
