// SPDX-License-Identifier: Apache-2.0

/**
 * Messages that the server sends by itself. The connection is opened when the first
 * page listens and closed when the last one stops; it reconnects with growing pauses.
 * Pages must work without it: it only saves the reader a reload.
 */
import type { Centrifuge } from 'centrifuge'

export type Listener = (data: unknown) => void

const listeners = new Map<string, Set<Listener>>()
let connection: Promise<Centrifuge> | undefined

function endpoint(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/realtime`
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
  const client = new Centrifuge(endpoint(), { minReconnectDelay: 1_000, maxReconnectDelay: 60_000 })
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
