// SPDX-License-Identifier: Apache-2.0

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { listen, reconnect } from '.'
import { followChannels } from './follow'

type Handler = (context: unknown) => void

const world = vi.hoisted(() => ({ clients: [] as { log: string[]; subs: Map<string, { fire: (event: string, context: unknown) => void }> }[] }))

vi.mock('centrifuge', () => {
  class Subscription {
    readonly handlers = new Map<string, Handler>()
    on = (event: string, handler: Handler): unknown => this.handlers.set(event, handler)
    subscribe = (): void => undefined
    fire = (event: string, context: unknown): void => this.handlers.get(event)?.(context)
  }
  class Centrifuge {
    readonly log: string[] = []
    readonly subs = new Map<string, Subscription>()
    constructor() {
      world.clients.push(this)
    }
    connect = (): unknown => this.log.push('connect')
    disconnect = (): unknown => this.log.push('disconnect')
    getSubscription = (channel: string): Subscription | null => this.subs.get(channel) ?? null
    newSubscription(channel: string): Subscription {
      const made = new Subscription()
      this.subs.set(channel, made)
      return made
    }
    removeSubscription = (gone: Subscription): void => this.subs.forEach((sub, channel) => sub === gone && this.subs.delete(channel))
  }
  return { Centrifuge }
})

const known = <T>(value: T | undefined): T => value ?? expect.fail('not yet')
const client = () => known(world.clients.at(-1))
const subscription = (channel: string) => known(client().subs.get(channel))
const opened = (channel: string) => vi.waitFor(() => subscription(channel))

const first = { wasRecovering: false, recovered: false }
const caughtUp = { wasRecovering: true, recovered: true }
const tooLate = { wasRecovering: true, recovered: false }

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('a message reaches every listener of its channel, and no other', async () => {
  const [one, two, other] = [vi.fn(), vi.fn(), vi.fn()]
  const missed = vi.fn()
  const stops = [listen('a', { said: one, missed }), listen('a', { said: two, missed }), listen('b', { said: other, missed })]
  const sub = await opened('a')
  sub.fire('publication', { data: { moved: true } })
  expect(one).toHaveBeenCalledWith({ moved: true })
  expect(two).toHaveBeenCalledOnce()
  expect(other).not.toHaveBeenCalled()
  stops.forEach((stop) => stop())
  await vi.waitFor(() => expect(client().log).toEqual(['connect', 'disconnect']))
})

test('what passed before the subscription, or during a long interruption, counts as missed', async () => {
  const missed = vi.fn()
  const stop = listen('a', { said: vi.fn(), missed })
  const sub = await opened('a')
  sub.fire('subscribed', first)
  expect(missed).toHaveBeenCalledTimes(1)
  sub.fire('subscribed', caughtUp)
  expect(missed).toHaveBeenCalledTimes(1)
  sub.fire('subscribed', tooLate)
  expect(missed).toHaveBeenCalledTimes(2)
  stop()
})

test('the page that comes keeps the connection of the page that goes', async () => {
  const stop = listen('a', { said: vi.fn(), missed: vi.fn() })
  await opened('a')
  const before = world.clients.length
  stop()
  const said = vi.fn()
  const stopNext = listen('a', { said, missed: vi.fn() })
  await Promise.resolve()
  expect(world.clients.length).toBe(before)
  expect(client().log).toEqual(['connect'])
  subscription('a').fire('publication', { data: 1 })
  expect(said).toHaveBeenCalledWith(1)
  await reconnect()
  expect(client().log).toEqual(['connect', 'disconnect', 'connect'])
  stopNext()
})

describe.each([{ event: 'publication', context: { data: {} } }, { event: 'subscribed', context: first }])('after $event', ({ event, context }) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
  })

  test('a page reloads once, in a while, and not when it was left', async () => {
    const reload = vi.fn()
    const scope = effectScope()
    scope.run(() => followChannels(['a', 'b'], reload))
    await vi.dynamicImportSettled()
    const subs = ['a', 'b'].map(subscription)
    subs.forEach((sub) => sub.fire(event, context))
    expect(reload).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1_001)
    expect(reload).toHaveBeenCalledTimes(1)
    subs[0]?.fire(event, context)
    scope.stop()
    vi.advanceTimersByTime(5_000)
    expect(reload).toHaveBeenCalledTimes(1)
  })

  test('a page that nobody sees waits until somebody does', async () => {
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    const reload = vi.fn()
    const scope = effectScope()
    scope.run(() => followChannels(['a'], reload))
    await vi.dynamicImportSettled()
    subscription('a').fire(event, context)
    vi.advanceTimersByTime(60_000)
    expect(reload).not.toHaveBeenCalled()
    hidden.mockReturnValue(false)
    document.dispatchEvent(new Event('visibilitychange'))
    vi.advanceTimersByTime(1_001)
    expect(reload).toHaveBeenCalledTimes(1)
    scope.stop()
  })
})
