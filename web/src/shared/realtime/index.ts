// SPDX-License-Identifier: Apache-2.0

/**
 * Messages that the server sends by itself. The connection is opened when the first
 * page listens and closed when the last one stops; it reconnects with growing pauses.
 * Pages must work without it: it only saves the reader a reload.
 */
import type { Centrifuge, SubscribedContext, TransportEndpoint } from 'centrifuge'

export interface Listener {
  /** A message was sent. */
  said: (data: unknown) => void
  /**
   * Messages may have gone by unheard: the page was read before it listened, or the
   * connection was lost for too long. Whatever comes from now on will be heard.
   */
  missed: () => void
}

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

/** Tells listener of each message of channel until the returned function is called. */
export function listen(channel: string, listener: Listener): () => void {
  const known = listeners.get(channel)
  if (known) known.add(listener)
  else {
    listeners.set(channel, new Set([listener]))
    void subscribe(channel)
  }
  return () => stop(channel, listener)
}

/** Has the server look anew at who is listening: somebody signed in or out, or acts for another unit. */
export async function reconnect(): Promise<void> {
  const client = await connection?.catch(() => undefined)
  client?.disconnect()
  client?.connect()
}

async function subscribe(channel: string): Promise<void> {
  connection ??= connect()
  const client = await connection.catch(() => (connection = undefined))
  if (!client || !listeners.has(channel) || client.getSubscription(channel)) return
  const subscription = client.newSubscription(channel)
  subscription.on('publication', (message) => tell(channel, (l) => l.said(message.data)))
  subscription.on('subscribed', (how) => isGapless(how) || tell(channel, (l) => l.missed()))
  subscription.subscribe()
}

const tell = (channel: string, what: (listener: Listener) => void): void => [...(listeners.get(channel) ?? [])].forEach(what)

/** After a short interruption the server sends what was missed. */
const isGapless = (how: SubscribedContext): boolean => how.wasRecovering && how.recovered

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
  void release(channel)
}

async function release(channel: string): Promise<void> {
  const held = connection
  const client = await held?.catch(() => undefined)
  if (!client || listeners.has(channel)) return
  const subscription = client.getSubscription(channel)
  if (subscription) client.removeSubscription(subscription)
  if (listeners.size > 0 || connection !== held) return
  client.disconnect()
  connection = undefined
}
