"""The words of the notices to staff, and of several notices as one message. Rules as in `templates.py`.

A phone carries number, place, category, what to do, and what the act itself knows (a clock, a number, a result); nobody's free
words, which are read in the ticket, under today's sight (design §12). `parties.telling` fills no {note} of an act for staff."""

from chalicelib.domain.notices.template import Template, of

RECALLED = "recalled"
EXPLANATION_LAPSED = "explanation_lapsed"
DANGER_PLACE = "danger_place"  # place and kind of a danger, to whoever alone can help
ACTS_OF_EMERGENCY = "acts_of_emergency"  # of somebody whose power had nobody's yes
STATEMENT_ASKED = "statement_asked"  # that a leader has put something to somebody, and nothing of any ticket
TO_THE_CONCERNED = frozenset(
    {RECALLED, DANGER_PLACE, STATEMENT_ASKED}
)  # the only notices that a party concerned may still get
# What somebody who lost a ticket still reads of what they had asked for there; a party concerned does not.
TO_WHO_LOST_IT = frozenset({EXPLANATION_LAPSED})
_WHAT = "{number} {place}。"
_CATEGORY = "类别：{category}。"
_SUMMARY = "{summary}。"  # as the dispatcher confirmed it

STAFF: dict[str, Template] = {
    "assigned": of("新工单", _WHAT, _CATEGORY, _SUMMARY, "请在{due}前签收。", call=True, storm=True),
    "assist_asked": of(
        "请协办",
        _WHAT,
        _CATEGORY,
        _SUMMARY,
        "主办单位：{unit}。",
        "时限：{due}。",
        "要做什么请点开工单查看。",
        call=True,
        storm=True,
    ),
    "reminded": of("催办", _WHAT, _SUMMARY, "时限：{due}，请尽快办理。", "说明：{note}", call=True),
    "escalated": of(
        "工单升级", _WHAT, _SUMMARY, "承办单位：{unit}。", "时限：{due}，请过问。", "说明：{note}", call=True
    ),
    "supervision": of(
        "督办单",
        _WHAT,
        _SUMMARY,
        "承办单位：{unit}。",
        "请在{due}前书面答复。",
        "{note}。",
        "要求请点开工单查看。",
        call=True,
    ),
    "returned_to_desk": of("退单", _WHAT, "{who}退回，请重新派单。", "原因：{note}。", "请在{due}前派出。"),
    "assign_finally_needed": of(
        "请签派",
        _WHAT,
        _SUMMARY,
        "已退单两次，请指定承办单位。",
        "原因：{note}。",
        "请在{due}前签派。",
        call=True,
    ),
    "extension_asked": of(
        "申请延期", _WHAT, "{unit}申请延期，请审批。", "理由请点开工单查看。", "现时限：{due}。"
    ),
    "extension_decided": of("延期审批", _WHAT, "结果：{note}", "时限：{due}。", "审批人：{who}。"),
    "waived": of("免除协办", _WHAT, "协办单位已免除。", "原因请点开工单查看。"),
    "not_solved_warning": of(
        "居民说没解决",
        _WHAT,
        _SUMMARY,
        "承办单位：{unit}。",
        "请点开工单看居民怎么说。",
        "请负责人过问。",
        call=True,
    ),
    "rework_assigned": of(
        "重办",
        _WHAT,
        _SUMMARY,
        "居民说没有解决，请重新办理。",
        "请点开工单看居民怎么说。",
        "新的时限：{due}。",
        call=True,
    ),
    "words_to_look_at": of(
        "请看居民原话",
        _WHAT,
        _CATEGORY,
        "居民的话可能说到承办单位{unit}，还没有给他们看。",
        "请看过再选转或不转。",
        call=True,
    ),
    "words_released": of(
        "工单有变化", _WHAT, _SUMMARY, "居民说了什么，工作站看过了，转来的话在工单里，请点开查看。"
    ),
    "words_kept": of("工单有变化", _WHAT, "居民原话工作站看过了，没有转来，请按地点和类别办理。"),
    "new_for_desk": of("新诉求待处理", _WHAT, _CATEGORY, "请在{due}前反馈居民。", storm=True),
    "urgent_alert": of(
        "紧急",
        "{number} {place}，请立即处置。",
        _SUMMARY,
        _CATEGORY,
        "承办单位：{unit}。",
        call=True,
        storm=True,
    ),
    "take_now": of(
        "紧急工单没有人签收",
        "{number} {place}，请立即签收并赶到现场。",
        _SUMMARY,
        _CATEGORY,
        "值班员正在打电话找您：{note}",
        call=True,
    ),
    "not_taken": of(
        "紧急工单没有人签收",
        "{number} {place}，派给{unit}后没有人签收，请马上打电话。",
        "承办人：{who}。",
        "电话：{note}。",
        call=True,
    ),
    "danger_conflict": of(
        "紧急，且能到场的正是被反映的一方",
        "{number} {place}，能去救助的只有被反映的一方。",
        "已只告诉其地点和险情，没有告诉是谁反映、反映了什么。",
        "请亲自盯住，或另派人到场。",
        call=True,
    ),
    DANGER_PLACE: of(
        "有人有危险", "{note}：{place}，请马上到场救助。", "到场后请打工作站的电话。", call=True
    ),
    STATEMENT_ASKED: of(
        "有件事请您说明", "{who}有件事请您说明。", "请在{due}前打开“消息”，看清以后写下说明。"
    ),
    "confront_decided": of("居民答复了能否转告", _WHAT, "居民怎么说请点开工单查看。"),
    "stated": of("被反映方作了说明", _WHAT, "说明请点开工单查看。", call=True),
    "danger_asked": of(
        "可能有人有危险",
        "{note}：{number} {place}，请马上确认是不是紧急。",
        "打开工单，拨打居民，或直接按紧急办。",
        call=True,
        storm=True,
    ),
    "danger_call": of("请马上打给居民", "{note}：{number} {place}，居民说不清，请打过去。", call=True),
    "danger_heard": of(
        "工单里有新的险情",
        "{note}：{number} {place}，居民刚才说的，请马上看。",
        "承办单位：{unit}。",
        call=True,
    ),
    "commented": of("新留言", _WHAT, "请点开工单查看。", "留言人：{who}。"),
    "word_from": of("有新消息", _WHAT, "请点开工单查看。", "来自：{who}。"),
    "erasure_asked": of("请写摘要", _WHAT, "本人要求删除个人信息，请写好摘要，再点“删除反映内容”。"),
    RECALLED: of("不用再办", _WHAT, "此单已由工作站收回，您不用再办。"),
    "withdrawn": of("不用再办", _WHAT, "这张工单不用再办了。", "原因请点开工单查看。"),
    "wrong_number": of("回访号码有误", _WHAT, "登记的电话是别人的，请另找联系方式。", "记录请点开工单查看。"),
    "place_changed": of("地点更正", _WHAT, "地点已更正。", "{note}。", "时限：{due}。", call=True),
    "taken_by_other": of("已有人签收", _WHAT, "{who}已经签收，您不用再办。"),
    "lead_changed": of("主办单位有变", _WHAT, "主办单位：{unit}。", "您单位的协办不变。", "时限：{due}。"),
    "reclassified": of("分类有变", _WHAT, _CATEGORY, "时限：{due}。"),
    "assisting_changed": of("协办有变", _WHAT, "又请了单位协办。", "说明请点开工单查看。"),
    "assigned_for_desk": of("已签派", _WHAT, "片区已指定由{unit}办理。"),
    "suspended_staff": of("暂时挂账", _WHAT, "先不用办。", "原因请点开工单查看。", "{due}复核。"),
    "resumed_staff": of("恢复办理", _WHAT, "请接着办。", "时限：{due}。", call=True),
    "supervision_answer": of("督办已答复", _WHAT, "答复请点开工单查看。", "答复人：{who}。"),
    "photo_missed_staff": of(
        "照片没有传成功", _WHAT, "有一张照片打不开，没有保存。", "请重拍一张，在工单里补上。"
    ),
    "absorbed": of("有工单并入", _WHAT, "{note}。", "时限：{due}。", "并入的原话和照片在工单里。"),
    "parted": of("有工单拆出", _WHAT, "{note}。", "时限：{due}。"),
    "divided_staff": of("工单已分拆", _WHAT, "分成几件各自办理，请点开工单查看。", "时限：{due}。"),
    "merged_staff": of("工单已并案", _WHAT, "已与另一件合在一起办。"),
    "split_staff": of("工单已拆出", _WHAT, "又单独办理。", "时限：{due}。"),
    "words_after_end": of(
        "办结后又来话", _WHAT, "工单已经结束，居民又留言。", "请点开工单，看是否重新打开。", call=True
    ),
    "resolved_staff": of("单位报告办结", _WHAT, "承办单位：{unit}。", "情况请点开工单查看。"),
    "ended_staff": of("工单已了结", _WHAT, "结果：{note}。"),
    "explanation_proposed": of(
        "提请解释结案", _WHAT, "{unit}认为依法解决不了，请决定。", "依据请点开工单查看。", call=True
    ),
    EXPLANATION_LAPSED: of(
        "提请已失效", _WHAT, "承办单位已换或已重办，原来提请的解释结案不再有效，不用再决定。"
    ),
    "explanation_refused": of(
        "没有同意解释结案", _WHAT, "请接着办。", "意见请点开工单查看。", "决定人：{who}。", call=True
    ),
    "exempted_staff": of("已批准免回访", _WHAT, "理由请点开工单查看。", "批准人：{who}。"),
    "decision_needed": of(
        "居民说没解决，请定夺",
        _WHAT,
        "上报人明确说没解决，电话又打不通，不能自动结案。",
        "请决定重办，或写明理由结案。",
        call=True,
    ),
    "reopened_staff": of(
        "工单重开", _WHAT, "居民重新打开了工单。", "原因请点开工单查看。", "时限：{due}。", call=True
    ),
    "handed_over": of(
        "工单交接", _WHAT, _SUMMARY, "已交接给你。", "原经办人：{who}。", "时限：{due}。", call=True
    ),
    "due_changed": of("时限调整", _WHAT, "工作日安排有变，新的时限：{due}。"),
    "call_needed": of("请电话回访", _WHAT, "请在{due}前打电话。", "居民怎么说请点开工单查看。"),
    "dead_letters": of("有记录待处理", "有{note}条记录没有处理成功，请打开“待处理记录”查看、补发。"),
    "meeting_invited": of(
        "请来会商", _WHAT, "时间：{note}。", "地点和议题请点开工单查看。", "召集人：{who}。", call=True
    ),
    "meeting_set": of("约了会商", _WHAT, "时间：{note}。"),
    "undertaking_given": of(
        "会商任务", _WHAT, "会商定了由您单位办的事，请点开工单看做什么、何时办好。", call=True
    ),
    "ruling_needed": of(
        "请裁定权属",
        _WHAT,
        "{unit}认为不属其职责，正先办着。",
        "双方的话请点开工单看。",
        "请在{due}前裁定。",
        call=True,
    ),
    "dispute_words": of(
        "请说明职责", _WHAT, "承办单位认为不属其职责，请工作站说明派单依据。", "裁定期限：{due}。"
    ),
    "duty_ruled": of(
        "权属已裁定", _WHAT, "裁定由{unit}办理。", "依据请点开工单查看。", "时限：{due}。", call=True
    ),
    "knowledge_owed": of("政策知识待补", "{note}。", "请打开“政策知识”补上或核对。"),
    "measure_day": of("定期措施", "{note}。", "日子和停办的原因在“一类事”里看。"),
    "trend": of("趋势提醒", "{place}“{category}”{note}。", "请打开“趋势与苗头”查看这些工单。"),
    "first_sign": of("苗头提醒", "{place}“{category}”{note}。", "请打开“趋势与苗头”查看这些工单。"),
    "bulletin": of("一周情况", "{place}的周报做好了（{note}）。", "请打开“周报”查看、打印。"),
    "duty_swapped": of("值班调整", "{due}，{unit}由{who}值班。", "原因：{note}。"),
    "code_in_emergency": of(
        "紧急取得登录码",
        "{note}没有等人确认，紧急取得了{who}的登录码，到{due}自动失效。",
        "不应当的，请马上联系管理员，或请本人重新登录使其作废。",
    ),
    "power_in_emergency": of(
        "紧急生效",
        "{who}没有等人确认，紧急办了“{note}”，到{due}自动失效。",
        "请打开“待确认”看清改动：同意的继续有效，不同意的马上失效。",
    ),
    ACTS_OF_EMERGENCY: of(
        "请看一遍",
        _WHAT,
        "{who}的职责是紧急加上的，没有人确认，已经失效；这张工单其间由其办过。",
        "办过的仍算数，不妥的请重新派单或重办。",
    ),
    "computer_registered": of(
        "登记了工作电脑", "{who}把“{note}”登记为本单位的工作电脑。", "不应当的，请打开“人员”移除。"
    ),
    "spare_code_made": of(
        "有人给您备了登录码", "{note}为{who}生成了备用登录码，封存在站长处。", "不应当的，请马上告诉站长。"
    ),
    "spare_code_used": of(
        "备用登录码已启用", "{who}用封存的备用登录码登录了。", "不是本人用的，请马上联系管理员。"
    ),
    "code_handed_out": of(
        "有人拿到了登录码", "{note}为{who}生成了登录码。", "不是您要的，请马上告诉站长或片区负责人。"
    ),
    "many_reveals": of(
        "查看联系方式偏多", "{who}一小时内查看联系方式超过{note}次。", "请打开“查看记录”核对理由。"
    ),
    "many_persons": of(
        "按电话认人偏多",
        "{who}一小时内报来的电话超过{note}个。",
        "请核对是不是正常登记；不是的，请马上联系管理员。",
    ),
    "unusual_looks": of("查看提醒", "昨天的例外：{note}。", "请打开“查看记录”核对理由。"),
    "confirmation_asked": of("请确认", "有人提出：{note}。", "请打开“待确认”看清改动，再点同意或不同意。"),
    "confirmation_decided": of("确认结果", "{note}。"),
    "sign_in_code": of("登录码", "{note}，请勿告诉他人。", "{due}前有效。"),
}

# Made here and never by a rule: several notices as one message.
GATHERED: dict[str, Template] = {
    "daily": of("今日小结", "今天有{count}件工单有了结果：{numbers}。", "详情在收件箱。"),
    "digest": of("升级汇总", "又有{count}件工单升级到您：{numbers}。", "请打开“升级给我的”查看。", call=True),
    "more_rings": of(
        "同一处又有险情",
        "{place}10分钟内又有{count}件“{note}”：{numbers}。",
        "请打开队列一并确认。",
        call=True,
    ),
    "storm": of(
        "同类诉求集中", "{place}又有{count}件“{category}”：{numbers}。", "请打开队列一并处理。", call=True
    ),
}
