// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { isSound } from './support/guard.ts'
import { expect, test } from './support/test.ts'

const pages = ['/', '/report', '/follow', '/about', '/campaign/2026-990101']

test('large text keeps every public page whole', async ({ visitor }) => {
  const { page } = await visitor()
  await page.goto('/')
  const before = await page.locator('h1').evaluate((h) => parseFloat(getComputedStyle(h).fontSize))
  await page.getByRole('button', { name: '大字版' }).click()
  const after = await page.locator('h1').evaluate((h) => parseFloat(getComputedStyle(h).fontSize))
  expect(after / before).toBeCloseTo(1.375, 1)
  for (const path of pages) {
    await page.goto(path)
    await isSound(page)
  }
  await page.goto('/report')
  await page.getByRole('button', { name: '没有，我要上报隐患' }).click()
  await isSound(page)
  await page.getByRole('button', { name: /请选择地区/ }).click()
  await isSound(page)
})

test('in English no Chinese is left in the words of the interface', async ({ visitor }) => {
  const { page } = await visitor()
  await page.goto('/')
  await page.getByRole('button', { name: 'Switch to English' }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
  for (const path of pages) {
    await page.goto(path)
    await isEnglish(page)
  }
  await page.goto('/report')
  await page.getByRole('button', { name: 'No, I want to report a hazard' }).click()
  await isEnglish(page)
  await page.getByRole('button', { name: 'Send report' }).click() // an empty form, which is refused
  await isEnglish(page)
  await page.getByRole('button', { name: /Choose a place/ }).click()
  await isEnglish(page)
  await page.getByRole('dialog').getByRole('button', { name: '安平镇' }).click()
  await page.getByLabel('What is wrong').fill('A loose railing on the bridge.')
  await page.getByRole('radio', { name: /^Unsafe surroundings/ }).check()
  await page.getByRole('button', { name: 'Send report' }).click()
  await expect(page.locator('dd.code')).toBeVisible()
  await isEnglish(page)
  await page.getByRole('link', { name: 'See progress' }).click()
  await expect(page.getByText('安平镇')).toBeVisible()
  await isEnglish(page)
})

async function isEnglish(page: Page): Promise<void> {
  await isSound(page)
  expect.soft(await page.locator('html').getAttribute('lang')).toBe('en')
  expect.soft(await chineseOf(page), `Chinese on ${page.url()}`).toEqual([])
}

/** Pieces of text with Chinese in them, but for what says of itself that it is Chinese (people wrote it) and names of places. */
async function chineseOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said = 'noscript, body [lang="zh-CN"]'
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = [document.title.replace(document.querySelector('h1[lang="zh-CN"]')?.textContent ?? '', '')]
    while (walk.nextNode()) if (!walk.currentNode.parentElement?.closest(said)) found.push(walk.currentNode.textContent ?? '')
    for (const e of document.querySelectorAll('[aria-label], [placeholder], [alt], [title]')) {
      if (!e.closest(said)) found.push(...['aria-label', 'placeholder', 'alt', 'title'].map((name) => e.getAttribute(name) ?? ''))
    }
    return found.map((text) => text.replaceAll(/示范省|示范市|示范县|安平镇/g, '').trim()).filter((text) => /\p{Script=Han}/u.test(text))
  })
}
