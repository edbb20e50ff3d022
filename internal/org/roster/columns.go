// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"maps"
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
	"anlan/internal/org"
	"anlan/internal/platform/document"
)

// Kind is what an import brings in.
type Kind string

const (
	Units  Kind = "units"
	People Kind = "people"
)

// column is a column of the layout that exports write and imports read, in any
// order. A column that a file leaves out leaves what is known alone; an empty cell
// takes it away.
type column struct {
	key      string
	title    string
	also     []string // other titles that mean the same
	required bool     // the file must have it
	shown    bool     // written for people, not read
	width    float64
	help     string
}

var layouts = map[Kind][]column{
	Units: {
		{key: "code", title: "单位编码", help: "系统给出的 8 位编码；填写则修改该单位，新单位留空"},
		{key: "name", title: "单位名称", also: []string{"名称", "企业名称"}, required: true, width: 36, help: "必填"},
		{key: "kind", title: "单位类型", also: []string{"类型"}, required: true, help: "必填：" + strings.Join(kindTitles(), "、")},
		{key: "uscc", title: "统一社会信用代码", also: []string{"信用代码"}, width: 24, help: "18 位；没有则留空。用于认出已有单位"},
		{key: "industry", title: "行业代码", also: []string{"国民经济行业代码"}, help: "GB/T 4754 门类和大类，如 C26；也可只写 26"},
		{key: "lines", title: "监管行业", width: 24, help: "可填多个，用顿号隔开：" + strings.Join(lineTitles(), "、")},
		{key: "place", title: "区划代码", also: []string{"所在区划代码"}, required: true, help: "必填：2 至 12 位统计用区划代码，末尾的 0 可省略"},
		{key: "place_name", title: "所在区划", shown: true, width: 30, help: "导出时给人看的，导入时不读"},
		{key: "address", title: "地址", also: []string{"详细地址"}, width: 36, help: "可空"},
		{key: "parent", title: "上级单位编码", also: []string{"上级单位"}, help: "集团上级单位的编码、信用代码或名称，可以是本表中的单位"},
		{key: "opened", title: "成立日期", help: "如 2020-06-01，可空"},
	},
	People: {
		{key: "name", title: "姓名", required: true, help: "必填"},
		{key: "phone", title: "手机号", also: []string{"手机", "手机号码", "联系电话"}, help: "可空；加密保存。用于认出已有人员"},
		{key: "code", title: "单位编码", help: "三项至少填一项，依次用来找到单位"},
		{key: "uscc", title: "统一社会信用代码", also: []string{"信用代码"}, width: 24, help: "同上"},
		{key: "unit", title: "单位名称", also: []string{"单位", "所属单位"}, width: 36, help: "同上"},
		{key: "title", title: "职务", also: []string{"岗位"}, help: "可空"},
		{key: "head", title: "负责人", also: []string{"主要负责人"}, help: "是 或 否"},
	},
}

var kindNames = map[org.UnitKind]string{org.UnitOffice: "安全监管机构", org.UnitDepartment: "部门", org.UnitEnterprise: "企业", org.UnitVillage: "村",
	org.UnitCommunity: "社区", org.UnitSchool: "学校", org.UnitFamilyGroup: "家庭联户", org.UnitOther: "其他"}

var lineNames = map[string]string{"coal": "煤矿", "mine": "非煤矿山", "hazchem": "危险化学品", "firework": "烟花爆竹",
	"industry_trade": "工贸", "construction": "建筑施工", "transport": "交通运输", "gas": "燃气", "fire_key": "消防重点单位",
	"special_equipment": "特种设备", "civil_explosive": "民用爆炸物品", "farm_machinery": "农业机械", "fishery": "渔业船舶",
	"school": "学校", "hospital": "医院", "eldercare": "养老机构", "culture_tourism": "文化旅游", "other": "其他"}

func kindTitles() []string {
	out := make([]string, len(org.UnitKinds))
	for i, k := range org.UnitKinds {
		out[i] = kindNames[k]
	}
	return out
}

func lineTitles() []string {
	out := make([]string, len(org.Lines))
	for i, l := range org.Lines {
		out[i] = lineNames[l]
	}
	return out
}

// keyOf returns the key whose name, or which itself, is text; "" for neither.
func keyOf[K ~string](names map[K]string, text string) K {
	if _, ok := names[K(text)]; ok {
		return K(text)
	}
	for k := range maps.Keys(names) {
		if names[k] == text {
			return k
		}
	}
	return ""
}

// header finds the columns of a kind in the first row of a file: the key of each
// cell, "" for one that is not known or not read.
func header(kind Kind, cells []string) ([]string, error) {
	keys := make([]string, len(cells))
	for i, cell := range cells {
		title := strings.TrimRight(strings.Join(strings.Fields(org.HalfWidth(cell)), ""), "*")
		for _, c := range layouts[kind] {
			if !c.shown && (title == c.title || slices.Contains(c.also, title)) {
				keys[i] = c.key
			}
		}
		if keys[i] != "" && slices.Contains(keys[:i], keys[i]) {
			return nil, errs.New(errs.Invalid, "org.column_twice", "column", cell)
		}
	}
	for _, c := range layouts[kind] {
		if c.required && !slices.Contains(keys, c.key) {
			return nil, errs.New(errs.Invalid, "org.column_missing", "column", c.title)
		}
	}
	return keys, nil
}

// titleOf returns what the column of a key is called.
func titleOf(kind Kind, key string) string {
	i := slices.IndexFunc(layouts[kind], func(c column) bool { return c.key == key })
	if i < 0 {
		return key
	}
	return layouts[kind][i].title
}

func sheetColumns(kind Kind) []document.Column {
	var out []document.Column
	for _, c := range layouts[kind] {
		out = append(out, document.Column{Title: c.title, Width: c.width})
	}
	return out
}
