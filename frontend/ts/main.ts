// Everything works without this script. With it, typed text survives, a press counts once, and photographs can be compared.
import { startAsks } from "./asks";
import { startCompare } from "./compare";
import { startDialogs, startFaults } from "./dialogs";
import { startDrafts } from "./drafts";
import { startKeyBox, startKeys } from "./keys";
import { startPresses } from "./presses";
import { startPhotos } from "./photos";
import { startSending } from "./sending";
import { startSwaps } from "./swaps";
import { whenAdded } from "./page";

document.documentElement.classList.add("js");
startSending();
startDialogs();
startKeys();
startPresses();
startPhotos();
startSwaps();
whenAdded((part) => {
  startAsks(part);
  startCompare(part);
  startKeyBox(part);
  startFaults(part);
  startDrafts(part);
});
