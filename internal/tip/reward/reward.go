// SPDX-License-Identifier: Apache-2.0

// Package reward computes and pays what an informant is owed for a verified tip.
//
// table.go reads the published rules that ship in data and finds the one of a place and a
// day; facts.go has what a computation rests on, compute.go computes step by step and
// exclude.go says when nothing is owed; state.go has the life of a reward, token.go the
// blinded tokens by which somebody is paid without a name. These are pure. service.go and
// the files beside it are what others may ask; store*.go alone speak SQL, http*.go HTTP.
package reward

import "anlan/internal/kernel/clock"

// Permissions of this package.
const (
	PermPropose = "reward.propose" // propose, file, notify
	PermApprove = "reward.approve" // approve, return, extend; set the budget
	PermPay     = "reward.pay"     // pay out and see payee data
)

// Class is what a tip turned out to be about, as far as rewards differ.
type Class string

const (
	MajorHazard       Class = "major_hazard"       // 重大事故隐患
	Illegal           Class = "illegal"            // 安全生产违法行为
	ConcealedAccident Class = "concealed_accident" // 瞒报、谎报事故
	GeneralHazard     Class = "general_hazard"     // 一般隐患
)

// Classes lists the classes for which a table may have a rule.
var Classes = []Class{MajorHazard, Illegal, ConcealedAccident, GeneralHazard}

// Grade is the finally confirmed grade of an accident.
type Grade string

const (
	GradeGeneral       Grade = "general"       // 一般
	GradeLarger        Grade = "larger"        // 较大
	GradeSerious       Grade = "serious"       // 重大
	GradeExtraordinary Grade = "extraordinary" // 特别重大
)

// Grades lists the grades, the least first.
var Grades = []Grade{GradeGeneral, GradeLarger, GradeSerious, GradeExtraordinary}

// fenPerYuan: tables give whole yuan, everything else counts fen.
const fenPerYuan = 100

// month returns the month of d, "2006-01".
func month(d clock.Day) string { return string(d)[:len("2006-01")] }
