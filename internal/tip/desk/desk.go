// SPDX-License-Identifier: Apache-2.0

// Package desk is what officers see of tips: the queue of their office, one tip with all
// that belongs to it but its content, hints that two say the same, and what the public is
// told in numbers. It decides nothing: the steps are the parent's.
//
// filter.go says what a list shows and where its reader may look, list.go answers,
// detail.go shows one tip, hint.go what it may repeat, figures.go what is published.
// store.go alone speaks SQL, http*.go alone speak HTTP.
package desk

import (
	"anlan/internal/kernel/memo"
	"anlan/internal/kernel/place"
	"anlan/internal/stats"
	"anlan/internal/tip"
)

// Config is what a Service is made of.
type Config struct {
	Tips  *tip.Service
	Stats *stats.Service
}

// Service answers what waits for whom.
type Service struct {
	Config
	placeNames  *memo.Memo[place.Path, string]
	unitNames   *memo.Memo[string, string]
	personNames *memo.Memo[string, string]
}

// New returns a Service.
func New(cfg Config) *Service {
	now := cfg.Tips.Now
	return &Service{Config: cfg, placeNames: memo.New[place.Path, string](now), unitNames: memo.New[string, string](now),
		personNames: memo.New[string, string](now)}
}
