// Everything works without this script. With it, typed text survives, a press counts once, and photographs can be compared.
import { startCompare } from "./compare";
import { startDialogs, startFaults } from "./dialogs";
import { startDrafts } from "./drafts";
import { startPhotos } from "./photos";
import { startSending } from "./sending";
import { startSwaps } from "./swaps";
import { whenAdded } from "./page";

document.documentElement.classList.add("js");
startSending();
startDialogs();
startPhotos();
startSwaps();
whenAdded((part) => {
  startCompare(part);
  startFaults(part);
  startDrafts(part);
});
