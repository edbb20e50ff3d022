// SPDX-License-Identifier: Apache-2.0

package db

import (
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"time"
)

// checkpointEvery is how often the write-ahead log is carried into the database file
// while there are commits. Seldom means that a page written often is carried once; at
// ten thousand reports a second the log has by then about 100 MB.
const checkpointEvery = 2 * time.Second

// checkpointer carries SQLite's write-ahead log into the database file. Left to SQLite
// that happens within every so many-th commit, and everybody waits for it. Here a
// connection of its own does most of it while the writer goes on, and the writer
// itself only the little that was added meanwhile: then the log begins anew and never
// grows beyond what a few seconds write.
type checkpointer struct {
	db    *sql.DB
	group *group
	stop  context.CancelFunc
	done  sync.WaitGroup
}

func newCheckpointer(db *sql.DB, g *group) *checkpointer {
	ctx, stop := context.WithCancel(context.Background())
	c := &checkpointer{db: db, group: g, stop: stop}
	c.done.Go(func() { c.loop(ctx) })
	return c
}

func (c *checkpointer) close() error {
	c.stop()
	c.done.Wait()
	return c.db.Close()
}

func (c *checkpointer) loop(ctx context.Context) {
	tick := time.NewTicker(checkpointEvery)
	defer tick.Stop()
	for seen := int64(0); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if now := c.group.commits.Load(); now != seen {
				seen = now
				c.carry()
			}
		}
	}
}

func (c *checkpointer) carry() {
	checkpoint(c.db)
	checkpoint(c.db) // what was added during the first, which took long
	finished := make(chan struct{})
	c.group.between <- func() { checkpoint(c.group.db.DB); close(finished) }
	<-finished
}

func checkpoint(db *sql.DB) {
	if _, err := db.ExecContext(context.Background(), "PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		slog.Warn("checkpoint failed; it will be tried again", "err", err)
	}
}
