// SPDX-License-Identifier: Apache-2.0

import type { SpecialDay } from './rules'

export interface Cell {
  day: string
  date: number
  /** Whether people work on it. */
  working: boolean
  /** How the notice changes the day; undefined: as its weekday says. */
  special?: SpecialDay
}

/** A month as weeks from Monday to Sunday; days of other months are undefined. */
export function monthWeeks(year: number, month: number, special: ReadonlyMap<string, SpecialDay>): (Cell | undefined)[][] {
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const first = weekday(year, month, 1)
  const cells: (Cell | undefined)[] = Array.from({ length: first }, () => undefined)
  for (let date = 1; date <= days; date++) cells.push(cell(year, month, date, special))
  while (cells.length % 7 !== 0) cells.push(undefined)
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7))
}

function cell(year: number, month: number, date: number, special: ReadonlyMap<string, SpecialDay>): Cell {
  const day = `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`
  const changed = special.get(day)
  const working = changed ? changed.kind === 'work' : weekday(year, month, date) < 5
  return { day, date, working, ...(changed && { special: changed }) }
}

/** 0 is Monday. */
function weekday(year: number, month: number, date: number): number {
  return (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7
}
