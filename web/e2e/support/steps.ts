// SPDX-License-Identifier: Apache-2.0

import { expect, type Locator, type Page } from '@playwright/test'
import { picture } from './photo.ts'

/** Finds a hazard by its number in the list and opens its full page. */
export async function openHazard(page: Page, no: string): Promise<void> {
  await page.goto(`/console/hazards?q=${no}`)
  await page.getByRole('link', { name: no }).click()
  await page.getByRole('dialog').getByRole('button', { name: '打开全页' }).click()
  await expect(page.getByRole('heading', { name: `隐患 ${no}` })).toBeVisible()
}

/** The card of what can be done next with the hazard. */
export const nextSteps = (page: Page): Locator => page.locator('section', { has: page.getByRole('heading', { name: '下一步' }) })

/** Opens the form of a step. */
export async function beginStep(page: Page, action: string): Promise<Locator> {
  const steps = nextSteps(page)
  const button = steps.getByRole('button', { name: action, exact: true })
  if ((await button.getAttribute('aria-expanded')) !== 'true') await button.click()
  return steps.locator('form')
}

/** Sends the form of a step and waits until the hazard stands where it should. */
export async function sendStep(page: Page, action: string, status: string): Promise<void> {
  await nextSteps(page).getByRole('button', { name: `提交：${action}` }).click()
  const sure = page.getByRole('dialog', { name: action })
  const said = page.getByText(`${action}已完成，现在是“${status}”`)
  await expect(sure.or(said).first()).toBeVisible()
  if (await sure.isVisible()) await sure.getByRole('button', { name: action, exact: true }).click()
  await expect(said).toBeVisible()
}

/** A step that needs nothing but, perhaps, a few words. */
export async function takeStep(page: Page, action: string, status: string, words?: string): Promise<void> {
  const form = await beginStep(page, action)
  if (words) await form.getByRole('textbox').last().fill(words)
  await sendStep(page, action, status)
}

/** Judges the hazard to be a general one of unit. */
export async function triage(page: Page, unit: string): Promise<void> {
  const form = await beginStep(page, '研判')
  await form.getByRole('radio', { name: /^一般/ }).check({ force: true })
  await choose(page, form.getByRole('combobox', { name: '责任单位' }), unit)
  await sendStep(page, '研判', '已研判')
}

/** Types into a field that finds as one types, and takes what is found. */
export async function choose(page: Page, field: Locator, name: string): Promise<void> {
  await field.click()
  await field.fill(name)
  await page.getByRole('option', { name }).first().click()
}

/** Orders rectification with all five elements: duty, measures, money, time limit, plan. */
export async function order(page: Page, owner: string, status = '责令限期整改'): Promise<void> {
  const form = await beginStep(page, '责令限期整改')
  await form.getByLabel('或写姓名').fill(owner)
  await form.getByRole('textbox', { name: '措施' }).fill('工程：清走木箱，划线标出通道；管理：每班检查一次并签字。')
  await form.getByLabel('金额（元）').fill('1200')
  await form.getByLabel('资金来源').fill('企业安全生产费用')
  await form.getByLabel('整改期间的管控').fill('专人看守出口，禁止再堆放物品。')
  await form.getByLabel('出现险情怎么办').fill('立即从西门撤离，拨打119，由当班班长指挥。')
  await sendStep(page, '责令限期整改', status)
}

/** Shows by a photo what was repaired and asks for acceptance. */
export async function submit(page: Page): Promise<void> {
  const form = await beginStep(page, '提请验收')
  await form.getByLabel('怎么整改的、效果如何').fill('木箱已全部清走，通道画线，出口畅通。')
  await form.locator('input[type=file]').setInputFiles(picture(true))
  await expect(form.getByText('正在上传…')).toHaveCount(0)
  await sendStep(page, '提请验收', '待验收')
}
