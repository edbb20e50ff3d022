// SPDX-License-Identifier: Apache-2.0

package app

import (
	"log/slog"
	"net/url"
	"path/filepath"
)

// Config is how a server is told to run. The zero value of every optional field works.
type Config struct {
	Addr     string   `help:"Address to serve on." default:"127.0.0.1:8080" env:"ANLAN_ADDR"`
	Metrics  string   `help:"Address of Prometheus metrics; empty for none." default:"127.0.0.1:9464" env:"ANLAN_METRICS"`
	Base     string   `help:"Address under which people reach the server, for QR codes and links." placeholder:"URL" env:"ANLAN_BASE"`
	Redis    string   `help:"Redis for live updates across several processes." placeholder:"redis://HOST:PORT" env:"ANLAN_REDIS"`
	Proxies  []string `help:"Addresses of trusted reverse proxies, whose X-Forwarded-For is believed." placeholder:"CIDR" env:"ANLAN_PROXIES"`
	Rate     int      `help:"Public requests that change something, per address and minute." default:"60" env:"ANLAN_RATE"`
	Demo     bool     `help:"Fill an empty database with an invented county." env:"ANLAN_DEMO"`
	LogLevel string   `help:"Least level of what is logged." enum:"debug,info,warn,error" default:"info" env:"ANLAN_LOG"`
	Storage
}

// Storage says where the rows, the files and the keys lie.
type Storage struct {
	Data string `help:"Data directory." default:"data" type:"path" env:"ANLAN_DATA"`
	DB   string `help:"PostgreSQL instead of SQLite in the data directory." placeholder:"postgres://…" env:"ANLAN_DB"`
	Blob string `help:"S3 instead of files in the data directory." placeholder:"s3://…" env:"ANLAN_BLOB"`
	Key  string `help:"Master key in hex instead of keys/master.key in the data directory." placeholder:"HEX" env:"ANLAN_KEY"`

	TipWork  int   `help:"Hashes that a phone does at most before it sends a tip, on a quiet day." default:"50000" env:"ANLAN_TIP_WORK"`
	TipQuota int64 `help:"Megabytes of sealed files that may wait for their tips." default:"10240" env:"ANLAN_TIP_QUOTA"`
}

func (s Storage) dsn() string {
	if s.DB != "" {
		return s.DB
	}
	return filepath.Join(s.Data, "anlan.db")
}

func (s Storage) blobURL() string {
	if s.Blob != "" {
		return s.Blob
	}
	return filepath.Join(s.Data, "blobs")
}

func (c Config) baseURL() string {
	if c.Base != "" {
		return c.Base
	}
	return "http://" + c.Addr
}

// LogValue prints the configuration without its secrets.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("addr", c.Addr), slog.String("base", c.baseURL()), slog.String("data", c.Data),
		slog.String("db", withoutSecret(c.DB)), slog.String("blob", withoutSecret(c.Blob)),
		slog.String("redis", withoutSecret(c.Redis)), slog.Bool("demo", c.Demo))
}

func withoutSecret(address string) string {
	if address == "" {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return "unreadable"
	}
	u.User, u.RawQuery = nil, ""
	return u.String()
}
