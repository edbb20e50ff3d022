// SPDX-License-Identifier: Apache-2.0

import { isSound } from './support/guard.ts'
import { fillReport } from './support/resident.ts'
import { expect, test } from './support/test.ts'

test('a report written without network is kept, and sent once when the network is back', async ({ visitor, staff }) => {
  const { page, context, guard } = await visitor()
  const words = `井盖翘起，骑车会摔倒，编号${Date.now()}。`
  await page.goto('/report')
  await fillReport(page, { words, town: '安平镇' })

  await context.setOffline(true)
  await page.getByRole('button', { name: '发送上报' }).click()
  await expect(page.getByText('已保存在手机，等网络恢复自动发送。')).toBeVisible()
  await isSound(page)

  // The first answer is lost on its way: the phone must send again, and the server must not count twice.
  let sent = 0
  await page.route('**/api/v1/public/hazards', async (route) => {
    sent++
    const answer = await route.fetch()
    expect(answer.status()).toBe(201)
    if (sent === 1) await route.abort('connectionreset')
    else await route.fulfill({ response: answer })
  })
  await context.setOffline(false)
  await expect(page.getByRole('heading', { name: '收到了，谢谢您' })).toBeVisible()
  expect(sent).toBe(2)
  await expect(page.locator('dd.number').first()).not.toBeEmpty()

  const clerk = await staff('anban')
  const found = await clerk.context.request.get('/api/v1/hazards', { params: { q: words.slice(-14, -1) } })
  expect(((await found.json()) as { items: unknown[] }).items).toHaveLength(1)
  expect(guard.faults).toEqual([])
})

test('what was typed is there again when the page was closed', async ({ visitor }) => {
  const { page, context } = await visitor()
  await page.goto('/report')
  await fillReport(page, { words: '路灯倾斜，底座锈穿。', town: '安平镇', photo: true })
  await expect(page.getByText('已自动保存在手机上')).toBeVisible()
  await page.close()
  const again = await context.newPage()
  await again.goto('/report')
  await expect(again.getByLabel('是什么问题')).toHaveValue('路灯倾斜，底座锈穿。')
  await expect(again.getByRole('img', { name: '第 1 张照片' })).toBeVisible()
  await again.close()
})
