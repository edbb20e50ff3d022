// SPDX-License-Identifier: Apache-2.0

package monitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	maxBody = 16 << 20 // bytes
	within  = 30 * time.Second
)

// Web is a log at an address.
type Web struct {
	address string
	client  *http.Client
}

// NewWeb returns the log served at address, which is that of the server or ends in /log.
func NewWeb(address string) Web {
	address = strings.TrimSuffix(address, "/")
	if !strings.HasSuffix(address, "/log") {
		address += "/log"
	}
	return Web{address, &http.Client{Timeout: within}}
}

// Get fetches what lies at path below the log's address.
func (w Web) Get(ctx context.Context, path string) ([]byte, error) {
	return w.get(ctx, w.address+"/"+path)
}

// Witness fetches the newest checkpoint that the witness at an address has of a log.
func (w Web) Witness(ctx context.Context, address, origin string) ([]byte, error) {
	return w.get(ctx, strings.TrimSuffix(address, "/")+"/checkpoint?origin="+url.QueryEscape(origin))
}

func (w Web) get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	res, err := w.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return nil, err
	}
	switch res.StatusCode {
	case http.StatusOK:
		return body, nil
	case http.StatusNotFound:
		return nil, fmt.Errorf("%s: %w", address, ErrMissing)
	}
	return nil, fmt.Errorf("%s answers %d", address, res.StatusCode)
}
