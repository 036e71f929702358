// The office pages work without any of this; each module below only saves a person some clicks.
import "@tabler/core/dist/css/tabler.min.css";
import "./desk.css";
import "./report.css";
import "./reaching.css";
import "./round.css";
import "./devices.css";
import "./evening.css";
import "./sweep.css";
import htmx from "htmx.org";
import { startCall } from "./call";
import { startCells } from "./cells";
import { startCopy } from "./copy";
import { startEntry } from "./entry";
import { startForms } from "./forms";
import { startGrid } from "./grid";
import { startKeyboard } from "./keyboard";
import { startMenu } from "./menu";
import { startPreview } from "./preview";
import { startPrint } from "./print";
import { startRefresh } from "./refresh";
import { startRoster } from "./roster";
import { startToasts } from "./toasts";
import { startTyped } from "./typed";

// The content policy of these pages forbids inline styles and eval; htmx must not try either.
htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;
htmx.config.selfRequestsOnly = true;
// A refusal (422) carries a sentence for the person: show it, do not swallow it.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];

startCall();
startKeyboard();
startCells();
startCopy();
startEntry();
startForms();
startGrid();
startMenu();
startPreview();
startPrint();
startRefresh();
startRoster();
startToasts();
startTyped();
