// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"errors"
	"time"
)

// benchSeeder fills databases for the benchmarks.
type benchSeeder struct{}

func (benchSeeder) County(ctx context.Context, data, dsn string) (string, error) {
	return "", errors.New("later")
}
func (benchSeeder) Hazards(ctx context.Context, data, dsn string, n int) (string, error) {
	return "", errors.New("later")
}
func (benchSeeder) Rollup(ctx context.Context, data, dsn string, n int) (time.Duration, error) {
	return 0, errors.New("later")
}
