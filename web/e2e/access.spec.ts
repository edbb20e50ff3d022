// SPDX-License-Identifier: Apache-2.0

import { isSound } from './support/guard.ts'
import { reportInPlace } from './support/server.ts'
import { expect, password, test } from './support/test.ts'

test('wrong passwords lock an account for a while, and the right one does not help then', async ({ visitor }, { project }) => {
  const login = project.name === 'phone' ? 'zhujian' : 'juzhang' // each is locked once
  const { page, guard } = await visitor()
  guard.expects(401, '/auth/sign-in')
  guard.expects(429, '/auth/sign-in')
  await page.goto('/console/hazards')
  await expect(page).toHaveURL(/sign-in\?back=/)
  await isSound(page)
  await page.getByLabel('账户').fill(login)
  const field = page.getByRole('textbox', { name: '密码' })
  const go = page.getByRole('button', { name: '登录' })
  const locked = page.getByText(/输错次数较多，请在 \d+:\d\d 后再试/)
  for (let tries = 0; tries < 7 && !(await locked.isVisible()); tries++) {
    await field.fill(`wrong-${tries}`)
    await go.click()
    await expect(page.getByRole('alert')).toBeVisible()
    await page.waitForLoadState('networkidle')
  }
  await expect(locked).toBeVisible()
  await expect(go).toBeDisabled()
  await isSound(page)
  const right = await page.request.post('/api/v1/auth/sign-in', { data: { login, password } })
  expect(right.status()).toBe(429)
})

test('signing in leads to the page that was asked for, signing out ends the session', async ({ visitor }) => {
  const { page, context } = await visitor()
  await page.goto('/console/units')
  await page.getByLabel('账户').fill('anban')
  await page.getByRole('textbox', { name: '密码' }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
  await expect(page.getByRole('heading', { name: '单位', exact: true })).toBeVisible()
  await page.getByRole('button', { name: /我的账户/ }).click()
  await page.getByRole('menuitem', { name: '退出登录' }).click()
  await expect(page.getByRole('heading', { name: '登录' })).toBeVisible()
  expect((await context.request.get('/api/v1/inbox')).status()).toBe(401)
  await page.goto('/console/')
  await expect(page.getByRole('heading', { name: '登录' })).toBeVisible()
})

test('a worker sees what a worker may do, and no office', async ({ staff }) => {
  const { page, context } = await staff('gongren')
  await page.goto('/console/')
  await expect(page.getByRole('heading', { name: '待办', exact: true })).toBeVisible()
  await isSound(page)
  const rail = page.locator('nav[aria-label="功能导航"]').first()
  for (const entry of ['单位', '人员', '角色', '台账', '规则', '导入导出']) {
    await expect(rail.getByText(entry, { exact: true })).toHaveCount(0)
  }
  await page.goto('/console/people')
  await expect(page.getByText('这一页需要另外的权限')).toBeVisible()
  await isSound(page)
  for (const path of ['people', 'units', 'ledger', 'accounts']) {
    expect([path, (await context.request.get(`/api/v1/${path}`)).status()]).toEqual([path, 403])
  }
})

test('a hazard of another town is not found', async ({ staff }) => {
  const clerk = await staff('anban')
  const towns = await clerk.context.request.get('/api/v1/public/regions', { params: { parent: 'cn/99/9901/990101/' } })
  const { items } = (await towns.json()) as { items: { path: string; name: string }[] }
  const other = items.find((town) => town.name !== '安平镇')
  const no = await reportInPlace(clerk.context.request, other?.path ?? '', '河堤护栏断了一段。')
  const found = await clerk.context.request.get('/api/v1/hazards', { params: { q: no } })
  const [hazard] = ((await found.json()) as { items: { id: string }[] }).items

  const { page, context, guard } = await staff('anping')
  guard.expects(404, '/hazards/')
  await page.goto(`/console/hazards/${hazard?.id}`)
  await expect(page.getByText('没有这条隐患，或者您无权查看。')).toBeVisible()
  await isSound(page)
  const list = await context.request.get('/api/v1/hazards', { params: { q: no } })
  expect(((await list.json()) as { items: unknown[] }).items).toEqual([])
})
