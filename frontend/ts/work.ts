// What only a signed-in person's pages need: shortcuts of the desk, questions that follow a choice.
import { startAsks } from "./asks";
import { startKeyBox, startKeys } from "./keys";
import { whenAdded } from "./page";
import { startPresses } from "./presses";

startKeys();
startPresses();
whenAdded((part) => {
  startAsks(part);
  startKeyBox(part);
});
