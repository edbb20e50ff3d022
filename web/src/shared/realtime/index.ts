// SPDX-License-Identifier: Apache-2.0

/**
 * Messages that the server sends by itself. The connection is opened when the first
 * page listens and closed when the last one stops; it reconnects with growing pauses.
 * Pages must work without it: it only saves the reader a reload.
 */
import type { Centrifuge, TransportEndpoint } from 'centrifuge'

export type Listener = (data: unknown) => void

const listeners = new Map<string, Set<Listener>>()
let connection: Promise<Centrifuge> | undefined

/** A WebSocket first; some networks let none through, then a stream of plain HTTP. */
function ways(): TransportEndpoint[] {
  const http = `${location.origin}/api/v1/realtime`
  return [
    { transport: 'websocket', endpoint: http.replace(/^http/, 'ws') },
    { transport: 'http_stream', endpoint: `${http}/http_stream` },
    { transport: 'sse', endpoint: `${http}/sse` },
  ]
}

/** Calls listener with each message of channel until the returned function is called. */
export function listen(channel: string, listener: Listener): () => void {
  const known = listeners.get(channel)
  if (known) known.add(listener)
  else {
    listeners.set(channel, new Set([listener]))
    void subscribe(channel)
  }
  return () => stop(channel, listener)
}

/** Longest pause between a message and asking for what it is about, in milliseconds. */
const spread = 2_000

/**
 * A listener that does work some time after a message, at most once per pause. The
 * pause is up to chance, so that a thousand open pages do not ask all at once.
 */
export function soon(work: () => unknown): Listener {
  let waiting = false
  return () => {
    if (waiting) return
    waiting = true
    setTimeout(() => {
      waiting = false
      work()
    }, Math.random() * spread)
  }
}

async function subscribe(channel: string): Promise<void> {
  connection ??= connect()
  const client = await connection.catch(() => (connection = undefined))
  if (!client || !listeners.has(channel) || client.getSubscription(channel)) return
  const subscription = client.newSubscription(channel)
  subscription.on('publication', (message) => listeners.get(channel)?.forEach((l) => l(message.data)))
  subscription.subscribe()
}

async function connect(): Promise<Centrifuge> {
  const { Centrifuge } = await import('centrifuge')
  const client = new Centrifuge(ways(), {
    emulationEndpoint: `${location.origin}/api/v1/realtime/emulation`,
    minReconnectDelay: 1_000,
    maxReconnectDelay: 60_000,
  })
  client.connect()
  return client
}

function stop(channel: string, listener: Listener): void {
  const known = listeners.get(channel)
  known?.delete(listener)
  if (!known || known.size > 0) return
  listeners.delete(channel)
  void connection?.then((client) => release(client, channel))
}

function release(client: Centrifuge, channel: string): void {
  if (listeners.has(channel)) return
  const subscription = client.getSubscription(channel)
  if (subscription) client.removeSubscription(subscription)
  if (listeners.size > 0) return
  client.disconnect()
  connection = undefined
}
