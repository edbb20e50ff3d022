// SPDX-License-Identifier: Apache-2.0

// Package place names where things are: the path of a region in the division
// tree, from the nation down.
package place

import "strings"

// Path is a place in the division tree: the codes from the nation down, each
// followed by a slash, such as "cn/99/9901/990101/990101001/". A code keeps only
// the digits that its level needs: province 2, prefecture 4, county 6, town 9,
// village 12; a functional zone (开发区) stands where a county or town would, under
// a code of its own. Text order of paths is tree order.
type Path string

// Nation is the root: every place lies in it.
const Nation Path = "cn/"

// Contains reports whether p is other or an ancestor of it. The empty Path
// contains nothing, so that a missing scope opens no door.
func (p Path) Contains(other Path) bool {
	return p != "" && strings.HasPrefix(string(other), string(p))
}

// Parent returns the place above p, or "" above the nation.
func (p Path) Parent() Path {
	s := strings.TrimSuffix(string(p), "/")
	i := strings.LastIndexByte(s, '/')
	if i < 0 {
		return ""
	}
	return Path(s[:i+1])
}

// Code returns the last code of p: "990101" for "cn/99/9901/990101/".
func (p Path) Code() string {
	s := strings.TrimSuffix(string(p), "/")
	return s[strings.LastIndexByte(s, '/')+1:]
}

// Child returns the place with the given code directly under p.
func (p Path) Child(code string) Path { return p + Path(code) + "/" }

// Depth returns how many steps p lies below the nation: 0 nation, 1 province,
// 2 prefecture, 3 county, 4 town, 5 village; -1 for the empty Path.
func (p Path) Depth() int { return strings.Count(string(p), "/") - 1 }

// At returns the ancestor of p (or p) at the given depth, or "" when p is higher.
func (p Path) At(depth int) Path {
	for i := range len(p) {
		if p[i] != '/' {
			continue
		}
		if depth == 0 {
			return p[:i+1]
		}
		depth--
	}
	return ""
}

// Chain returns p and all places above it, the nation first.
func (p Path) Chain() []Path {
	var chain []Path
	for i := range len(p) {
		if p[i] == '/' {
			chain = append(chain, p[:i+1])
		}
	}
	return chain
}

// Valid reports whether p is well formed: it starts at the nation, has one to
// six levels, and each code is 1 to 16 digits, letters or hyphens.
func (p Path) Valid() bool {
	if !strings.HasPrefix(string(p), string(Nation)) || !strings.HasSuffix(string(p), "/") || p.Depth() > 6 {
		return false
	}
	for code := range strings.SplitSeq(strings.TrimSuffix(string(p), "/"), "/") {
		if len(code) == 0 || len(code) > 16 || strings.ContainsFunc(code, notCode) {
			return false
		}
	}
	return true
}

func notCode(r rune) bool {
	return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-')
}
