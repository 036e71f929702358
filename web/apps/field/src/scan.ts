/** 扫码 The camera's picture, read frame by frame until a QR code is found. */
export async function scanFrom(_video: HTMLVideoElement, _found: (text: string) => void): Promise<() => void> {
  throw new Error("no reader yet");
}
