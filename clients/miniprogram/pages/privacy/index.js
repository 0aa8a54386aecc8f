// What is collected and why, before anything is asked for (个人信息保护法 art. 17).
const config = require('../../config.js');
const frame = require('../../lib/frame.js');

Page(
  frame.framed({
    data: {
      inWechat: config.channel === 'wechat',
      lines: [
        {
          title: '收集什么',
          text: '您写的内容、说的话、您选的照片、扫码的地点。姓名和电话由您决定填不填。不读取手机的位置和通讯录',
        },
        { title: '用来做什么', text: '只用来办理您反映的事，并把进展告诉您' },
        {
          title: '谁看得到',
          text: '姓名、电话单独加密保存。物业和志愿者永远看不到；工作人员要写明理由才能查看，每次都有记录，您可以在办理页面看到谁看过',
        },
        {
          title: '邻居看得到什么',
          text: '只有类别、办理阶段、日期、由哪个单位办、最迟什么时候，以及工作站公开的简短说明。选了“保密”的完全不显示',
        },
        { title: '照片', text: '照片里的拍摄地点、手机型号等信息会先去掉' },
        { title: '录音', text: '只有本居民区的工作站能听，每次都有记录；写成文字三十天后删除，不给别的单位' },
        {
          title: '报名志愿者',
          text: '称呼和电话只给您片区的工作站审核和联系用，每次查看都有记录；您退出或没有通过，立即删除',
        },
        { title: '保存多久', text: '结案一年后删除身份信息，您也可以随时在“设置”里复制或删除' },
      ],
    },
    onBack() {
      if (getCurrentPages().length > 1) wx.navigateBack({ delta: 1 });
      else wx.reLaunch({ url: '/pages/point/index' });
    },
    onContract() {
      wx.openPrivacyContract({ fail: () => this.say('暂时打不开，请稍后再试') });
    },
  })
);
