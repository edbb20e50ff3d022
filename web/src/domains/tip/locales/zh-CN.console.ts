// SPDX-License-Identifier: Apache-2.0

export default {
  keysTitle: '举报密钥',
} as const
