// SPDX-License-Identifier: Apache-2.0

/** Runs of re-wrapping, which go on while other pages of the console are open. */
import { shallowReactive } from 'vue'
import { get, post } from '@/shared/console/http'
import { rewrapAll, type Run } from './rewrapping'

/** How many envelopes are fetched at once. */
const batch = 50

const runs = shallowReactive(new Map<string, Run>())

/** The latest run from a generation of a channel; undefined before the first. */
export const runOf = (channel: string, from: number): Run | undefined => runs.get(`${channel} ${from}`)

/** Begins a run from one generation of a channel to its current one, unless it is under way. */
export function startRun(channel: string, from: number, identity: string, to: { generation: number; recipient: string }): void {
  if (runOf(channel, from)?.running) return
  const run = rewrapAll(identity, to.recipient, {
    batch: (cursor) => get('/tips/envelopes', { channel_id: channel, generation: from, cursor, limit: batch }),
    put: (envelopes) => post('/tips/envelopes', { channel_id: channel, from, to: to.generation, envelopes }),
  })
  runs.set(`${channel} ${from}`, run)
}
