// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { isSound } from './support/guard.ts'
import { beginStep, choose, nextSteps, openHazard, order, sendStep, submit, takeStep } from './support/steps.ts'
import { reportByUnit } from './support/server.ts'
import { expect, test } from './support/test.ts'

const planParts = ['目标和任务', '方法和措施', '经费和物资', '机构和人员', '时限和要求', '安全措施和应急预案']

test('a hazard is major only by a clause, and is governed by plan and receipts', async ({ staff }) => {
  const officer = await staff('zhifa')
  const no = await reportByUnit(officer, '示范恒源化工有限公司', '污水池下井作业没有审批、没有检测、没有人监护。')
  await openHazard(officer.page, no)
  officer.guard.expects(422, '/steps')
  officer.guard.expects(400, '/steps')

  const form = await beginStep(officer.page, '研判')
  await form.getByRole('radio', { name: /^重大/ }).check({ force: true })
  await officer.page.getByRole('button', { name: '提交：研判' }).click()
  await expect(form.getByText('判定为重大隐患必须选择判定标准和条款。').first()).toBeVisible()
  await isSound(officer.page)

  await choose(officer.page, form.getByRole('combobox', { name: '判定标准' }), '工贸企业重大事故隐患判定标准')
  await form.getByRole('radio', { name: /第十三条/ }).check()
  await isSound(officer.page)
  await sendStep(officer.page, '研判', '已研判')
  await expect(officer.page.getByText('第十三条').first()).toBeVisible()
  await takeStep(officer.page, '责令停产停业、撤人', '停产停业', '立即停止下井作业，人员全部撤出，封闭井口。')
  await order(officer.page, '吴恒')

  const head = await staff('hengyuan')
  await openHazard(head.page, no)
  await takeStep(head.page, '开始整改', '整改中')
  await expect(nextSteps(head.page)).toContainText('重大隐患的治理方案还没有填报')
  await writePlan(head.page)
  await expect(nextSteps(head.page)).toContainText('重大隐患的双报告回执还没有登记')
  await recordReceipts(head.page)
  await submit(head.page)
  await isSound(head.page)
})

async function writePlan(page: Page): Promise<void> {
  const form = await beginStep(page, '填报治理方案')
  for (const part of planParts) await form.getByRole('textbox', { name: part }).fill(`${part}：已逐项落实到人，十日内完成。`)
  await isSound(page)
  await sendStep(page, '填报治理方案', '整改中')
}

async function recordReceipts(page: Page): Promise<void> {
  const form = await beginStep(page, '登记双报告回执')
  const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
  for (const to of ['报告监管部门', '报告职工大会或职工代表大会']) {
    await form.getByLabel(`${to}：回执或纪要名称、编号`).fill('示安报 7 号')
    const day = form.locator('.el-form-item', { hasText: `${to}：日期` }).getByRole('combobox')
    await day.fill(today)
    await day.press('Enter')
  }
  await isSound(page)
  await sendStep(page, '登记双报告回执', '整改中')
}
