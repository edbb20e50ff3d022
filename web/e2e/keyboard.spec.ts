// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { reportByUnit } from './support/server.ts'
import { expect, password, test } from './support/test.ts'

/** Presses Tab until what has the focus is named name; fails when the focus cannot be seen on the way. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab')
    const at = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement
      const named = [e.ariaLabel, ...[...((e as HTMLInputElement).labels ?? [])].map((l) => l.innerText), e.innerText]
      const boxes = [e, e.nextElementSibling, e.closest('label'), e.closest('.el-input, .el-select, .el-textarea')].filter((b) => b !== null)
      const seen = boxes.some((b) => {
        const style = getComputedStyle(b)
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
      })
      return { name: named.filter(Boolean).join(' ').trim(), seen: seen || e === document.body, what: `${e.tagName} ${e.className}` }
    })
    expect.soft(at.seen, `the focus is not seen on ${at.what}`).toBe(true)
    if (name.test(at.name)) return
  }
  throw new Error(`no way by Tab to ${name}`)
}

test('the console is worked by keys alone', async ({ visitor, staff }) => {
  const clerk = await staff('anban')
  const no = await reportByUnit(clerk, '示范恒源化工有限公司', '危险：反应釜安全阀铅封脱落，正在运行。')

  const { page } = await visitor()
  await page.goto('/console/sign-in')
  await tabTo(page, /^账户/)
  await page.keyboard.type('anban')
  await tabTo(page, /^密码/)
  await page.keyboard.type(password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: '待办', exact: true })).toBeVisible()

  await tabTo(page, /^跳到正文/, 1)
  await page.keyboard.press('Enter')
  await expect(page.locator('#main')).toBeFocused()

  const current = page.locator('li.current')
  const row = page.getByRole('listitem').filter({ hasText: no })
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await expect(current).toHaveAttribute('data-key-row', '0')
  for (let n = Number(await row.getAttribute('data-key-row')); n > 0; n--) await page.keyboard.press('j')
  await expect(current).toContainText(no)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: `隐患 ${no}` })).toBeVisible()

  await tabTo(page, /^不予受理/, 120)
  await page.keyboard.press('Enter')
  await tabTo(page, /不是事故隐患/)
  await page.keyboard.press('Space')
  await tabTo(page, /^给上报人的答复/)
  await page.keyboard.type('到现场看过，铅封完好。')
  await tabTo(page, /^提交：不予受理/)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toBeVisible()
  await tabTo(page, /^不予受理/, 4)
  await page.keyboard.press('Enter')
  await expect(page.getByText('不予受理已完成')).toBeVisible()
})
