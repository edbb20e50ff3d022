// SPDX-License-Identifier: Apache-2.0

// Package db opens the database, SQLite or PostgreSQL, and hides the few places
// where they differ.
//
// db.go opens and reads, group.go is SQLite's group commit, checkpoint.go keeps its log
// short, statement.go its statements ready, batch.go joins writes that arrive together,
// migrate.go applies schemas, dialect.go and failure.go hold the differences.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite" // also registers the driver "sqlite"
)

// Tx is a transaction; Q is a Tx or a pool. With these two names, only store
// files need to import bun.
type (
	Tx = bun.Tx
	Q  = bun.IDB
)

const (
	sqliteReaders = 8 // connections that only read the SQLite file
	// Connections to PostgreSQL. Few readers at once are each served soon; with many, some
	// wait long for their share of the processor. A transaction that reads outside itself
	// takes from the other pool, so that transactions never wait for one another's.
	postgresReaders = 8
	postgresWriters = 16
)

// DB is a database with a pool to read from and a pool to write through. On SQLite
// the second has a single connection, whose commits are shared by everybody who
// waits (group.go).
type DB struct {
	read, write *bun.DB
	group       *group        // SQLite only
	checkpoints *checkpointer // SQLite only
	pool        *pgxpool.Pool // PostgreSQL only: writes
	readers     *pgxpool.Pool // PostgreSQL only: reads

	mu       sync.Mutex
	onCommit []func()
}

// Open connects to a "postgres://" URL, or else to the SQLite file at dsn, which
// is made when it is not there.
func Open(ctx context.Context, dsn string) (*DB, error) {
	if IsPostgresURL(dsn) {
		return openPostgres(ctx, dsn)
	}
	return openSQLite(ctx, dsn)
}

// IsPostgresURL reports whether dsn names a PostgreSQL database rather than a file.
func IsPostgresURL(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

func openPostgres(ctx context.Context, dsn string) (*DB, error) {
	write, err := openPool(ctx, dsn, postgresWriters)
	if err != nil {
		return nil, err
	}
	read, err := openPool(ctx, dsn, postgresReaders)
	if err != nil {
		write.Close()
		return nil, err
	}
	over := func(pool *pgxpool.Pool) *bun.DB { return bun.NewDB(stdlib.OpenDBFromPool(pool), pgdialect.New()) }
	return &DB{read: over(read), write: over(write), pool: write, readers: read}, nil
}

// openPool opens a pool of at most most connections, unless dsn says how many.
func openPool(ctx context.Context, dsn string, most int32) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	// bun writes values into the SQL text; preparing each text would only cost.
	cfg.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
	if !strings.Contains(dsn, "pool_max_conns") {
		cfg.MaxConns = most
	}
	return pgxpool.NewWithConfig(ctx, cfg)
}

func openSQLite(ctx context.Context, path string) (*DB, error) {
	// busy_timeout comes first: switching to WAL may itself have to wait.
	const pragmas = "?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=trusted_schema(0)&_pragma=cell_size_check(1)" +
		"&_pragma=temp_store(MEMORY)&_time_format=sqlite"
	file := "file:" + (&url.URL{Path: path}).EscapedPath() + pragmas
	// As every distribution builds SQLite: a commit waits for its data, not for the file's
	// timestamps. Where the system has no such call, fsync does the same more slowly.
	sqlite.Fdatasync(true)
	w, err := sql.Open("sqlite", file+"&_pragma=cache_size(-16000)&_pragma=wal_autocheckpoint(0)&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil { // makes the file before a reader looks for it
		return nil, errors.Join(fmt.Errorf("open %s: %w", path, err), w.Close())
	}
	r, err := sql.Open("sqlite", file+"&_pragma=cache_size(-4000)&_pragma=mmap_size(268435456)&_pragma=query_only(1)")
	if err != nil {
		return nil, errors.Join(err, w.Close())
	}
	r.SetMaxOpenConns(sqliteReaders)
	r.SetMaxIdleConns(sqliteReaders)
	d := &DB{read: bun.NewDB(r, sqlitedialect.New()), write: bun.NewDB(w, sqlitedialect.New())}
	d.group = newGroup(d.write, d.committed)
	c, err := sql.Open("sqlite", file)
	if err != nil {
		d.group.close()
		return nil, errors.Join(err, r.Close(), w.Close())
	}
	c.SetMaxOpenConns(1)
	d.checkpoints = newCheckpointer(c, d.group)
	return d, nil
}

// Close waits for the writes under way and closes the pools.
func (d *DB) Close() error {
	if d.pool != nil {
		err := errors.Join(d.read.Close(), d.write.Close())
		d.readers.Close()
		d.pool.Close()
		return err
	}
	err := d.checkpoints.close()
	d.group.close()
	return errors.Join(err, d.read.Close(), d.write.Close())
}

// Read returns a handle for queries outside a transaction.
func (d *DB) Read() Q { return d.read }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return Meaning(d.read.PingContext(ctx))
}

// SQL returns the pool that writes, for libraries that bring their own SQL.
func (d *DB) SQL() *sql.DB { return d.write.DB }

// Pool returns the PostgreSQL pool that writes, or nil on SQLite.
func (d *DB) Pool() *pgxpool.Pool { return d.pool }

// OnCommit calls fn after each commit, from the goroutine that committed. fn must
// not block: it is a wake-up, not a message.
func (d *DB) OnCommit(fn func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onCommit = append(d.onCommit, fn)
}

func (d *DB) committed() {
	d.mu.Lock()
	fns := d.onCommit
	d.mu.Unlock()
	for _, fn := range fns {
		fn()
	}
}

// inTx is the key of the *statements of the transaction that ctx belongs to; nil on
// PostgreSQL.
type inTx struct{}

// InTx runs fn in a transaction and commits if it returns nil. Only services
// call it. A nested call would wait forever for SQLite's one writer, so it is
// refused on both databases. fn may run more than once (PostgreSQL, after a
// serialization failure), so it must touch nothing but tx; it must not wait for a
// network, a file store or a person. A panic in fn is an error, after a rollback. A
// context that ends stops a transaction that has not begun; on SQLite never one that
// has, because it shares its commit with others.
func (d *DB) InTx(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	if ctx.Value(inTx{}) != nil {
		return errors.New("db: InTx inside InTx; pass tx down instead")
	}
	if d.group != nil {
		return Meaning(d.group.run(context.WithValue(ctx, inTx{}, d.group.statements), fn))
	}
	ctx = context.WithValue(ctx, inTx{}, (*statements)(nil))
	err := d.retry(ctx, fn)
	if err == nil {
		d.committed()
	}
	return Meaning(err)
}

const serializationTries = 5

func (d *DB) retry(ctx context.Context, fn func(ctx context.Context, tx Tx) error) error {
	for try := 1; ; try++ {
		err := d.write.RunInTx(ctx, nil, func(ctx context.Context, tx Tx) error { return guarded(ctx, tx, fn) })
		if err == nil || try == serializationTries || !isSerialization(err) {
			return err
		}
	}
}

// InTxV is InTx for a function with a result.
func InTxV[T any](ctx context.Context, d *DB, fn func(ctx context.Context, tx Tx) (T, error)) (T, error) {
	var v, zero T
	err := d.InTx(ctx, func(ctx context.Context, tx Tx) (err error) {
		v, err = fn(ctx, tx)
		return err
	})
	if err != nil { // of fn or of the commit
		return zero, err
	}
	return v, nil
}
