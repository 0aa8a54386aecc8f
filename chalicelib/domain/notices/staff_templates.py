"""The words of the notices to staff, and of several notices as one message. Rules as in `templates.py`."""

from chalicelib.domain.notices.template import Template, of

RECALLED = "recalled"  # the one notice that a party concerned may still get
_WHAT = "{number} {place}。"
_CATEGORY = "类别：{category}。"

STAFF: dict[str, Template] = {
    "assigned": of("新工单", _WHAT, _CATEGORY, "请在{due}前签收。", "说明：{note}", call=True, storm=True),
    "assist_asked": of(
        "请协办",
        _WHAT,
        _CATEGORY,
        "主办单位：{unit}。",
        "时限：{due}。",
        "说明：{note}",
        call=True,
        storm=True,
    ),
    "reminded": of("催办", _WHAT, "时限：{due}，请尽快办理。", "说明：{note}", call=True),
    "escalated": of(
        "工单升级", _WHAT, "承办单位：{unit}。", "时限：{due}，请过问。", "说明：{note}", call=True
    ),
    "supervision": of(
        "督办单", _WHAT, "承办单位：{unit}。", "请在{due}前书面答复。", "要求：{note}", call=True
    ),
    "returned_to_desk": of("退单", _WHAT, "{unit}退回，请重新派单。", "原因：{note}。", "请在{due}前派出。"),
    "assign_finally_needed": of(
        "请签派", _WHAT, "已退单两次，请指定承办单位。", "原因：{note}。", "请在{due}前签派。", call=True
    ),
    "extension_asked": of("申请延期", _WHAT, "{unit}申请延期，请审批。", "理由：{note}", "现时限：{due}。"),
    "extension_decided": of("延期审批", _WHAT, "结果：{note}", "时限：{due}。", "审批人：{who}。"),
    "waived": of("免除协办", _WHAT, "协办单位已免除。", "原因：{note}。"),
    "not_solved_warning": of(
        "居民说没解决", _WHAT, "承办单位：{unit}。", "请点开工单看居民怎么说。", "请负责人过问。", call=True
    ),
    "rework_assigned": of(
        "重办",
        _WHAT,
        "居民说没有解决，请重新办理。",
        "请点开工单看居民怎么说。",
        "新的时限：{due}。",
        call=True,
    ),
    "new_for_desk": of("新诉求待处理", _WHAT, _CATEGORY, "请在{due}前反馈居民。", storm=True),
    "urgent_alert": of(
        "紧急", "紧急：{number} {place}，请立即处置。", _CATEGORY, "承办单位：{unit}。", call=True, storm=True
    ),
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
    # What a partner or a filled form says: an office's words, not a resident's.
    "word_from": of("有新消息", _WHAT, "{note}。", "来自：{who}。"),
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
    "absorbed": of("有工单并入", _WHAT, "{note}。", "时限：{due}。", "并入的原话和照片在工单里。"),
    "parted": of("有工单拆出", _WHAT, "{note}。", "时限：{due}。"),
    "divided_staff": of("工单已分拆", _WHAT, "分成几件各自办理：{note}。", "时限：{due}。"),
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
    "explanation_refused": of(
        "没有同意解释结案", _WHAT, "请接着办。", "意见：{note}", "决定人：{who}。", call=True
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
    "handed_over": of("工单交接", _WHAT, "已交接给你。", "原经办人：{who}。", "时限：{due}。", call=True),
    "due_changed": of("时限调整", _WHAT, "工作日安排有变，新的时限：{due}。"),
    "call_needed": of("请电话回访", _WHAT, "请在{due}前打电话。", "事由：{note}"),
    "dead_letters": of("有记录待处理", "有{note}条记录没有处理成功，请打开“待处理记录”查看、补发。"),
    "trend": of("趋势提醒", "{place}“{category}”{note}。", "请打开“趋势与苗头”查看这些工单。"),
    "first_sign": of("苗头提醒", "{place}“{category}”{note}。", "请打开“趋势与苗头”查看这些工单。"),
    "bulletin": of("一周情况", "{place}的周报做好了（{note}）。", "请打开“周报”查看、打印。"),
    "duty_swapped": of("值班调整", "{due}，{unit}由{who}值班。", "原因：{note}。"),
    "code_handed_out": of(
        "有人拿到了登录码", "{note}为{who}生成了登录码。", "不是您要的，请马上告诉站长或片区负责人。"
    ),
    "many_reveals": of(
        "查看联系方式偏多", "{who}一小时内查看联系方式超过{note}次。", "请打开“查看记录”核对理由。"
    ),
    "confirmation_asked": of("请确认", "有人提出：{note}。", "请打开“待确认”看清改动，再点同意或不同意。"),
    "confirmation_decided": of("确认结果", "{note}。"),
    "sign_in_code": of("登录码", "登录码{note}，请勿告诉他人。", "{due}前有效。"),
}

# Made here and never by a rule: several notices as one message.
GATHERED: dict[str, Template] = {
    "daily": of("今日小结", "今天有{count}件工单有了结果：{numbers}。", "详情在收件箱。"),
    "digest": of("升级汇总", "又有{count}件工单升级到您：{numbers}。", "请打开“升级给我的”查看。", call=True),
    "storm": of(
        "同类诉求集中", "{place}又有{count}件“{category}”：{numbers}。", "请打开队列一并处理。", call=True
    ),
}
