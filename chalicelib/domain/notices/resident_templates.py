"""The words of the notices to residents, and the table of all. A clerk may edit them: the first sentence always stands, a later one falls away when empty.

Every notice carries number, place, category, unit, due, note and who; the consumer adds the station's `phone`.
"""

from chalicelib.domain.notices.staff_templates import GATHERED, STAFF
from chalicelib.domain.notices.template import Template, of

_ASK_US = "有疑问请在工单里留言，或拨打{phone}。"
_NUMBER = "工单号{number}。"

RESIDENT: dict[str, Template] = {
    "received": of(
        "已收到",
        "您反映的{place}的问题，我们收到了。",
        "工单号{number}，打电话时报这个号就能查到。",
        "{due}前告诉您由谁来办。",
        "着急请拨打{phone}。",
    ),
    "call_made": of(
        "已代您拨打",
        "关于{place}的紧急情况，工作人员已拨打{who}。",
        "能打电话的话，请您也拨打，说清楚位置。",
        _NUMBER,
        _ASK_US,
    ),
    "meeting_called": of(
        "约单位会商", "您反映的{place}的问题，已约有关单位会商。", "{note}", _NUMBER, _ASK_US
    ),
    "meeting_recorded": of(
        "会商有了结果", "您反映的{place}的问题，会商定了下一步。", "{note}", _NUMBER, _ASK_US, call=True
    ),
    "proxy_agreed": of(
        "代办人可以看进展",
        "您反映的{place}的问题，替您来反映的人可以看进展。",
        "不想这样请拨打{phone}。",
        _NUMBER,
    ),
    "proxy_ended": of(
        "代办人不再看得到", "您反映的{place}的问题，替您来反映的人看不到了。", _NUMBER, _ASK_US
    ),
    "proxy_over": of(
        "由本人接着联系",
        "您代为反映的{place}的问题，以后由本人联系，您这边不再显示。",
        "有疑问请拨打{phone}。",
    ),
    "danger_denied": of(
        "已按一般事项办理",
        "您反映的{place}的情况，我们看过了，现在没有人有危险（{note}），按一般事项继续办。",
        "如果不是这样，请马上点“有人有危险”或拨打{phone}、110、119、120。",
        _NUMBER,
    ),
    "answered": of("已答复", "您问的事有答复了。", "{note}", "答复人：{who}。", _NUMBER, _ASK_US, call=True),
    "dispatched": of(
        "已派单",
        "您反映的{place}的问题已交给{unit}办理。",
        "承办人：{who}。",
        "办理时限：{due}。",
        _NUMBER,
        _ASK_US,
        call=True,
    ),
    "sent_without_words": of(
        "已派单",
        "您反映的{place}的问题，先按地点和类别交给{unit}办理；您写的话他们还看不到，工作站看过再转。",
        "办理时限：{due}。",
        _NUMBER,
        _ASK_US,
        call=True,
    ),
    "words_looked_at": of(
        "原话看过了", "您反映{place}的话，工作站看过了，怎样转给承办单位在工单里写着。", _NUMBER, _ASK_US
    ),
    "taken": of(
        "开始办理",
        "{unit}已接下您反映的{place}的问题，开始办理。",
        "承办人：{who}。",
        "办理时限：{due}。",
        _ASK_US,
    ),
    "backup_asked": of(
        "已请人接手",
        "您反映的{place}的问题，承办人还没有签收，我们已另外找人。",
        "已通知：{who}。",
        "着急请拨打{phone}。",
    ),
    "arrived": of("已到现场", "工作人员已到{place}现场。", "来自：{unit}。", _ASK_US),
    "contacted": of(
        "已与您联系", "关于{place}的问题，{unit}已与您联系。", "记录：{note}", "记录不对请拨打{phone}。"
    ),
    "unit_feedback": of(
        "初步反馈",
        "您反映的{place}的问题，{unit}有了初步反馈。",
        "{note}",
        "办理时限：{due}。",
        _ASK_US,
        call=True,
    ),
    "progress": of("最新进展", "您反映的{place}的问题有新进展。", "{note}", "办理时限：{due}。", _ASK_US),
    "transferred": of(
        "换了承办单位",
        "您反映的{place}的问题改由{unit}办理，不用您重新反映。",
        "原因：{note}。",
        "办理时限：{due}。",
        _ASK_US,
    ),
    "returned": of(
        "正在重新派单",
        "您反映的{place}的问题正在重新安排承办单位，不用您重新反映。",
        "原因：{note}。",
        "{due}前告诉您结果。",
        _ASK_US,
    ),
    "extension_granted": of(
        "时限有变",
        "您反映的{place}的问题需要多一些时间。",
        "新的时限：{due}。",
        "原因：{note}。",
        _ASK_US,
        call=True,
    ),
    "wrong_number_left": of(
        "电话打不通",
        "为{place}的问题给您打电话，您留的号码有误。",
        "请在工单里点“已解决”或“没解决”，或留言写明能打通的电话。",
        "也可以拨打{phone}。",
    ),
    "photo_missed": of(
        "照片没有传成功",
        "您反映的{place}的问题，有一张照片没有保存：{note}。",
        "反映的内容已经收到，照常办理。",
        "要补照片，请在工单里留言时再传一张，或拨打{phone}。",
    ),
    "contact_corrected": of(
        "联系方式已更正",
        "您反映的{place}的问题登记的联系方式已由工作站更正，办理不受影响。",
        "工单号{number}。",
        "不是您要求更正的，请拨打{phone}。",
    ),
    "relocated": of(
        "地点已更正",
        "您反映的问题的地点已更正为{place}，由{unit}跟进，不用您重新反映。",
        "工单号{number}。",
        "地点不对请在工单里留言，或拨打{phone}。",
    ),
    "due_moved": of(
        "时限顺延",
        "国家公布了放假安排，您反映的{place}的问题的时限随之调整。",
        "新的时限：{due}。",
        _ASK_US,
        call=True,
    ),
    "waiting_for_you": of(
        "需要您补充",
        "办理{place}的问题需要您补充情况。",
        "{note}",
        "请在{due}前到工单里回复。",
        "不方便操作请拨打{phone}。",
        call=True,
    ),
    "suspended": of(
        "暂时挂账",
        "您反映的{place}的问题眼下还办不了，我们先挂账，没有放下。",
        "原因：{note}。",
        "{due}再次研究，结果会告诉您。",
        _ASK_US,
        call=True,
    ),
    "resumed": of(
        "恢复办理", "您反映的{place}的问题已恢复办理。", "承办单位：{unit}。", "办理时限：{due}。", _ASK_US
    ),
    "declined": of(
        "不予受理",
        "您反映的{place}的问题，本镇不能受理。",
        "{note}",
        "答复人：{who}。",
        "不同意请在工单里点“重新打开”，或拨打{phone}。",
        call=True,
    ),
    "forwarded": of(
        "已转送",
        "您反映的{place}的问题不由本镇办理，已替您转送，不用您重新反映。",
        "接收单位：{who}。",
        "说明：{note}。",
        _NUMBER,
        _ASK_US,
        call=True,
    ),
    "merged": of(
        "已并案",
        "您反映的{place}的问题与另一件相同，已合在一起办，您反映的没有取消。",
        "承办单位：{unit}。",
        "办理时限：{due}。",
        "办好后会单独问您。",
        "合并后的工单号{note}。",
        "不是同一件事？请在工单里点“分开办”，或拨打{phone}。",
        call=True,
    ),
    "merged_suspended": of(
        "已并案",
        "您反映的{place}的问题与另一件相同，已合在一起办，您反映的没有取消。",
        "这件事眼下还办不了，先挂账，没有放下。",
        "原因：{who}。",
        "{due}再次研究，结果会告诉您。",
        "合并后的工单号{note}。",
        "不是同一件事？请在工单里点“分开办”，或拨打{phone}。",
        call=True,
    ),
    "divided": of(
        "分成几件办",
        "您反映的几件事，我们分成几件各自办理，不用您重新反映。",
        "{note}",
        "每一件办得怎样，都在这张工单里看；全部办好才算办完。",
        _NUMBER,
        _ASK_US,
        call=True,
    ),
    "split": of(
        "已分开办",
        "您反映的{place}的问题已从合并的工单里分出来，单独办理，不用您重新反映。",
        "{due}前告诉您由谁来办。",
        _NUMBER,
        _ASK_US,
        call=True,
    ),
    "set_apart": of(
        "已单独立单",
        "您反映的事已单独立单{number}，由{unit}办理，时限不变，不用您重新反映。",
        "地点：{place}。",
        _ASK_US,
        call=True,
    ),
    "resolved_ask": of(
        "解决了吗？",
        "您反映的{place}的问题，承办单位说办好了。解决了吗？",
        "办理情况：{note}",
        "承办单位：{unit}。",
        "请点开选“已解决”或“没解决”。",
        "不回答，工作站会打电话问您，电话是{phone}。",
    ),
    "reworked": of(
        "重新办理",
        "您反映的{place}的问题还没解决，已要求重新办理。",
        "承办单位：{unit}。",
        "新的时限：{due}。",
        _ASK_US,
    ),
    "closed": of(
        "已结案",
        "您反映的{place}的问题已结案。",
        "结果：{note}",
        "问题又出现时，请在工单里点“重新打开”，或拨打{phone}。",
        call=True,
    ),
    "explained": of(
        "依法解释结案",
        "您反映的{place}的问题，经两次重办仍不能按您的要求解决，片区决定依法说明后结案。",
        "{note}",
        "不同意，还可以到：{who}。",
        _NUMBER,
        _ASK_US,
        call=True,
    ),
    "reopened": of(
        "已重新打开", "您反映的{place}的问题已重新打开，继续办理。", "{due}前告诉您由谁来办。", _ASK_US
    ),
    "comment_reply": of("有新回复", "工单{number}有新回复。", "{note}", "回复人：{who}。", _ASK_US),
    # Only that there is news: whom it is kept from is read in the app (design §12).
    # Nothing of the matter: somebody else may hold the phone.
    "confront_asked": of("有新进展", "您的工单{number}有新进展，请点开查看。", _ASK_US, call=True),
    "secrecy_lifted": of("有新进展", "您的工单{number}有新进展，请点开查看。", _ASK_US),
    "published": of(
        "已公开",
        "您反映的{place}的问题已在扫码页面公开，不含您的个人信息。",
        "公开内容：{note}",
        "不想公开请拨打{phone}。",
    ),
    "nearby_published": of(
        "您关注的地方",
        "{place}昨天有新公开：{note}。",
        "点开看写了什么；不想再收到，在“附近办了什么”里取消关注。",
        "有疑问请拨打{phone}。",
    ),
    "measure_announced": of(
        "有了统一措施",
        "您反映的{place}的问题，不少居民也反映过，现在有了统一的办法。",
        "措施：{note}",
        "承办单位：{unit}。",
        _ASK_US,
        call=True,
    ),
}

TEMPLATES: dict[str, Template] = RESIDENT | STAFF | GATHERED
