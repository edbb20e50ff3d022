// SPDX-License-Identifier: Apache-2.0

import { expect, it } from 'vitest'
import { findClauses, type Clause } from './standards'

const clause = (no: string, text: string, ...keywords: string[]): Clause => ({ standard: 's', no, text, keywords, hint: false })
const all = [clause('第三条', '未对承包单位统一协调管理', '承包', '外包'), clause('第十一条（一）', '粉尘爆炸危险场所未落实清扫制度', '粉尘')]

it.each([
  ['', 2],
  ['粉尘', 1],
  ['外包', 1],
  ['第十一条 清扫', 1],
  ['粉尘 外包', 0],
])('finds clauses by %j', (words, n) => {
  expect(findClauses(all, words)).toHaveLength(n)
})
