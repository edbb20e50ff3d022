// SPDX-License-Identifier: Apache-2.0

export default {
  brand: '安澜工作台',
  skip: '跳到正文',
  rail: '功能导航',
  menu: '打开功能导航',
  groups: {
    inbox: '待办',
    hazards: '隐患',
    tips: '举报',
    campaigns: '活动',
    figures: '数据',
    units: '单位',
    system: '系统',
  },
  scope: { label: '查看范围', all: '全部可见区划' },
  search: {
    button: '搜索',
    title: '搜索',
    lead: '输入页面名、隐患编号、单位或人名，回车打开。',
    label: '搜索页面、隐患、单位、人员',
    pages: '页面',
    none: '没有找到。换个词，或检查隐患编号是否完整。',
    finding: '正在查找…',
  },
  language: 'English',
  large: '大字',
  me: {
    menu: '我的账户',
    unit: '切换到',
    current: '当前单位',
    security: '我的安全',
    signOut: '退出登录',
    switched: '现在以“{unit}”的身份办理',
  },
  denied: {
    title: '这一页需要另外的权限',
    todo: '您当前的角色不能查看本页。如果工作需要，请联系本单位的安全管理员授权，或在右上角切换单位。',
    home: '回到待办',
  },
  missing: {
    title: '没有这一页',
    todo: '地址可能写错了，或内容已经移走。请从左侧导航重新进入，或按 Ctrl+K 搜索。',
  },
  confirm: {
    title: '请确认是您本人',
    lead: '这一步比较重要，请再输一次密码；15 分钟内不再询问。',
    password: '密码',
    go: '确认',
  },
  again: {
    title: '登录已过期，请重新登录',
    lead: '页面和您填写的内容都还在，登录后会接着办理。',
    other: '换一个账户登录',
  },
} as const
