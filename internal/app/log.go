// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"net"
	"net/url"
	"path/filepath"
	"strconv"

	"anlan/internal/platform/seal"
	"anlan/internal/transparency"
)

// openLog builds the transparency log. What it remembers outside the database lies beside
// the master key, which no backup of rows contains.
func (a *App) openLog(where Storage, base string, keys keyring) (*transparency.Service, error) {
	policy, err := where.readPolicy()
	if err != nil {
		return nil, err
	}
	return transparency.New(transparency.Config{DB: a.DB, Ledger: a.Ledger, Now: a.Now, IDs: a.IDs, Box: seal.New(keys.derive("transparency")),
		Seed:   func(generation int) []byte { return keys.derive("transparency/" + strconv.Itoa(generation)) },
		Origin: a.origin(base), URL: base, Memory: filepath.Join(where.Data, "log.newest"), Policy: policy})
}

// origin is the identity that a new log gets: where it is served, or a random name when
// that is an address that others have too; "" when nobody said where.
func (a *App) origin(base string) string {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" {
		return ""
	}
	ip := net.ParseIP(u.Hostname())
	if u.Hostname() == "localhost" || (ip != nil && (ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified())) {
		return "anlan-" + a.IDs.New() + "/log"
	}
	return u.Host + "/log"
}

// hostOf returns the name under which people reach the server, "localhost" when nobody
// said it.
func hostOf(base string) string {
	if u, err := url.Parse(base); err == nil && u.Host != "" {
		return u.Host
	}
	return "localhost"
}

// checkLog hashes the whole log and the whole ledger anew.
func (a *App) checkLog(ctx context.Context) (string, error) {
	if err := a.Log.Audit(ctx); err != nil {
		return "", err
	}
	return "every entry has its hash, and the ledger the one the log keeps of it", a.Log.CheckLedger(ctx)
}
