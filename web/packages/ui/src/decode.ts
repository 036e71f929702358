/** Reads one QR code out of the pixels of a picture. */
import { readBarcodes, type ReaderOptions } from "zxing-wasm/reader";

export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

const OPTIONS: ReaderOptions = { formats: ["QRCode"], maxNumberOfSymbols: 1, tryHarder: true, tryInvert: false };

/** The text of a QR code in the picture, or null where none can be read. */
export async function readQr(pixels: Pixels): Promise<string | null> {
  const [found] = await readBarcodes(pixels as ImageData, OPTIONS);
  return found?.isValid ? found.text : null;
}
