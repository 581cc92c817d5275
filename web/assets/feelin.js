// The one FEEL engine: the same bytes run in the browser and, in a bare V8, on the server.
import Decimal from "decimal.js";
import * as feelin from "feelin";

globalThis.feel = { ...feelin, Decimal };
