// GOV.UK Frontend's own behaviour (character count, conditional answers, error summary focus ...).
// The class is set here, not by an inline script, so that a strict content security policy can stand.
import { initAll, isSupported } from "govuk-frontend";

document.body.classList.add("js-enabled");
if (isSupported()) {
  document.body.classList.add("govuk-frontend-supported");
}
initAll();
