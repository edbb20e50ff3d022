// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"cmp"
	"context"
	"crypto/rand"
	"embed"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
	"anlan/internal/platform/seal"
)

//go:embed migrations
var migrations embed.FS

// Migrations returns the package's schema.
func Migrations() fs.FS { return migrations }

// Config is what the log is made of. Times of zero take their defaults.
type Config struct {
	DB     *db.DB
	Ledger *ledger.Ledger
	Now    clock.Clock
	IDs    *id.Source
	Box    *seal.Box                   // seals salts
	Seed   func(generation int) []byte // 32 secret bytes for each generation of keys
	Origin string                      // identity of a log that begins, like "anlan.example/log"; never changes after that
	URL    string                      // where people reach the server, without /log; "" for unknown
	Memory string                      // file outside the database that knows the newest checkpoint signed; "" for none
	Policy string                      // lines of a tlog-policy: witnesses, groups and the quorum; "": nobody watches
	Ask    Asker                       // asks witnesses; nil: HTTP

	MMD   time.Duration // how soon a promised leaf is in the log; 0: a minute
	Hold  time.Duration // how long a leaf waits for company, so that its time says little; 0: 45 s, less than 0: not at all
	Crowd int           // how many leaves are company enough; 0: 16
}

const (
	defaultMMD   = time.Minute
	defaultHold  = 45 * time.Second
	defaultCrowd = 16
	maxPending   = 200_000 // leaves that may wait; more are refused
)

// Service is the log.
type Service struct {
	cfg    Config
	holder string

	epoch   atomic.Int64 // of this process, 0 when it may not write
	guarded atomic.Bool  // the log has been compared with what others saw of it
	crowded atomic.Bool  // too many leaves wait
	trouble atomic.Pointer[errs.Error]
	keys    atomic.Pointer[keyring]

	seen    glance
	publish sync.Mutex
}

// New returns the log; Seed must follow before it is used. It fails when the policy of
// the configuration cannot be read.
func New(cfg Config) (*Service, error) {
	cfg.MMD, cfg.Crowd = cmp.Or(cfg.MMD, defaultMMD), cmp.Or(cfg.Crowd, defaultCrowd)
	cfg.Hold, cfg.Policy = cmp.Or(cfg.Hold, defaultHold), cmp.Or(cfg.Policy, "quorum none\n")
	if _, err := ParsePolicy([]byte(cfg.Policy)); err != nil {
		return nil, err
	}
	s := &Service{cfg: cfg, holder: cfg.IDs.New()}
	if s.cfg.Ask == nil {
		s.cfg.Ask = httpAsker()
	}
	return s, nil
}

// Seed begins the log in a database that has none, and makes its first keys; without an
// origin, which commands do not know, it leaves that to the server.
func (s *Service) Seed(ctx context.Context) error {
	_, err := getLog(ctx, s.cfg.DB.Read())
	switch {
	case err == nil:
		return s.begin(ctx)
	case !db.IsNoRows(err):
		return err
	case s.cfg.Origin == "":
		return nil
	}
	now := s.cfg.Now()
	err = s.cfg.DB.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		first := &logRow{ID: 1, Origin: s.cfg.Origin, Lease: now, SignedRoot: EmptyRoot[:], SignedAt: now, ServedAt: now}
		if err := ensureLog(ctx, tx, first); err != nil {
			return err
		}
		l, err := getLog(ctx, tx)
		if err != nil {
			return err
		}
		return addKey(ctx, tx, s.keyRow(l.Origin, 0))
	})
	if err != nil {
		return err
	}
	return s.begin(ctx)
}

// Submission is something that was handed in.
type Submission struct {
	Class    string // a word, like "tip" or "quarantined"
	Due      string // what is awaited, like "acceptance", or NotDue
	Content  Hash   // SHA-256 of what was handed in, written canonically
	Evidence Hash   // root over the hashes of its files, zero for none
}

// Taken is what the one who handed it in gets at once, after the commit of ReceivedTx and
// never before.
type Taken struct {
	Hash    Hash   // names the leaf from now on
	Leaf    []byte // what will stand in the log
	Opening Opening
	Promise []byte // signed note
	salt    saltRow
	at      time.Time
}

// Take makes the leaf of something handed in and promises it a place. It touches no
// database, because signing is no work for SQLite's one writer. Unavailable when the log
// cannot keep a promise.
func (s *Service) Take(in Submission) (Taken, error) {
	if err := s.mayPromise(); err != nil {
		return Taken{}, err
	}
	t := Taken{Opening: Opening{Content: in.Content, Evidence: in.Evidence}, at: s.cfg.Now()}
	rand.Read(t.Opening.Salt[:])
	l := Leaf{Kind: Received, Commit: Commit(t.Opening.Salt, in.Content, in.Evidence), Hour: t.at.Truncate(cutTo), Class: in.Class, Due: in.Due}
	if !l.valid() {
		return Taken{}, errBadLeaf()
	}
	t.Leaf = l.Encode()
	t.Hash = LeafHash(t.Leaf)
	t.salt = s.sealed(l.Commit, t.Hash, t.Opening.Salt)
	var err error
	t.Promise, err = s.promise(t.Hash, t.at)
	return t, err
}

