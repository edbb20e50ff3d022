// SPDX-License-Identifier: Apache-2.0

export default {
  footer: {
    nav: '页脚',
    privacy: '隐私说明',
    help: '使用帮助',
    complaint: '投诉和建议',
    console: '工作人员入口',
    about: '安澜：安全生产月和隐患排查整治平台',
  },
}
