// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
)

const maxAnswer = 1 << 16 // bytes of a witness's answer

// asker asks witnesses over HTTP. It follows no redirect: only the configured address is
// asked.
type asker struct{ client *http.Client }

func httpAsker() Asker {
	return asker{&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// AddCheckpoint posts body to url.
func (a asker) AddCheckpoint(ctx context.Context, url string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	res, err := a.client.Do(req)
	if err != nil {
		return 0, nil, err
	}
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer))
	return res.StatusCode, answer, errors.Join(err, res.Body.Close())
}