// ReceivedTx queues what Take has made, in the transaction that stores what was handed in.
// However many they are it costs two statements; the log itself grows later.
func (s *Service) ReceivedTx(ctx context.Context, tx db.Tx, taken ...Taken) error {
	salts, rows := make([]saltRow, len(taken)), make([]pendingRow, len(taken))
	for i, t := range taken {
		salts[i] = t.salt
		rows[i] = pendingRow{Kind: Received, Leaf: t.Leaf, About: t.Hash.String(), Queued: t.at}
	}
	if err := addSalts(ctx, tx, salts); err != nil {
		return err
	}
	return addPending(ctx, tx, rows)
}

// mayPromise says why the log may not take more, or nil.
func (s *Service) mayPromise() error {
	if s.keys.Load() == nil {
		return errs.New(errs.Unavailable, "transparency.halted")
	}
	if trouble := s.trouble.Load(); trouble != nil {
		return errs.Wrap(trouble, errs.Unavailable, "transparency.halted")
	}
	if s.crowded.Load() {
		return errs.New(errs.Unavailable, "transparency.crowded")
	}
	return nil
}

func (s *Service) promise(leaf Hash, now time.Time) ([]byte, error) {
	accepted := now.Truncate(time.Second)
	p := Promise{Origin: s.keys.Load().origin, Leaf: leaf, Accepted: accepted, Due: accepted.Add(s.cfg.MMD + time.Second).Truncate(time.Second)}
	return p.sign(s.keys.Load().newest().note)
}

func (s *Service) sealed(commit, received Hash, salt [SaltSize]byte) saltRow {
	name := commit.String()
	return saltRow{Commitment: name, Received: received.String(), Sealed: s.cfg.Box.Seal(salt[:], "transparency/"+name)}
}

// Happening is what became of something received.
type Happening struct {
	Received Hash // its leaf
	Step     Step
	Reason   string // class of a refusal
	Due      string // what is awaited next, or NotDue
	Document Hash   // SHA-256 of the paper that says so, zero for none
}

// EventTx queues the leaf of an event and returns how its commitment is opened. NotFound
// when nothing was received under that hash.
func (s *Service) EventTx(ctx context.Context, tx db.Tx, h Happening) (Opening, error) {
	if err := s.known(ctx, tx, h.Received); err != nil {
		return Opening{}, err
	}
	now := s.cfg.Now()
	o := Opening{Content: h.Document}
	rand.Read(o.Salt[:])
	l := Leaf{Kind: Event, Step: h.Step, Commit: Commit(o.Salt, o.Content, o.Evidence), Hour: now.Truncate(cutTo), Reason: h.Reason, Due: h.Due}
	if !l.valid() {
		return Opening{}, errBadLeaf()
	}
	if h.Step != Erased { // that of an erasure is forgotten at once
		if err := addSalts(ctx, tx, []saltRow{s.sealed(l.Commit, h.Received, o.Salt)}); err != nil {
			return Opening{}, err
		}
	}
	return o, addPending(ctx, tx, []pendingRow{{Kind: Event, Leaf: l.Encode(), About: h.Received.String(), Queued: now}})
}

func (s *Service) known(ctx context.Context, tx db.Tx, received Hash) error {
	e, err := entryOf(ctx, tx, received.String())
	if err == nil && e.Kind == Received {
		return nil
	}
	if err != nil && !db.IsNoRows(err) {
		return err
	}
	waits, err := isPromised(ctx, tx, received.String())
	if err == nil && !waits {
		err = errs.New(errs.NotFound, "transparency.no_leaf")
	}
	return err
}

// EraseTx forgets the salts of a received leaf and of its events, so that their
// commitments say nothing any more, and queues the event that says so. The tree stays as
// it was.
func (s *Service) EraseTx(ctx context.Context, tx db.Tx, received Hash) error {
	if _, err := s.EventTx(ctx, tx, Happening{Received: received, Step: Erased, Due: NotDue}); err != nil {
		return err
	}
	_, err := eraseSalts(ctx, tx, received.String())
	return err
}

// Salt returns the salt of a commitment in a received leaf or in one of its events; NotFound
// once it was erased.
func (s *Service) Salt(ctx context.Context, received, commit Hash) ([SaltSize]byte, error) {
	row, err := getSalt(ctx, s.cfg.DB.Read(), received.String(), commit.String())
	if db.IsNoRows(err) {
		return [SaltSize]byte{}, errs.New(errs.NotFound, "transparency.no_leaf")
	}
	if err != nil {
		return [SaltSize]byte{}, err
	}
	salt, err := s.cfg.Box.Open(row.Sealed, "transparency/"+row.Commitment)
	if err != nil {
		return [SaltSize]byte{}, err
	}
	return [SaltSize]byte(salt), nil
}
