// SPDX-License-Identifier: Apache-2.0

package rules

// builtinStandards are the documents by which hazards are major, by industry, as
// known on 2026-11-24. Titles and numbers only: an office imports the clauses it
// works with. Confirmed false means that the title, the number or the edition has
// still to be checked against the original; no day is given where none is certain.
var builtinStandards = []Standard{
	{ID: "sc-774-2024", Title: "煤矿安全生产条例", DocNo: "国务院令第774号", Issuer: "国务院", Lines: []string{"coal"}, ValidFrom: "2024-05-01", Confirmed: true},
	{ID: "mem-4-2020", Title: "煤矿重大事故隐患判定标准", DocNo: "应急管理部令第4号", Issuer: "应急管理部", Lines: []string{"coal"}, ValidFrom: "2021-01-01", ValidTo: "2026-06-30", Successor: "mem-21-2026", Confirmed: true},
	{ID: "mem-21-2026", Title: "煤矿重大事故隐患判定标准", DocNo: "应急管理部令第21号", Issuer: "应急管理部", Lines: []string{"coal"}, ValidFrom: "2026-07-01", Confirmed: true},
	{ID: "nmsa-88-2022", Title: "金属非金属矿山重大事故隐患判定标准", DocNo: "矿安〔2022〕88号", Issuer: "国家矿山安全监察局", Lines: []string{"mine"}, ValidFrom: "2022-09-01", Confirmed: true},
	{ID: "nmsa-41-2024", Title: "金属非金属矿山重大事故隐患判定标准补充情形", DocNo: "矿安〔2024〕41号", Issuer: "国家矿山安全监察局", Lines: []string{"mine"}, Confirmed: true},
	{ID: "saws-121-2017-chem", Title: "化工和危险化学品生产经营单位重大生产安全事故隐患判定标准（试行）", DocNo: "安监总管三〔2017〕121号", Issuer: "原国家安全监管总局", Lines: []string{"hazchem"}, ValidFrom: "2017-11-13", ValidTo: "2026-09-29", Successor: "aq-3067-2026", Confirmed: true},
	{ID: "aq-3067-2026", Title: "化工和危险化学品生产经营企业重大生产安全事故隐患判定准则", DocNo: "AQ 3067-2026", Issuer: "应急管理部", Lines: []string{"hazchem"}, ValidFrom: "2026-09-30", Confirmed: true},
	{ID: "saws-121-2017-firework", Title: "烟花爆竹生产经营单位重大生产安全事故隐患判定标准（试行）", DocNo: "安监总管三〔2017〕121号", Issuer: "原国家安全监管总局", Lines: []string{"firework"}, ValidFrom: "2017-11-13", Confirmed: true},
	{ID: "mem-10-2023", Title: "工贸企业重大事故隐患判定标准", DocNo: "应急管理部令第10号", Issuer: "应急管理部", Lines: []string{"industry_trade"}, ValidFrom: "2023-05-15", Confirmed: true},
	{ID: "gb-35181-2017", Title: "重大火灾隐患判定方法", DocNo: "GB 35181-2017", Issuer: "国家标准", Lines: []string{"fire_key"}},
	{ID: "gb-35181-2025", Title: "重大火灾隐患判定规则", DocNo: "GB 35181-2025", Issuer: "国家标准", Lines: []string{"fire_key"}, ValidFrom: "2025-11-01"},
	{ID: "mohurd-5-2024", Title: "房屋市政工程生产安全重大事故隐患判定标准（2024版）", DocNo: "建质规〔2024〕5号", Issuer: "住房和城乡建设部", Lines: []string{"construction"}, Confirmed: true},
	{ID: "mohurd-4-2023", Title: "城镇燃气经营安全重大隐患判定标准", DocNo: "建城规〔2023〕4号", Issuer: "住房和城乡建设部", Lines: []string{"gas"}, Confirmed: true},
	{ID: "mot-52-2023", Title: "道路运输企业和城市客运企业安全生产重大事故隐患判定标准（试行）", DocNo: "交办运〔2023〕52号", Issuer: "交通运输部", Lines: []string{"transport"}},
	{ID: "mot-works", Title: "公路水运工程重大事故隐患判定标准", Issuer: "交通运输部", Lines: []string{"transport", "construction"}},
	{ID: "mot-passenger-ship", Title: "水上客运重大事故隐患判定指南", Issuer: "交通运输部", Lines: []string{"transport"}},
	{ID: "mot-port", Title: "港口危险货物重大事故隐患判定指南", Issuer: "交通运输部", Lines: []string{"transport", "hazchem"}},
	{ID: "nra-rail", Title: "铁路重大事故隐患判定标准（试行）", Issuer: "国家铁路局", Lines: []string{"transport"}},
	{ID: "caac-air", Title: "民航重大安全隐患判定标准（试行）", Issuer: "中国民用航空局", Lines: []string{"transport"}},
	{ID: "spb-post", Title: "邮政快递业重大事故隐患判定标准（试行）", Issuer: "国家邮政局", Lines: []string{"transport"}},
	{ID: "mwr-273-2023", Title: "水利工程生产安全重大事故隐患清单指南（2023年版）", DocNo: "办监督〔2023〕273号", Issuer: "水利部", Lines: []string{"construction", "other"}, Confirmed: true},
	{ID: "nea-123-2022", Title: "重大电力安全隐患判定标准（试行）", DocNo: "国能综通安全〔2022〕123号", Issuer: "国家能源局", Lines: []string{"other"}},
	{ID: "ndrc-41-2026", Title: "电力重大事故隐患判定标准及治理监督管理规定", DocNo: "国家发展改革委令第41号", Issuer: "国家发展改革委", Lines: []string{"other"}},
	{ID: "gb-45067-2024", Title: "特种设备重大事故隐患判定准则", DocNo: "GB 45067-2024", Issuer: "国家标准", Lines: []string{"special_equipment"}, Confirmed: true},
	{ID: "miit-337-2023", Title: "民用爆炸物品行业重大事故隐患判定标准（试行）", DocNo: "工信厅安全函〔2023〕337号", Issuer: "工业和信息化部", Lines: []string{"civil_explosive"}, Confirmed: true},
	{ID: "miit-234-2024", Title: "民用爆炸物品行业重大事故隐患判定标准", DocNo: "工信部安全〔2024〕234号", Issuer: "工业和信息化部", Lines: []string{"civil_explosive"}},
	{ID: "moa-farm-machinery", Title: "农机安全生产重大事故隐患判定标准（试行）", Issuer: "农业农村部", Lines: []string{"farm_machinery"}},
	{ID: "moa-fishery", Title: "渔业船舶重大事故隐患判定标准（试行）", Issuer: "农业农村部", Lines: []string{"fishery"}},
	{ID: "mem-offshore-oil", Title: "海洋石油重大事故隐患判定标准", Issuer: "应急管理部", Lines: []string{"other"}},
	{ID: "mem-onshore-oil", Title: "陆上石油天然气开采重大事故隐患判定标准", Issuer: "应急管理部", Lines: []string{"other"}},
	{ID: "oil-pipeline", Title: "油气输送管道重大事故隐患判定标准", Issuer: "国家能源局", Lines: []string{"other"}},
	{ID: "grain-storage", Title: "粮油仓储企业重大事故隐患判定标准（试行）", Issuer: "国家粮食和物资储备局", Lines: []string{"other"}},
	{ID: "hospital", Title: "医疗机构重大事故隐患判定标准", Issuer: "国家卫生健康委", Lines: []string{"hospital"}},
	{ID: "eldercare", Title: "养老机构重大事故隐患判定标准", Issuer: "民政部", Lines: []string{"eldercare"}},
	{ID: "school", Title: "学校重大事故隐患判定指南", Issuer: "教育部", Lines: []string{"school"}},
	{ID: "culture-tourism", Title: "文化和旅游行业重大事故隐患判定标准", Issuer: "文化和旅游部", Lines: []string{"culture_tourism"}},
}

