// The stepper of a site's pages: the opened one is fetched when a reader opens the first.

import { defineStepper } from "./element.js";

defineStepper(() => import("./stepper-panel.js"));
