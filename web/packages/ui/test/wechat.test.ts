import { expect, test } from "vitest";

import { isWeChat } from "../src/wechat.ts";

const ANDROID = "Mozilla/5.0 (Linux; Android 9; HMA-AL00) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0";
const IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 13_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)";

test.each([
  ["WeChat on Android", `${ANDROID} Chrome/66.0.3359.126 MQQBrowser/6.2 TBS/045111 Mobile Safari/537.36 MMWEBID/7 MicroMessenger/7.0.10.1580(0x27000A5F) Process/tools NetType/4G Language/zh_CN ABI/arm64`],
  ["WeChat on an iPhone", `${IPHONE} Mobile/15E148 MicroMessenger/7.0.10(0x17000a21) NetType/WIFI Language/zh_CN`],
  ["WeCom", `${ANDROID} Chrome/78.0.3904.62 Mobile Safari/537.36 wxwork/3.0.16 MicroMessenger/7.0.1 Language/zh`],
  ["WeChat on a desk", "Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/53.0.2785.116 Safari/537.36 QBCore/4.0 MicroMessenger/6.5.2.501 NetType/WIFI WindowsWechat"],
])("%s keeps nothing", (_, agent) => {
  expect(isWeChat(agent)).toBe(true);
});

test.each([
  ["Chrome", `${ANDROID} Chrome/79.0.3945.116 Mobile Safari/537.36`],
  ["QQ's browser", `${ANDROID} Chrome/66.0.3359.126 MQQBrowser/10.1 Mobile Safari/537.36`],
  ["Huawei's browser", `${ANDROID} Chrome/76.0.3809.89 HuaweiBrowser/10.0.5.303 Mobile Safari/537.36`],
  ["Safari", `${IPHONE} Version/13.0.4 Mobile/15E148 Safari/604.1`],
])("%s may be worked in", (_, agent) => {
  expect(isWeChat(agent)).toBe(false);
});
