/** WeChat's built-in browser throws away what a page keeps, without a word: no field work in it. */
export function isWeChat(agent: string = navigator.userAgent): boolean {
  return /MicroMessenger/i.test(agent);
}
