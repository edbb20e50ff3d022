// SPDX-License-Identifier: Apache-2.0

package archtest

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// sentences are the error messages of one language: key to text.
type sentences map[string]string

// placeholder is {n}, or {n:photo|photos} for one and many.
var placeholder = regexp.MustCompile(`\{(\w+)(?::[^}]*)?\}`)

// names returns the placeholders of a sentence, sorted, each once.
func names(sentence string) []string {
	set := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
		set[m[1]] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// read returns the sentences of every file errors.<locale>.json of the front end.
func read(t *testing.T, locale string) sentences {
	t.Helper()
	all := sentences{}
	walk(t, func(name string) {
		if !strings.HasPrefix(name, "web/src/") || filepath.Base(name) != "errors."+locale+".json" {
			return
		}
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			return
		}
		var here sentences
		if err := json.Unmarshal(b, &here); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for key, text := range here {
			if _, twice := all[key]; twice {
				t.Errorf("%s: %s has a sentence elsewhere too", name, key)
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: %s is empty", name, key)
			}
			all[key] = text
		}
	})
	return all
}

// TestLanguagesAgree compares the two languages key by key.
func TestLanguagesAgree(t *testing.T) {
	zh, en := read(t, "zh-CN"), read(t, "en")
	for key, text := range zh {
		other, ok := en[key]
		if !ok {
			t.Errorf("%s has no English sentence", key)
		} else if !slices.Equal(names(text), names(other)) {
			t.Errorf("%s: placeholders %v in Chinese, %v in English", key, names(text), names(other))
		}
	}
	for key := range en {
		if _, ok := zh[key]; !ok {
			t.Errorf("%s has no Chinese sentence", key)
		}
	}
}

// TestEveryErrorHasASentence compares the keys in Go with the sentences, and the
// values that a place in Go gives with those that the sentence shows.
func TestEveryErrorHasASentence(t *testing.T) {
	zh := read(t, "zh-CN")
	for _, u := range keyUses(t) {
		text, ok := zh[u.key]
		if !ok {
			t.Errorf("%s: %s has no sentence in errors.zh-CN.json", u.at, u.key)
			continue
		}
		if u.args == nil {
			continue
		}
		for _, name := range names(text) {
			if !slices.Contains(u.args, name) {
				t.Errorf("%s: the sentence of %s shows {%s}, which is not given here", u.at, u.key, name)
			}
		}
	}
}
