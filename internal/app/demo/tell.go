// SPDX-License-Identifier: Apache-2.0

package demo

import (
	"container/heap"
	"context"
	"fmt"
	"time"

	"anlan/internal/kernel/actor"
)

// due is the next step of a story.
type due struct {
	at    time.Time
	story *story
	do    func(c *life, s *story) error
}

// agenda is all that is still to happen, the earliest first.
type agenda []due

func (a agenda) Len() int           { return len(a) }
func (a agenda) Less(i, j int) bool { return a[i].at.Before(a[j].at) }
func (a agenda) Swap(i, j int)      { a[i], a[j] = a[j], a[i] }
func (a *agenda) Push(x any)        { *a = append(*a, x.(due)) }
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// live lets everything happen in the order of time, up to now.
func (c *life) live(now time.Time) error {
	todo := c.stories(now)
	night := c.Clock.Now().Add(day)
	for todo.Len() > 0 {
		next := heap.Pop(todo).(due)
		if next.at.After(now) {
			continue
		}
		for ; night.Before(next.at); night = night.Add(day) {
			if err := c.lapse(night); err != nil {
				return err
			}
		}
		c.Clock.Set(next.at)
		if err := next.do(c, next.story); err != nil {
			return err
		}
		if len(next.story.steps) > 0 {
			s := next.story.steps[0]
			next.story.steps = next.story.steps[1:]
			heap.Push(todo, due{next.at.Add(s.after), next.story, s.do})
		}
		c.remember(next.story)
	}
	return c.lapse(now)
}

// remember keeps a hazard that later reports may repeat.
func (c *life) remember(s *story) {
	if s.n%7 == 1 && s.n < endings[0].count {
		c.earlier = s.hazard
	}
}

// lapse lets deadlines pass.
func (c *life) lapse(at time.Time) error {
	c.Clock.Set(at)
	_, err := c.Hazard.Overdue(c.operator)
	return err
}

// stories makes up what happens to each hazard and when it is reported.
func (c *life) stories(now time.Time) *agenda {
	todo := &agenda{}
	n := 0
	for _, e := range endings {
		for range e.count {
			f := findings[(n*3+n/10)%len(findings)]
			s := &story{n: n, finding: f, spot: f.spot(n), firm: c.firms[(n*7)%len(c.firms)], steps: e.steps}
			if e.major {
				s.major, s.finding = true, findings[7] // a confined space
				s.spot = s.finding.spot(n)
			}
			span := e.oldest - e.newest
			ago := e.newest + time.Duration(c.rnd.Int64N(int64(span)))
			heap.Push(todo, due{now.Add(-ago), s, report})
			n++
		}
	}
	if n != hazardCount {
		panic(fmt.Sprintf("demo: %d stories, not %d", n, hazardCount))
	}
	return todo
}

func actorless(ctx context.Context) context.Context {
	return actor.With(ctx, actor.Actor{Channel: "h5"})
}

func actorID(ctx context.Context) string { return actor.From(ctx).ID }
