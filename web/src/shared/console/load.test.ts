// SPDX-License-Identifier: Apache-2.0

import { describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { ApiError } from '@/shared/api'
import { useLoad, usePaged, useSend } from './load'

const inScope = <T>(run: () => T): T => effectScope().run(run) as T
const settle = async () => {
  for (let i = 0; i < 6; i++) await nextTick()
}

describe('useLoad', () => {
  it('shows only the answer to the last question', async () => {
    const answers: ((value: string) => void)[] = []
    const q = ref('a')
    const load = inScope(() => useLoad(() => new Promise<string>((resolve) => answers.push(resolve)), q))
    q.value = 'ab'
    await nextTick()
    answers[1]?.('late question')
    answers[0]?.('early question')
    await settle()
    expect(load.data.value).toBe('late question')
    expect(load.loading.value).toBe(false)
  })

  it('keeps what was shown when a reload fails', async () => {
    const read = vi.fn<() => Promise<string>>().mockResolvedValueOnce('kept').mockRejectedValueOnce(new ApiError(503, 'unavailable'))
    const load = inScope(() => useLoad(read))
    await settle()
    await load.reload()
    expect(load.data.value).toBe('kept')
    expect(load.error.value?.key).toBe('unavailable')
  })
})

describe('refresh', () => {
  it('shows nothing of itself, whether it succeeds or fails', async () => {
    let answer = Promise.resolve('old')
    const load = inScope(() => useLoad(() => answer))
    await settle()
    answer = Promise.resolve('new')
    const asked = load.refresh()
    expect(load.loading.value).toBe(false)
    await asked
    expect(load.data.value).toBe('new')
    answer = Promise.reject(new ApiError(503, 'unavailable'))
    await load.refresh()
    expect([load.data.value, load.error.value]).toEqual(['new', undefined])
  })

  it('does not hide that the first reading failed', async () => {
    const read = vi.fn<() => Promise<string>>().mockRejectedValue(new ApiError(503, 'unavailable'))
    const load = inScope(() => useLoad(read))
    await load.refresh()
    expect(load.error.value?.key).toBe('unavailable')
    expect(load.loading.value).toBe(false)
  })
})

describe('usePaged', () => {
  it('is told of news instead of losing its further pages', async () => {
    const read = vi.fn(async (cursor: string) => ({ items: [cursor], next: cursor === '' ? 'c2' : '' }))
    const list = inScope(() => usePaged(read))
    await settle()
    await list.refresh()
    expect(read).toHaveBeenCalledTimes(2)
    expect(list.stale.value).toBe(false)
    await list.loadMore()
    await list.refresh()
    expect(read).toHaveBeenCalledTimes(3)
    expect(list.stale.value).toBe(true)
    expect(list.items.value).toEqual(['', 'c2'])
    await list.reload()
    expect(list.stale.value).toBe(false)
  })

  it('adds pages until the last one', async () => {
    const pages: Record<string, { items: number[]; next: string }> = {
      '': { items: [1, 2], next: 'c2' },
      c2: { items: [3], next: '' },
    }
    const list = inScope(() => usePaged(async (cursor) => pages[cursor] ?? { items: [], next: '' }))
    await settle()
    expect(list.more.value).toBe(true)
    await list.loadMore()
    expect(list.items.value).toEqual([1, 2, 3])
    expect(list.more.value).toBe(false)
  })
})

describe('useSend', () => {
  it('sends once while the first is under way', async () => {
    const { send } = useSend()
    const work = vi.fn(async () => undefined)
    const [first, second] = await Promise.all([send(work), send(work)])
    expect([first, second]).toEqual([true, false])
    expect(work).toHaveBeenCalledOnce()
  })

  it('keeps the failure', async () => {
    const { send, error } = useSend()
    expect(await send(() => Promise.reject(new ApiError(409, 'hazard.changed')))).toBe(false)
    expect(error.value?.key).toBe('hazard.changed')
  })
})

describe('the focus', () => {
  const press = (): HTMLButtonElement => {
    const button = document.createElement('button')
    document.body.replaceChildren(button, document.createElement('input'))
    button.focus()
    return button
  }

  it('comes back to the button that was busy', async () => {
    const button = press()
    const sent = inScope(useSend).send(async () => button.blur())
    await sent
    await settle()
    expect(document.activeElement).toBe(button)
  })

  it('stays where somebody went meanwhile', async () => {
    press()
    const input = document.querySelector('input') as HTMLInputElement
    await inScope(useSend).send(async () => input.focus())
    await settle()
    expect(document.activeElement).toBe(input)
  })
})
