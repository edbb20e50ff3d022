// SPDX-License-Identifier: Apache-2.0

package demo

// The invented county: its places, units, people and hazards. Nothing here names
// a real person, firm or place.

// place names a region of the demo by its code and name.
type region struct{ code, name string }

var (
	province   = region{"99", "示范省"}
	prefecture = region{"9901", "示范市"}
	county     = region{"990101", "示范县"}
	towns      = []region{
		{"990101001", "安平镇"}, {"990101002", "清河镇"}, {"990101003", "石桥镇"}, {"990101004", "柳林镇"},
		{"990101005", "新港镇"}, {"990101006", "望山镇"}, {"990101007", "双溪镇"}, {"990101008", "长丰镇"},
		{"990101101", "南湖街道"}, {"990101102", "北苑街道"}, {"990101201", "东岭乡"}, {"990101202", "西坝乡"},
	}
	zone = region{"990101401", "示范经济开发区"}
)

// department is an office of the county with the industry it supervises.
type department struct{ name, line, login, clerk string }

var departments = []department{
	{"示范县住房和城乡建设局", "construction", "zhujian", "郑住建"},
	{"示范县交通运输局", "transport", "jiaotong", "钱交通"},
	{"示范县市场监督管理局", "special_equipment", "shijian", "孙市监"},
	{"示范县消防救援大队", "fire_key", "xiaofang", "李消防"},
	{"示范县教育局", "school", "jiaoyu", "周教育"},
}

// enterprise is a unit that the demo founds.
type enterprise struct {
	name     string
	industry string // GB/T 4754 section and division
	line     string
}

var enterprises = []enterprise{
	{"示范恒源化工有限公司", "C26", "hazchem"}, {"示范蓝海涂料有限公司", "C26", "hazchem"},
	{"示范金泰精细化工厂", "C26", "hazchem"}, {"示范通达危化品储运有限公司", "G59", "hazchem"},
	{"示范安捷加油站", "F52", "hazchem"}, {"示范清河加油站", "F52", "hazchem"},
	{"示范宏盛机械制造有限公司", "C34", "industry_trade"}, {"示范精工铸造有限公司", "C33", "industry_trade"},
	{"示范永固五金制品厂", "C33", "industry_trade"}, {"示范瑞丰家具有限公司", "C21", "industry_trade"},
	{"示范锦绣纺织有限公司", "C17", "industry_trade"}, {"示范佳味食品有限公司", "C14", "industry_trade"},
	{"示范冰源冷链仓储有限公司", "G59", "industry_trade"}, {"示范华宇电子有限公司", "C39", "industry_trade"},
	{"示范铝业有限公司", "C32", "industry_trade"}, {"示范晨光包装印刷厂", "C23", "industry_trade"},
	{"示范大地木业有限公司", "C20", "industry_trade"}, {"示范新材陶瓷有限公司", "C30", "industry_trade"},
	{"示范飞翔汽配有限公司", "C36", "industry_trade"}, {"示范粮油加工厂", "C13", "industry_trade"},
	{"示范第一建筑工程公司", "E47", "construction"}, {"示范中天市政工程有限公司", "E48", "construction"},
	{"示范鑫安装饰工程有限公司", "E50", "construction"}, {"示范立达机电安装有限公司", "E49", "construction"},
	{"示范滨河家园项目部", "E47", "construction"}, {"示范城南学校扩建项目部", "E47", "construction"},
	{"示范通畅客运有限公司", "G54", "transport"}, {"示范顺达物流有限公司", "G54", "transport"},
	{"示范公交公司", "G54", "transport"}, {"示范安行驾驶培训学校", "P83", "transport"},
	{"示范青山采石场", "B10", "mine"}, {"示范石桥建筑石料矿", "B10", "mine"},
	{"示范城市燃气有限公司", "D45", "gas"}, {"示范便民液化气站", "D45", "gas"},
	{"示范百汇商场", "F52", "fire_key"}, {"示范星光影城", "R87", "fire_key"},
	{"示范如意大酒店", "H61", "fire_key"}, {"示范老街农贸市场", "F52", "fire_key"},
	{"示范金色童年儿童乐园", "R90", "fire_key"}, {"示范万家超市", "F52", "fire_key"},
	{"示范湖畔温泉度假村", "H61", "culture_tourism"}, {"示范望山风景区管理处", "N78", "culture_tourism"},
	{"示范县人民医院", "Q84", "hospital"}, {"示范南湖卫生院", "Q84", "hospital"},
	{"示范夕阳红养老院", "Q85", "eldercare"}, {"示范敬老服务中心", "Q85", "eldercare"},
	{"示范县第一中学", "P83", "school"}, {"示范县实验小学", "P83", "school"},
	{"示范县职业技术学校", "P83", "school"}, {"示范北苑幼儿园", "P83", "school"},
	{"示范盛达电梯维保有限公司", "O81", "special_equipment"}, {"示范锅炉供热有限公司", "D44", "special_equipment"},
	{"示范丰收农机合作社", "A05", "farm_machinery"}, {"示范新港渔业合作社", "A04", "fishery"},
	{"示范花炮经营部", "F52", "firework"}, {"示范民爆服务站", "L72", "civil_explosive"},
	{"示范绿能储能电站", "D44", "other"}, {"示范再生资源回收站", "C42", "industry_trade"},
	{"示范顺风快递分拨中心", "G60", "transport"}, {"示范兴农饲料有限公司", "C13", "industry_trade"},
}

