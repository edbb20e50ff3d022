// SPDX-License-Identifier: Apache-2.0

import { mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import ActionButton from './ActionButton.vue'
import AskTwice from './AskTwice.vue'
import PhotoPicker from './PhotoPicker.vue'
import SegmentedChoice from './SegmentedChoice.vue'
import TextArea from './TextArea.vue'

it('ties a text area to its label and its complaint', () => {
  const field = mount(TextArea, { props: { label: '问题', max: 10, modelValue: '着火🔥', error: '太短' } })
  const area = field.get('textarea')
  expect(field.get('label').attributes('for')).toBe(area.attributes('id'))
  expect(area.attributes('aria-invalid')).toBe('true')
  expect(field.find(`[id="${area.attributes('aria-describedby')}"]`).text()).toBe('太短')
  expect(field.text()).toContain('3 / 10') // the emoji is one character
})

it('says how much is too much', async () => {
  const field = mount(TextArea, { props: { label: '问题', max: 2, modelValue: '三个字' } })
  expect(field.text()).toContain('多了 1 个字')
})

it('chooses one of a few with radio buttons', async () => {
  const chosen = vi.fn()
  const options = [{ value: 'a', title: '甲' }, { value: 'b', title: '乙' }]
  const choice = mount(SegmentedChoice, { props: { label: '哪一种', options, modelValue: '', 'onUpdate:modelValue': chosen } })
  await choice.findAll('input')[1]?.setValue()
  expect(chosen).toHaveBeenCalledWith('b')
})

it('asks before it acts', async () => {
  const ask = mount(AskTwice, { props: { label: '清空', question: '确定吗？', yes: '清空', no: '不' } })
  await ask.get('button').trigger('click')
  expect([ask.emitted('yes'), ask.text()]).toEqual([undefined, expect.stringContaining('确定吗？')])
  await ask.get('.danger .action.danger').trigger('click')
  expect(ask.emitted('yes')).toHaveLength(1)
})

it('cannot be pressed while busy', async () => {
  const press = vi.fn()
  const button = mount(ActionButton, { props: { busy: true, onClick: press } })
  await button.trigger('click')
  expect([press.mock.calls.length, button.attributes('aria-disabled')]).toEqual([0, 'true'])
})

it('shows each photo with its state, and can take it away or send it again', async () => {
  const photos = [
    { id: 'a', url: '', state: 'sending' as const, percent: 40 },
    { id: 'b', url: '', state: 'failed' as const },
  ]
  const picker = mount(PhotoPicker, { props: { label: '照片', photos, max: 9, reading: 1, refused: ['打不开'] } })
  expect(picker.text()).toContain('正在发送 40%')
  expect(picker.text()).toContain('还可以加 7 张')
  expect(picker.get('[role=alert]').text()).toBe('打不开')
  await picker.get('[aria-label="重发第 2 张照片"]').trigger('click')
  await picker.get('[aria-label="删掉第 1 张照片"]').trigger('click')
  expect([picker.emitted('retry'), picker.emitted('remove')]).toEqual([[['b']], [['a']]])
})
