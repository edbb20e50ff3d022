// SPDX-License-Identifier: Apache-2.0

import type { Page } from '@playwright/test'
import { isSound } from './support/guard.ts'
import { unitNamed } from './support/server.ts'
import { expect, test, type Person } from './support/test.ts'
import { codeAt } from './support/totp.ts'

const mine = '河水慢慢流过示范桥'
const url = '/api/v1'

/** A new person of an enterprise with a role there, whose account still has its one-time password. */
async function newcomer(system: Person, security: Person, login: string): Promise<string> {
  const unit = await unitNamed(system, '示范恒源化工有限公司')
  const api = system.context.request
  const added = await api.post(`${url}/people`, { data: { name: '陈新来', unit_id: unit.id, title: '', manager_id: '', head: false } })
  const { id } = (await added.json()) as { id: string }
  const opened = await api.post(`${url}/people/${id}/account`, { data: { login } })
  expect(opened.status(), await opened.text()).toBe(201)
  const given = await security.context.request.post(`${url}/grants`, { data: { person_id: id, role: 'unit_head', unit_id: unit.id } })
  expect(given.ok(), await given.text()).toBe(true)
  return ((await opened.json()) as { password: string }).password
}

async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.goto('/console/sign-in')
  await page.getByLabel('账户').fill(login)
  await page.getByRole('textbox', { name: '密码' }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}

const card = (page: Page, name: string) => page.locator('section').filter({ has: page.getByRole('heading', { name, exact: true }) })

async function changePassword({ page, guard }: Person, old: string): Promise<void> {
  guard.expects(422, '/me/password')
  await expect(page.getByRole('heading', { name: '设置新密码' })).toBeVisible()
  await page.goto('/console/units')
  await expect(page).toHaveURL(/new-password/)
  await page.getByLabel('现在的密码').fill(old)
  await page.getByLabel('新密码', { exact: true }).fill('短')
  await page.getByLabel('再输一次新密码').fill('短')
  await page.getByRole('button', { name: '更换密码' }).click()
  await expect(page.getByText('密码至少要有 10 个字符').first()).toBeVisible()
  await isSound(page)
  await page.getByLabel('新密码', { exact: true }).fill(`${mine}。`)
  await page.getByLabel('再输一次新密码').fill(`${mine}。`)
  await page.getByRole('button', { name: '更换密码' }).click()
  await expect(page.getByRole('heading', { name: '待办', exact: true })).toBeVisible()
}

/** Turns the second step on; returns its secret. */
async function turnOn({ page, guard }: Person): Promise<string> {
  guard.expects(422, '/me/totp')
  const factor = card(page, '两步验证')
  await factor.getByRole('button', { name: '开启两步验证' }).click()
  await expect(factor.getByLabel('6 位数字')).toBeFocused()
  const secret = /[A-Z2-7]{16,}/.exec(await factor.innerText())?.[0] ?? ''
  await factor.getByLabel('6 位数字').fill(codeAt(secret, 0))
  await factor.getByRole('button', { name: '确认开启' }).click()
  await expect(factor.getByText(/验证码不对/)).toBeVisible()
  await factor.getByLabel('6 位数字').fill(codeAt(secret, Date.now()))
  await factor.getByRole('button', { name: '确认开启' }).click()
  await expect(factor.getByText('请抄下恢复码')).toBeVisible()
  await isSound(page)
  return secret
}

test('a newcomer sets a password, turns on the second step, ends a session and lends a token', async ({ staff, visitor }, { project }) => {
  const login = `chen.${project.name}.${Date.now()}`
  const once = await newcomer(await staff('xitong'), await staff('anquan'), login)

  const one = await visitor()
  const { page } = one
  await signIn(page, login, once)
  await changePassword(one, once)
  await page.goto('/console/security')
  const secret = await turnOn(one)

  const other = await visitor()
  other.guard.expects(401, '/api/v1/') // a wrong code; and later its session ends under it
  await signIn(other.page, login, `${mine}。`)
  await expect(other.page.getByLabel('动态验证码')).toBeFocused()
  await other.page.keyboard.type(codeAt(secret, 0))
  await other.page.keyboard.press('Enter')
  await expect(other.page.getByText(/验证码不对/)).toBeVisible()
  await other.page.getByLabel('动态验证码').fill(codeAt(secret, Date.now() + 30_000)) // each works once: the next one
  await other.page.keyboard.press('Enter')
  await expect(other.page.getByRole('heading', { name: '待办', exact: true })).toBeVisible()

  await page.reload()
  await card(page, '我的登录').getByRole('button', { name: '结束' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '结束' }).click()
  await expect(page.getByText('已结束这个登录')).toBeVisible()
  expect((await other.context.request.get(`${url}/inbox`)).status()).toBe(401)

  const tokens = card(page, '接口令牌')
  await tokens.getByRole('button', { name: '新建令牌' }).click()
  await expect(tokens.getByLabel('用途')).toBeFocused()
  await page.keyboard.type('车间大屏')
  await tokens.getByText('查看隐患', { exact: true }).click()
  await tokens.getByRole('button', { name: '新建令牌' }).click()
  const token = await tokens.locator('code').innerText()
  await isSound(page)
  const nobody = await visitor()
  const asked = (path: string) => nobody.context.request.get(`${url}/${path}`, { headers: { authorization: `Bearer ${token}` } })
  expect((await asked('hazards')).status()).toBe(200)
  expect((await asked('me/sessions')).status()).toBe(403)
  await tokens.getByRole('button', { name: '删除' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click()
  await expect(page.getByText('令牌已删除')).toBeVisible()
  expect((await asked('hazards')).status()).toBe(401)
})
