// SPDX-License-Identifier: Apache-2.0

/**
 * Brings tips under a channel's current key: each case key is opened by the former key and
 * sealed to the current one, in batches. It may be left at any time; what is done stays
 * done, and the next run goes on with what is left.
 */
import { reactive } from 'vue'
import { asApiError, type ApiError } from '@/shared/api'
import { open, recipientOf, seal } from '@/shared/crypto/age'
import { fromBase64, fromUtf8, toBase64 } from '@/shared/crypto/bytes'

export interface Envelope {
  tip_id: string
  envelope: string
}

/** What a run asks of the server. */
export interface Post {
  batch: (cursor: string) => Promise<{ items: Envelope[]; next: string }>
  put: (envelopes: Envelope[]) => Promise<{ done: number }>
}

export interface Run {
  running: boolean
  done: number
  /** Envelopes that the former key does not open. They stay as they are. */
  unreadable: number
  ended: boolean
  error: ApiError | undefined
  stop: () => void
}

/** Seals a case key from one key of a channel to a recipient. Throws when it is no case key of that key. */
export async function rewrapOne(envelope: string, identity: string, recipient: string): Promise<string> {
  const caseKey = await open(fromBase64(envelope), identity)
  await recipientOf(fromUtf8(caseKey))
  return toBase64(await seal(caseKey, recipient))
}

/** Starts a run from a former key to the current recipient. */
export function rewrapAll(identity: string, recipient: string, server: Post): Run {
  let stopped = false
  const run: Run = reactive({ running: true, done: 0, unreadable: 0, ended: false, error: undefined, stop: () => (stopped = true) })
  void go()
    .catch((thrown: unknown) => (run.error = asApiError(thrown)))
    .finally(() => (run.running = false))
  return run

  async function go(): Promise<void> {
    let cursor = ''
    do {
      const { items, next } = await server.batch(cursor)
      await move(items)
      cursor = next
    } while (cursor && !stopped)
    run.ended = !stopped
  }

  async function move(items: readonly Envelope[]): Promise<void> {
    const moved: Envelope[] = []
    for (const { tip_id, envelope } of items) {
      const fresh = await rewrapOne(envelope, identity, recipient).catch(() => undefined)
      if (fresh) moved.push({ tip_id, envelope: fresh })
      else run.unreadable++
    }
    if (moved.length > 0) run.done += (await server.put(moved)).done
  }
}
