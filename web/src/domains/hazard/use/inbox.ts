// SPDX-License-Identifier: Apache-2.0

import type { Inbox, WaitClock } from './hazards'
import { statuses, type Status } from './status'

/** A number of an inbox and what narrows the inbox to what it counts; "" narrows nothing. */
export interface Chip {
  status: Status | ''
  clock: Exclude<WaitClock, 'later'> | ''
  n: number
}

const urgent = ['late', 'today'] as const

/** All that waits, what is late or due today, and each status in the order of a hazard's life. What is chosen stays, even at 0. */
export function chipsOf({ counts = {}, clocks = {} }: Inbox, chosen: { status: string; clock: string }): Chip[] {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0)
  return [
    { status: '', clock: '', n: all } as const,
    ...urgent.map((clock) => ({ status: '', clock, n: clocks[clock] ?? 0 }) as const),
    ...statuses.map((status) => ({ status, clock: '', n: counts[status] ?? 0 }) as const),
  ].filter(({ status, clock, n }) => n > 0 || (status === chosen.status && clock === chosen.clock))
}
