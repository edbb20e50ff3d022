// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	crashConnections = 16
	crashReady       = 5.0 // s
	loopMegabytes    = 512
	umountTries      = 50
	// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: the file system stops as at
	// a power cut, without writing its journal (Linux, include/uapi/linux/ext4.h).
	ext4Shutdown   = 0x8004587d
	ext4NoLogFlush = 2
)

// Crash kills the server under load, and cuts the power under its file system,
// and counts the acknowledged reports that are gone afterwards.
func Crash(ctx context.Context, o Options) (*Result, error) {
	r := &Result{Conditions: conditions(o.Scratch)}
	r.Conditions["load"] = fmt.Sprintf("%d connections, killed after 0.3 to 1.3 s, %d rounds each", crashConnections, o.Rounds)
	killed, err := o.crashRounds(ctx, "kill -9 under load", func(dir string) (crashSite, error) { return plainSite{dir}, nil }, r)
	if err != nil {
		return nil, err
	}
	r.expect("acknowledged reports lost, kill -9", float64(killed), 0, true)
	cut, err := o.crashRounds(ctx, "power cut (ext4 shut down, journal not flushed)", newLoopSite, r)
	if err != nil {
		return nil, err
	}
	r.expect("acknowledged reports lost, power cut", float64(cut), 0, true)
	return r, nil
}

// crashSite is a disk that can fail.
type crashSite interface {
	data() string
	fail(p *process) error // ends p the hard way
	restore() error        // makes the disk usable again
	close()
}

// plainSite only kills the process.
type plainSite struct{ dir string }

func (s plainSite) data() string          { return s.dir }
func (s plainSite) fail(p *process) error { p.kill(); return nil }
func (s plainSite) restore() error        { return nil }
func (s plainSite) close()                {}

// loopSite is an ext4 file system in a file.
type loopSite struct{ image, mount string }

func newLoopSite(dir string) (crashSite, error) {
	s := &loopSite{image: dir + ".img", mount: dir + ".mnt"}
	if err := os.MkdirAll(s.mount, 0o755); err != nil {
		return nil, err
	}
	if err := os.WriteFile(s.image, nil, 0o600); err != nil {
		return nil, err
	}
	if err := os.Truncate(s.image, loopMegabytes<<20); err != nil {
		return nil, err
	}
	if err := command("/sbin/mkfs.ext4", "-q", "-F", s.image); err != nil {
		return nil, err
	}
	return s, s.mountNow()
}

func (s *loopSite) mountNow() error { return command("mount", "-o", "loop", s.image, s.mount) }
func (s *loopSite) data() string    { return filepath.Join(s.mount, "data") }

func (s *loopSite) fail(p *process) error {
	f, err := os.Open(s.mount)
	if err != nil {
		return err
	}
	err = unix.IoctlSetPointerInt(int(f.Fd()), ext4Shutdown, ext4NoLogFlush)
	p.kill()
	return errors.Join(err, f.Close())
}

// restore waits for the kernel, which may hold the files of a killed process a little longer.
func (s *loopSite) restore() error {
	err := command("umount", s.mount)
	for try := 0; err != nil && try < umountTries; try++ {
		time.Sleep(100 * time.Millisecond)
		err = command("umount", s.mount)
	}
	if err != nil {
		return err
	}
	return s.mountNow()
}

func (s *loopSite) close() { command("umount", s.mount) }

func command(name string, args ...string) error {
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", name, err, out)
	}
	return nil
}

// crashRounds runs the rounds on one site and returns how many reports were lost.
func (o Options) crashRounds(ctx context.Context, name string, open func(dir string) (crashSite, error), r *Result) (lost int, err error) {
	site, err := open(filepath.Join(o.Scratch, fmt.Sprintf("crash-%d", len(r.Rows))))
	if err != nil {
		return 0, err
	}
	defer site.close()
	if err := os.MkdirAll(site.data(), 0o755); err != nil {
		return 0, err
	}
	town, err := o.Seed.County(ctx, site.data(), "")
	if err != nil {
		return 0, err
	}
	run := &crashRun{town: town}
	var slowest time.Duration
	for round := range o.Rounds {
		fmt.Fprintf(o.Progress, "%s, round %d of %d\n", name, round+1, o.Rounds)
		ready, err := run.round(ctx, o, site, round)
		if err != nil {
			return 0, err
		}
		slowest = max(slowest, ready)
	}
	p, err := o.anlan(ctx, site.data(), "")
	if err != nil {
		return 0, err
	}
	defer p.kill()
	lost = run.missing(p.addr)
	r.Rows = append(r.Rows, Row{Name: name, Figures: map[string]float64{"rounds": float64(o.Rounds),
		"acknowledged": float64(len(run.acknowledged)), "lost": float64(lost), "ready_s_slowest": slowest.Seconds()}})
	r.expect("seconds until ready again, "+name, slowest.Seconds(), crashReady, true)
	return lost, nil
}

// crashRun remembers the query codes of all reports that were acknowledged.
type crashRun struct {
	town         string
	mu           sync.Mutex
	acknowledged []string
}

func (c *crashRun) round(ctx context.Context, o Options, site crashSite, round int) (time.Duration, error) {
	p, err := o.anlan(ctx, site.data(), "")
	if err != nil {
		return 0, err
	}
	body := report(c.town, "")
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := load{addr: p.addr, connections: crashConnections, duration: time.Minute, timeout: o.Timeout,
		request: func(conn, n int) []byte {
			return post(p.addr, "/api/v1/public/hazards", body, "Content-Type: application/json",
				fmt.Sprintf("Idempotency-Key: crash-%04d-%04d-%08d", round, conn, n))
		},
		acked:   func(_, _ int, answer []byte) { c.note(answer) },
		onError: func(error) { cancel() },
	}
	done := make(chan error, 1)
	go func() { _, err := l.run(ctx); done <- err }()
	time.Sleep(300*time.Millisecond + time.Duration(rand.Int64N(int64(time.Second))))
	if err := site.fail(p); err != nil {
		return 0, err
	}
	if err := <-done; err != nil {
		return 0, err
	}
	return p.ready, site.restore()
}

func (c *crashRun) note(answer []byte) {
	var a struct {
		Code string `json:"query_code"`
	}
	if json.Unmarshal(answer, &a) == nil && a.Code != "" {
		c.mu.Lock()
		c.acknowledged = append(c.acknowledged, a.Code)
		c.mu.Unlock()
	}
}

// missing asks for every acknowledged report and counts those that are not there.
func (c *crashRun) missing(addr string) int {
	lost := 0
	for _, code := range c.acknowledged {
		res, err := http.Get("http://" + addr + "/api/v1/public/hazards/" + code)
		if err != nil || res.StatusCode != http.StatusOK {
			lost++
		}
		if err == nil {
			res.Body.Close()
		}
	}
	return lost
}