// finding is a kind of hazard that the demo tells stories of.
type finding struct {
	scene Scene
	words string // %s: where exactly
	spots []string
	// class, factor and accident are codes of the worker's four classes, of GB/T 13861-2022 and of GB 6441-2025.
	class, factor, accident string
	measures                string
	interim                 string
	done                    string
	fen                     int64 // what the repair costs
}

var findings = []finding{
	{SceneExit, "%s的安全出口堆满货物，门上还挂了链锁，真出事跑不出来。", []string{"一楼东侧", "二车间北门", "仓库后门", "三楼楼梯间"},
		"environment", "3109", "9", "清空安全出口和疏散通道，拆除链锁，划出禁止堆放区，每班检查。",
		"整改期间停用该区域，专人看守另一出口，禁止动火。", "通道已清空，链锁已拆除，地面划了黄线并张贴标识。", 80000},
	{SceneWire, "%s电线私拉乱接，有一段绝缘皮破了露出铜丝，旁边还有水。", []string{"配电箱旁", "宿舍走廊", "二号车间", "临时工棚"},
		"equipment_state", "2103", "6", "由持证电工拆除私接线路，穿管敷设，更换破损电缆，配漏电保护器。",
		"立即断电并挂“禁止合闸”牌，设围挡，禁止靠近。", "线路已穿管敷设，加装漏电保护器，测试动作正常。", 350000},
	{SceneEdge, "%s临边没有防护栏杆，下面两层楼高，工人来回走。", []string{"六层楼板东侧", "卸料平台", "基坑北边", "检修平台"},
		"equipment_state", "2102", "10", "按规范设置两道防护栏杆和挡脚板，挂密目网，未验收不得作业。",
		"停止该区域作业，拉警戒线，专人值守。", "防护栏杆、挡脚板已安装并验收合格。", 260000},
	{SceneFire, "%s的灭火器箱是空的，消火栓前面堆了箱子。", []string{"一楼大厅", "厨房门口", "地下车库", "二层展厅"},
		"equipment_state", "2102", "9", "补足灭火器并建立月检卡，清除消火栓前障碍物，培训当班人员。",
		"从相邻区域调配灭火器，安排消防巡查每两小时一次。", "灭火器已补足并贴检查卡，消火栓前已清空。", 120000},
	{SceneCylinder, "%s气瓶没有固定，有一个倒在地上，氧气和乙炔放在一起。", []string{"焊接区", "气瓶间", "维修车间", "食堂后院"},
		"equipment_state", "2101", "14", "氧气、乙炔分库存放，设防倾倒链，空瓶实瓶分区，配防震圈和防晒棚。",
		"立即扶正并隔离，10米内禁止动火。", "气瓶分区存放并加装防倒链，制度上墙。", 90000},
	{SceneMachine, "%s皮带轮的防护罩拆了没装回去，手一伸就能碰到。", []string{"冲压线", "三号车床", "粉碎机", "传送带尾部"},
		"equipment_state", "2102", "4", "恢复防护罩并加联锁，未装防护罩不得开机，开展机械伤害专项培训。",
		"停机挂牌上锁，未验收前不得启动。", "防护罩已装复，联锁试验三次有效。", 180000},
	{SceneFloor, "%s地面一直漏油，很滑，昨天差点有人摔倒。", []string{"液压站旁", "注塑机下面", "装卸口", "泵房"},
		"environment", "3101", "11", "更换密封件，设接油盘，清洗地面并做防滑处理，纳入每日点检。",
		"铺吸油毡，设警示牌和绕行路线。", "漏点已修复，地面清洗并做防滑。", 60000},
	{SceneSpace, "%s井盖打开没有警示，没有检测仪，工人直接就下去。", []string{"污水池", "化粪池", "腌制池", "电缆井"},
		"management", "4302", "24", "建立有限空间台账和审批制度，配气体检测仪、通风机和救援三脚架，设监护人，全员培训。",
		"立即停止作业、人员撤出，井口设围栏和警示牌。", "围栏、警示牌、通风和检测设备到位，审批制度上墙。", 420000},
	{SceneCharging, "%s有人把电动车推进楼道飞线充电，已经不止一次。", []string{"3号楼一单元", "员工宿舍", "教学楼门厅", "住院部后门"},
		"person_behaviour", "1202", "9", "清理楼道停放车辆，建集中充电棚并装充电桩，安装电梯阻车系统，入户宣传。",
		"立即断电移车，夜间每小时巡查。", "楼道已清理，集中充电棚投入使用。", 560000},
	{SceneDangerous, "%s酸和碱、氧化剂放在一个房间，桶底有渗漏。", []string{"原料库", "化验室", "二号仓库", "配料间"},
		"management", "4305", "26", "按禁忌分库分区存放，设围堰和泄漏收集，更换破损包装，更新一书一签。",
		"停止收发，通风，准备吸附材料和防护用品，专人值守。", "已分区存放并设隔墙，渗漏桶已处置，标签齐全。", 300000},
}

// surnames and given make names for the demo's people.
var (
	surnames = []string{"赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈", "褚", "卫", "蒋", "沈", "韩", "杨", "朱", "秦", "尤", "许"}
	given    = []string{"示安", "范平", "安澜", "守安", "思危", "知险", "慎行", "常宁", "恒安", "示宁", "范安", "永固"}
)
