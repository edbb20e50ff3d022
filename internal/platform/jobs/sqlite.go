// SPDX-License-Identifier: Apache-2.0

package jobs

import (
	"context"
	"database/sql"
	"fmt"
	"sync"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// sqlite is River's driver without its way of announcing jobs, which writes a row for
// each and looks for rows twenty times a second through the one connection that
// writes. SQLite has one process, so a channel does.
type sqlite struct {
	*riversqlite.Driver
	wake *wakes
}

func newSQLite(pool *sql.DB) (riverdriver.Driver[*sql.Tx], *wakes) {
	wake := &wakes{waiting: map[Name]bool{}, ready: make(chan Name, 8)}
	return &sqlite{riversqlite.New(pool), wake}, wake
}

// SupportsListenNotify keeps River from writing announcements.
func (*sqlite) SupportsListenNotify() bool { return false }

// GetListener returns a listener that hears of commits in this process.
func (s *sqlite) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{wake: s.wake}
}

// wakes carries the news of committed jobs to the listener.
type wakes struct {
	mu      sync.Mutex
	waiting map[Name]bool // queues with jobs entered since the last commit
	ready   chan Name
}

// entered notes a job whose transaction has not committed yet.
func (w *wakes) entered(queue Name) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.waiting[queue] = true
}

// committed announces what was entered. It never waits: the listener may be away, and
// a lost word is made up for by polling.
func (w *wakes) committed() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for queue := range w.waiting {
		select {
		case w.ready <- queue:
		default:
		}
	}
	clear(w.waiting)
}

// listener is a riverdriver.Listener without a connection.
type listener struct{ wake *wakes }

func (*listener) Connect(context.Context) error          { return nil }
func (*listener) Close(context.Context) error            { return nil }
func (*listener) Ping(context.Context) error             { return nil }
func (*listener) Listen(context.Context, string) error   { return nil }
func (*listener) Unlisten(context.Context, string) error { return nil }
func (*listener) Schema() string                         { return "" }
func (*listener) SetAfterConnectExec(string)             {}

// WaitForNotification returns River's announcement of a queue with new jobs.
func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	select {
	case queue := <-l.wake.ready:
		return &riverdriver.Notification{Topic: "river_insert", Payload: fmt.Sprintf(`{"queue": %q}`, queue)}, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}
