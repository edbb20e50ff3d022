// SPDX-License-Identifier: Apache-2.0

package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"anlan/internal/kernel/clock"
	"anlan/internal/transparency"
	"anlan/internal/transparency/monitor"
)

type logCmd struct {
	Audit  logAuditCmd  `cmd:"" help:"Hash every entry of the log and of the ledger anew."`
	Rotate logRotateCmd `cmd:"" help:"Hand the log over to a new key, announced by the old one."`
}

type logAuditCmd struct{ Storage }

// Run names the first thing that is wrong.
func (c *logAuditCmd) Run(ctx context.Context, to streams) error {
	return c.operate(ctx, func(ctx context.Context, a *App) error {
		finding, err := a.checkLog(ctx)
		if err == nil {
			fmt.Fprintln(to.out, finding)
		}
		return err
	})
}

type logRotateCmd struct{ Storage }

// Run makes the key; a server that runs takes it up within seconds.
func (c *logRotateCmd) Run(ctx context.Context, to streams) error {
	return c.operate(ctx, func(ctx context.Context, a *App) error {
		if err := a.Log.Rotate(ctx); err != nil {
			return err
		}
		_, err := to.out.Write(a.Log.Policy().Text())
		return err
	})
}

type verifyCmd struct {
	Receipt string `arg:"" type:"existingfile" help:"Receipt with the proof (.tlog-proof)."`
	Policy  string `required:"" type:"existingfile" help:"tlog-policy: the keys to believe. Get it from somebody you trust, not with the receipt."`
	Promise string `type:"existingfile" help:"The promise that was given at once."`
	Opening string `type:"existingfile" help:"JSON with salt, content and evidence in base64: checks that the receipt is of that content."`
}

// Run prints what the receipt proves, or fails with the name of what is wrong.
func (c *verifyCmd) Run(to streams) error {
	policy, err := readPolicyFile(c.Policy)
	if err != nil {
		return err
	}
	var r transparency.Receipt
	if r.Proof, err = os.ReadFile(c.Receipt); err != nil {
		return err
	}
	if c.Promise != "" {
		if r.Promise, err = os.ReadFile(c.Promise); err != nil {
			return err
		}
	}
	if r.Opening, err = readOpening(c.Opening); err != nil {
		return err
	}
	v, err := transparency.Verify(policy, r, clock.System())
	if err != nil {
		return err
	}
	return printVerdict(to.out, policy, v)
}

func printVerdict(out io.Writer, p *transparency.Policy, v transparency.Verdict) error {
	fmt.Fprintf(out, "收据有效 The receipt is valid.\n公示簿 log: %s\n第 %d 条，共 %d 条 entry %d of %d\n收到 received: %s (UTC)\n签名 signed: %s\n",
		v.Signed.Origin, v.Index, v.Signed.Size, v.Index, v.Signed.Size, v.Leaf.Hour.Format("2006-01-02 15:00"), v.Signed.Latest().Format(time.RFC3339))
	if v.Matches {
		fmt.Fprintln(out, "内容与收据相符 It is of the content that was given.")
	}
	if p.Alone() {
		fmt.Fprintln(out, "没有见证人 No witness has signed: the log could show others something else.")
	}
	_, err := fmt.Fprintf(out, "信任名单 policy: %s\n", p.Digest())
	return err
}

func readPolicyFile(name string) (*transparency.Policy, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return transparency.ParsePolicy(text)
}

