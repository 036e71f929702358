/** A page that scans, for tests/browser/test_field_scan.py: what was seen, or why not, stands in its output. */
import { scanFrom, ScanUnavailable } from "../src/scan.ts";

const video = document.querySelector("video");
const output = document.querySelector("output");
if (video === null || output === null) throw new Error("no page");
const tell = (told: string): void => {
  output.textContent = told;
  output.dataset.camera = video.srcObject === null ? "off" : "on";
};
scanFrom(video, tell).catch((error: unknown) => tell(error instanceof ScanUnavailable ? error.code : String(error)));