// builtinClauses are hints in our own words for clauses whose number is certain.
var builtinClauses = []Clause{
	{Standard: "sc-774-2024", No: "第三十六条", Text: "列举煤矿重大事故隐患的情形", Keywords: []string{"煤矿"}},

	{Standard: "mem-10-2023", No: "第三条", Text: "管理类：对承包、承租单位未统一协调管理或未定期检查；特种作业人员无证上岗；金属冶炼企业负责人、安全管理人员未经考核合格", Keywords: []string{"承包", "承租", "特种作业", "持证"}},
	{Standard: "mem-10-2023", No: "第四条", Text: "冶金企业的情形", Keywords: []string{"冶金", "炼钢", "高炉", "煤气"}},
	{Standard: "mem-10-2023", No: "第五条", Text: "有色企业的情形", Keywords: []string{"有色", "电解", "熔炼"}},
	{Standard: "mem-10-2023", No: "第六条", Text: "建材企业的情形，如煤粉仓监测报警和灭火、筒型库清库、进入窑炉磨机前的隔离", Keywords: []string{"建材", "水泥", "玻璃", "煤粉仓", "清库"}},
	{Standard: "mem-10-2023", No: "第七条", Text: "机械企业的情形，如人员聚集场所设在熔融金属吊运、浇注区域，熔炼炉无紧急排放设施", Keywords: []string{"机械", "铸造", "熔炼", "涂装"}},
	{Standard: "mem-10-2023", No: "第八条", Text: "轻工企业的情形", Keywords: []string{"轻工", "食品", "白酒", "造纸"}},
	{Standard: "mem-10-2023", No: "第九条", Text: "纺织企业的情形", Keywords: []string{"纺织", "印染"}},
	{Standard: "mem-10-2023", No: "第十条", Text: "烟草企业的情形", Keywords: []string{"烟草"}},
	{Standard: "mem-10-2023", No: "第十一条", Text: "存在粉尘爆炸危险的企业：场所设在非框架多层建筑或内有人员聚集，除尘系统互联或混用，无泄爆、惰化、抑爆措施，积尘不清理等", Keywords: []string{"粉尘", "除尘", "木粉", "铝镁", "积尘"}},
	{Standard: "mem-10-2023", No: "第十二条", Text: "使用液氨制冷的企业：人员较多的加工间采用氨直接蒸发制冷，快速冻结装置未单独隔开等", Keywords: []string{"液氨", "制冷", "冷库"}},
	{Standard: "mem-10-2023", No: "第十三条", Text: "有硫化氢、一氧化碳等中毒风险的有限空间：未辨识、无警示标志；未审批，未先通风、再检测、后作业，无人监护", Keywords: []string{"有限空间", "中毒", "污水池", "监护"}},

	{Standard: "mohurd-4-2023", No: "第四条", Text: "安全生产管理：无证经营，未建立分级管控、隐患排查、用户定期检查制度，未制定应急预案", Keywords: []string{"燃气", "许可证", "预案"}},
	{Standard: "mohurd-4-2023", No: "第五条", Text: "厂站安全管理：储罐无监测或超限报警，设备和管道无自动切断、放散装置等", Keywords: []string{"燃气", "储罐", "厂站", "报警"}},
}