// readOpening reads what a commitment is opened with; nil without a file.
func readOpening(name string) (*transparency.Opening, error) {
	if name == "" {
		return nil, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var in struct {
		Salt, Content, Evidence transparency.Hash
	}
	if err := json.Unmarshal(text, &in); err != nil {
		return nil, err
	}
	return &transparency.Opening{Salt: in.Salt, Content: in.Content, Evidence: in.Evidence}, nil
}

type monitorCmd struct {
	URL     string   `arg:"" help:"Address of the server, or of its log."`
	Policy  string   `type:"existingfile" help:"tlog-policy: the keys to believe. Without it those of the first run are, which the server itself shows."`
	State   string   `type:"path" default:"monitor.json" help:"File that remembers the last run."`
	Promise []string `type:"existingfile" help:"Promises that people hold."`
	Seen    []string `type:"existingfile" help:"Checkpoints that others saw: in print, from another place."`
	JSON    bool     `help:"Print the report as JSON."`
}

// remembered is the monitor's state file.
type remembered struct {
	Policy string        `json:"policy"`
	State  monitor.State `json:"state"`
}

// Run does all ten checks and fails when one finds something.
func (c *monitorCmd) Run(ctx context.Context, to streams) error {
	web := monitor.NewWeb(c.URL)
	kept, err := c.recall(ctx, web, to.err)
	if err != nil {
		return err
	}
	cfg := monitor.Config{Log: web, Witness: web.Witness, Last: kept.State, Now: clock.System()}
	if cfg.Policy, err = transparency.ParsePolicy([]byte(kept.Policy)); err != nil {
		return err
	}
	if cfg.Promises, err = readAll(c.Promise); err != nil {
		return err
	}
	if cfg.Seen, err = readAll(c.Seen); err != nil {
		return err
	}
	report, err := monitor.Run(ctx, cfg)
	if err != nil {
		return err
	}
	kept.State = report.State
	if err := c.print(to.out, report); err != nil {
		return err
	}
	if err := writeJSON(c.State, kept); err != nil {
		return err
	}
	if n := len(report.Findings); n > 0 {
		return fmt.Errorf("发现%d个问题 %d findings", n, n)
	}
	return nil
}

// recall returns what is known from before: the policy of the file given, or of the last
// run, or at last of the server itself.
func (c *monitorCmd) recall(ctx context.Context, web monitor.Web, warn io.Writer) (remembered, error) {
	var kept remembered
	text, err := os.ReadFile(c.State)
	if err == nil {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return kept, err
	}
	if c.Policy != "" {
		policy, err := os.ReadFile(c.Policy)
		kept.Policy = string(policy)
		return kept, err
	}
	if kept.Policy != "" {
		return kept, nil
	}
	fmt.Fprintln(warn, "第一次运行：信任名单取自服务器本身，请与公布的指纹核对。\nFirst run: the keys come from the server itself; compare them with those in print.")
	policy, err := web.Get(ctx, "policy")
	kept.Policy = string(policy)
	return kept, err
}

func (c *monitorCmd) print(out io.Writer, r monitor.Report) error {
	if c.JSON {
		enc := json.NewEncoder(out)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	fmt.Fprintf(out, "%s\n%d 条 entries, 根 root %s\n签名 signed %s\n待办 open %d\n", r.Origin, r.Size, r.Root, r.Signed.Format(time.RFC3339), r.Open)
	for check := monitor.Signature; check <= monitor.Keys; check++ {
		n := 0
		for _, f := range r.Findings {
			if f.Check == check {
				n++
				fmt.Fprintf(out, "%2d %-12s %s %v\n", check, f.Name, f.Key, f.Args)
			}
		}
		if n == 0 {
			fmt.Fprintf(out, "%2d %-12s ok\n", check, monitor.Names[check])
		}
	}
	return nil
}

func readAll(names []string) ([][]byte, error) {
	out := make([][]byte, len(names))
	for i, name := range names {
		var err error
		if out[i], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// writeJSON replaces a file whole.
func writeJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	temporary := filepath.Join(filepath.Dir(name), "."+filepath.Base(name)+".new")
	if err := os.WriteFile(temporary, text, 0o600); err != nil {
		return err
	}
	return os.Rename(temporary, name)
}

// readPolicy reads the witnesses and the quorum of this server's log; "" for none.
func (s Storage) readPolicy() (string, error) {
	text, err := os.ReadFile(filepath.Join(s.Data, "log.policy"))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return string(text), err
}
