// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { reportInPlace } from './support/server.ts'
import { expect, test } from './support/test.ts'

const town = 'cn/99/9901/990101/990101001/'

const reported = async (page: Page): Promise<number> => {
  const text = await page.locator('dl div').filter({ hasText: '收到上报' }).locator('dd').innerText()
  return Number(text.replace(/\D/g, ''))
}

test('the counters on the home page move without a reload', async ({ visitor }) => {
  const { page } = await visitor()
  await page.goto('/')
  await expect(page.getByText('收到上报')).toBeVisible()
  const before = await reported(page)
  await page.evaluate(() => (document.body.dataset.same = 'yes'))
  await page.waitForLoadState('networkidle')
  await reportInPlace(page.request, town, '桥头限高杆被撞歪。')
  await expect.poll(() => reported(page)).toBeGreaterThan(before)
  expect(await page.evaluate(() => document.body.dataset.same)).toBe('yes')
})

test('the inbox of a clerk follows what arrives', async ({ staff }) => {
  const { page } = await staff('anban')
  // What arrives before the page listens is not told to it, so the report waits for that.
  const listens = page
    .waitForEvent('websocket')
    .then((socket) => socket.waitForEvent('framereceived', (frame) => frame.payload.includes('"subscribe"')))
  await page.goto('/console/')
  await expect(page.getByRole('heading', { name: '待办', exact: true })).toBeVisible()
  await listens
  const no = await reportInPlace(page.request, town, '有人危险：围墙开裂外倾。')
  await expect(page.getByText('有更新，已刷新')).toBeAttached()
  expect(no).toBeTruthy()
})
