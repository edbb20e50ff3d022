// SPDX-License-Identifier: Apache-2.0

import { fillReport, followReport, sendReport } from '../support/resident.ts'
import { beginStep, openHazard, order, takeStep, triage } from '../support/steps.ts'
import { expect, test } from '../support/test.ts'
import { picture } from '../support/photo.ts'
import { shoot } from './picture.ts'

test('what residents and enterprises see on a phone', async ({ visitor, staff }) => {
  const { page } = await visitor()
  await page.goto('/')
  await shoot(page, 'home')
  await page.getByRole('button', { name: '大字版' }).click()
  await shoot(page, 'home-large')
  await page.getByRole('button', { name: '标准版' }).click()
  await page.goto('/campaign/2026-990101')
  await shoot(page, 'campaign')
  await page.goto('/report')
  await shoot(page, 'report-gate')
  await fillReport(page, { words: '安全出口门前堆着木箱，人出不去。', town: '安平镇', spot: '示范路 8 号一层', photo: true })
  await page.getByRole('heading', { name: '上报隐患' }).scrollIntoViewIfNeeded()
  await shoot(page, 'report-form')
  const { no, code } = await sendReport(page)
  await shoot(page, 'report-done')

  const clerk = await staff('anban')
  await openHazard(clerk.page, no)
  await triage(clerk.page, '示范恒源化工有限公司')
  await order(clerk.page, '孙安全')

  const safety = await staff('hengyuan-aq')
  await safety.page.goto('/console/')
  await expect(safety.page.getByRole('heading', { name: '待办', exact: true })).toBeVisible()
  await shoot(safety.page, 'unit-inbox')
  await openHazard(safety.page, no)
  await takeStep(safety.page, '开始整改', '整改中')
  const form = await beginStep(safety.page, '提请验收')
  await form.getByLabel('怎么整改的、效果如何').fill('木箱已全部清走，通道画线，出口畅通。')
  await form.locator('input[type=file]').setInputFiles(picture(true))
  await expect(form.getByText('正在上传…')).toHaveCount(0)
  await form.scrollIntoViewIfNeeded()
  await shoot(safety.page, 'unit-submit')

  await followReport(page, code)
  await shoot(page, 'follow')
})
