// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { reportByUnit } from './support/server.ts'
import { expect, password, test } from './support/test.ts'

/** Presses Tab until what has the focus is named name; fails when something on the way looks the same with the focus as without. */
async function tabTo(page: Page, name: RegExp, most = 60): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    await page.keyboard.press('Tab')
    const { named, unseen } = await page.evaluate(lookAtFocus)
    expect.soft(unseen, `the focus was not seen on ${unseen}`).toBe('')
    if (name.test(named)) return
  }
  throw new Error(`no way by Tab to ${name}`)
}

/** Names what has the focus now, and what had it before when it looks no different without it. Runs in the page. */
function lookAtFocus(): { named: string; unseen: string } {
  const memory = window as { lastFocus?: { boxes: Element[]; look: string; what: string } }
  const lookOf = (boxes: Element[]): string =>
    boxes.map((b) => getComputedStyle(b)).map((s) => [s.outline, s.boxShadow, s.borderColor, s.backgroundColor, s.insetBlockStart].join()).join()
  const last = memory.lastFocus
  const unseen = last?.boxes[0]?.isConnected && lookOf(last.boxes) === last.look ? last.what : ''
  const e = document.activeElement as HTMLInputElement
  // A field is drawn with the box around it, a choice with the mark beside it.
  const boxes = [e, e.nextElementSibling, e.parentElement, e.parentElement?.parentElement].filter((b) => b instanceof Element)
  if (e === (document.body as Element)) delete memory.lastFocus
  else memory.lastFocus = { boxes, look: lookOf(boxes), what: `${e.tagName} ${e.className}` }
  return { named: [e.ariaLabel, ...[...(e.labels ?? [])].map((l) => l.innerText), e.innerText].filter(Boolean).join(' ').trim(), unseen }
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
