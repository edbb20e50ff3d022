// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { isSound } from './support/guard.ts'
import { workbook } from './support/sheet.ts'
import { expect, test } from './support/test.ts'

const head = ['单位名称', '单位类型', '统一社会信用代码', '区划代码', '地址']
const name = `示范新风机电厂${Date.now()}`

async function offer(page: Page, rows: string[][]): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({
    name: 'units.xlsx',
    mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    buffer: workbook([head, ...rows]),
  })
}

async function count(page: Page): Promise<number> {
  const answer = await page.request.get('/api/v1/units', { params: { q: name } })
  return ((await answer.json()) as { items: unknown[] }).items.length
}

test('an import with errors shows each row and brings in nothing; a sound one brings in all', async ({ staff }) => {
  const { page } = await staff('anban')
  await page.goto('/console/imports')
  await isSound(page)

  const good = [`${name}一`, '企业', '', '990101', '示范路 201 号']
  await offer(page, [
    good,
    [`${name}二`, '公司', '', '990101', ''],
    [`${name}三`, '企业', '91350100M000100Y44', '990101', ''],
    [`${name}四`, '企业', '', '990199', ''],
  ])
  await expect(page.getByText('有 3 处错误，没有写入任何内容')).toBeVisible()
  for (const [row, column] of [['3', '单位类型'], ['4', '统一社会信用代码'], ['5', '区划代码']] as const) {
    await expect(page.locator('tbody tr').filter({ hasText: row }).filter({ hasText: column })).toBeVisible()
  }
  await expect(page.getByRole('button', { name: /^写入/ })).toHaveCount(0)
  await isSound(page)
  expect(await count(page)).toBe(0)

  await page.getByRole('button', { name: '换一个文件' }).click()
  await offer(page, [good, [`${name}二`, '企业', '', '990101', '=1+1']])
  await expect(page.getByText('检查完成：共 2 行，新增 2 行')).toBeVisible()
  await isSound(page)
  expect(await count(page)).toBe(0)
  await page.getByRole('button', { name: '写入 2 行' }).click()
  await expect(page.getByText('已写入：新增 2 行')).toBeVisible()
  expect(await count(page)).toBe(2)
})

test('what is no workbook is refused before it is sent', async ({ staff }) => {
  const { page } = await staff('anban')
  await page.goto('/console/imports')
  await page.locator('input[type=file]').setInputFiles({ name: 'units.csv', mimeType: 'text/csv', buffer: Buffer.from('单位名称') })
  await expect(page.getByText('这不是 .xlsx 文件。')).toBeVisible()
})
