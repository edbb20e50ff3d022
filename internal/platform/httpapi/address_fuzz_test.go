// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"net/http/httptest"
	"net/netip"
	"testing"
)

// FuzzAddr holds that a client behind a proxy that is not trusted cannot choose its
// address, and that one behind a trusted proxy gets an address or that of the proxy.
func FuzzAddr(f *testing.F) {
	f.Add("203.0.113.7", "192.0.2.1")
	f.Add("::ffff:10.0.0.1, 203.0.113.7%eth0", "10.0.0.1")
	f.Add("\x00,,, ;", "fe80::1%1")
	f.Fuzz(func(t *testing.T, forwarded, conn string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("X-Forwarded-For", forwarded)
		a, err := netip.ParseAddr(conn)
		if err != nil {
			return
		}
		r.RemoteAddr = netip.AddrPortFrom(a, 80).String()
		want := a.Unmap().WithZone("")
		if got := (Proxies)(nil).Addr(r); got != want {
			t.Errorf("nobody is trusted, and %s is taken for %s", want, got)
		}
		all := Proxies{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}
		if got := all.Addr(r); !got.IsValid() || got.Zone() != "" || all.Key(r) == "" {
			t.Errorf("%q from %s is %s", forwarded, conn, got)
		}
	})
}
