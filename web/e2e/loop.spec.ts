// SPDX-License-Identifier: Apache-2.0

import { isSound } from './support/guard.ts'
import { fillReport, followReport, sendReport } from './support/resident.ts'
import { beginStep, nextSteps, openHazard, order, submit, takeStep, triage } from './support/steps.ts'
import { expect, test } from './support/test.ts'

const firm = '示范恒源化工有限公司'

test('a hazard goes from a photo to verified closure', async ({ visitor, staff }) => {
  const resident = await visitor()
  await resident.page.goto('/')
  await resident.page.getByRole('link', { name: /发现隐患/ }).click()
  await isSound(resident.page)
  await fillReport(resident.page, { words: '安全出口门前堆着木箱，人出不去。', town: '安平镇', spot: '示范路 8 号一层', photo: true })
  await isSound(resident.page)
  const { no, code } = await sendReport(resident.page)
  await isSound(resident.page)

  const clerk = await staff('anban')
  await openHazard(clerk.page, no)
  await beginStep(clerk.page, '研判')
  await isSound(clerk.page)
  await triage(clerk.page, firm)
  await beginStep(clerk.page, '责令限期整改')
  await isSound(clerk.page)
  await order(clerk.page, '孙安全')

  const safety = await staff('hengyuan-aq')
  await openHazard(safety.page, no)
  await takeStep(safety.page, '开始整改', '整改中')
  await submit(safety.page)
  await isSound(safety.page)

  // Who rectified sees why acceptance is not his, and the server refuses it too.
  await expect(nextSteps(safety.page)).toContainText('验收合格 您参与了这条隐患的整改，不能验收自己的整改。')
  await expect(nextSteps(safety.page).getByRole('button', { name: '验收合格' })).toHaveCount(0)
  const id = safety.page.url().split('/').pop() ?? ''
  const { version } = await (await safety.context.request.get(`/api/v1/hazards/${id}`)).json()
  const refused = await safety.context.request.post(`/api/v1/hazards/${id}/steps`, { data: { action: 'accept', version, words: '我自己看过了，合格。' } })
  expect([refused.status(), (await refused.json()).key]).toEqual([403, 'hazard.own_rectification'])

  const officer = await staff('zhifa')
  await openHazard(officer.page, no)
  await expect(officer.page.getByRole('slider')).toBeVisible()
  await isSound(officer.page)
  await takeStep(officer.page, '验收合格', '验收合格', '现场复查，出口畅通，标线清楚。')

  await clerk.page.reload()
  await takeStep(clerk.page, '销号', '已销号')
  await isSound(clerk.page)

  await followReport(resident.page, code)
  await expect(resident.page.getByText('已经改好，隐患销号').first()).toBeVisible()
  await expect(resident.page.getByText('已经办完。')).toBeVisible()
  await isSound(resident.page)
})
