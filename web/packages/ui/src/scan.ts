/**
 * 扫码 The camera looks for a QR code. The decoder is bundled (some 950 KB, fetched when the first scan begins, from
 * our own site); it runs under `script-src 'wasm-unsafe-eval'`. Beside it there is always a field to type in.
 */
import { prepareZXingModule, purgeZXingModule } from "zxing-wasm/reader";
import wasmUrl from "zxing-wasm/reader/zxing_reader.wasm?url";

import { readQr } from "./decode.ts";

export type ScanFault = "camera-missing" | "camera-refused" | "camera-busy" | "camera-forbidden-here" | "decoder-not-loaded";

/** Why nothing can be scanned now; the field beside it can be typed into. */
export class ScanUnavailable extends Error {
  readonly code: ScanFault;

  constructor(code: ScanFault) {
    super(code);
    this.name = "ScanUnavailable";
    this.code = code;
  }
}

/** Pixels along the side of the picture that is searched: enough for a code held a hand's breadth away. */
const SIDE = 720;
const PAUSE = 80;

/**
 * Shows the camera in `video` and calls `found` once, with the text of the first QR code seen; the camera is off
 * again before that. Returns how to stop earlier. Throws `ScanUnavailable`.
 */
export async function scanFrom(video: HTMLVideoElement, found: (text: string) => void): Promise<() => void> {
  const ready = decoder();
  ready.catch(() => undefined); // told below, after the camera's own answer
  const stream = await camera();
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  };
  try {
    await Promise.all([ready, shown(video, stream)]);
  } catch (error) {
    stop();
    throw error;
  }
  void look();
  return stop;

  async function look(): Promise<void> {
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    while (!isOver && context !== null) {
      const text = document.hidden ? null : await readQr(middleOf(video, context)).catch(() => null);
      if (isOver) return;
      if (text !== null) {
        stop();
        found(text);
        return;
      }
      await new Promise((done) => setTimeout(done, PAUSE));
    }
  }
}

async function decoder(): Promise<void> {
  const locateFile = (): string => wasmUrl;
  try {
    await prepareZXingModule({ overrides: { locateFile }, equalityFn: () => true, fireImmediately: true });
  } catch {
    purgeZXingModule(); // or the failure would be remembered, and no later scan could fetch it
    throw new ScanUnavailable("decoder-not-loaded");
  }
}

async function camera(): Promise<MediaStream> {
  // absent on pages without https, whatever its type says
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) throw new ScanUnavailable("camera-forbidden-here");
  try {
    const wanted = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    return await devices.getUserMedia({ audio: false, video: wanted });
  } catch (error) {
    throw new ScanUnavailable(FAULTS[error instanceof DOMException ? error.name : ""] ?? "camera-busy");
  }
}

const FAULTS: Readonly<Record<string, ScanFault>> = {
  NotAllowedError: "camera-refused",
  SecurityError: "camera-forbidden-here",
  NotFoundError: "camera-missing",
  OverconstrainedError: "camera-missing",
};

async function shown(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  await video.play();
}

/** The square in the middle of the frame, no larger than needed. */
function middleOf(video: HTMLVideoElement, context: CanvasRenderingContext2D): ImageData {
  const side = Math.max(1, Math.min(video.videoWidth, video.videoHeight));
  const size = Math.min(SIDE, side);
  const { canvas } = context;
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const [left, top] = [(video.videoWidth - side) / 2, (video.videoHeight - side) / 2];
  context.drawImage(video, left, top, side, side, 0, 0, size, size);
  return context.getImageData(0, 0, size, size);
}
