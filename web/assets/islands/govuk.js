// GOV.UK Frontend's own behaviour (character count, conditional answers, error summary focus ...).
// The class is set here, not by an inline script, so that a strict content security policy can stand.
import { initAll } from "govuk-frontend";

// A browser that runs modules at all is one that GOV.UK Frontend supports.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
