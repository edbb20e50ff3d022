// SPDX-License-Identifier: Apache-2.0

import { expect, type Page } from '@playwright/test'
import { picture } from './photo.ts'

/** What a resident says of a hazard. */
export interface Saying {
  words: string
  town?: string
  spot?: string
  photo?: boolean
}

/** Passes the danger gate and fills the report in, up to the sending. */
export async function fillReport(page: Page, saying: Saying): Promise<void> {
  await page.getByRole('button', { name: '没有，我要上报隐患' }).click()
  if (saying.photo) {
    await page.getByLabel('拍照或选图').setInputFiles(picture())
    await expect(page.getByText('已发送', { exact: true })).toBeVisible()
  }
  if (saying.town) await choosePlace(page, saying.town)
  if (saying.spot) await page.getByLabel('具体在哪里').fill(saying.spot)
  await page.getByLabel('是什么问题').fill(saying.words)
  await page.getByRole('radio', { name: /环境不安全/ }).check()
}

/** Chooses a town of the county in the picker. */
export async function choosePlace(page: Page, town: string): Promise<void> {
  await page.getByRole('button', { name: /请选择地区/ }).click()
  const sheet = page.getByRole('dialog', { name: '选择地区' })
  await sheet.getByRole('button', { name: town }).click()
  await expect(sheet).toBeHidden()
}

/** Sends the report and returns its number and query code from the receipt. */
export async function sendReport(page: Page): Promise<{ no: string; code: string }> {
  await page.getByRole('button', { name: '发送上报' }).click()
  await expect(page.getByRole('heading', { name: '收到了，谢谢您' })).toBeVisible()
  const no = await page.locator('dd.number').first().innerText()
  const code = await page.locator('dd.code').innerText()
  return { no, code }
}

/** Looks a report up by its query code, as somebody who wrote it down. */
export async function followReport(page: Page, code: string): Promise<void> {
  await page.goto('/follow')
  await page.getByLabel('查询码').fill(code.toLowerCase())
  await page.getByRole('button', { name: '查询' }).click()
  await expect(page.getByRole('heading', { name: '办到哪一步了' })).toBeVisible()
}
