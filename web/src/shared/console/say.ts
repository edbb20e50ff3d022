// SPDX-License-Identifier: Apache-2.0

import { ElMessage, ElMessageBox } from './ep'
import { c } from './words'

/** Says for a few seconds what has just changed. Screen readers read it out. */
export function say(message: string): void {
  ElMessage({ message, type: 'success', duration: 5000, showClose: true, grouping: true })
}

/** Says what went wrong where there is no form to say it in. */
export function warn(message: string): void {
  ElMessage({ message, type: 'error', duration: 8000, showClose: true, grouping: true })
}

/** Asks before something that cannot be taken back; `act` names it and the thing. */
export async function sure(act: string, explanation: string): Promise<boolean> {
  try {
    await ElMessageBox.confirm(explanation, act, {
      confirmButtonText: act,
      cancelButtonText: c('form.no'),
      type: 'warning',
      confirmButtonClass: 'el-button--danger',
      autofocus: false,
    })
    return true
  } catch {
    return false
  }
}
