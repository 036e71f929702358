/**
 * WeChat's built-in browser throws away what a page keeps, without a word: no field work in it.
 * Its relatives (WeCom, mini-programs' web views, the desktop clients) bear the same name and do the same.
 */
export function isWeChat(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger/i.test(agent);
}
