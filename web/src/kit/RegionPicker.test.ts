// SPDX-License-Identifier: Apache-2.0

import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import RegionPicker from './RegionPicker.vue'
import type { PlaceStep, Trail } from './places'

const tree: Record<string, PlaceStep[]> = {
  'cn/': [{ path: 'cn/98/', name: '乙省' }, { path: 'cn/99/', name: '示范省' }],
  'cn/99/': [{ path: 'cn/99/9901/', name: '示范市' }],
  'cn/99/9901/': [{ path: 'cn/99/9901/990101/', name: '安和县' }],
  'cn/99/9901/990101/': [{ path: 'cn/99/9901/990101/990101100/', name: '城关镇' }, { path: 'cn/99/9901/990101/990101101/', name: '河口镇' }],
}

let wrapper: VueWrapper
let chosen: Trail = []

beforeEach(() => {
  HTMLDialogElement.prototype.showModal = function show() {
    this.open = true
  }
})

afterEach(() => {
  wrapper.unmount()
  localStorage.clear()
})

async function open(
  children = async (path: string): Promise<PlaceStep[]> => tree[path] ?? [],
  home = async (): Promise<Trail> => [],
): Promise<void> {
  wrapper = mount(RegionPicker, {
    attachTo: document.body,
    props: { label: '地区', children, home, modelValue: [], 'onUpdate:modelValue': choose },
  })
  await wrapper.get('.choose').trigger('click')
  await flushPromises()
}

function choose(trail: Trail): void {
  chosen = trail
  void wrapper.setProps({ modelValue: trail })
}

async function press(name: string): Promise<void> {
  const button = wrapper.findAll('dialog button').find((b) => b.text().includes(name))
  if (!button) throw new Error(`no button ${name}`)
  await button.trigger('click')
  await flushPromises()
}

const shown = (): string[] => wrapper.findAll('dialog li').map((li) => li.text())

it('goes down level by level; a place with nothing below it is the choice', async () => {
  await open()
  for (const name of ['示范省', '示范市', '安和县', '河口镇']) await press(name)
  expect(chosen.at(-1)).toEqual({ path: 'cn/99/9901/990101/990101101/', name: '河口镇' })
  expect(wrapper.get('.chosen').text()).toBe('示范省 示范市 安和县 河口镇')
})

it('may stop at the county, not above', async () => {
  await open()
  for (const name of ['示范省', '示范市']) await press(name)
  expect(wrapper.text()).not.toContain('就选“示范市”')
  await press('安和县')
  await press('就选“安和县”')
  expect(wrapper.get('.chosen').text()).toBe('示范省 示范市 安和县')
})

it('finds within a level and says when there is nothing', async () => {
  await open()
  await wrapper.get('input').setValue('示范')
  expect(shown()).toEqual(['示范省'])
  await wrapper.get('input').setValue('海')
  expect(wrapper.text()).toContain('没有找到“海”')
})

it('walks the list with the arrow keys', async () => {
  await open()
  const input = wrapper.get('input')
  input.element.focus()
  await input.trigger('keydown', { key: 'ArrowDown' })
  expect(document.activeElement?.textContent).toContain('乙省')
  await wrapper.get('dialog li button').trigger('keydown', { key: 'ArrowUp' })
  expect(document.activeElement).toBe(input.element)
})

it('offers the last choice, and opens beside it', async () => {
  const last = [{ path: 'cn/99/', name: '示范省' }, { path: 'cn/99/9901/', name: '示范市' }, { path: 'cn/99/9901/990101/', name: '安和县' }]
  localStorage.setItem('anlan.place', JSON.stringify(last))
  await open()
  expect(shown()).toEqual(['安和县'])
  await wrapper.get('.last').trigger('click')
  expect(chosen).toEqual(last)
})

it('begins at home on a device that has not chosen before', async () => {
  await open(undefined, async () => [{ path: 'cn/99/', name: '示范省' }, { path: 'cn/99/9901/', name: '示范市' }])
  expect(shown()).toEqual(['安和县'])
})

it('says what is wrong and can try again', async () => {
  const children = vi.fn().mockRejectedValueOnce(new TypeError('Failed to fetch')).mockResolvedValue(tree['cn/'])
  await open(children)
  expect(wrapper.text()).toContain('网络不通')
  await press('再试一次')
  expect(shown()).toEqual(['乙省', '示范省'])
})
