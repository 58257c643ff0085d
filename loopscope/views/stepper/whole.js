// The stepper of a page that fetches nothing.

import { defineStepper } from "./element.js";
import { Panel } from "./stepper-panel.js";

defineStepper(async () => ({ Panel }));
