// SPDX-License-Identifier: Apache-2.0

import { expect, it, vi } from 'vitest'
import { api } from '@/shared/api'
import { divisionsBelow, wayTo } from './divisions'

vi.mock('@/shared/api', async (original) => ({ ...(await original<object>()), api: { GET: vi.fn() } }))

const get = vi.mocked(api.GET)

it('skips rungs that only keep the depth, follows the pages, and asks once', async () => {
  const pages: Record<string, unknown> = {
    'cn/': { items: [{ path: 'cn/9/', name: '别省' }, { path: 'cn/98/', name: '乙省' }], next: '' },
    'cn/98/': { items: [{ path: 'cn/98/9801/', name: '市辖区', pseudo: true }, { path: 'cn/98/9802/', name: '乙市' }], next: '' },
    'cn/98/9801/': { items: [{ path: 'cn/98/9801/980101/', name: '甲区' }], next: 'c2' },
    'cn/98/9801/c2': { items: [{ path: 'cn/98/9801/980102/', name: '丙区' }], next: '' },
  }
  get.mockImplementation((async (_: string, { params: { query } }: { params: { query: { parent: string; cursor?: string } } }) => ({
    data: pages[query.parent + (query.cursor ?? '')],
  })) as never)
  const names = async (): Promise<string[]> => (await divisionsBelow('cn/98/')).map((d) => d.name)
  expect(await names()).toEqual(['甲区', '丙区', '乙市'])
  expect(await names()).toEqual(['甲区', '丙区', '乙市'])
  expect(get).toHaveBeenCalledTimes(3)
  const way = async (path: string): Promise<string[]> => (await wayTo(path)).map((d) => d.name)
  expect(await way('cn/98/9801/980102/')).toEqual(['乙省', '丙区'])
  expect(await way('cn/98/')).toEqual(['乙省'])
  expect(await way('cn/97/')).toEqual([])
})
