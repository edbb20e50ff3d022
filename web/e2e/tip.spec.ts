// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { isSound } from './support/guard.ts'
import { openTip, reply } from './support/officer.ts'
import { picture } from './support/photo.ts'
import { choosePlace } from './support/resident.ts'
import { expect, test } from './support/test.ts'

test.use({ viewport: { width: 390, height: 844 } })

const words = '三号车间的可燃气体报警器一直关着，仓库里堆着没有登记的硝酸铵。'

/** Everything that a page sends and its address, to be searched for what must not be there. */
function listen(page: Page): string[] {
  const said: string[] = []
  page.on('request', (request) => said.push(`${request.url()} ${request.postData() ?? ''}`))
  return said
}

async function fillTip(page: Page): Promise<void> {
  await page.goto('/tip')
  await page.getByRole('button', { name: '没有，我要举报' }).click()
  await isSound(page)
  await page.getByRole('radio', { name: /安全生产违法行为/ }).check({ force: true })
  await choosePlace(page, '安平镇')
  await page.getByLabel('是什么事').fill(`11月3日，${words}`)
  await page.getByRole('button', { name: '改成“11月上旬”' }).click()
  await page.locator('input[type=file]').setInputFiles(picture())
  await page.getByRole('button', { name: '遮住第 1 个照片里的人脸、号牌' }).click()
  await expect(page.getByRole('application')).toHaveAttribute('aria-busy', 'false')
  await page.getByRole('application').press('Enter')
  await expect(page.getByText('已遮住 1 处')).toBeVisible()
  await isSound(page)
  await page.getByRole('button', { name: '完成' }).click()
}

test('an anonymous tip with a photo is read by the officers alone, answered, and followed by its code', async ({ visitor, staff }) => {
  const resident = await visitor()
  const { page } = resident
  resident.guard.expects(503, '/log/proof/') // a leaf waits for company before it is in the log
  const said = listen(page)
  await fillTip(page)
  await page.getByRole('button', { name: '加密并发送' }).click()
  await expect(page.getByRole('heading', { name: '举报已收到' })).toBeVisible()
  await expect(page.getByText('服务器的答复已经核对过')).toBeVisible()
  await isSound(page)
  const code = (await page.locator('.code').innerText()).replace(/\s/g, '')
  const no = await page.getByText('举报编号').locator('b').innerText()
  expect(code).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-?){6}$/)

  const officer = await staff('juzhang')
  const tip = await openTip(officer, no)
  expect(tip.content.words).toBe(`11月上旬，${words}`)
  expect([tip.content.name, tip.content.files.length]).toEqual(['', 1])
  expect(Buffer.from(tip.files[0] ?? []).subarray(0, 3).toString('hex')).toBe('ffd8ff')
  await reply(officer, tip, '请问仓库在哪一侧？')

  await page.goto('/follow')
  await page.getByLabel('查询码').fill(code.toLowerCase())
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.getByText('请问仓库在哪一侧？')).toBeVisible()
  await expect(page.getByText('办理人员拆看过 1 次')).toBeVisible()
  await isSound(page)
  await page.getByRole('button', { name: '补充、回答' }).click()
  await page.getByLabel('内容').fill('在北侧。')
  await page.getByRole('button', { name: '加密并发送' }).click()
  await expect(page.getByText('已送到。')).toBeVisible()
  expect((await openTip(officer, no)).messages).toEqual(['在北侧。'])

  const secrets = [words.slice(0, 8), encodeURIComponent(words.slice(0, 4)), '在北侧', code, code.replaceAll('-', '')]
  for (const secret of secrets) expect(said.filter((line) => line.includes(secret))).toEqual([])
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(code.slice(0, 9))
})

test('a code that no tip has is not found, and "leave now" shows the first page', async ({ visitor }) => {
  const { page } = await visitor()
  await page.goto('/follow')
  await page.getByLabel('查询码').fill('0123-4567-89AB-CDEF-GHJK-MNPQ')
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.getByText('没有查到这个查询码')).toBeVisible()
  await isSound(page)
  await page.goto('/tip')
  await page.getByRole('button', { name: '马上离开' }).click()
  await expect(page).toHaveURL('/')
})

test('without script the page says that nothing can be sealed, and whom to call', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto('/tip')
  // Playwright finds no text within <noscript>, but roles.
  await expect(page.getByRole('heading', { name: '这个浏览器不能加密' })).toBeVisible()
  for (const number of ['12350', '12345', '119', '96119']) await expect(page.locator(`a[href="tel:${number}"]`).first()).toBeVisible()
  await expect(page.locator('form')).toHaveCount(0)
  await context.close()
})
