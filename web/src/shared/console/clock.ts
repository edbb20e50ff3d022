// SPDX-License-Identifier: Apache-2.0

/** Days are Beijing days: deadlines end at 24:00 Beijing time, wherever the reader sits. */
const beijing = 8 * 3600_000
const dayLength = 86_400_000

/** How a deadline stands at a moment. `days` counts whole Beijing days and is never negative. */
export type Standing =
  | { kind: 'none' }
  | { kind: 'overdue'; days: number }
  | { kind: 'today' }
  | { kind: 'soon'; days: number }
  | { kind: 'later'; days: number }

/** Within how many days a deadline counts as near; the first reminder goes out three days ahead. */
export const nearDays = 3

/** The number of the Beijing day that holds `at`, counted from 1970. */
export function dayNumber(at: number): number {
  return Math.floor((at + beijing) / dayLength)
}

/**
 * Tells how the deadline `due` (an instant, usually 24:00 of its last day) stands at `now`.
 * A deadline at 24:00 belongs to the day that ends then, not to the one that begins.
 */
export function standing(due: string | null | undefined, now: number): Standing {
  const at = due ? Date.parse(due) : Number.NaN
  if (Number.isNaN(at)) return { kind: 'none' }
  const days = dayNumber(at - 1) - dayNumber(now)
  if (now >= at) return { kind: 'overdue', days: Math.max(1, -days) }
  if (days === 0) return { kind: 'today' }
  return days <= nearDays ? { kind: 'soon', days } : { kind: 'later', days }
}

/** The last day of a deadline as "2026-12-01": the day that ends at `due`, or holds it. */
export function lastDay(due: string): string {
  return new Date(Date.parse(due) - 1 + beijing).toISOString().slice(0, 10)
}

/** An instant as Beijing date and time, "2026-11-24 19:30"; "" when there is none. */
export function beijingTime(at: string | null | undefined): string {
  const time = at ? Date.parse(at) : Number.NaN
  if (Number.isNaN(time)) return ''
  return new Date(time + beijing).toISOString().slice(0, 16).replace('T', ' ')
}

/** An instant as a Beijing day, "2026-11-24"; "" when there is none. */
export function beijingDay(at: string | null | undefined): string {
  return beijingTime(at).slice(0, 10)
}

/** The Beijing day `offset` days after the one that holds `now`. */
export function dayAfter(now: number, offset: number): string {
  return new Date(now + beijing + offset * dayLength).toISOString().slice(0, 10)
}
