// SPDX-License-Identifier: Apache-2.0

package db

import (
	"context"
	"fmt"
)

// Check looks for damage: on SQLite it reads every page (quick_check), on PostgreSQL,
// which checks its own pages, it tells the version.
func Check(ctx context.Context, d *DB) (string, error) {
	query := "PRAGMA quick_check(1)"
	if IsPG(d.read) {
		query = "SELECT split_part(version(), ' on ', 1)"
	}
	var finding string
	if err := d.read.NewRaw(query).Scan(ctx, &finding); err != nil {
		return "", err
	}
	if !IsPG(d.read) && finding != "ok" {
		return "", fmt.Errorf("the database is damaged: %s", finding)
	}
	return finding, nil
}
