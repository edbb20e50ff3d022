// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// buildPeer builds the peer of that name from bench/peers, which must be below
// the working directory or one above.
func buildPeer(ctx context.Context, name, into string) (string, error) {
	dir, err := peersDir()
	if err != nil {
		return "", err
	}
	exe := filepath.Join(into, name)
	cmd := exec.CommandContext(ctx, "go", "build", "-o", exe, "./"+name)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build the peer %s: %w\n%s", name, err, out)
	}
	return exe, nil
}

func peersDir() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "bench", "peers", "go.mod")); err == nil {
			return filepath.Join(dir, "bench", "peers"), nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("bench/peers is not here: run from the source tree, or with --no-peers")
		}
	}
}

// pocketbase starts PocketBase with the given SQLite synchronous setting.
func pocketbase(ctx context.Context, exe, dir, sync string) (*process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	return launch(ctx, addr, "/api/health", exe, "-dir", dir, "-addr", addr, "-sync", sync)
}
