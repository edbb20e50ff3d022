// SPDX-License-Identifier: Apache-2.0

package bench

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const readyWithin = 60 * time.Second

// process is a server that was started to be measured.
type process struct {
	cmd   *exec.Cmd
	addr  string
	ready time.Duration // from the start until it answered
	log   *bytes.Buffer
}

// freeAddr returns a loopback address that nobody listens on now.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// launch starts exe and waits until url answers 200.
func launch(ctx context.Context, addr, path, exe string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(exe, args...), addr: addr, log: &bytes.Buffer{}}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	begin := now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	for now().Sub(begin) < readyWithin && ctx.Err() == nil {
		res, err := http.Get("http://" + addr + path)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				p.ready = now().Sub(begin)
				return p, nil
			}
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.kill()
	return nil, fmt.Errorf("%s did not become ready: %.2000s", exe, p.log)
}

// anlan starts the product on dir; dsn is "" for SQLite.
func (o Options) anlan(ctx context.Context, dir, dsn string, more ...string) (*process, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	args := []string{"serve", "--addr", addr, "--metrics", "", "--data", dir, "--rate", "0", "--log-level", "warn"}
	if dsn != "" {
		args = append(args, "--db", dsn)
	}
	return launch(ctx, addr, "/readyz", o.Exe, append(args, more...)...)
}

func (p *process) kill() {
	p.cmd.Process.Kill()
	p.cmd.Wait()
}

// stop ends p as an operator would.
func (p *process) stop() error {
	p.cmd.Process.Signal(os.Interrupt)
	return p.cmd.Wait()
}

// cpu returns the processor seconds that p has used.
func (p *process) cpu() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	f := strings.Fields(rest)
	user, _ := strconv.ParseFloat(f[11], 64)
	system, _ := strconv.ParseFloat(f[12], 64)
	return (user + system) / 100
}

// resident returns the resident memory of p in MB.
func (p *process) resident() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.ParseFloat(strings.Fields(kb)[0], 64)
			return round(n / 1024)
		}
	}
	return 0
}
